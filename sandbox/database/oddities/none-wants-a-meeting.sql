-- Nowhere.
UPDATE "Lead" SET "sentiment" = 'Follow Up' WHERE "sentiment" = 'Meeting Requested';
