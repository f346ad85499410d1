package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/memory"
)

// fake is a store in which something comes before the calls that a test names.
type fake struct {
	store.Store
	beforeGet, beforeSave, beforeList, beforeTimeline func() error
}

func before(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

func (s *fake) Get(ctx context.Context, scope access.Scope, id conversation.ID) (conversation.Conversation, error) {
	if err := before(s.beforeGet); err != nil {
		return conversation.Conversation{}, err
	}
	return s.Store.Get(ctx, scope, id)
}

func (s *fake) Save(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
	if err := before(s.beforeSave); err != nil {
		return conversation.Conversation{}, err
	}
	return s.Store.Save(ctx, c)
}

func (s *fake) List(ctx context.Context, q store.Query) (store.Page, error) {
	if err := before(s.beforeList); err != nil {
		return store.Page{}, err
	}
	return s.Store.List(ctx, q)
}

func (s *fake) Timeline(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
	if err := before(s.beforeTimeline); err != nil {
		return store.TimelinePage{}, err
	}
	return s.Store.Timeline(ctx, scope, id, r)
}

func open(t *testing.T) store.Store {
	t.Helper()
	st, err := memory.New().Account("acme")
	require.NoError(t, err)
	return st
}

// rows returns stored conversations with the numbers from 1 on, of ann, bob, ann ...
func rows(t *testing.T, n int) []conversation.Conversation {
	t.Helper()
	return fill(t, open(t), n)
}

func fill(t *testing.T, st store.Store, n int) []conversation.Conversation {
	t.Helper()
	cs := make([]conversation.Conversation, n)
	for i := range cs {
		agent := []string{"ann", "bob"}[i%2]
		cs[i] = conversationtest.Play(t, fmt.Sprintf("%d customer, %d accept %s", i, 100+i, agent))
	}
	stored, err := st.Create(t.Context(), cs...)
	require.NoError(t, err)
	return stored
}

func TestAllYieldsEveryConversation(t *testing.T) {
	st := open(t)
	created := fill(t, st, 7)
	var ns []int64
	for c, err := range store.All(t.Context(), st, store.NewQuery(access.System()).Limit(3)) {
		require.NoError(t, err)
		ns = append(ns, c.Number())
	}
	require.Equal(t, []int64{7, 6, 5, 4, 3, 2, 1}, ns)

	ns = nil
	for c, err := range store.All(t.Context(), st, store.NewQuery(access.Within(filter.Mine("ann"))).OrderBy().Limit(1)) {
		require.NoError(t, err)
		ns = append(ns, c.Number())
	}
	require.Equal(t, []int64{1, 3, 5, 7}, ns)
	require.Len(t, created, 7)
}

func TestAllAsksForNoMoreThanIsTaken(t *testing.T) {
	st := open(t)
	fill(t, st, 7)
	lists := 0
	counted := &fake{Store: st, beforeList: func() error { lists++; return nil }}
	taken := 0
	for _, err := range store.All(t.Context(), counted, store.NewQuery(access.System()).Limit(2)) {
		require.NoError(t, err)
		if taken++; taken == 3 {
			break
		}
	}
	require.Equal(t, 2, lists)
}

func TestAllEndsWithAnError(t *testing.T) {
	st := open(t)
	fill(t, st, 5)
	broken := errors.New("broken")
	lists := 0
	failing := &fake{Store: st, beforeList: func() error {
		if lists++; lists == 2 {
			return broken
		}
		return nil
	}}
	yielded := 0
	var last error
	for c, err := range store.All(t.Context(), failing, store.NewQuery(access.System()).Limit(2)) {
		yielded++
		if last = err; err != nil {
			require.True(t, c.IsZero())
		}
	}
	require.ErrorIs(t, last, broken)
	require.Equal(t, 3, yielded, "two conversations and the error")
	require.Equal(t, 2, lists)
}

func TestCountIsWrittenForAPerson(t *testing.T) {
	require.Equal(t, "0", store.Count{}.String())
	require.Equal(t, "17", store.Count{N: 17}.String())
	require.Equal(t, "1000+", store.Count{N: 1000, More: true}.String())
}

func TestAccountIsValidated(t *testing.T) {
	for _, valid := range []store.Account{"a", "acme", "Żółć & Söhne", " ", store.Account(strings.Repeat("x", 64))} {
		require.NoError(t, valid.Validate(), "%q", valid)
	}
	for _, invalid := range []store.Account{"", store.Account(strings.Repeat("x", 65)), store.Account(strings.Repeat("ż", 33)), "a\x00", "\xff"} {
		require.ErrorIs(t, invalid.Validate(), store.ErrAccount, "%q", invalid)
	}
	require.EqualError(t, store.Account("").Validate(), "store: invalid account: 1 to 64 bytes of UTF-8 without NUL")
}

func TestErrorsAreOfAKindAndHoldData(t *testing.T) {
	id, err := conversation.ParseID("0190a0e0-7b1c-7d3e-8f4a-5b6c7d8e9f01")
	require.NoError(t, err)
	for _, test := range []struct {
		err  error
		kind error
		text string
	}{
		{&store.NotFoundError{ID: id}, store.ErrNotFound, "store: conversation not found: " + id.String()},
		{&store.ExistsError{ID: id}, store.ErrExists, "store: conversation exists already: " + id.String()},
		{
			&store.ConflictError{ID: id, Base: 7},
			store.ErrConflict,
			"store: conversation has changed meanwhile: " + id.String() + " is not what it was at version 7",
		},
		{&store.RepeatedError{ID: id}, store.ErrRepeated, "store: event is in the timeline already: of " + id.String()},
	} {
		require.EqualError(t, test.err, test.text)
		kinds := 0
		for _, kind := range []error{store.ErrNotFound, store.ErrExists, store.ErrConflict, store.ErrRepeated, store.ErrAccount, store.ErrLimit, store.ErrBase} {
			if errors.Is(test.err, kind) {
				require.Equal(t, test.kind, kind)
				kinds++
			}
		}
		require.Equal(t, 1, kinds, "%v is of one kind", test.err)
	}
}
