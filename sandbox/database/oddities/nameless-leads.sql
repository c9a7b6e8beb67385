-- Leads that came without a name.
UPDATE "Lead" SET "name" = ''
FROM (SELECT "id", row_number() OVER (PARTITION BY "clientId" ORDER BY "lastMessageAt" DESC, "id" DESC) AS place FROM "Lead") AS placed
WHERE placed."id" = "Lead"."id" AND place IN (2, 3, 7);
