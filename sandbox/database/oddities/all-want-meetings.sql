-- In the first workspace.
UPDATE "Lead" SET "sentiment" = 'Meeting Requested' FROM "Client" WHERE "Client"."id" = "clientId" AND "Client"."name" = 'Acme Robotics';
