package access_test

import (
	"fmt"
	"log"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
)

// An agent sees the conversations he serves and those he may accept. Every query
// of a store takes a scope: store.NewQuery(scope).
func ExampleWithin() {
	queues := []conversation.OpenChannelID{"sales"}
	scope := access.Within(filter.Or(
		filter.Mine("ann"),
		filter.And(filter.Unassigned, filter.OpenChannelID.In(queues...)),
	))

	for _, line := range []string{
		"0 customer",
		"0 customer, 20 accept ann",
		"0 customer, 20 accept bob",
	} {
		c, err := conversationtest.Apply(conversation.Conversation{}, line)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%t: %s\n", scope.Sees(&c), line)
	}
	// Output:
	// true: 0 customer
	// true: 0 customer, 20 accept ann
	// false: 0 customer, 20 accept bob
}

// A scope that nobody has set sees nothing. The software itself asks as the system.
func ExampleScope() {
	c, err := conversationtest.Apply(conversation.Conversation{}, "0 customer")
	if err != nil {
		log.Fatal(err)
	}

	var forgotten access.Scope
	fmt.Println(forgotten.Sees(&c))
	fmt.Println(access.System().Sees(&c))
	// Output:
	// false
	// true
}
