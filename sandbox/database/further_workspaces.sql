-- {count} more workspaces, each with copies of three people of the first one, under names of their own.
INSERT INTO "Client" ("id", "name", "createdAt")
SELECT md5('branch ' || n)::uuid::text, 'Branch ' || n, timezone('utc', now()) - interval '1 month' + n * interval '1 minute'
FROM generate_series(1, {count}) AS n;

CREATE TEMPORARY TABLE copied AS
SELECT lead.*, n, md5('branch ' || n || lead."id")::uuid::text AS copy
FROM (SELECT * FROM "Lead" WHERE "clientId" = (SELECT "id" FROM "Client" WHERE "name" = 'Acme Robotics') ORDER BY "id" LIMIT 3) AS lead
CROSS JOIN generate_series(1, {count}) AS n;

INSERT INTO "Lead" ("id", "clientId", "name", "email", "channel", "sentiment", "score", "preview", "lastMessageAt")
SELECT copy, md5('branch ' || n)::uuid::text, "name" || ' ' || n, n || "email", "channel", "sentiment", "score", "preview", "lastMessageAt"
FROM copied;

INSERT INTO "Message" ("id", "leadId", "direction", "body", "sentAt")
SELECT md5('branch ' || n || message."id")::uuid::text, copy, "direction", "body", "sentAt"
FROM copied JOIN "Message" AS message ON message."leadId" = copied."id";

DROP TABLE copied;
