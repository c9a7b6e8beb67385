-- As people's names and addresses are who sign with everything they have.
UPDATE "Lead" SET
    "name" = 'Prof. Dr. Maximiliane-Alexandra Wolfeschlegelsteinhausen von und zu Hohenlohe-Waldenburg-Schillingsfürst '
        '(Head of International Procurement, Region Central and Eastern Europe, Assistant to the Board)',
    "email" = 'maximiliane-alexandra.wolfeschlegelsteinhausen.von.und.zu.hohenlohe-waldenburg-schillingsfuerst'
        '@international-procurement.central-and-eastern-europe.example.test'
FROM (SELECT "id", row_number() OVER (PARTITION BY "clientId" ORDER BY "lastMessageAt" DESC, "id" DESC) AS place FROM "Lead") AS placed
WHERE placed."id" = "Lead"."id" AND place IN (4);
