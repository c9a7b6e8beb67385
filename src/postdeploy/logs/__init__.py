"""What did the log say? Its sources and formats, and how complete it is.

entry           one row, whatever its source
protocol        the contract of a source, and what it can show
vercel          the source `vercel`: the live stream, joined with the histories
files           saved logs, and which source an address means
pipe            what is piped in
begun           a stream of bytes of which the beginning was looked at
remote          logs kept elsewhere, read object by object
place           the contract of such a place
s3              an object storage that speaks S3
address         a log behind an address
warehouse       logs in a warehouse, counted there
warehouse_sql   what it is asked
warehouse_address  which warehouse an address means
clickhouse      ClickHouse over HTTP
spark           Spark, for files in a lake
spark_session   a session of it
format_reader   the contract of a format
formats         which format a stream of bytes has
export          the dashboard's export, JSON or CSV
command_line    what `vercel logs --json` prints
drain           what a log drain delivers
runtime_stream  the live stream as NDJSON
cells           what the cells of a row mean, in every format
levels          the levels that make a row an error's
decoding        a file or pipe → news
progress        how far the reading is
encoding        UTF-16, recognised by its byte order mark
compression     gzip, recognised by its first bytes
rows, table     bytes → rows: JSON, CSV
blocks          many rows of an export at once
requests        a request by its rows; where no row names it, estimated
attribution     which request each row is of, while rows come and change
announcement    the ids of a run's own requests, in the log itself
own_marks       the suite's own requests, of any run
sighting        how one view of the traffic shows a row
join            several views of the same traffic → each real row once
matching        which row of one view is which row of another
sentinel        requests of our own that must appear in the log
spans           arithmetic of spans of time
window          how much of the window is covered, and what proves it
"""
