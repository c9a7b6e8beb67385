-- Compiled from ../warehouse.sql by setup/dialects.py for spark; not to be edited.

-- tables
WITH `columns` AS (
  SELECT
    CAST({at} AS BIGINT) AS `its_at`,
    COALESCE(CAST({request} AS STRING), '') AS `its_request`,
    COALESCE(CAST({method} AS STRING), '') AS `its_method`,
    COALESCE(CAST({path} AS STRING), '') AS `its_path`,
    COALESCE(CAST({message} AS STRING), '') AS `its_message`,
    COALESCE(CAST({deployment} AS STRING), '') AS `its_deployment`,
    COALESCE(CAST({environment} AS STRING), '') AS `its_environment`,
    COALESCE(CAST({agent} AS STRING), '') AS `its_agent`,
    COALESCE(TRY_CAST(COALESCE(CAST({status} AS STRING), '') AS INT), 0) AS `its_status`,
    LOWER(COALESCE(CAST({level} AS STRING), '')) AS `its_level`
  FROM {table}
  WHERE
    {within}
), `given` AS (
  SELECT
    `its_at` AS `at`,
    `its_request` AS `request`,
    `its_method` AS `method`,
    `its_path` AS `path`,
    `its_message` AS `message`,
    `its_deployment` AS `deployment`,
    `its_environment` AS `environment`,
    `its_agent` AS `agent`,
    `its_status` AS `status`,
    `its_level` AS `level`,
    REGEXP_LIKE(`its_agent`, {own_agent})
    OR LOCATE({nonce}, `its_path`) > 0
    OR LOCATE({sentinel}, `its_path`) > 0 AS `own`
  FROM `columns`
), `judged` AS (
  SELECT
    *,
    `message` <> ''
    AND NOT `level` IN ({ignored})
    AND (
      `level` IN ({errors})
      OR `status` >= 500
      OR `status` < 0
      OR LOCATE('⨯', `message`) > 0
      OR (
        `level` = '' AND REGEXP_LIKE(`message`, {begins})
      )
      OR REGEXP_LIKE(`message`, {structured})
      OR REGEXP_LIKE(`message`, {patterns})
    ) AS `says`
  FROM `given`
  WHERE
    `environment` IN ('', 'production')
), `marked` AS (
  SELECT
    *,
    IF(
      `says`,
      CAST(MD5(CONCAT(`level`, {marks}, REGEXP_REPLACE(`message`, {coarse}, '…'))) AS STRING),
      ''
    ) AS `text`
  FROM `judged`
)

-- mark
SELECT
  IF(REGEXP_LIKE(`message`, {pattern}), '1', '0')

-- now
SELECT
  UNIX_MILLIS(CURRENT_TIMESTAMP()) AS `now`

-- own
SELECT
  `at`,
  `request`,
  `method`,
  `path`,
  `status`,
  `level`,
  SUBSTRING(`message`, 1, {longest}) AS `said`,
  `deployment`,
  `environment`,
  `agent`
FROM `given`
WHERE
  `own`
  OR (
    `request` <> ''
    AND `request` IN (
      SELECT
        `request`
      FROM `given`
      WHERE
        `own`
    )
  )
ORDER BY
  `at` NULLS LAST
LIMIT {most_own}

-- counts
, `requests` AS (
  SELECT
    MIN(`at`) AS `began`,
    MAX(`method`) AS `asked`,
    MAX(`path`) AS `address`,
    MAX(IF(`status` < 0, 999, `status`)) AS `worst`,
    MAX(`deployment`) AS `of_deployment`,
    MAX(`environment`) AS `in_environment`,
    MAX(IF(`request` = '', 1, 0)) AS `has_no_name`,
    ARRAY_JOIN(SORT_ARRAY(COLLECT_SET(CASE WHEN `says` THEN `text` END)), ' ') AS `texts`
  FROM `marked`
  GROUP BY
    IF(
      `request` = '',
      CONCAT(
        CAST(CAST(FLOOR(CAST(`at` AS DOUBLE) / 250) AS BIGINT) AS STRING),
        ' ',
        `method`,
        ' ',
        `path`
      ),
      `request`
    )
  HAVING
    MAX(IF(`own`, 1, 0)) = 0
)
SELECT
  CAST(FLOOR(CAST(`began` AS DOUBLE) / 60000) AS BIGINT) AS `minute`,
  `asked` AS `method`,
  REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(`address`, '[?].*', ''), {id_in_path}, {an_id}), {number_in_path}, {a_number}) AS `route`,
  `worst`,
  `of_deployment` AS `deployment`,
  `in_environment` AS `environment`,
  `texts`,
  COUNT(*) AS `requests`,
  SUM(`has_no_name`) AS `unnamed`,
  MIN(`began`) AS `since`,
  MAX(`began`) AS `until`
FROM `requests`
WHERE
  `began` >= {begun}
GROUP BY
  CAST(FLOOR(CAST(`began` AS DOUBLE) / 60000) AS BIGINT),
  `asked`,
  REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(`address`, '[?].*', ''), {id_in_path}, {an_id}), {number_in_path}, {a_number}),
  `worst`,
  `of_deployment`,
  `in_environment`,
  `texts`
ORDER BY
  `minute` NULLS LAST
LIMIT {most_counts}

-- texts
SELECT
  `text`,
  ANY_VALUE(`level`) AS `of_level`,
  SUBSTRING(MIN(CONCAT(LPAD(CAST(`at` AS STRING), 20, '0'), `message`)), 21, {longest}) AS `said`,
  COUNT(*) AS `rows`
FROM `marked`
WHERE
  `says` AND NOT `own`
GROUP BY
  `text`
ORDER BY
  `rows` DESC,
  `text` NULLS LAST
LIMIT {most_texts}
