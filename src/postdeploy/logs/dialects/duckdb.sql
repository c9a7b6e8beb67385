-- Compiled from ../warehouse.sql by setup/dialects.py for duckdb; not to be edited.

-- tables
WITH "columns" AS (
  SELECT
    CAST({at} AS BIGINT) AS "its_at",
    COALESCE(CAST({request} AS TEXT), '') AS "its_request",
    COALESCE(CAST({method} AS TEXT), '') AS "its_method",
    COALESCE(CAST({path} AS TEXT), '') AS "its_path",
    COALESCE(CAST({message} AS TEXT), '') AS "its_message",
    COALESCE(CAST({deployment} AS TEXT), '') AS "its_deployment",
    COALESCE(CAST({environment} AS TEXT), '') AS "its_environment",
    COALESCE(CAST({agent} AS TEXT), '') AS "its_agent",
    COALESCE(TRY_CAST(COALESCE(CAST({status} AS TEXT), '') AS INT), 0) AS "its_status",
    LOWER(COALESCE(CAST({level} AS TEXT), '')) AS "its_level"
  FROM {table}
  WHERE
    {within}
), "given" AS (
  SELECT
    "its_at" AS "at",
    "its_request" AS "request",
    "its_method" AS "method",
    "its_path" AS "path",
    "its_message" AS "message",
    "its_deployment" AS "deployment",
    "its_environment" AS "environment",
    "its_agent" AS "agent",
    "its_status" AS "status",
    "its_level" AS "level",
    REGEXP_MATCHES("its_agent", {own_agent})
    OR STRPOS("its_path", {nonce}) > 0
    OR STRPOS("its_path", {sentinel}) > 0 AS "own"
  FROM "columns"
), "judged" AS (
  SELECT
    *,
    "message" <> ''
    AND NOT "level" IN ({ignored})
    AND (
      "level" IN ({errors})
      OR "status" >= 500
      OR "status" < 0
      OR STRPOS("message", '⨯') > 0
      OR (
        "level" = '' AND REGEXP_MATCHES("message", {begins})
      )
      OR REGEXP_MATCHES("message", {structured})
      OR REGEXP_MATCHES("message", {patterns})
    ) AS "says"
  FROM "given"
  WHERE
    "environment" IN ('', 'production')
), "marked" AS (
  SELECT
    *,
    CASE
      WHEN "says"
      THEN CAST(MD5("level" || {marks} || REGEXP_REPLACE("message", {coarse}, '…', 'g')) AS TEXT)
      ELSE ''
    END AS "text"
  FROM "judged"
)

-- mark
SELECT
  CASE WHEN REGEXP_MATCHES("message", {pattern}) THEN '1' ELSE '0' END

-- now
SELECT
  EPOCH_MS(NOW()) AS "now"

-- own
SELECT
  "at",
  "request",
  "method",
  "path",
  "status",
  "level",
  SUBSTRING("message", 1, {longest}) AS "said",
  "deployment",
  "environment",
  "agent"
FROM "given"
WHERE
  "own"
  OR (
    "request" <> ''
    AND "request" IN (
      SELECT
        "request"
      FROM "given"
      WHERE
        "own"
    )
  )
ORDER BY
  "at"
LIMIT {most_own}

-- counts
, "requests" AS (
  SELECT
    MIN("at") AS "began",
    MAX("method") AS "asked",
    MAX("path") AS "address",
    MAX(CASE WHEN "status" < 0 THEN 999 ELSE "status" END) AS "worst",
    MAX("deployment") AS "of_deployment",
    MAX("environment") AS "in_environment",
    MAX(CASE WHEN "request" = '' THEN 1 ELSE 0 END) AS "has_no_name",
    COALESCE(STRING_AGG(DISTINCT CASE WHEN "says" THEN "text" END, ' ' ORDER BY CASE WHEN "says" THEN "text" END), '') AS "texts"
  FROM "marked"
  GROUP BY
    CASE
      WHEN "request" = ''
      THEN CAST(CAST(FLOOR(CAST("at" AS DOUBLE) / 250) AS BIGINT) AS TEXT) || ' ' || "method" || ' ' || "path"
      ELSE "request"
    END
  HAVING
    MAX(CASE WHEN "own" THEN 1 ELSE 0 END) = 0
)
SELECT
  CAST(FLOOR(CAST("began" AS DOUBLE) / 60000) AS BIGINT) AS "minute",
  "asked" AS "method",
  REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE("address", '[?].*', '', 'g'), {id_in_path}, {an_id}, 'g'), {number_in_path}, {a_number}, 'g') AS "route",
  "worst",
  "of_deployment" AS "deployment",
  "in_environment" AS "environment",
  "texts",
  COUNT(*) AS "requests",
  SUM("has_no_name") AS "unnamed",
  MIN("began") AS "since",
  MAX("began") AS "until"
FROM "requests"
WHERE
  "began" >= {begun}
GROUP BY
  CAST(FLOOR(CAST("began" AS DOUBLE) / 60000) AS BIGINT),
  "asked",
  REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE("address", '[?].*', '', 'g'), {id_in_path}, {an_id}, 'g'), {number_in_path}, {a_number}, 'g'),
  "worst",
  "of_deployment",
  "in_environment",
  "texts"
ORDER BY
  "minute"
LIMIT {most_counts}

-- texts
SELECT
  "text",
  ANY_VALUE("level") AS "of_level",
  SUBSTRING(MIN(LPAD(CAST("at" AS TEXT), 20, '0') || "message"), 21, {longest}) AS "said",
  COUNT(*) AS "rows"
FROM "marked"
WHERE
  "says" AND NOT "own"
GROUP BY
  "text"
ORDER BY
  "rows" DESC,
  "text"
LIMIT {most_texts}
