package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

// find yields the conversations of a statement that begins with selectRows. An
// error ends it.
func (db *DB) find(ctx context.Context, q querier, s *statement) iter.Seq2[conversation.Conversation, error] {
	return func(yield func(conversation.Conversation, error) bool) {
		rows, err := q.QueryContext(ctx, s.String(), s.values...)
		if err != nil {
			yield(conversation.Conversation{}, err)
			return
		}
		defer rows.Close()
		scan := newScanner()
		for rows.Next() {
			c, err := scan.conversation(rows, db.rebuild)
			if !yield(c, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(conversation.Conversation{}, err)
		}
	}
}

// scanner reads rows of conversations one after the other. It takes the values as
// the driver gives them: database/sql converts by reflection, which takes longer.
type scanner struct {
	values   []any
	pointers []any
	reader   reader
	snapshot conversation.Snapshot
}

// readColumns are the columns that selectRows gives.
var readColumns = func() []column {
	var read []column
	for _, c := range columns {
		if c.read != nil {
			read = append(read, c)
		}
	}
	return read
}()

func newScanner() *scanner {
	s := &scanner{values: make([]any, len(readColumns)), pointers: make([]any, len(readColumns))}
	for i := range s.values {
		s.pointers[i] = &s.values[i]
	}
	return s
}

func (s *scanner) conversation(rows *sql.Rows, options []conversation.Option) (conversation.Conversation, error) {
	if err := rows.Scan(s.pointers...); err != nil {
		return conversation.Conversation{}, err
	}
	s.snapshot, s.reader = conversation.Snapshot{}, reader{}
	for i := range readColumns {
		readColumns[i].read(&s.reader, &s.snapshot, s.values[i])
	}
	if err := s.reader.err; err != nil {
		return conversation.Conversation{}, fmt.Errorf("%s: %w", s.snapshot.ID, err)
	}
	return conversation.FromSnapshot(s.snapshot, options...)
}

// newRow returns the values of insertRow.
func newRow(name store.Account, s *conversation.Snapshot) []any {
	values := make([]any, 0, len(columns)+1)
	values = append(values, string(name))
	for i := range columns {
		values = append(values, columns[i].write(s))
	}
	return values
}

// changedRow returns the values of updateRow for a conversation that was at base.
func changedRow(name store.Account, s *conversation.Snapshot, base uint64) []any {
	values := make([]any, 0, len(columns)+4)
	for i := range columns {
		if !columns[i].fixed {
			values = append(values, columns[i].write(s))
		}
	}
	return append(values, string(name), bytesOf(s.ID), s.Number, int64(base))
}
