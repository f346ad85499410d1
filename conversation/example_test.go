package conversation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/metrics"
)

// nine is when the examples begin. The library reads no clock: instants come with
// the events.
var nine = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// must keeps the examples short; a program handles the error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// support begins the conversation of the examples with a customer's message.
func support(policy conversation.ClosingPolicy) conversation.Conversation {
	c := must(conversation.Start(conversation.DeriveEventID("example", "start"), nine, conversation.ByCustomer(), conversation.Started{
		Conversation: conversation.DeriveID("example", "17"),
		Direction:    conversation.Incoming,
		OpenChannel:  conversation.OpenChannel{ID: "support", Name: "Support", Closing: policy},
		Source:       "telegram",
		Customer:     conversation.Customer{ID: "7", Name: "Łukasz"},
	}))
	return must(c.Apply(happened(0, conversation.ByCustomer(), conversation.Wrote{Text: "The invoice is broken"})))
}

// happened is an event some seconds after nine. Its id derives from what a
// webhook would bring: here, from when and who.
func happened(after int, by conversation.Author, b conversation.Body) conversation.Event {
	return conversation.Event{
		ID: conversation.DeriveEventID("example", fmt.Sprint(after, by)), At: nine.Add(time.Duration(after) * time.Second), By: by, Body: b,
	}
}

