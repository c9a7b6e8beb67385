-- The tables of app/prisma/schema.prisma, as its migrations would make them.

CREATE TABLE "Client" (
    "id"        TEXT PRIMARY KEY,
    "name"      TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "calendlySigningKey" TEXT
);

-- Who may drop these tables again recognises them by this.
COMMENT ON TABLE "Client" IS 'postdeploy sandbox';

CREATE TABLE "ClientMember" (
    "id"        TEXT PRIMARY KEY,
    "clientId"  TEXT NOT NULL REFERENCES "Client" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "userId"    TEXT NOT NULL,
    "role"      TEXT NOT NULL DEFAULT 'member',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX "ClientMember_clientId_userId_key" ON "ClientMember" ("clientId", "userId");
CREATE INDEX "ClientMember_userId_idx" ON "ClientMember" ("userId");

CREATE TABLE "Lead" (
    "id"            TEXT PRIMARY KEY,
    "clientId"      TEXT NOT NULL REFERENCES "Client" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name"          TEXT NOT NULL,
    "email"         TEXT NOT NULL,
    "channel"       TEXT NOT NULL,
    "sentiment"     TEXT NOT NULL,
    "score"         INTEGER NOT NULL,
    "preview"       TEXT NOT NULL,
    "lastMessageAt" TIMESTAMP(3) NOT NULL,
    "createdAt"     TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "Lead_clientId_lastMessageAt_id_idx" ON "Lead" ("clientId", "lastMessageAt" DESC, "id");

CREATE TABLE "Message" (
    "id"        TEXT PRIMARY KEY,
    "leadId"    TEXT NOT NULL REFERENCES "Lead" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "direction" TEXT NOT NULL,
    "body"      TEXT NOT NULL,
    "sentAt"    TIMESTAMP(3) NOT NULL,
    "externalId" TEXT
);
CREATE UNIQUE INDEX "Message_externalId_key" ON "Message" ("externalId");
CREATE INDEX "Message_leadId_sentAt_idx" ON "Message" ("leadId", "sentAt");

CREATE TABLE "SyncJob" (
    "id"        TEXT PRIMARY KEY,
    "leadId"    TEXT NOT NULL REFERENCES "Lead" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "status"    TEXT NOT NULL DEFAULT 'pending',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "SyncJob_leadId_idx" ON "SyncJob" ("leadId");

CREATE TABLE "CronRun" (
    "id"        TEXT PRIMARY KEY,
    "route"     TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- The canary of auto-send revision: drafts of an answer, and which workspaces revise theirs.
CREATE TABLE "AIDraft" (
    "id"                          TEXT PRIMARY KEY,
    "leadId"                      TEXT NOT NULL REFERENCES "Lead" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "content"                     TEXT NOT NULL DEFAULT '',
    "autoSendAction"              TEXT,
    "autoSendOriginalConfidence"  DOUBLE PRECISION,
    "autoSendRevisionConfidence"  DOUBLE PRECISION,
    "autoSendRevisionAttemptedAt" TIMESTAMP(3),
    "autoSendRevisionApplied"     BOOLEAN NOT NULL DEFAULT FALSE,
    "createdAt"                   TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "AIDraft_leadId_idx" ON "AIDraft" ("leadId");
CREATE INDEX "AIDraft_autoSendRevisionAttemptedAt_idx" ON "AIDraft" ("autoSendRevisionAttemptedAt");

CREATE TABLE "WorkspaceSettings" (
    "clientId"                TEXT PRIMARY KEY REFERENCES "Client" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "autoSendRevisionEnabled" BOOLEAN NOT NULL DEFAULT FALSE
);
