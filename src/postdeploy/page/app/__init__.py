"""The only files that know the Master Inbox; another app writes its own.

answers        what the app's answers say about conversations, as values
screen         the app's own part of the screen: selector, cards, menu
agreement      do two answers of the server say the same of a conversation?
identity       which conversation a card stands for
expectation    what is to be proven, and the answers that belong to it
proof          what must be seen before the inbox counts as loaded
contradiction  what contradicts the proof although no request failed
further_lists  the lists that no check opens
narrowing      a list that a search or a filter makes shorter
settings       what the app says of a variable
sign_in        what became of the login form
rules          the rules of a diagnosis that know the app
moments        times in answers, whatever the app calls them
access         what the app answers about the smoke user's role, as fingerprints
membership     does the smoke user see the right workspaces?
"""
