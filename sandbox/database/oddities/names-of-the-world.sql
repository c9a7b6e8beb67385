-- From right to left, of emoji, with apostrophes, ligatures and composed letters.
UPDATE "Lead" SET "name" = (ARRAY['محمد الأحمد', '🚀 Ada 👩‍👩‍👧', 'Zoë O’Brien', 'דוד בן־גוריון', '李小龍', 'ﬁona Å'])[place]
FROM (SELECT "id", row_number() OVER (PARTITION BY "clientId" ORDER BY "lastMessageAt" DESC, "id" DESC) AS place FROM "Lead") AS placed
WHERE placed."id" = "Lead"."id" AND place <= 6;
