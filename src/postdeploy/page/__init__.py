"""What did the browser see, and what does it mean?

journal      the requests of a page and their answers
replay       answers that a cache gives again
flight       the rows of a Server Action's answer
results      whether what came says that it failed
screen       what a person sees
observation  everything that a page has shown since the recording began
sight        the facts that a diagnosis rests on, at one moment
spoken       what the app says in its errors, by the signals of runbook.toml
browser      what the browser itself refuses: files that it can't use, what a policy blocks
network      gateways and slow answers, and a route that reads the database
cookies      what happened to the session cookie, in order
diagnosis    the likely cause: an ordered table of rules
app          the only files that know the Master Inbox
delays       whether a page is not done because of slow answers
refusals     what the browser itself refused, as values
"""
