-- Five workspaces with invented people. Everything follows from a row's number, so each seeding gives the same
-- people in the same order, their ages counted from now. The smoke user's memberships are set by database.py.

TRUNCATE "Client" CASCADE;
TRUNCATE "CronRun";
ALTER TABLE "SyncJob" DROP CONSTRAINT IF EXISTS "read only";

-- `first` is the number of its first person: numbers are never shared, so no two people have the same name.
-- The foreign workspace comes last and is as busy as the others: rows that stray from it are seen at once.
CREATE TEMPORARY TABLE workspace AS
SELECT * FROM (VALUES
    (1, '7c1f0a52-6a2e-4b7e-9f0d-0b5a4d2c9e11', 'Acme Robotics',     34,    0, 41),
    (2, '2e9d4b63-1f58-4c0a-8e37-5d6c1a7b8f22', 'Brightwater Legal', 26,   34, 67),
    (3, 'b4a87c19-3d02-47f5-a6c8-91e2f3d40a33', 'Hollow Pines',       0,   60,  0),
    (4, '91f3e6d8-5b47-4e29-b1a0-c8d7e6f51b44', 'Colossus Freight', 5000,  60,  7),
    (5, 'd05b2f7e-8c16-4a93-97de-4f3b2a1c0d55', 'Dunmore Capital',   40, 5060,  9)
) AS row (number, id, name, people, first, minutes_apart);

INSERT INTO "Client" ("id", "name", "createdAt")
SELECT id, name, timezone('utc', now()) - interval '1 year' + number * interval '1 week' FROM workspace;

-- One workspace is connected to Calendly.
UPDATE "Client" SET "calendlySigningKey" = 'calendly-signing-key-of-the-sandbox' WHERE "name" = 'Acme Robotics';

CREATE TEMPORARY TABLE person AS
SELECT
    md5('person ' || n)::uuid::text AS id,
    n,
    workspace.id AS client,
    first_names[1 + n % 72] AS first_name,
    last_names[1 + (n / 72 + n * 5) % 72] AS last_name,
    timezone('utc', now()) - (2 + workspace.number + k * minutes_apart) * interval '1 minute' AS last_message_at,
    2 + n % 3 AS messages
FROM workspace
CROSS JOIN LATERAL generate_series(0, people - 1) AS k
CROSS JOIN LATERAL (SELECT first + k AS n) AS numbered
CROSS JOIN (SELECT
    string_to_array('Adela Bruno Celia Dario Edda Fabian Greta Hannes Ilse Jonas Katja Lorenz Mira Nils Odile Pavel Quinn Rosa Silvan Thea Ulrich Vera Wanda Xaver Yvonne Zeno Amir Beatriz Chidi Daphne Emre Freya Gianni Hilde Imran Jolanda Kenji Leonor Matteo Noor Otis Priya Rafael Saskia Tariq Una Viktor Wilma Yara Zofia Anselm Birte Cosima Demir Elif Franka Gideon Hedda Iker Jasper Kamala Linus Maren Nestor Olena Pilar Ruben Selma Tomas Ursula Vito Wenzel', ' ') AS first_names,
    string_to_array('Abbott Bergmann Castellano Dvorak Eklund Farrow Grimaldi Halvorsen Ibarra Jansen Kowalski Lindqvist Marchetti Novak Okafor Petrov Quist Rasmussen Santoro Tanaka Ueda Valdez Whitlock Xenakis Yilmaz Zimmer Ashdown Boateng Carrasco Delacroix Engstrom Fontaine Gallagher Haas Ivanova Joubert Keller Larsen Montoya Nakamura Olsen Pereira Radcliffe Schreiber Thorne Urbina Vasquez Winther Yoon Zanetti Arslan Beaumont Corrigan Dietrich Esposito Fitzroy Gonzaga Hoffmann Iversen Jimenez Kaur Lombardi Mahoney Nyberg Osei Pacheco Rinaldi Sorensen Trautmann Ulvaeus Voss Wexler', ' ') AS last_names
) AS names;

CREATE TEMPORARY TABLE line AS
SELECT person.id AS lead, n, m, m = messages AS is_last,
    CASE WHEN (messages - m) % 2 = 0 THEN 'inbound' ELSE 'outbound' END AS direction,
    last_message_at - (messages - m) * interval '97 minutes' AS sent_at,
    CASE WHEN (messages - m) % 2 = 0 THEN inbound[1 + (n * 7 + m) % 12] ELSE outbound[1 + (n * 5 + m) % 8] END AS body
FROM person
CROSS JOIN LATERAL generate_series(1, messages) AS m
CROSS JOIN (SELECT
    ARRAY[
        'Thanks for reaching out. Could you send me the pricing for a team of twenty?',
        'Next Tuesday after two would suit us. Shall I send an invitation?',
        'We looked at this last year and decided against it, but things have changed since.',
        'Please talk to my colleague in operations, she decides about this.',
        'Interesting. How long does the introduction usually take?',
        'Not for us at the moment, maybe again in the spring.',
        'Do you have a customer in our industry that we could speak to?',
        'I am out of office until Monday and will read your note then.',
        'Sounds good, let us have a short call this week.',
        'What happens to our data when the contract ends?',
        'I forwarded your proposal to finance and will come back to you.',
        'Could you explain how this differs from what we already use?'
    ] AS inbound,
    ARRAY[
        'Hello, I saw that your team is growing and wondered how you handle first replies today.',
        'Happy to help. Would a fifteen-minute call on Thursday suit you?',
        'Attached is the short overview I promised.',
        'Just checking whether my last note reached you.',
        'Thank you for the quick answer, I have noted it.',
        'Here are three times that work on our side.',
        'I will ask our implementation team and come back to you tomorrow.',
        'Good to hear. I have put the figures together for you.'
    ] AS outbound
) AS phrases;

INSERT INTO "Lead" ("id", "clientId", "name", "email", "channel", "sentiment", "score", "preview", "lastMessageAt")
SELECT
    person.id,
    client,
    first_name || ' ' || last_name,
    lower(first_name || '.' || last_name) || '@example.test',
    (ARRAY['Email', 'LinkedIn', 'SMS'])[1 + person.n % 3],
    (ARRAY['Interested', 'Meeting Requested', 'Information Requested', 'Follow Up', 'Not Interested'])[1 + person.n * 3 % 5],
    35 + person.n * 17 % 61,
    line.body,
    last_message_at
FROM person JOIN line ON line.lead = person.id AND line.is_last;

INSERT INTO "Message" ("id", "leadId", "direction", "body", "sentAt")
SELECT md5('message ' || n || ' ' || m)::uuid::text, lead, direction, body, sent_at FROM line;

DROP TABLE line, person, workspace;

ANALYZE;
