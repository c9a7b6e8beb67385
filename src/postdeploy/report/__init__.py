"""Who is told, and how?

report         verdict.json, verdict.md, the terminal, GitHub
incident_note  incident.md, ready to paste
log_table      a log's report in the terminal
allure         the only file that knows Allure
"""
