"""What does the log mean?

signals           what rows and messages can mean
fingerprint       by what errors are distinguished: the words that name the trouble
long_texts        by what a long text is distinguished behind what is shown of it
sentence_reader   a sentence of a log, word by word
tokens            the tokens of a text
minified          names that a minifier gave
logger_lines      what a logger's line of fields says of an error
otlp_exports      what an exporter of OpenTelemetry writes as one line
hosts             which service a host is of
error_fields      what Node prints of an error behind its stack
quoted_names      names of the code in quotes
named_parameters  routes of the app and parameters of a call, as a sentence names them
statements        what is printed of a call before its reason
shortening        what says nothing in the words of an error
addresses         e-mail addresses in other spellings
peoples_rows      rows, fields and ids of people without quotes
secret_words      what stands behind a word for a secret
secret_values     secrets in what is shown of an error
names_of_people   names in what is shown of an error
joined_words      the same in words that dots, slashes or colons join
word_shapes       what a single word is by its shape
grouping          which errors may be one, learnt from the log itself
varying_places    where the words of one error may differ
vocabulary        the words by which errors are distinguished
route_names       which route a path is of
remembered        answers that are given once
shown_paths       what is shown of a path: words of apps and of English
request_routes    which route a request is of
structured_lines  which level a line of JSON gives itself
library_notes     what libraries write as an error although all is well
peoples_texts     what of a line people wrote
mentions          what of a line is about a text, or is over
quotations        what a line quotes of a person outside
signal_reader     what a row means, by the patterns of the runbook
columns           many rows as columns of numbers
column_builder    from rows to these
ledger            rows put together by request
row_order         rows in the order of requests, each once
counting          what happened to those requests
distinct          which rows of several columns are equal
variants          which incidents are one trouble
incidents         one error or signal, however often it happened, and the totals of a window
ingestion         sources of any size, read into a ledger
range_reading     big files, read in several processes
rates             two rates compared exactly
spells            times in which as much fails as one widespread error, and whether the last is over
baseline          what a log is compared with
rules             amounts → findings, one rule a file
findings          what a rule says
undecidable       what can't be decided, for what the source does not show
known_before      what a deployment was known for before a rollback
silence           what a failing request without a message shows of its reason
correlation       a failed request of the browser with the server's lines
run_sentinels     which sentinels a log proves
logbook           what was read so far, and what it means
log_request       what is asked of it
log_ends          whether its last minutes tell of a fault
log_report        everything that is said of a log, as a value
log_summary       from what was read, counted and found to that value
course            when its trouble began, and each minute of it
log_diff          two reports of logs next to each other
linked_tallies    the tallies of a log that is read to its end
log_deployments   the deployments of one log
suite_requests    which requests are the suite's own
failed_requests   what the server wrote about those of them that failed a check
saved_logs        what saved logs say, without a run
saved_log_doubts  what they do not prove
answers           how the requests of each part and route were answered
called_services   whom a failing call of a line was made to
message_patterns  which signals a message means
message_reader    what a message says, asked once for all that differ in ids alone
coarse_texts      messages with the same ids as every other one
pattern_sets      many patterns that are searched at once
parts             the columns of a part of a file, read at once
request_kinds     what kind of request a row is of, asked once for all that are alike
live_rows         rows of a log that is still being written, kept up to date
settling          rows of a long watch, kept as numbers
"""
