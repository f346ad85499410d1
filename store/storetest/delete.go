package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

var deleteRules = []rule{
	{
		"DeleteOpenChannel/deletes what is in it and nothing else",
		"the conversations that are in the open channel now go with their timelines, and nothing of others is touched",
		deleteExactly,
	},
	{
		"DeleteOpenChannel/gives no number again",
		"numbers of deleted conversations are not used again, also those of the latest ones",
		deleteKeepsNumbers,
	},
	{
		"DeleteOpenChannel/lets conversations be created anew",
		"a deleted conversation can be created again: with a new number and without its old events",
		deleteThenCreate,
	},
	{
		"DeleteOpenChannel/goes on after an interruption",
		"an interrupted call has deleted whole conversations and says how many; called again it deletes the rest",
		deleteInterrupted,
	},
}

func (c *check) deleteChannel(st store.Store, id conversation.OpenChannelID, want store.Deleted) {
	c.Helper()
	got, err := st.DeleteOpenChannel(c.Context(), id)
	c.ok(err, "DeleteOpenChannel")
	if got != want {
		c.Errorf("DeleteOpenChannel of %q returns %+v, want %+v", id, got, want)
	}
}

func deleteExactly(c *check) {
	st := c.store()
	forward := func(name string, to conversation.OpenChannelID) conversation.Event {
		return happens(name, 9, conversation.BySystem(), conversation.ForwardedToChannel{To: conversation.OpenChannel{ID: to, Name: string(to)}})
	}
	link := happens("link", 8, conversation.BySystem(), conversation.Linked{Link: conversation.Link{Kind: "deal", ID: "1"}})
	gone := []row{
		c.apply(begin("g1", in("old")), asks("q", 1), accepts("a", 2, "ann"), link),
		begin("g2", in("old")),
		c.apply(begin("g3", in("new")), asks("q", 1), forward("f", "old")),
	}
	stays := []row{
		c.apply(begin("s1", in("new")), asks("q", 1), accepts("a", 2, "ann"), link),
		c.apply(begin("s2", in("old")), asks("q", 1), forward("f", "new")),
		begin("s3", in("Old")),
		begin("s4", in("old ")),
		begin("s5", in("ol")),
	}
	c.create(st, gone[0])
	stored := c.create(st, stays...)
	c.create(st, gone[1:]...)

	for _, nobody := range []conversation.OpenChannelID{"none", "", "%", "o%"} {
		c.deleteChannel(st, nobody, store.Deleted{})
	}
	c.deleteChannel(st, "old", store.Deleted{Conversations: 3, Events: 4 + 1 + 3})
	for _, v := range gone {
		c.missing(st, v.ID())
	}
	for i, v := range stays {
		c.isStored(st, v, stored[i].Number())
	}
	c.answers(st, everything(), 3, stored, "what is left")
	c.counts(st, everything().Where(filter.Or(filter.Participants.AnyOf("ann"), filter.LinkKinds.AnyOf("deal"))), 0, store.Count{N: 1}, "what is left of an agent")
	c.deleteChannel(st, "old", store.Deleted{})
}

func deleteKeepsNumbers(c *check) {
	st := c.store()
	first := c.create(st, begin("a"), begin("b", in("old")), begin("c", in("old")))
	c.deleteChannel(st, "old", store.Deleted{Conversations: 2, Events: 2})
	second := c.create(st, begin("d", in("old")))
	c.inARow(append(numbersOf(first), second[0].Number()))
	c.deleteChannel(st, "old", store.Deleted{Conversations: 1, Events: 1})
	c.deleteChannel(st, "sales", store.Deleted{Conversations: 1, Events: 1})
	third := c.create(st, begin("e"))
	c.inARow([]int64{second[0].Number(), third[0].Number()})
}

func deleteThenCreate(c *check) {
	st := c.store()
	v := c.apply(begin("a"), asks("q", 1))
	old := c.createOne(st, v)
	c.save(st, c.apply(old, asks("q2", 2)))
	c.deleteChannel(st, "sales", store.Deleted{Conversations: 1, Events: 3})
	again := c.createOne(st, v)
	c.inARow([]int64{old.Number(), again.Number()})
	c.isStored(st, v, again.Number())
	c.save(st, c.apply(again, asks("q2", 3)))
	c.isStored(st, c.apply(v, asks("q2", 3)), again.Number())
}

func deleteInterrupted(c *check) {
	const n = 600
	st := c.store()
	stays := c.createOne(st, begin("stays"))
	for glances := int64(1); glances < 1000; glances += 1 + glances/2 {
		cs := several(n, fmt.Sprint("old ", glances), in("old"))
		c.create(st, cs...)
		ctx, cancel := interrupted(c.Context(), glances)
		deleted, err := st.DeleteOpenChannel(ctx, "old")
		cancel()
		if err != nil {
			c.fails(err, errInterrupted, "DeleteOpenChannel that is interrupted")
		} else if deleted.Conversations != n {
			c.Errorf("DeleteOpenChannel returns no error and has deleted %d of %d conversations", deleted.Conversations, n)
		}
		left := n - deleted.Conversations
		c.counts(st, everything().Where(filter.OpenChannelID.Is("old")), 0, store.Count{N: left}, "what an interrupted call left")
		rest, err := st.DeleteOpenChannel(c.Context(), "old")
		c.ok(err, "DeleteOpenChannel called again")
		if rest.Conversations != left || rest.Events != left {
			c.Errorf("DeleteOpenChannel called again has deleted %+v, want %d", rest, left)
		}
	}
	c.isStored(st, begin("stays"), stays.Number())
}

var errInterrupted = errors.New("interrupted by the test")

// interrupted returns a context that is cancelled when somebody has asked it
// often enough whether it is.
func interrupted(parent context.Context, after int64) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	i := &interruption{Context: ctx, cancel: cancel}
	i.left.Store(after)
	return i, func() { cancel(nil) }
}

type interruption struct {
	context.Context
	cancel context.CancelCauseFunc
	left   atomic.Int64
}

// Done counts too: some ask by Err, some by Done.
func (i *interruption) Done() <-chan struct{} {
	i.asked()
	return i.Context.Done()
}

func (i *interruption) Err() error {
	i.asked()
	return i.Context.Err()
}

func (i *interruption) asked() {
	if i.left.Add(-1) == 0 {
		i.cancel(errInterrupted)
	}
}
