-- What a table is asked, as ClickHouse understands it; dialects/ holds the same for other engines, compiled by setup/dialects.py.
-- {…} is filled in by warehouse_sql.py. Each question follows the tables that it is asked of.

-- tables
WITH columns AS (
    SELECT toInt64({at}) AS its_at, ifNull(toString({request}), '') AS its_request, ifNull(toString({method}), '') AS its_method,
           ifNull(toString({path}), '') AS its_path, ifNull(toString({message}), '') AS its_message,
           ifNull(toString({deployment}), '') AS its_deployment, ifNull(toString({environment}), '') AS its_environment,
           ifNull(toString({agent}), '') AS its_agent, ifNull(toInt32OrNull(ifNull(toString({status}), '')), 0) AS its_status,
           lower(ifNull(toString({level}), '')) AS its_level
    FROM {table}
    WHERE {within}
), given AS (
    SELECT its_at AS at, its_request AS request, its_method AS method, its_path AS path, its_message AS message,
           its_deployment AS deployment, its_environment AS environment, its_agent AS agent, its_status AS status, its_level AS level,
           match(its_agent, {own_agent}) OR position(its_path, {nonce}) > 0 OR position(its_path, {sentinel}) > 0 AS own
    FROM columns
), judged AS (
    SELECT *, message != '' AND level NOT IN ({ignored}) AND (
               level IN ({errors}) OR status >= 500 OR status < 0 OR position(message, '⨯') > 0
               OR (level = '' AND match(message, {begins})) OR match(message, {structured})
               OR match(message, {patterns})) AS says
    FROM given
    WHERE environment IN ('', 'production')
), marked AS (
    SELECT *, if(says, toString(cityHash64(level, {marks}, replaceRegexpAll(message, {coarse}, '…'))), '') AS text
    FROM judged
)

-- mark
SELECT if(match(message, {pattern}), '1', '0')

-- now
SELECT toUnixTimestamp64Milli(now64(3)) AS now

-- own
SELECT at, request, method, path, status, level, substring(message, 1, {longest}) AS said, deployment, environment, agent
FROM given
WHERE own OR (request != '' AND request IN (SELECT request FROM given WHERE own))
ORDER BY at
LIMIT {most_own}

-- counts
, requests AS (
    SELECT min(at) AS began, max(method) AS asked, max(path) AS address, max(if(status < 0, 999, status)) AS worst,
           max(deployment) AS of_deployment, max(environment) AS in_environment, max(if(request = '', 1, 0)) AS has_no_name,
           arrayStringConcat(arraySort(groupUniqArrayIf(text, says)), ' ') AS texts
    FROM marked
    GROUP BY if(request = '', concat(toString(intDiv(at, 250)), ' ', method, ' ', path), request)
    HAVING max(if(own, 1, 0)) = 0
)
SELECT intDiv(began, 60000) AS minute, asked AS method,
       replaceRegexpAll(replaceRegexpAll(cutQueryString(address), {id_in_path}, {an_id}), {number_in_path}, {a_number}) AS route,
       worst, of_deployment AS deployment, in_environment AS environment, texts, count(*) AS requests, sum(has_no_name) AS unnamed,
       min(began) AS since, max(began) AS until
FROM requests
WHERE began >= {begun}
GROUP BY minute, method, route, worst, deployment, environment, texts
ORDER BY minute
LIMIT {most_counts}

-- texts
SELECT text, any(level) AS of_level, substring(argMin(message, (at, message)), 1, {longest}) AS said, count(*) AS rows
FROM marked
WHERE says AND NOT own
GROUP BY text
ORDER BY rows DESC, text
LIMIT {most_texts}
