"""Which deployment answers?

address       the base URL, checked
preflight     does the target answer, and is it the app?
identity      which build served a page
drift         does the URL still serve the same build?
auth_service  what the auth service answers when it is asked directly
"""
