"""Which deployment answers, and does it still?

address       the base URL, checked
preflight     does the target answer, is it the app, and which build is it?
connection    why is there no connection?
clocks        does this machine's clock agree with the target's?
redirects     redirects that a streamed page makes itself
reach         does anything else answer this runner?
identity      which build served a page
drift         does the URL still serve the same build?
bundle        the auth service's address and key in the served scripts
auth_service  what the auth service answers when it is asked directly
"""
