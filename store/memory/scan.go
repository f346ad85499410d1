package memory

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/colloquy-go/colloquy/conversation"
)

// all yields the account's rows by number; the caller holds the lock as long as
// it uses them. It ends with an error when ctx is done.
func (a *account) all(ctx context.Context) iter.Seq2[*row, error] {
	const glance = 1024 // rows from one look at ctx to the next
	return func(yield func(*row, error) bool) {
		if err := done(ctx); err != nil {
			yield(nil, err)
			return
		}
		for i, r := range a.sorted {
			if i%glance == glance-1 {
				if err := done(ctx); err != nil {
					yield(nil, err)
					return
				}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// done returns the cause for which ctx is done, if it is.
func done(ctx context.Context) error {
	if ctx.Err() != nil {
		return fmt.Errorf("memory: %w", context.Cause(ctx))
	}
	return nil
}

// firstRows keeps the n rows that come first.
type firstRows struct {
	compare func(a, b *conversation.Conversation) int
	n       int
	rows    []*conversation.Conversation
	full    bool // rows[:n] are sorted and come before all that were left out
}

func (f *firstRows) add(c *conversation.Conversation) {
	if f.full && f.compare(c, f.rows[f.n-1]) > 0 {
		return
	}
	f.rows = append(f.rows, c)
	if len(f.rows) == 2*f.n {
		f.cut()
	}
}

func (f *firstRows) cut() {
	slices.SortFunc(f.rows, f.compare)
	if len(f.rows) >= f.n {
		f.rows, f.full = f.rows[:f.n], true
	}
}

func (f *firstRows) sorted() []conversation.Conversation {
	f.cut()
	rows := make([]conversation.Conversation, len(f.rows))
	for i, c := range f.rows {
		rows[i] = *c
	}
	return rows
}
