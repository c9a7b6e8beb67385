-- Leads for whom the server itself keeps "Unknown" as their name.
UPDATE "Lead" SET "name" = 'Unknown'
FROM (SELECT "id", row_number() OVER (PARTITION BY "clientId" ORDER BY "lastMessageAt" DESC, "id" DESC) AS place FROM "Lead") AS placed
WHERE placed."id" = "Lead"."id" AND place IN (1, 2, 5);
