-- Acme Robotics gets so many of Colossus Freight's people that it has 3,000 itself: the oldest, so that its first ones stay.
UPDATE "Lead" SET "clientId" = acme."id"
FROM (SELECT "id" FROM "Client" WHERE "name" = 'Acme Robotics') AS acme
WHERE "Lead"."id" IN (
    SELECT "Lead"."id" FROM "Lead" JOIN "Client" ON "Client"."id" = "Lead"."clientId"
    WHERE "Client"."name" = 'Colossus Freight'
    ORDER BY "lastMessageAt"
    LIMIT 3000 - (
        SELECT count(*) FROM "Lead" JOIN "Client" ON "Client"."id" = "Lead"."clientId"
        WHERE "Client"."name" = 'Acme Robotics'
    )
);
