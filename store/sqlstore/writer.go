package sqlstore

import (
	"context"
	"database/sql"

	"github.com/colloquy-go/colloquy/conversation"
)

// writer writes what belongs to conversations in a transaction, many rows at once.
type writer struct {
	account               *account
	tx                    *sql.Tx
	rows, members, events inserter
}

func newWriter(a *account, tx *sql.Tx) *writer {
	t := &a.db.tables
	return &writer{
		account: a, tx: tx,
		rows:    inserter{insertion: t.insertRow, tx: tx},
		members: inserter{insertion: t.insertMember, tx: tx},
		events:  inserter{insertion: t.insertEvent, tx: tx},
	}
}

// flush writes what was not written yet.
func (w *writer) flush(ctx context.Context) error {
	for _, i := range []*inserter{&w.rows, &w.members, &w.events} {
		if err := i.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// addConversation writes a new conversation.
func (w *writer) addConversation(ctx context.Context, c *conversation.Conversation, events []conversation.Event) error {
	s := c.Snapshot()
	if err := w.rows.add(ctx, newRow(w.account.name, &s)...); err != nil {
		return err
	}
	for _, m := range membersOf(c) {
		if err := w.addMember(ctx, c, m); err != nil {
			return err
		}
	}
	return w.addEvents(ctx, c, events)
}

// addEvents writes the last events that led to c.
func (w *writer) addEvents(ctx context.Context, c *conversation.Conversation, events []conversation.Event) error {
	seq := c.Version() - uint64(len(events))
	for _, e := range events {
		seq++
		text, err := e.MarshalJSON()
		if err != nil {
			return err
		}
		id := e.ID.Bytes()
		err = w.events.add(ctx,
			string(w.account.name), bytesOf(c.ID()), e.At.UnixMilli(), int64(seq), id[:], e.Kind(), string(text))
		if err != nil {
			return err
		}
	}
	return nil
}

// member is one of a set.
type member struct {
	set   int64
	value string
}

func membersOf(c *conversation.Conversation) (members []member) {
	for _, s := range sets {
		for _, value := range s.field.MembersOf(c) {
			members = append(members, member{s.number, value})
		}
	}
	return members
}

func (w *writer) addMember(ctx context.Context, c *conversation.Conversation, m member) error {
	return w.members.add(ctx, string(w.account.name), bytesOf(c.ID()), m.set, m.value)
}

// changeMembers makes the stored members those of c.
func (w *writer) changeMembers(ctx context.Context, c *conversation.Conversation) error {
	stored, err := w.storedMembers(ctx, c.ID())
	if err != nil {
		return err
	}
	for _, m := range membersOf(c) {
		if _, ok := stored[m]; ok {
			delete(stored, m)
		} else if err := w.addMember(ctx, c, m); err != nil {
			return err
		}
	}
	for m := range stored {
		s := w.account.where("DELETE FROM ", w.account.db.tables.members).
			and("conversation_id", bytesOf(c.ID())).and("field", m.set).and("value", m.value)
		if _, err := exec(ctx, w.tx, s); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) storedMembers(ctx context.Context, id conversation.ID) (map[member]struct{}, error) {
	s := w.account.where("SELECT field, value FROM ", w.account.db.tables.members).and("conversation_id", bytesOf(id))
	rows, err := w.tx.QueryContext(ctx, s.String(), s.values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	members := map[member]struct{}{}
	for rows.Next() {
		var m member
		if err := rows.Scan(&m.set, &m.value); err != nil {
			return nil, err
		}
		members[m] = struct{}{}
	}
	return members, rows.Err()
}
