"""The only files that know the Master Inbox; another app writes its own.

answers     the app's answers about conversations, as values
proof       what must be seen before the inbox counts as loaded
membership  may the smoke user see what it sees?
"""
