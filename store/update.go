package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
)

// The pause before trying again after a conflict: a random part of a bound that
// doubles from the first to the second.
const (
	firstPause = 5 * time.Millisecond
	maxPause   = 320 * time.Millisecond
)

// Update changes a conversation: it reads it, applies change, and saves the
// result. When somebody else was faster it starts again, until ctx is done, so
// change may run several times and must be a pure function.
//
// When change fails, or tries to save an event that is in the timeline, it runs
// once more on the conversation with its whole timeline: a repeated event then
// has no effect, and a late one is put where it belongs. What change returns then
// is final. Its errors are returned as they are. A timeline that is not that of
// the row is [conversation.ErrTimeline].
//
//	store.Update(ctx, st, scope, id, func(c conversation.Conversation) (conversation.Conversation, error) {
//		return c.Apply(event)
//	})
func Update(
	ctx context.Context, st Store, scope access.Scope, id conversation.ID,
	change func(conversation.Conversation) (conversation.Conversation, error),
) (conversation.Conversation, error) {
	whole := false // whether change needs the timeline
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		c, err := st.Get(ctx, scope, id)
		if err != nil {
			return conversation.Conversation{}, err
		}
		var next conversation.Conversation
		if !whole {
			next, err = change(c)
		}
		if whole || err != nil {
			next, err = changeWhole(ctx, st, scope, c, change)
		}
		if err == nil {
			next, err = st.Save(ctx, next)
		}
		switch {
		case errors.Is(err, ErrRepeated) && !whole:
			whole = true
		case err == nil:
			return next, nil
		case !errors.Is(err, ErrConflict):
			return conversation.Conversation{}, err
		}
		if err := sleep(ctx, rand.N(pause)); err != nil {
			return conversation.Conversation{}, err
		}
	}
}

// changeWhole applies change to c with its timeline.
func changeWhole(
	ctx context.Context, st Store, scope access.Scope, c conversation.Conversation,
	change func(conversation.Conversation) (conversation.Conversation, error),
) (conversation.Conversation, error) {
	events, err := Events(ctx, st, scope, c.ID())
	if err != nil {
		return conversation.Conversation{}, err
	}
	if uint64(len(events)) != c.Version() {
		// Somebody was faster between the two reads; otherwise the store is broken,
		// and trying again would never end.
		now, err := st.Get(ctx, scope, c.ID())
		if err != nil {
			return conversation.Conversation{}, err
		}
		if now.Version() != c.Version() {
			return conversation.Conversation{}, &ConflictError{ID: c.ID(), Base: c.Version()}
		}
	}
	known, err := c.WithTimeline(events)
	if err != nil {
		return conversation.Conversation{}, err
	}
	return change(known)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
