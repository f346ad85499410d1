-- the default list
... FROM colloquy_conversations AS c WHERE account = ? AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme]
... FROM colloquy_conversations AS c WHERE account = ? AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme]

-- the default list, further
... FROM colloquy_conversations AS c WHERE account = ? AND last_message_at IS NOT NULL AND (last_message_at, number) < (?, ?) ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme 1767603778000 7]
... FROM colloquy_conversations AS c WHERE account = ? AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme]

-- the default list, back
... FROM colloquy_conversations AS c WHERE account = ? AND last_message_at IS NOT NULL AND (last_message_at, number) > (?, ?) ORDER BY last_message_at, number LIMIT 51
    -- [acme 1767603778000 7]

-- in the order of numbers, further
... FROM colloquy_conversations AS c WHERE account = ? AND (number > ?) ORDER BY number LIMIT 51
    -- [acme 7]

-- active
... FROM colloquy_conversations AS c WHERE account = ? AND (active = ? AND detailed IN (?, ?, ?, ?, ?, ?)) AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme 1 1 2 3 4 5 6]
... FROM colloquy_conversations AS c WHERE account = ? AND (active = ? AND detailed IN (?, ?, ?, ?, ?, ?)) AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme 1 1 2 3 4 5 6]

-- my active, further
... FROM colloquy_conversations AS c WHERE account = ? AND ((active = ? AND detailed IN (?, ?, ?, ?, ?, ?)) AND (agent IS NOT NULL AND agent = ?)) AND last_message_at IS NOT NULL AND (last_message_at, number) < (?, ?) ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme 1 1 2 3 4 5 6 ann 1767603778000 7]
... FROM colloquy_conversations AS c WHERE account = ? AND ((active = ? AND detailed IN (?, ?, ?, ?, ?, ?)) AND (agent IS NOT NULL AND agent = ?)) AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme 1 1 2 3 4 5 6 ann]

-- unassigned
... FROM colloquy_conversations AS c WHERE account = ? AND ((active = ? AND detailed IN (?, ?, ?, ?, ?, ?)) AND agent IS NULL) AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme 1 1 2 3 4 5 6]
... FROM colloquy_conversations AS c WHERE account = ? AND ((active = ? AND detailed IN (?, ?, ?, ?, ?, ?)) AND agent IS NULL) AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme 1 1 2 3 4 5 6]

-- my inbox
... FROM colloquy_conversations AS c WHERE account = ? AND (EXISTS (SELECT 1 FROM colloquy_members AS m WHERE m.account = c.account AND m.conversation_id = c.id AND m.field = ? AND m.value = ?) OR (((active = ? AND detailed IN (?, ?, ?, ?, ?, ?)) AND agent IS NULL) AND open_channel_id IN (?, ?))) AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme 1 ann 1 1 2 3 4 5 6 sales support]
... FROM colloquy_conversations AS c WHERE account = ? AND (EXISTS (SELECT 1 FROM colloquy_members AS m WHERE m.account = c.account AND m.conversation_id = c.id AND m.field = ? AND m.value = ?) OR (((active = ? AND detailed IN (?, ?, ?, ?, ?, ?)) AND agent IS NULL) AND open_channel_id IN (?, ?))) AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme 1 ann 1 1 2 3 4 5 6 sales support]

-- waiting for longer than an hour, the longest first
... FROM colloquy_conversations AS c WHERE account = ? AND (waiting_since IS NOT NULL AND waiting_since < ?) AND waiting_since IS NOT NULL ORDER BY waiting_since, number LIMIT 51
    -- [acme 1767610800000]

-- not of an agent, who may be absent
... FROM colloquy_conversations AS c WHERE account = ? AND NOT (agent IS NOT NULL AND agent = ?) AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme ann]
... FROM colloquy_conversations AS c WHERE account = ? AND NOT (agent IS NOT NULL AND agent = ?) AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme ann]

-- texts, whose wildcards are none
... FROM colloquy_conversations AS c WHERE account = ? AND ((customer IS NOT NULL AND INSTR(customer_folded, ?) > 0) AND (site_page IS NOT NULL AND site_page_folded >= ? AND site_page_folded < ?)) AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme 100%_'\ https:// https:/0]
... FROM colloquy_conversations AS c WHERE account = ? AND ((customer IS NOT NULL AND INSTR(customer_folded, ?) > 0) AND (site_page IS NOT NULL AND site_page_folded >= ? AND site_page_folded < ?)) AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme 100%_'\ https:// https:/0]

