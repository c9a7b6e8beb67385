"""What do the amounts mean for the deployment? One rule a file, each a function from `LogEvidence` to findings.

rule            the contract: what a rule gets, and what it gives
ordered         the rules in their order, and all that they say of a log
server_actions  the threshold: many different Server Action errors, or one widespread error
database        the database was unreachable
configuration   a variable is missing, malformed or refused
schema          the database lacks a table or column
routes          inbox reads, pages and other routes that answer 5xx
function_died   the function died without an answer
sessions        sessions rejected or refused, and a slow auth service
origins         Server Actions refuse an origin
own_signals     the app's own signals, from runbook.toml
other_patterns  error lines that no signal explains
notable_lines   lines that are worth a warning, never a failure
known_noise     what runbook.toml says is known, up to its limit
outages         is an outage of the database over?
amounts         is it enough to fail the deployment?
causes          what explains a broken rule
wording         counts, spans and newness in words
later_failures  what failed after the first minutes, and goes on
failed_checks   what the server wrote about requests of ours that failed a check
inbox_lines     what the inbox itself calls a failure
no_success      parts and routes of which no request succeeded
sign_ins        sign-ins that write errors, or that the login page does not serve
"""
