package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

func (a *account) Create(ctx context.Context, cs ...conversation.Conversation) ([]conversation.Conversation, error) {
	for i := range cs {
		if cs[i].IsZero() || cs[i].Base() != 0 {
			return nil, fmt.Errorf("sqlstore: create: %w: %s is at version %d", store.ErrBase, cs[i].ID(), cs[i].Base())
		}
	}
	if len(cs) == 0 {
		return nil, nil
	}
	var stored []conversation.Conversation
	err := a.db.transact(ctx, "create", func(tx *sql.Tx) (err error) {
		stored, err = a.create(ctx, tx, cs)
		return err
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

// created is a conversation that is stored, and the event it began with.
type created struct {
	conversation.Conversation
	start conversation.EventID
}

func (a *account) create(ctx context.Context, tx *sql.Tx, cs []conversation.Conversation) ([]conversation.Conversation, error) {
	// Numbers are taken for all before looking how many are needed, because the
	// first statement has to write.
	last, err := a.takeNumbers(ctx, tx, len(cs))
	if err != nil {
		return nil, err
	}
	known, err := a.known(ctx, tx, cs)
	if err != nil {
		return nil, err
	}
	stored := make([]conversation.Conversation, len(cs))
	number := last - int64(len(cs))
	w := newWriter(a, tx)
	for i := range cs {
		changes := cs[i].Changes() // never empty, and the start is first
		id, start := cs[i].ID(), changes[0].ID
		k, exists := known[id]
		switch {
		case !exists:
			number++
			k = created{cs[i].Saved(number), start}
			known[id] = k
			if err := w.addConversation(ctx, &k.Conversation, changes); err != nil {
				return nil, err
			}
		case k.start != start:
			return nil, settled{&store.ExistsError{ID: id}}
		}
		stored[i] = k.Conversation
	}
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	if unused := last - number; unused > 0 {
		_, err = a.takeNumbers(ctx, tx, -int(unused))
	}
	return stored, err
}

// takeNumbers raises the account's last number by n and returns it. Until the end
// of the transaction nobody else can.
func (a *account) takeNumbers(ctx context.Context, tx *sql.Tx, n int) (int64, error) {
	raise := &statement{dialect: a.db.dialect}
	raise.write("UPDATE ", a.db.tables.accounts, " SET last_number = last_number + ")
	raise.bind(int64(n))
	raise.write(" WHERE account = ")
	raise.bind(string(a.name))
	raised, err := exec(ctx, tx, raise)
	if err != nil {
		return 0, err
	}
	if raised == 0 {
		i := inserter{insertion: a.db.tables.insertAccount, tx: tx}
		i.values = []any{string(a.name), int64(n)}
		return int64(n), i.flush(ctx)
	}
	return number(ctx, tx, a.where("SELECT last_number FROM ", a.db.tables.accounts))
}

// known returns those of cs that are stored already.
func (a *account) known(ctx context.Context, tx *sql.Tx, cs []conversation.Conversation) (map[conversation.ID]created, error) {
	const together = 500
	known := map[conversation.ID]created{}
	for some := range slices.Chunk(cs, together) {
		ids := make([]any, len(some))
		for i := range ids {
			ids[i] = bytesOf(some[i].ID())
		}
		for c, err := range a.db.find(ctx, tx, a.where(a.db.tables.selectRows).andIn("id", ids)) {
			if err != nil {
				return nil, err
			}
			known[c.ID()] = created{Conversation: c}
		}
	}
	for id, k := range known {
		var err error
		if k.start, err = a.start(ctx, tx, &k.Conversation); err != nil {
			return nil, err
		}
		known[id] = k
	}
	return known, nil
}

// start returns the event that a stored conversation began with: the one that
// made its first version, when it was created.
func (a *account) start(ctx context.Context, tx *sql.Tx, c *conversation.Conversation) (conversation.EventID, error) {
	s := a.where("SELECT event_id FROM ", a.db.tables.events).
		and("conversation_id", bytesOf(c.ID())).and("at", c.CreatedAt().UnixMilli()).and("seq", int64(1))
	var b []byte
	if err := tx.QueryRowContext(ctx, s.String(), s.values...).Scan(&b); err != nil {
		return conversation.EventID{}, fmt.Errorf("the start of %s: %w", c.ID(), err)
	}
	return conversation.EventIDFromBytes(b)
}
