package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

func (a *account) Save(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
	changes := c.Changes()
	switch {
	case c.Base() == 0:
		return conversation.Conversation{}, fmt.Errorf("sqlstore: save: %w: %s is new", store.ErrBase, c.ID())
	case len(changes) == 0:
		return c, nil
	}
	saved := c.Saved(c.Number())
	snapshot := saved.Snapshot()
	row := changedRow(a.name, &snapshot, c.Base())
	err := a.db.transact(ctx, "save", func(tx *sql.Tx) error {
		if err := a.replace(ctx, tx, c.ID(), c.Base(), row); err != nil {
			return err
		}
		if err := a.refuseRepeated(ctx, tx, c.ID(), changes); err != nil {
			return err
		}
		w := newWriter(a, tx)
		if err := w.addEvents(ctx, &saved, changes); err != nil {
			return err
		}
		if err := w.changeMembers(ctx, &saved); err != nil {
			return err
		}
		return w.flush(ctx)
	})
	if err != nil {
		return conversation.Conversation{}, err
	}
	return saved, nil
}

// replace writes the row of a conversation that is at version base, under its number.
func (a *account) replace(ctx context.Context, tx *sql.Tx, id conversation.ID, base uint64, row []any) error {
	replaced, err := exec(ctx, tx, &statement{sql: []byte(a.db.tables.updateRow), values: row})
	if err != nil || replaced == 1 {
		return err
	}
	exists, err := found(ctx, tx, a.where("SELECT 1 FROM ", a.db.tables.conversations).and("id", bytesOf(id)))
	switch {
	case err != nil:
		return err
	case exists:
		return settled{&store.ConflictError{ID: id, Base: base}}
	default:
		return settled{&store.NotFoundError{ID: id}}
	}
}

// refuseRepeated refuses events that are in the timeline already. It does not wait
// for their insert to fail, because what a failure means every database says in
// its own way.
func (a *account) refuseRepeated(ctx context.Context, tx *sql.Tx, id conversation.ID, events []conversation.Event) error {
	ids := make([]any, len(events))
	for i, e := range events {
		b := e.ID.Bytes()
		ids[i] = b[:]
	}
	repeated, err := found(ctx, tx, a.where("SELECT 1 FROM ", a.db.tables.events).and("conversation_id", bytesOf(id)).andIn("event_id", ids))
	if err == nil && repeated {
		return settled{&store.RepeatedError{ID: id}}
	}
	return err
}