-- numbers and spans
... FROM colloquy_conversations AS c WHERE account = ? AND (message_count > ? AND ((max_reaction IS NOT NULL AND max_reaction >= ?) AND (max_reaction IS NOT NULL AND max_reaction <= ?)) AND (review_rating IS NOT NULL AND review_rating IN (?, ?))) AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme 3 60000 3600000 4 5]
... FROM colloquy_conversations AS c WHERE account = ? AND (message_count > ? AND ((max_reaction IS NOT NULL AND max_reaction >= ?) AND (max_reaction IS NOT NULL AND max_reaction <= ?)) AND (review_rating IS NOT NULL AND review_rating IN (?, ?))) AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme 3 60000 3600000 4 5]

-- sets
... FROM colloquy_conversations AS c WHERE account = ? AND (((SELECT COUNT(*) FROM colloquy_members AS m WHERE m.account = c.account AND m.conversation_id = c.id AND m.field = ? AND m.value IN (?, ?)) = ?) AND NOT EXISTS (SELECT 1 FROM colloquy_members AS m WHERE m.account = c.account AND m.conversation_id = c.id AND m.field = ? AND m.value = ?)) AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme 3 4:deal7 7:contact8 2 2 lead]
... FROM colloquy_conversations AS c WHERE account = ? AND (((SELECT COUNT(*) FROM colloquy_members AS m WHERE m.account = c.account AND m.conversation_id = c.id AND m.field = ? AND m.value IN (?, ?)) = ?) AND NOT EXISTS (SELECT 1 FROM colloquy_members AS m WHERE m.account = c.account AND m.conversation_id = c.id AND m.field = ? AND m.value = ?)) AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme 3 4:deal7 7:contact8 2 2 lead]

-- what is true of every row
... FROM colloquy_conversations AS c WHERE account = ? AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 51
    -- [acme]
... FROM colloquy_conversations AS c WHERE account = ? AND last_message_at IS NULL ORDER BY number DESC LIMIT 51
    -- [acme]

-- what is true of none

-- several keys
... FROM colloquy_conversations AS c WHERE account = ? AND agent IS NOT NULL ORDER BY agent, max_reaction IS NULL, max_reaction DESC, created_at, number LIMIT 51
    -- [acme]
... FROM colloquy_conversations AS c WHERE account = ? AND agent IS NULL ORDER BY max_reaction IS NULL, max_reaction DESC, created_at, number LIMIT 51
    -- [acme]

-- several keys, further
... FROM colloquy_conversations AS c WHERE account = ? AND agent IS NOT NULL AND agent >= ? AND (agent > ? OR agent = ? AND (max_reaction < ? OR max_reaction IS NULL OR max_reaction = ? AND (created_at > ? OR created_at = ? AND (number > ?)))) ORDER BY agent, max_reaction IS NULL, max_reaction DESC, created_at, number LIMIT 51
    -- [acme agent-1 agent-1 agent-1 70000 70000 1767603637000 1767603637000 7]
... FROM colloquy_conversations AS c WHERE account = ? AND agent IS NULL ORDER BY max_reaction IS NULL, max_reaction DESC, created_at, number LIMIT 51
    -- [acme]

-- several keys, back
... FROM colloquy_conversations AS c WHERE account = ? AND agent IS NOT NULL AND agent <= ? AND (agent < ? OR agent = ? AND (max_reaction > ? OR max_reaction = ? AND (created_at < ? OR created_at = ? AND (number < ?)))) ORDER BY agent DESC, max_reaction IS NOT NULL, max_reaction, created_at DESC, number DESC LIMIT 51
    -- [acme agent-1 agent-1 agent-1 70000 70000 1767603637000 1767603637000 7]

-- within a scope
... FROM colloquy_conversations AS c WHERE account = ? AND (open_channel_id = ? AND (active = ? AND detailed IN (?, ?, ?, ?, ?))) AND last_message_at IS NOT NULL ORDER BY last_message_at DESC, number DESC LIMIT 11
    -- [acme sales 1 1 2 3 4 5]
... FROM colloquy_conversations AS c WHERE account = ? AND (open_channel_id = ? AND (active = ? AND detailed IN (?, ?, ?, ?, ?))) AND last_message_at IS NULL ORDER BY number DESC LIMIT 11
    -- [acme sales 1 1 2 3 4 5]