// A customer writes for the first time. The message is an event of its own.
func ExampleStart() {
	c, err := conversation.Start(conversation.DeriveEventID("telegram", "chat-17", "start"), nine, conversation.ByCustomer(), conversation.Started{
		Conversation: conversation.DeriveID("telegram", "chat-17"),
		Direction:    conversation.Incoming,
		OpenChannel:  conversation.OpenChannel{ID: "support", Name: "Support"},
		Source:       "telegram",
		Customer:     conversation.Customer{ID: "7", Name: "Łukasz"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err = c.Apply(conversation.Event{
		ID:   conversation.DeriveEventID("telegram", "message-1"),
		At:   nine,
		By:   conversation.ByCustomer(),
		Body: conversation.Wrote{Text: "The invoice is broken"},
	})
	fmt.Println(c.Detailed(), c.General(), c.MessageCount(), err)
	// Output: new waiting 1 <nil>
}

// An agent begins: the conversation is outgoing and his from the start.
func ExampleStart_outgoing() {
	c, err := conversation.Start(conversation.DeriveEventID("call-1"), nine, conversation.ByAgent("ann"), conversation.Started{
		Conversation: conversation.DeriveID("call-1"),
		Direction:    conversation.Outgoing,
		OpenChannel:  conversation.OpenChannel{ID: "sales"},
		Source:       "whatsapp",
		Customer:     conversation.Customer{ID: "7"},
	})
	fmt.Println(c.Direction(), c.Detailed(), c.Agent(), err)
	// Output: outgoing accepted ann <nil>
}

// An event gives a new value; the old one is as it was.
func ExampleConversation_Apply() {
	c := support(conversation.ClosingPolicy{})
	replied, err := c.Apply(happened(50, conversation.ByAgent("ann"), conversation.Wrote{Text: "Let me see"}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("before:", c.Detailed(), c.Assigned())
	fmt.Println("after: ", replied.Detailed(), replied.Agent(), replied.Metrics().FirstReplyWait)
	// Output:
	// before: new false
	// after:  replied ann 50s
}

// A webhook that is delivered twice has no second effect, because the event has
// the same id.
func ExampleConversation_Apply_repeated() {
	message := happened(50, conversation.ByAgent("ann"), conversation.Wrote{Text: "Let me see"})
	once := must(support(conversation.ClosingPolicy{}).Apply(message))
	twice := must(once.Apply(message))
	fmt.Println(once.MessageCount(), twice.MessageCount())
	// Output: 2 2
}

// Two agents accept at once: one wins, and the other learns who it was.
func ExampleHeldError() {
	c := must(support(conversation.ClosingPolicy{}).Apply(happened(20, conversation.ByAgent("ann"), conversation.Accepted{})))
	_, err := c.Apply(happened(20, conversation.ByAgent("bob"), conversation.Accepted{}))

	var held *conversation.HeldError
	if errors.As(err, &held) {
		fmt.Println("too late,", held.Holder, "has it")
	}
	// Output: too late, ann has it
}

// A message that was delayed on its way counts where it belongs.
func ExampleConversation_Apply_late() {
	c := must(support(conversation.ClosingPolicy{}).Apply(happened(50, conversation.ByAgent("ann"), conversation.Wrote{Text: "Let me see"})))
	c = must(c.Apply(happened(20, conversation.ByCustomer(), conversation.Wrote{Text: "It shows no total"})))
	fmt.Println(c.Detailed(), c.MessageCount(), c.LastMessageAt().Format(time.TimeOnly))
	// Output: replied 3 09:00:50
}

// A row from a store does not know its timeline, which a late event needs.
func ExampleConversation_WithTimeline() {
	c := must(support(conversation.ClosingPolicy{}).Apply(happened(50, conversation.ByAgent("ann"), conversation.Accepted{})))
	saved, _ := c.Timeline() // what a store keeps beside the row
	row := must(conversation.FromSnapshot(c.Snapshot()))

	late := happened(20, conversation.ByCustomer(), conversation.Wrote{Text: "It shows no total"})
	_, err := row.Apply(late)
	fmt.Println(errors.Is(err, conversation.ErrLate))

	row = must(must(row.WithTimeline(saved)).Apply(late))
	fmt.Println(row.MessageCount(), "messages,", len(row.Changes()), "event to save")
	// Output:
	// true
	// 2 messages, 1 event to save
}

// The closing policy of the open channel says how a conversation ends.
func ExampleClosingPolicy() {
	c := support(conversation.ClosingPolicy{AskRating: true, CloseOnRating: true})
	c = must(c.Apply(happened(50, conversation.ByAgent("ann"), conversation.Finished{})))
	fmt.Println(c.Detailed(), c.RatingPending())

	c = must(c.Apply(happened(60, conversation.ByCustomer(), conversation.Rated{Rating: conversation.Like})))
	fmt.Println(c.Detailed(), c.CustomerRating().Rating, "for", c.CustomerRating().Agent)
	// Output:
	// closing true
	// closed like for ann
}

// What falls due is a pure function of the conversation and now. Whatever the
// reason, the system finishes it.
func ExampleConversation_Due() {
	c := support(conversation.ClosingPolicy{FinishAfterSilence: 24 * time.Hour})
	c = must(c.Apply(happened(50, conversation.ByAgent("ann"), conversation.Wrote{Text: "Which one?"})))

	now := nine.Add(25 * time.Hour)
	if due, ok := c.Due(now); ok {
		c = must(c.Apply(conversation.Event{
			ID: conversation.DeriveEventID(c.ID().String(), due.Reason.String(), due.At.String()),
			At: now, By: conversation.BySystem(), Body: conversation.Finished{},
		}))
		fmt.Println(due.Reason, c.Detailed())
	}
	// Output: customer_silent closed
}

// A customer who writes after the end begins a new conversation, linked to the
// one before.
func ExampleConversation_Successor() {
	c := must(support(conversation.ClosingPolicy{}).Apply(happened(50, conversation.ByAgent("ann"), conversation.Finished{})))
	message := happened(90, conversation.ByCustomer(), conversation.Wrote{Text: "One more thing"})

	_, err := c.Apply(message)
	if errors.Is(err, conversation.ErrClosed) {
		next := must(c.Successor(conversation.DeriveID("example", "18"), conversation.DeriveEventID("example", "18", "start"), message.At, message.By))
		next = must(next.Apply(message))
		fmt.Println(next.Detailed(), next.Customer().Name, next.Previous() == c.ID())
	}
	// Output: new Łukasz true
}

// The numbers of a conversation by any rules, with the events behind them.
func ExampleMarks() {
	c := support(conversation.ClosingPolicy{})
	c = must(c.Apply(happened(20, conversation.ByCustomer(), conversation.Wrote{Text: "It shows no total"})))
	c = must(c.Apply(happened(50, conversation.ByAgent("ann"), conversation.Wrote{Text: "Let me see"})))

	events, _ := c.Timeline()
	marks, err := conversation.Marks(events)
	if err != nil {
		fmt.Println(err)
		return
	}
	explained := must(metrics.Explain(slices.Values(marks)))
	for _, i := range explained.Of(metrics.MaxReaction) {
		from := slices.IndexFunc(events, func(e conversation.Event) bool { return e.ID.String() == i.FromID })
		to := slices.IndexFunc(events, func(e conversation.Event) bool { return e.ID.String() == i.ToID })
		fmt.Printf("%s from %q to %q\n", i.Span(), events[from].Body.(conversation.Wrote).Text, events[to].Body.(conversation.Wrote).Text)
	}
	// Output: 50s from "The invoice is broken" to "Let me see"
}

// A whole timeline in any order gives the conversation, as an import needs it.
func ExampleRebuild() {
	events, _ := support(conversation.ClosingPolicy{}).Timeline()
	events = append(events, happened(50, conversation.ByAgent("ann"), conversation.Finished{}), happened(30, conversation.ByAgent("ann"), conversation.Wrote{Text: "Fixed"}))
	slices.Reverse(events)
	c, err := conversation.Rebuild(events)
	fmt.Println(c.Detailed(), c.Metrics().FirstReplyWait, c.Metrics().AgentFinishTime, err)
	// Output: closed 30s 50s <nil>
}

// A snapshot is the row of a list: every column, and what is needed to go on.
func ExampleFromSnapshot() {
	c := must(support(conversation.ClosingPolicy{}).Apply(happened(50, conversation.ByAgent("ann"), conversation.Wrote{Text: "Let me see"})))
	row := c.Snapshot()
	fmt.Println(row.Version, row.Detailed, row.Agent, row.FirstReplyAt.Format(time.TimeOnly))

	read, err := conversation.FromSnapshot(row)
	if err != nil {
		fmt.Println(err)
		return
	}
	read = must(read.Apply(happened(90, conversation.ByCustomer(), conversation.Wrote{Text: "Thanks"})))
	fmt.Println(read.Version(), read.Detailed(), "from version", read.Base())
	// Output:
	// 3 replied ann 09:00:50
	// 4 waiting_again from version 3
}

// Events are stored and sent as JSON.
func ExampleEvent_MarshalJSON() {
	data := must(json.Marshal(happened(50, conversation.ByAgent("ann"), conversation.Wrote{Text: "Let me see"})))
	fmt.Println(string(data))

	var e conversation.Event
	err := json.Unmarshal(data, &e)
	fmt.Println(e.By, e.Kind(), err)
	// Output:
	// {"v":1,"id":"66b9ee44-a113-5cb3-b37f-08ac2e888f8d","at":"2026-01-05T09:00:50Z","by":{"kind":"agent","id":"ann"},"kind":"wrote","body":{"text":"Let me see"}}
	// agent ann wrote <nil>
}

// Who did what is one type switch over the closed set of bodies.
func ExampleConversation_Timeline() {
	c := must(support(conversation.ClosingPolicy{}).Apply(happened(20, conversation.ByAgent("ann"), conversation.Accepted{})))
	c = must(c.Apply(happened(50, conversation.ByAgent("ann"), conversation.Wrote{Text: "Let me see"})))
	events, _ := c.Timeline()
	for _, e := range events {
		switch b := e.Body.(type) {
		case conversation.Wrote:
			fmt.Printf("%s %s: %s\n", e.At.Format(time.TimeOnly), e.By, b.Text)
		default:
			fmt.Printf("%s (%s by %s)\n", e.At.Format(time.TimeOnly), e.Kind(), e.By)
		}
	}
	// Output:
	// 09:00:00 (started by customer)
	// 09:00:00 customer: The invoice is broken
	// 09:00:20 (accepted by agent ann)
	// 09:00:50 agent ann: Let me see
}

// A rating is on a declared scale; anything off it is an error.
func ExampleNewRating() {
	r, err := conversation.NewRating(conversation.Stars, 4)
	fmt.Println(r, err)
	_, err = conversation.NewRating(conversation.Stars, 6)
	fmt.Println(err)
	// Output:
	// 4/5 <nil>
	// invalid value: rating 6 is not on the scale stars
}

// Ids that derive from foreign ones let an import run twice.
func ExampleDeriveID() {
	first, second := conversation.DeriveID("helpdesk", "ticket-17"), conversation.DeriveID("helpdesk", "ticket-17")
	fmt.Println(first == second, first)
	// Output: true ba428109-e781-5f5b-9461-d51adb07be62
}
