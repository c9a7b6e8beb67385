"""What did the log say: rows, from any source, and how complete they are.

entry           one row, whatever source it came from
protocol        the contract of a source, and what it can show
vercel          the platform's log: live stream and histories
files           files and pipes
format_reader   the contract of a format
formats         which format a stream of bytes has
export          the dashboard's export, JSON or CSV
command_line    what `vercel logs --json` prints
drain           what a log drain delivers
runtime_stream  a recorded live stream
cells           what the cells of a row mean, in every format
compression     gzip
decoding        bytes in, news out
rows            JSON cut into rows
table           CSV cut into rows
blocks          many rows of an export at once
requests        rows put together by request, where they do not name theirs
sighting        how one view of the traffic shows a row
join            several views put together
matching        which row of one view is which row of another
sentinel        requests of our own that must appear in the log
spans           arithmetic of spans
window          how much of the window was seen, and what proves it
"""
