"""What did the log say? Its sources and formats, and how complete it is.

protocol        what a source of logs is
vercel          the source `vercel`: the live stream, joined with the histories
files           saved logs, and what is piped in
entry           one row, whatever its source
cells           what a cell of a row means
formats         which format a stream of bytes has
export          the dashboard's export
command_line    what `vercel logs --json` prints
drain           what a log drain delivers
runtime_stream  the live stream as NDJSON
rows, table     bytes → rows: JSON, CSV
decoding        a file or pipe → news
compression     gzip, recognised by its first bytes
blocks          many rows of an export at once
join            several views of the same traffic → each real row once
matching        which row of one view is which row of another
requests        rows that do not name their request → requests, estimated
sentinel        requests of our own that must appear in the log
window          how much of the window is covered
spans           arithmetic of spans of time
"""
