-- +goose Up

-- The accounts that ever had a conversation, with the last number given.
CREATE TABLE IF NOT EXISTS {prefix}accounts (
    account     TEXT    NOT NULL,
    last_number INTEGER NOT NULL,
    PRIMARY KEY (account)
) STRICT, WITHOUT ROWID;

-- One row for each conversation: every column of the list, and what else a conversation needs to go on.
-- Instants and spans are milliseconds. Absent is NULL. Statuses and directions are numbers in the order they sort by.
-- A column *_folded has the form of a text in which it is searched and sorted.
CREATE TABLE IF NOT EXISTS {prefix}conversations (
    account               TEXT    NOT NULL,
    id                    BLOB    NOT NULL,
    number                INTEGER NOT NULL,
    version               INTEGER NOT NULL,
    previous              BLOB,
    open_channel_id       TEXT    NOT NULL,
    open_channel          TEXT,
    open_channel_folded   TEXT,
    direction             INTEGER NOT NULL,
    general               INTEGER NOT NULL,
    detailed              INTEGER NOT NULL,
    active                INTEGER NOT NULL,
    spam                  INTEGER NOT NULL,
    source                TEXT    NOT NULL,
    customer_id           TEXT    NOT NULL,
    customer              TEXT,
    customer_folded       TEXT,
    agent                 TEXT,
    assigned              INTEGER NOT NULL,
    participants          TEXT, -- JSON, in the order they came
    has_links             INTEGER NOT NULL,
    links                 TEXT, -- JSON
    site_page             TEXT,
    site_page_folded      TEXT,
    form_submitted        INTEGER NOT NULL,
    history_requested     INTEGER NOT NULL,
    customer_rating       INTEGER,
    customer_rating_scale INTEGER,
    rated_by              TEXT,
    rated_at              INTEGER,
    rated_agent           TEXT,
    review_comment        TEXT,
    review_comment_folded TEXT,
    review_rating         INTEGER,
    review_by             TEXT,
    review_at             INTEGER,
    created_at            INTEGER NOT NULL,
    queued_at             INTEGER,
    first_reply_at        INTEGER,
    accepted_at           INTEGER,
    last_message_at       INTEGER,
    agent_finished_at     INTEGER,
    closed_at             INTEGER,
    modified_at           INTEGER NOT NULL,
    waiting_since         INTEGER,
    first_reply_wait      INTEGER,
    accept_time           INTEGER,
    agent_finish_time     INTEGER,
    duration              INTEGER,
    initial_reaction      INTEGER,
    bot_time              INTEGER,
    total_reaction        INTEGER,
    mean_reaction         INTEGER,
    max_reaction          INTEGER,
    message_count         INTEGER NOT NULL,
    state                 BLOB    NOT NULL,
    PRIMARY KEY (account, id)
) STRICT;

-- Which one has this number? The list in the order of numbers, and the tie in every other order.
CREATE UNIQUE INDEX IF NOT EXISTS {prefix}conversations_number ON {prefix}conversations (account, number);
-- What is new? The default list.
CREATE INDEX IF NOT EXISTS {prefix}conversations_last_message ON {prefix}conversations (account, last_message_at, number);
-- What began in this time? Reports.
CREATE INDEX IF NOT EXISTS {prefix}conversations_created ON {prefix}conversations (account, created_at, number);
-- Who waits longest? Who has waited for longer than this?
CREATE INDEX IF NOT EXISTS {prefix}conversations_waiting ON {prefix}conversations (account, waiting_since, number);
-- What goes on? How many are in each status? A condition on a status comes with one on active.
CREATE INDEX IF NOT EXISTS {prefix}conversations_active ON {prefix}conversations (account, active, last_message_at, number, detailed);
-- What is mine?
CREATE INDEX IF NOT EXISTS {prefix}conversations_agent ON {prefix}conversations (account, agent, last_message_at, number);
-- What is in this open channel? What goes with it when it is deleted?
CREATE INDEX IF NOT EXISTS {prefix}conversations_open_channel ON {prefix}conversations (account, open_channel_id, last_message_at, number);

-- The members of the fields that are sets: 1 participants, 2 link_kinds, 3 links.
CREATE TABLE IF NOT EXISTS {prefix}members (
    account         TEXT    NOT NULL,
    conversation_id BLOB    NOT NULL,
    field           INTEGER NOT NULL,
    value           TEXT    NOT NULL,
    PRIMARY KEY (account, conversation_id, field, value)
) STRICT, WITHOUT ROWID;

-- Where did this agent take part? Which conversations belong to this record?
CREATE INDEX IF NOT EXISTS {prefix}members_value ON {prefix}members (account, field, value, conversation_id);

-- The timelines. A page of one is a range of the key. seq is the version of the conversation the event made.
CREATE TABLE IF NOT EXISTS {prefix}events (
    account         TEXT    NOT NULL,
    conversation_id BLOB    NOT NULL,
    at              INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    event_id        BLOB    NOT NULL,
    kind            TEXT    NOT NULL,
    event           TEXT    NOT NULL, -- JSON
    PRIMARY KEY (account, conversation_id, at, seq)
) STRICT, WITHOUT ROWID;

-- Has this happened already?
CREATE UNIQUE INDEX IF NOT EXISTS {prefix}events_id ON {prefix}events (account, conversation_id, event_id);

-- What the planner is to think of the tables: the rows of an account are many, those of one agent far fewer, and an
-- instant has hardly two. Without this it takes an account for ten rows, and any index for as good as the right one.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1 WHERE tbl IN ('{prefix}conversations', '{prefix}members', '{prefix}events');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('{prefix}conversations', 'sqlite_autoindex_{prefix}conversations_1', '100000 100000 1'),
    ('{prefix}conversations', '{prefix}conversations_number', '100000 100000 1'),
    ('{prefix}conversations', '{prefix}conversations_last_message', '100000 100000 2 1'),
    ('{prefix}conversations', '{prefix}conversations_created', '100000 100000 2 1'),
    ('{prefix}conversations', '{prefix}conversations_waiting', '100000 100000 20 1'),
    ('{prefix}conversations', '{prefix}conversations_active', '100000 100000 50000 2 1 1'),
    ('{prefix}conversations', '{prefix}conversations_agent', '100000 100000 2500 2 1'),
    ('{prefix}conversations', '{prefix}conversations_open_channel', '100000 100000 10000 2 1'),
    ('{prefix}members', '{prefix}members', '150000 150000 2 1 1'),
    ('{prefix}members', '{prefix}members_value', '150000 150000 75000 1500 1'),
    ('{prefix}events', '{prefix}events', '1000000 1000000 10 2 1'),
    ('{prefix}events', '{prefix}events_id', '1000000 1000000 10 1');
ANALYZE sqlite_schema;
