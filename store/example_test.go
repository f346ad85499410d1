package store_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/memory"
)

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// started begins a conversation and lets the customer write. Ids derive from the
// foreign key, so that an import can be run again.
func started(key, customer string, at time.Time) conversation.Conversation {
	c, err := conversation.Start(conversation.DeriveEventID(key, "start"), at, conversation.ByCustomer(), conversation.Started{
		Conversation: conversation.DeriveID(key),
		Direction:    conversation.Incoming,
		OpenChannel:  conversation.OpenChannel{ID: "sales", Name: "Sales"},
		Source:       "telegram",
		Customer:     conversation.Customer{ID: conversation.CustomerID(customer), Name: customer},
	})
	if err != nil {
		panic(err)
	}
	c, err = c.Apply(conversation.Event{
		ID: conversation.DeriveEventID(key, "1"), At: at, By: conversation.ByCustomer(), Body: conversation.Wrote{Text: "Hello"},
	})
	if err != nil {
		panic(err)
	}
	return c
}

// accepted is the event of an agent who accepts.
func accepted(key string, agent conversation.AgentID, at time.Time) conversation.Event {
	return conversation.Event{ID: conversation.DeriveEventID(key, "accept"), At: at, By: conversation.ByAgent(agent), Body: conversation.Accepted{}}
}

// withFive returns a store of five conversations; Ann has accepted the first two.
func withFive(ctx context.Context) store.Store {
	st, err := memory.New().Account("acme")
	if err != nil {
		panic(err)
	}
	for i, customer := range []string{"Łukasz", "Zoë", "Bob", "Ewa", "Jan"} {
		key, at := fmt.Sprint("chat ", i+1), monday.Add(time.Duration(i)*time.Minute)
		c := started(key, customer, at)
		if i < 2 {
			if c, err = c.Apply(accepted(key, "ann", at.Add(20*time.Second))); err != nil {
				panic(err)
			}
		}
		if _, err := st.Create(ctx, c); err != nil {
			panic(err)
		}
	}
	return st
}

// A store keeps the conversations of one account. Creating one gives it a number;
// creating it again changes nothing.
func Example() {
	ctx := context.Background()
	db := memory.New() // or sqlstore, over a *sql.DB of your own
	st, err := db.Account("acme")
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 { // an import that is run again
		stored, err := st.Create(ctx, started("chat 1", "Łukasz", monday), started("chat 2", "Zoë", monday))
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, c := range stored {
			fmt.Println(c.Number(), c.Customer().Name, c.Detailed())
		}
	}
	// Output:
	// 1 Łukasz new
	// 2 Zoë new
	// 1 Łukasz new
	// 2 Zoë new
}

// Update reads a conversation, applies an event and saves it, again if somebody
// else was faster. A webhook that comes twice has no second effect.
func ExampleUpdate() {
	ctx := context.Background()
	st := withFive(ctx)
	event := accepted("chat 3", "bob", monday.Add(5*time.Minute))
	for range 2 {
		c, err := store.Update(ctx, st, access.System(), conversation.DeriveID("chat 3"),
			func(c conversation.Conversation) (conversation.Conversation, error) { return c.Apply(event) })
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(c.Detailed(), c.Agent(), "version", c.Version())
	}
	// Output:
	// accepted bob version 3
	// accepted bob version 3
}

// Of two agents who accept at once one wins. The other is told who it is.
func ExampleUpdate_conflict() {
	ctx := context.Background()
	st := withFive(ctx)
	_, err := store.Update(ctx, st, access.System(), conversation.DeriveID("chat 1"),
		func(c conversation.Conversation) (conversation.Conversation, error) {
			return c.Apply(accepted("bob's click", "bob", monday.Add(30*time.Second)))
		})
	var held *conversation.HeldError
	if errors.As(err, &held) {
		fmt.Println("held by", held.Holder)
	}
	// Output: held by ann
}

