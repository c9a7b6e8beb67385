"""What did the browser see?

journal      the requests of a page, as values
flight       the rows of a Server Action's answer
screen       what a person sees, as one value
observation  everything that a page has shown since the recording began
sight        what a diagnosis rests on, at one moment
diagnosis    from what was seen to the likely cause: an ordered table of rules
app          the files that know the Master Inbox
"""
