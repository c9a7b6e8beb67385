"""The levels that make a row an error's, whatever names them: its source, or the line itself."""

from __future__ import annotations

ERRORS = frozenset({"error", "err", "fatal", "critical", "crit", "alert", "emerg", "emergency", "panic"})
IGNORED = frozenset({"debug", "trace"})
"""Rows of these levels mean nothing."""
WARNING = "warning"
WARNINGS = frozenset({"warn", WARNING})
LOWER = frozenset({"info", "information", "notice", "verbose", "http", "silly", *IGNORED})
"""What loggers call everything that is less than a warning."""
_BEGINS = (
    "[eE][rR][rR]|[fF][aA][tT][aA][lL]|[cC][rR][iI][tT]|[aA][lL][eE][rR][tT]|[eE][mM][eE][rR][gG]|[pP][aA][nN][iI][cC]"
)
MAY_BE_AN_ERROR = (
    r'\\u|"(?:[lL]evel|severity|lvl|log\.level|@l|level[nN]ame|logLevelName|severityText|severity_text|status)"\s*:\s*'
    rf'(?:"(?:{_BEGINS})|"?[5-9][0-9]|"?[1-9][0-9][0-9])'
    rf'|(?:level|severity|lvl)="?(?:{_BEGINS})'
    r"|^[^A-LN-SU-Ya-ln-su-y]{0,200}(?:ERROR|FATAL|error|fatal)"
)
"""Matches each line that says of itself that it is an error's (`structured_lines.is_error`), and some others.

For RE2 and Java: before a level may stand a time (`T`, `Z`) and a terminal's colours (`m`).
"""
