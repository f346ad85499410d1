package store

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
)

// Account names a tenant. It is the first part of every key.
type Account string

// MaxAccountLen is the most bytes an account may have.
const MaxAccountLen = 64

// Validate reports as [ErrAccount] an account that is empty, too long, not
// UTF-8, or contains a NUL.
func (a Account) Validate() error {
	if a == "" || len(a) > MaxAccountLen || !utf8.ValidString(string(a)) || strings.IndexByte(string(a), 0) >= 0 {
		return fmt.Errorf("store: %w: 1 to %d bytes of UTF-8 without NUL", ErrAccount, MaxAccountLen)
	}
	return nil
}

// Store keeps the conversations of one account. It is safe for concurrent use.
//
// Each method but DeleteOpenChannel is one transaction: on an error nothing has
// changed. A cancelled context is its cause, as errors.Is tells. A scope that is
// no valid predicate is [filter.ErrPredicate].
//
// A conversation that is returned is as it is stored, without changes.
type Store interface {
	// Account returns whose conversations these are.
	Account() Account

	// Create stores new conversations (Base is 0) and returns them as stored, in
	// the order given, each with the account's next number: numbers rise in that
	// order, have no gaps, and are never used again, however many calls run at once.
	//
	// A conversation that is there already, begun by the same event, is returned
	// as it is stored and not changed: creating twice is creating once. One begun
	// by another event is an [*ExistsError]. One that was read from a store, and
	// the zero Conversation, is [ErrBase].
	Create(ctx context.Context, cs ...conversation.Conversation) ([]conversation.Conversation, error)

	// Get returns a conversation. One that does not exist or lies outside the
	// scope is a [*NotFoundError].
	Get(ctx context.Context, scope access.Scope, id conversation.ID) (conversation.Conversation, error)

	// Save stores the changes of a conversation that was read from this store, if
	// the store still has the version they were made on, under the same number,
	// and returns it as stored. Otherwise it is a [*ConflictError], or a
	// [*NotFoundError] when it is gone. An event that the timeline holds already is a [*RepeatedError]; the ids
	// of events say nothing about other conversations. A conversation without
	// changes is returned as it is; a new one is [ErrBase].
	Save(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error)

	// List answers a query.
	List(ctx context.Context, q Query) (Page, error)

	// Count returns how many conversations the query finds on all pages together;
	// its order, limit and place do not matter. It stops counting at most, when
	// most is above 0.
	Count(ctx context.Context, q Query, most int) (Count, error)

	// Timeline returns a page of the events of a conversation, in the order they
	// happened; those of one instant in the order they were saved. A conversation
	// that does not exist or lies outside the scope is a [*NotFoundError].
	Timeline(ctx context.Context, scope access.Scope, id conversation.ID, r Range) (TimelinePage, error)

	// DeleteOpenChannel deletes the conversations that are in an open channel,
	// with their timelines, in batches: when it is interrupted, calling it again
	// goes on. It returns what this call deleted, also together with an error.
	// Numbers are not used again.
	DeleteOpenChannel(ctx context.Context, id conversation.OpenChannelID) (Deleted, error)
}

// Count is a number of conversations.
type Count struct {
	N    int
	More bool // there are more than N: counting stopped there
}

// String returns "17", or "1000+" when there are more.
func (c Count) String() string {
	if c.More {
		return fmt.Sprintf("%d+", c.N)
	}
	return fmt.Sprint(c.N)
}

// Deleted says how much was deleted.
type Deleted struct {
	Conversations int
	Events        int
}

// All yields every conversation a query finds from its place on, page by page. A conversation that
// moves in the order meanwhile may come twice or not at all; others come once. It
// stops at the first error, which it yields.
func All(ctx context.Context, st Store, q Query) iter.Seq2[conversation.Conversation, error] {
	return func(yield func(conversation.Conversation, error) bool) {
		for {
			page, err := st.List(ctx, q)
			if err != nil {
				yield(conversation.Conversation{}, err)
				return
			}
			for _, c := range page.Conversations {
				if !yield(c, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			q = q.After(page.Next)
		}
	}
}
