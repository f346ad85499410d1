package colloquy_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/memory"
)

// From a customer's message to a row in the list.
func Example() {
	ctx := context.Background()
	st, err := memory.New().Account("acme")
	if err != nil {
		log.Fatal(err)
	}

	// A customer opens a chat.
	monday := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	id := conversation.DeriveID("telegram", "chat 4711")
	c, err := conversation.Start(conversation.DeriveEventID("telegram", "chat 4711"), monday, conversation.ByCustomer(), conversation.Started{
		Conversation: id,
		Direction:    conversation.Incoming,
		OpenChannel:  conversation.OpenChannel{ID: "support", Name: "Support"},
		Source:       "telegram",
		Customer:     conversation.Customer{ID: "4711", Name: "Łukasz Żak"},
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := st.Create(ctx, c); err != nil {
		log.Fatal(err)
	}

	// Things happen; each is an event, applied by whoever learns of it first.
	happened := func(name string, after time.Duration, by conversation.Author, body conversation.Body) error {
		event := conversation.Event{ID: conversation.DeriveEventID("telegram", name), At: monday.Add(after), By: by, Body: body}
		_, err := store.Update(ctx, st, access.System(), id, func(c conversation.Conversation) (conversation.Conversation, error) {
			return c.Apply(event)
		})
		return err
	}
	for _, err := range []error{
		happened("message 1", 0, conversation.ByCustomer(), conversation.Wrote{Text: "My invoice is broken."}),
		happened("accepted", 20*time.Second, conversation.ByAgent("ann"), conversation.Accepted{}),
		happened("message 2", 50*time.Second, conversation.ByAgent("ann"), conversation.Wrote{Text: "Let me look."}),
		happened("message 3", 90*time.Second, conversation.ByCustomer(), conversation.Wrote{Text: "And the second one, too."}),
		happened("message 1", 0, conversation.ByCustomer(), conversation.Wrote{Text: "My invoice is broken."}), // the webhook came twice
	} {
		if err != nil {
			log.Fatal(err)
		}
	}

	// Two agents want it: the second one is told who has it.
	var held *conversation.HeldError
	if errors.As(happened("accepted too", 95*time.Second, conversation.ByAgent("bob"), conversation.Accepted{}), &held) {
		fmt.Println("held by", held.Holder)
	}

	// Somebody looks at the list.
	q := store.NewQuery(access.Within(filter.OpenChannelID.Is("support"))).
		Where(filter.Detailed.In(status.Waiting, status.WaitingAgain), filter.Customer.Contains("łukasz")).
		OrderBy(filter.WaitingSince.Asc())
	page, err := st.List(ctx, q)
	if err != nil {
		log.Fatal(err)
	}
	now := monday.Add(5 * time.Minute)
	for _, c := range page.Conversations {
		fmt.Printf("%d %s: %s, %s, served by %s\n", c.Number(), c.Customer().Name, c.General(), c.Detailed(), c.Agent())
		fmt.Printf("first reply after %s, waiting for %s now, %d messages\n", c.Metrics().FirstReplyWait, c.Waiting(now), c.MessageCount())
	}
	// Output:
	// held by ann
	// 1 Łukasz Żak: waiting, waiting_again, served by ann
	// first reply after 50s, waiting for 3m 30s now, 3 messages
}
