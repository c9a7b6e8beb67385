-- Leads to whom no message has been sent yet.
DELETE FROM "Message"
USING (SELECT "id", row_number() OVER (PARTITION BY "clientId" ORDER BY "lastMessageAt" DESC, "id" DESC) AS place FROM "Lead") AS placed
WHERE placed."id" = "leadId" AND place <= 2;
