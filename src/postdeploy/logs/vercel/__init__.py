"""The platform's log of one deployment: the live stream, joined with the histories that the account has.

source    the source: news out of a queue, while a thread reads
reading   one reading: live and back at the same time
live      the live stream, opened again whenever it ends
history   which histories there are, read to their last pages
pages     the pages of each kind of history
rows      the platform's rows in each of their shapes
coverage  which spans are covered, and why others are not
pace      how long is waited for what
"""