// A list is asked for in pages. The cursor of the next page belongs to the
// predicate and the order it was made with.
func ExampleQuery_After() {
	ctx := context.Background()
	st := withFive(ctx)
	q := store.NewQuery(access.System()).
		Where(filter.Active, filter.Not(filter.Customer.StartsWith("zo"))).
		OrderBy(filter.CreatedAt.Desc()).
		Limit(2)
	for {
		page, err := st.List(ctx, q)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, c := range page.Conversations {
			fmt.Println(c.Number(), c.Customer().Name)
		}
		if page.Next == "" {
			break
		}
		fmt.Println("next page")
		q = q.After(page.Next)
	}
	// Output:
	// 5 Jan
	// 4 Ewa
	// next page
	// 3 Bob
	// 1 Łukasz
}

// A page leads on and back. Its cursors know which way they go.
func ExamplePage() {
	ctx := context.Background()
	st := withFive(ctx)
	q := store.NewQuery(access.System()).OrderBy(filter.CreatedAt.Asc()).Limit(2)
	cursor := ""
	for _, click := range []string{"open", "next", "next", "previous"} {
		page, err := st.List(ctx, q.After(cursor))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(click, ":")
		for _, c := range page.Conversations {
			fmt.Print(" ", c.Number())
		}
		fmt.Println()
		cursor = page.Next
		if cursor == "" {
			cursor = page.Prev
		}
	}
	// Output:
	// open: 1 2
	// next: 3 4
	// next: 5
	// previous: 3 4
}

// All walks every page of a query.
func ExampleAll() {
	ctx := context.Background()
	st := withFive(ctx)
	q := store.NewQuery(access.System()).Where(filter.Unassigned).OrderBy(filter.WaitingSince.Asc())
	for c, err := range store.All(ctx, st, q) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(c.Customer().Name, "has waited for", c.Waiting(monday.Add(10*time.Minute)))
	}
	// Output:
	// Bob has waited for 8m 00s
	// Ewa has waited for 7m 00s
	// Jan has waited for 6m 00s
}

// A chat window shows the end of the timeline and asks for more when somebody
// scrolls up.
func ExampleStore_timeline() {
	ctx := context.Background()
	st := withFive(ctx)
	r := store.Range{NewestFirst: true, Limit: 2}
	for {
		page, err := st.Timeline(ctx, access.System(), conversation.DeriveID("chat 1"), r)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range page.Events {
			fmt.Println(e.At.Format(time.TimeOnly), e.By, e.Kind())
		}
		if page.Next == "" {
			break
		}
		r.After = page.Next
	}
	// Output:
	// 09:00:20 agent ann accepted
	// 09:00:00 customer wrote
	// 09:00:00 customer started
}

// Every read carries a scope, because what somebody may see is no matter of what
// he asks for. The zero scope sees nothing, and a filter never widens a scope:
// what lies outside does not exist.
func ExampleNewQuery_scope() {
	ctx := context.Background()
	st := withFive(ctx)
	everything := filter.Or(filter.Agent.Present(), filter.Agent.Absent())
	for _, who := range []struct {
		name  string
		scope access.Scope
	}{
		{"the software", access.System()},
		{"ann", access.Within(filter.Mine("ann"))},
		{"nobody", access.Scope{}},
	} {
		count, err := st.Count(ctx, store.NewQuery(who.scope).Where(everything), 0)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(who.name, "sees", count)
	}
	_, err := st.Get(ctx, access.Within(filter.Mine("ann")), conversation.DeriveID("chat 3"))
	fmt.Println(errors.Is(err, store.ErrNotFound))
	// Output:
	// the software sees 5
	// ann sees 2
	// nobody sees 0
	// true
}

// Counting may stop early: a badge does not need to know how many more there are.
func ExampleCount() {
	ctx := context.Background()
	st := withFive(ctx)
	for _, most := range []int{0, 3} {
		count, err := st.Count(ctx, store.NewQuery(access.System()), most)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(count)
	}
	// Output:
	// 5
	// 3+
}
