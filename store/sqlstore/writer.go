package sqlstore

import (
	"context"
	"database/sql"

	"github.com/colloquy-go/colloquy/conversation"
)

// writer writes conversations in a transaction.
type writer struct {
	*account
	tx                    *sql.Tx
	rows, members, events inserter
}

func newWriter(a *account, tx *sql.Tx) *writer {
	return &writer{
		account: a, tx: tx,
		rows:    inserter{insertion: a.tables.insertRow, tx: tx},
		members: inserter{insertion: a.tables.insertMember, tx: tx},
		events:  inserter{insertion: a.tables.insertEvent, tx: tx},
	}
}

// add writes a new conversation and its events.
func (w *writer) add(ctx context.Context, c *conversation.Conversation, changes []conversation.Event) error {
	s := c.Snapshot()
	if err := w.rows.add(ctx, rowOf(w.name, &s)...); err != nil {
		return err
	}
	for m := range membersOf(c) {
		if err := w.addMember(ctx, c, m); err != nil {
			return err
		}
	}
	return w.addEvents(ctx, c, changes)
}

// addEvents writes the events that led to c.
func (w *writer) addEvents(ctx context.Context, c *conversation.Conversation, changes []conversation.Event) error {
	seq := c.Version() - uint64(len(changes))
	for _, e := range changes {
		seq++
		text, err := e.MarshalJSON()
		if err != nil {
			return err
		}
		id := e.ID.Bytes()
		if err := w.events.add(ctx, string(w.name), bytesOf(c.ID()), e.At.UnixMilli(), int64(seq), id[:], e.Kind(), string(text)); err != nil {
			return err
		}
	}
	return nil
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

// member is one of a set.
type member struct {
	set   int64
	value string
}

func membersOf(c *conversation.Conversation) map[member]struct{} {
	members := map[member]struct{}{}
	for _, s := range sets {
		for _, value := range s.field.MembersOf(c) {
			members[member{s.number, value}] = struct{}{}
		}
	}
	return members
}

func (w *writer) addMember(ctx context.Context, c *conversation.Conversation, m member) error {
	return w.members.add(ctx, string(w.name), bytesOf(c.ID()), m.set, m.value)
}

// changeMembers makes the stored members those of c.
func (w *writer) changeMembers(ctx context.Context, c *conversation.Conversation) error {
	stored, err := w.storedMembers(ctx, c.ID())
	if err != nil {
		return err
	}
	want := membersOf(c)
	for _, m := range stored {
		if _, ok := want[m]; ok {
			delete(want, m)
			continue
		}
		s := w.statement("DELETE FROM ", w.tables.members, " WHERE account = ")
		s.bind(string(w.name))
		s.write(" AND conversation_id = ")
		s.bind(bytesOf(c.ID()))
		s.write(" AND field = ")
		s.bind(m.set)
		s.write(" AND value = ")
		s.bind(m.value)
		if _, err := exec(ctx, w.tx, s); err != nil {
			return err
		}
	}
	for m := range want {
		if err := w.addMember(ctx, c, m); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) storedMembers(ctx context.Context, id conversation.ID) (members []member, err error) {
	s := w.statement("SELECT field, value FROM ", w.tables.members, " WHERE account = ")
	s.bind(string(w.name))
	s.write(" AND conversation_id = ")
	s.bind(bytesOf(id))
	rows, err := w.tx.QueryContext(ctx, s.String(), s.values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m member
		if err := rows.Scan(&m.set, &m.value); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, rows.Err()
}
