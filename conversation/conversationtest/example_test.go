package conversationtest_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
)

// A line is a whole conversation. In a test, Play returns it and Expect checks it.
func ExampleApply() {
	c, err := conversationtest.Apply(conversation.Conversation{}, `0 customer "the invoice is broken", 20 accept ann, 50 agent ann, 90 customer`)
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Detailed(), c.Agent(), c.Metrics().FirstReplyWait)

	// It goes on from any conversation, and says what is refused.
	_, err = conversationtest.Apply(c, "100 agent ann, 110 accept bob")
	var held *conversation.HeldError
	fmt.Println(errors.As(err, &held), held.Holder)
	// Output:
	// waiting_again ann 50s
	// true ann
}

// Events in their stored form, or late ones, begin with a line too.
func ExampleParse() {
	events, err := conversationtest.Parse("0 outgoing ann, 1.5 agent ann, 2m customer")
	if err != nil {
		panic(err)
	}
	for _, e := range events {
		fmt.Println(e.At.Format(time.StampMilli), e.Kind(), "by", e.By)
	}
	// Output:
	// Jan  5 09:00:00.000 started by agent ann
	// Jan  5 09:00:01.500 wrote by agent ann
	// Jan  5 09:02:00.000 wrote by customer
}

// A closing policy comes with the open channel.
func ExampleWith() {
	support := conversation.OpenChannel{ID: "support", Closing: conversation.ClosingPolicy{
		AskRating: true, FinishAfterClosing: 24 * time.Hour,
	}}
	c, err := conversationtest.Apply(conversation.Conversation{}, "0 customer, 50 agent ann, 60 finish ann", conversationtest.With(support))
	if err != nil {
		panic(err)
	}
	due, _ := c.Deadline()
	fmt.Println(c.Detailed(), "until", due.At.Format(time.DateTime))
	// Output: closing until 2026-01-06 09:01:00
}

// Each seed is another conversation, the same one every time.
func ExampleGenerate() {
	statuses := map[string]int{}
	for seed := range uint64(1000) {
		c, err := conversation.Rebuild(conversationtest.Generate(seed))
		if err != nil {
			panic(err)
		}
		statuses[c.Detailed().String()]++
	}
	fmt.Println(len(statuses), "statuses")
	// Output: 9 statuses
}
