-- An answer has been drafted and not sent.
UPDATE "Lead" SET "preview" = 'Draft: I would gladly show you our figures for the region'
FROM (SELECT "id", row_number() OVER (PARTITION BY "clientId" ORDER BY "lastMessageAt" DESC, "id" DESC) AS place FROM "Lead") AS placed
WHERE placed."id" = "Lead"."id" AND place <= 6;
