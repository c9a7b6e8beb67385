"""Who learns of it, and how? Terminal, report.html, Markdown, GitHub, incident note, Allure.

facts             what is known of a run besides its verdict
headline          what to do, and why
writing           verdict.json and verdict.md
html              report.html, and the pictures in it
markdown          the verdict for chats
terminal          the verdict on the terminal
github            the verdict for GitHub Actions
links             where a page of docs/ can be opened
incident_note     the incident note, ready to paste
note_file         where the incident note is
log_table         a log's report in the terminal
reading_progress  how far the reading of a large log is
watch_view        what a watch knows, as one screen and as one line
watch_screen      the screen of a watch on a terminal
allure            the only file that knows Allure
note_sections     a Markdown note as sections
"""
