package sqlstore

import (
	"context"
	"database/sql"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

// batch is how many conversations are deleted in one transaction: few, so that
// nobody waits for long.
const batch = 200

func (a *account) DeleteOpenChannel(ctx context.Context, id conversation.OpenChannelID) (store.Deleted, error) {
	var all store.Deleted
	for {
		ids, err := a.inChannel(ctx, id)
		if err != nil || len(ids) == 0 {
			return all, err
		}
		deleted, err := a.deleteBatch(ctx, id, ids)
		if err != nil {
			return all, err
		}
		all.Conversations += deleted.Conversations
		all.Events += deleted.Events
	}
}

// inChannel returns the ids of some conversations in an open channel.
func (a *account) inChannel(ctx context.Context, channel conversation.OpenChannelID) (ids []any, err error) {
	s := a.where("SELECT id FROM ", a.db.tables.conversations).and("open_channel_id", string(channel))
	s.limit(batch)
	err = a.db.try(ctx, "delete open channel", func() (err error) {
		ids, err = list(ctx, a.db.prepared, s)
		return err
	})
	return ids, err
}

// deleteBatch deletes those of some conversations that are still in the open
// channel, with what belongs to them.
func (a *account) deleteBatch(ctx context.Context, channel conversation.OpenChannelID, ids []any) (deleted store.Deleted, err error) {
	t := &a.db.tables
	err = a.db.transact(ctx, "delete open channel", func(tx *sql.Tx) error {
		rows, err := exec(ctx, tx, a.where("DELETE FROM ", t.conversations).and("open_channel_id", string(channel)).andIn("id", ids))
		if err != nil {
			return err
		}
		gone := ids
		if int(rows) < len(ids) {
			stay, err := list(ctx, tx, a.where("SELECT id FROM ", t.conversations).andIn("id", ids))
			if err != nil {
				return err
			}
			if gone = without(ids, stay); len(gone) == 0 {
				return nil
			}
		}
		events, err := exec(ctx, tx, a.where("DELETE FROM ", t.events).andIn("conversation_id", gone))
		if err != nil {
			return err
		}
		deleted = store.Deleted{Conversations: int(rows), Events: int(events)}
		_, err = exec(ctx, tx, a.where("DELETE FROM ", t.members).andIn("conversation_id", gone))
		return err
	})
	if err != nil {
		return store.Deleted{}, err
	}
	return deleted, nil
}

// without returns the ids that are not among others.
func without(ids, others []any) (rest []any) {
	left := map[string]bool{}
	for _, id := range others {
		left[string(id.([]byte))] = true
	}
	for _, id := range ids {
		if !left[string(id.([]byte))] {
			rest = append(rest, id)
		}
	}
	return rest
}
