"""How does a person read a verdict? report.html: one file that opens anywhere, the verdict first.

pictures  masked screenshots, as files
content   what it shows besides verdict.json, kept next to it
page      the page
writing   both files and the pictures, in the folder of reports
log_page  a saved log's report as a page of its own
rebuilding  the page again, from such a folder
"""
