"""What does the machine provide? Browser, files, times, a store for the processes of a run.

browser     which browser is installed
suite       where the checks and the pages about findings are
loopback    names below localhost
http_library  httpx, without its command line
trust       whose certificates are believed
user_agent  what the suite calls itself
gateway     answers of a gateway instead of the app
protection  answers of the platform instead of the app
store       what the processes of one run share
obstacles   what checks depend on and why it is down
files       files that are replaced as a whole
exclusive   files that one process holds at a time
times       times, read from people and written for them
binomial    so many of so many, by chance
decoding    JSON decoders, made one at a time
exit_codes  how a process ends
output      how it ends that can't write or is stopped
processes   others that work for it
"""
