"""How does a person read a verdict? report.html: one file that opens anywhere, the verdict first.

pictures      masked screenshots, as files
content       what it shows besides verdict.json, kept next to it
page          the page
writing       both files and the pictures, in the folder of reports
log_page      a saved log's report as a page of its own
rebuilding    the page again, from such a folder
sections      the sections of the page, in the order in which someone decides
elements      HTML from values, escaped
chart         the log's window as a picture
finding_page  the page about a kind of finding, inside the report
"""
