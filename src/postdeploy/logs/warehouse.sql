-- What a table in ClickHouse is asked. {…} is filled in by warehouse_sql.py; each question follows the tables that it is asked of.

-- tables
WITH columns AS (
    SELECT toInt64({at}) AS its_at, {texts}, ifNull(toInt32OrNull(ifNull(toString({status}), '')), 0) AS its_status,
           lower(ifNull(toString({level}), '')) AS its_level
    FROM {table}
    WHERE {within}
), given AS (
    SELECT its_at AS at, {named}, its_status AS status, its_level AS level,
           match(its_agent, {agent}) OR position(its_path, {nonce}) > 0 OR position(its_path, {mark}) > 0 AS own
    FROM columns
), marked AS (
    SELECT *, message != '' AND level NOT IN ('debug', 'trace') AND (
               level IN ('error', 'fatal') OR status >= 500 OR status < 0 OR position(message, '⨯') > 0
               OR (level = '' AND match(message, {begins})) OR (startsWith(message, '{') AND match(message, {structured}))
               OR match(message, {patterns})) AS says,
           if(says, toString(cityHash64(level, [{marks}], replaceRegexpAll(message, {coarse}, '…'))), '') AS text
    FROM given
    WHERE environment IN ('', 'production')
)

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
           max(deployment) AS of_deployment, max(environment) AS in_environment, max(request = '') AS unnamed,
           arraySort(groupUniqArrayIf(text, says)) AS texts
    FROM marked
    GROUP BY if(request = '', concat(toString(intDiv(at, 250)), ' ', method, ' ', path), request)
    HAVING max(own) = 0
)
SELECT intDiv(began, 60000) AS minute, asked AS method, {route} AS route, worst, of_deployment AS deployment,
       in_environment AS environment, texts, count() AS requests, sum(unnamed) AS unnamed, min(began) AS since, max(began) AS until
FROM requests
WHERE began >= {begun}
GROUP BY minute, method, route, worst, deployment, environment, texts
ORDER BY minute
LIMIT {most_counts}

-- texts
SELECT text, any(level) AS of_level, substring(argMin(message, (at, message)), 1, {longest}) AS said, count() AS rows
FROM marked
WHERE says AND NOT own
GROUP BY text
ORDER BY rows DESC, text
LIMIT {most_texts}
