package storetest

import (
	"fmt"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
)

// What the rules that need to know everything about their conversations make
// them of. The ids derive from the names given.

// at returns an instant some seconds after the beginning of all.
func at(seconds int) time.Time {
	return time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC).Add(time.Duration(seconds) * time.Second)
}

func idOf(name string) conversation.ID { return conversation.DeriveID("storetest", name) }

func eventOf(name string) conversation.EventID { return conversation.DeriveEventID("storetest", name) }

// begin starts the incoming conversation of a name at second 0.
func begin(name string, with ...func(*conversation.Started)) conversation.Conversation {
	return beginAs(name, "start of "+name, with...)
}

// beginAs is begin with another start event.
func beginAs(name, event string, with ...func(*conversation.Started)) conversation.Conversation {
	s := conversation.Started{
		Conversation: idOf(name),
		Direction:    conversation.Incoming,
		OpenChannel:  conversation.OpenChannel{ID: "sales", Name: "Sales"},
		Source:       "live_chat",
		Customer:     conversation.Customer{ID: "zoe", Name: "Zoë"},
	}
	for _, w := range with {
		w(&s)
	}
	c, err := conversation.Start(eventOf(event), at(0), conversation.ByCustomer(), s)
	if err != nil {
		panic(err) // the data of this package is wrong
	}
	return c
}

// several begins n conversations.
func several(n int, name string, with ...func(*conversation.Started)) []conversation.Conversation {
	cs := make([]conversation.Conversation, n)
	for i := range cs {
		cs[i] = begin(fmt.Sprintf("%s %d", name, i), with...)
	}
	return cs
}

func in(channel conversation.OpenChannelID) func(*conversation.Started) {
	return func(s *conversation.Started) {
		s.OpenChannel = conversation.OpenChannel{ID: channel, Name: string(channel)}
	}
}

func of(customer string) func(*conversation.Started) {
	return func(s *conversation.Started) { s.Customer.Name = customer }
}

// The events below happen at a second and have a name, from which their id derives.

func asks(name string, second int) conversation.Event {
	return happens(name, second, conversation.ByCustomer(), conversation.Wrote{Text: "question " + name})
}

func replies(name string, second int, agent conversation.AgentID) conversation.Event {
	return happens(name, second, conversation.ByAgent(agent), conversation.Wrote{Text: "reply " + name})
}

func accepts(name string, second int, agent conversation.AgentID) conversation.Event {
	return happens(name, second, conversation.ByAgent(agent), conversation.Accepted{})
}

func notes(name string, second int) conversation.Event {
	return happens(name, second, conversation.ByAgent("ann"), conversation.Noted{Text: "note " + name})
}

func happens(name string, second int, by conversation.Author, body conversation.Body) conversation.Event {
	return conversation.Event{ID: eventOf(name), At: at(second), By: by, Body: body}
}
