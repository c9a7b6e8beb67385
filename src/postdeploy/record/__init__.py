"""What was good before? Earlier verdicts, and where they are kept.

document    verdict.json, as a typed value
reading     verdict.json of this version and others
entries     what earlier verdicts say of a deployment
precedent   what passed on the build before
retention   how long they stay there
prerequisites  what a rollback would need
last_good   where production can be rolled back to, and how it is known to be good
places      where the record is: a file, a directory, a branch
git_branch  a file on a branch of the repository
baselines   what a log is compared with
"""
