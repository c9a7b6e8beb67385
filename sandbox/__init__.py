"""A deployment of one's own: the app, its database, its auth service and its platform, with switches to break it."""
