-- Leads to whom no message has been sent yet: the list has nothing to preview.
WITH fresh AS (
    SELECT "id" FROM (
        SELECT "id", row_number() OVER (PARTITION BY "clientId" ORDER BY "lastMessageAt" DESC, "id" DESC) AS place FROM "Lead"
    ) AS placed WHERE place <= 2
), gone AS (
    DELETE FROM "Message" USING fresh WHERE fresh."id" = "leadId"
)
UPDATE "Lead" SET "preview" = '' FROM fresh WHERE fresh."id" = "Lead"."id";
