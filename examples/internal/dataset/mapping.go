package dataset

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/status"
)

// The mapping of foreign rows to our events. Every id is derived from foreign
// keys, so an import that is run again makes the same conversations.
//
// irc_ubuntu: an open channel "#ubuntu support", source "irc".
//
//	conversation    started at its first message, for the person who asks
//	side client     wrote, by the customer
//	side operator   wrote, by an agent; the first to reply accepts by it
//	side bot        wrote, by a bot
//
// twcs: an open channel for each company, source "twitter". The company that
// writes first names it; its account is the agent.
//
//	thread          started at its first tweet, for the first customer in it;
//	                outgoing when the company is first
//	inbound         wrote, by a customer: the first one or another who joins in
//	not inbound     wrote, by an agent
//
// uci_incidents: an open channel "Service desk", source by contact type. The log
// holds no messages: the caller's report, an agent's question and the caller's
// return follow from its states, and their texts, in brackets, are ours.
//
//	first row       started at opened_at, and the caller wrote; earlier rows count from then
//	state           see incidentStates
//	assigned_to     appears: accepted, by the resolver (whether he took it or was given it is not recorded);
//	                another, or after the caller came back: forwarded to him; none any more: back in the queue
//	assignment_group
//	                another while nobody is assigned: back in the queue
//	anything else   a note
//
// Who did it: the resolver assigned, for one agent serves a conversation; when
// nobody is, the person who made the update; for the automatic updater, the system.

// Some conversations hold no message of a customer.
const unknownCustomer conversation.CustomerID = "unknown"

var (
	ircChannel  = conversation.OpenChannel{ID: "irc-ubuntu", Name: "#ubuntu support"}
	deskChannel = conversation.OpenChannel{
		ID: "service-desk", Name: "Service desk",
		// What is resolved is closed by the automatic updater after five days.
		Closing: conversation.ClosingPolicy{
			AutoReply:          "Your incident is resolved. It is closed in five days unless you write to us.",
			FinishAfterClosing: 5 * 24 * time.Hour,
		},
	}
)

// automaticUpdater makes nearly all closings: it is no person.
const automaticUpdater = "908"

// step is what entering a state does.
type step uint8

const (
	asks     step = iota + 1 // an agent writes to the caller
	finishes                 // the agent finishes: Closing; by the automatic updater, the automatic reply
	closes                   // the last time, closed; when it is reopened later, as finishes: a conversation closes once
)

// incidentStates says what a change of state means.
var incidentStates = map[State]struct {
	open   bool
	enters step
	leaves string // the caller writes this when the state is left for an open one
}{
	StateNew:              {open: true},
	StateActive:           {open: true},
	StateAwaitingUserInfo: {open: true, enters: asks, leaves: "[gave the information asked for]"},
	StateAwaitingVendor:   {open: true},
	StateAwaitingProblem:  {open: true},
	StateAwaitingEvidence: {open: true},
	StateResolved:         {enters: finishes, leaves: "[came back: it is not resolved]"},
	StateClosed:           {enters: closes, leaves: "[came back after it was closed]"},
	StateUnknown:          {}, // the state before it counts
}

// MessageConversation is the conversation of a chat.
func MessageConversation(t Thread[Message], options ...conversation.Option) (conversation.Conversation, error) {
	s := story{layout: IRCUbuntu, key: t.Key}
	customer := conversation.Customer{ID: unknownCustomer}
	for _, m := range t.Rows {
		if m.Side == CustomerSide {
			customer = conversation.Customer{ID: conversation.CustomerID(m.Author), Name: m.Author}
			break
		}
	}
	s.start(t.Rows[0].CreatedAt, conversation.ByCustomer(), conversation.Started{
		Direction: conversation.Incoming, OpenChannel: ircChannel, Source: "irc", Customer: customer,
	}, options)
	for _, m := range t.Rows {
		var by conversation.Author
		switch m.Side {
		case CustomerSide:
			by = conversation.ByCustomer()
		case AgentSide:
			by = conversation.ByAgent(conversation.AgentID(m.Author))
		case BotSide:
			by = conversation.ByBot(conversation.BotID(m.Author))
		}
		s.tell(m.CreatedAt, by, conversation.Wrote{Text: m.Text}, strconv.Itoa(m.Seq))
	}
	return s.c, s.err
}

// TweetConversation is the conversation of a thread of tweets.
func TweetConversation(t Thread[Tweet], options ...conversation.Option) (conversation.Conversation, error) {
	s := story{layout: TWCS, key: t.Key}
	company, customer := "", conversation.Customer{ID: unknownCustomer}
	for _, tweet := range t.Rows {
		switch {
		case tweet.Inbound && customer.ID == unknownCustomer:
			customer = conversation.Customer{ID: conversation.CustomerID(tweet.Author), Name: tweet.Author}
		case !tweet.Inbound && company == "":
			company = tweet.Author
		}
	}
	// One of the sides may be known only by name.
	company = cmp.Or(company, mentioned(t.Rows[0].Text), "unknown")
	if name := mentioned(t.Rows[0].Text); customer.ID == unknownCustomer && name != "" {
		customer = conversation.Customer{ID: conversation.CustomerID(name), Name: name}
	}
	started := conversation.Started{
		Direction:   conversation.Incoming,
		OpenChannel: conversation.OpenChannel{ID: conversation.OpenChannelID(company), Name: "@" + company},
		Source:      "twitter", Customer: customer,
	}
	author := func(tweet Tweet) conversation.Author {
		switch {
		case !tweet.Inbound:
			return conversation.ByAgent(conversation.AgentID(tweet.Author))
		case tweet.Author == string(customer.ID):
			return conversation.ByCustomer()
		default:
			return conversation.Author{Kind: conversation.AuthorCustomer, ID: tweet.Author}
		}
	}
	first := t.Rows[0]
	if !first.Inbound {
		started.Direction = conversation.Outgoing
	}
	s.start(first.CreatedAt, author(first), started, options)
	for _, tweet := range t.Rows {
		s.tell(tweet.CreatedAt, author(tweet), conversation.Wrote{Text: tweet.Text}, strconv.FormatInt(tweet.ID, 10))
	}
	return s.c, s.err
}

// mentioned returns the account that a text begins with, "@115712 hello".
func mentioned(text string) string {
	handle, isHandle := strings.CutPrefix(text, "@")
	name := strings.FieldsFunc(handle, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if !isHandle || len(name) == 0 || len(name[0]) > maxKey {
		return ""
	}
	return name[0]
}

// IncidentConversation is the conversation of an incident.
func IncidentConversation(t Thread[IncidentUpdate], options ...conversation.Option) (conversation.Conversation, error) {
	first := t.Rows[0]
	s := incidentStory{story: story{layout: UCIIncidents, key: t.Key}, state: first.State}
	s.start(first.OpenedAt, conversation.ByCustomer(), conversation.Started{
		Direction: conversation.Incoming, OpenChannel: deskChannel,
		Source:   conversation.Source(strings.ReplaceAll(strings.ToLower(first.ContactType), " ", "_")),
		Customer: caller(first),
	}, options)
	s.tell(first.OpenedAt, conversation.ByCustomer(), conversation.Wrote{
		Text: fmt.Sprintf("[reported: %s]", strings.ToLower(first.ContactType)),
	}, "reported")
	final := closing(t.Rows)
	for i, u := range t.Rows {
		s.row, s.update, s.at = strconv.Itoa(i+1), u, u.UpdatedAt
		if s.at.Before(first.OpenedAt) {
			s.at = first.OpenedAt
		}
		told := s.c.Version()
		if i == 0 {
			s.assign(IncidentUpdate{})
			s.enter(i == final)
			continue
		}
		before := t.Rows[i-1]
		s.leave()
		s.assign(before)
		if u.State != s.state || i == final {
			s.enter(i == final)
		}
		if u.State != StateUnknown {
			s.state = u.State
		}
		if s.c.Version() == told {
			s.tellNow("note", conversation.BySystem(), conversation.Noted{Text: describe(before, u)})
		}
	}
	return s.c, s.err
}

// closing returns the row that closes an incident for good, or -1.
func closing(rows []IncidentUpdate) int {
	for i, u := range slices.Backward(rows) {
		if u.State == StateClosed {
			return i
		}
		if u.State != StateUnknown {
			break
		}
	}
	return -1
}

func caller(u IncidentUpdate) conversation.Customer {
	if u.Caller == "" {
		return conversation.Customer{ID: unknownCustomer}
	}
	return conversation.Customer{ID: conversation.CustomerID("caller-" + u.Caller), Name: "Caller " + u.Caller}
}

// describe says what an update changed, for a note.
func describe(before, u IncidentUpdate) string {
	var b strings.Builder
	fmt.Fprintf(&b, "update %d by %s", u.ModCount, u.UpdatedBy)
	change := func(what, from, to string) {
		if from != to {
			fmt.Fprintf(&b, ", %s %s → %s", what, cmp.Or(from, "none"), cmp.Or(to, "none"))
		}
	}
	change("state", string(before.State), string(u.State))
	change("group", before.Group, u.Group)
	change("assigned to", before.AssignedTo, u.AssignedTo)
	return b.String()
}

// incidentStory tells an incident update by update.
type incidentStory struct {
	story
	state  State // the last one known before the update
	row    string
	update IncidentUpdate
	at     time.Time
}

func (s *incidentStory) tellNow(what string, by conversation.Author, body conversation.Body) {
	s.tell(s.at, by, body, s.row, what)
}

// updater is who made the update.
func (s *incidentStory) updater() conversation.Author {
	if s.update.UpdatedBy == automaticUpdater {
		return conversation.BySystem()
	}
	return conversation.ByAgent(conversation.AgentID("updater-" + s.update.UpdatedBy))
}

// resolver is the agent assigned; empty when nobody is.
func (s *incidentStory) resolver() conversation.AgentID {
	if s.update.AssignedTo == "" {
		return ""
	}
	return conversation.AgentID("resolver-" + s.update.AssignedTo)
}

// doer is who the update is credited to.
func (s *incidentStory) doer() conversation.Author {
	by := s.updater()
	if resolver := s.resolver(); resolver != "" && by.Kind == conversation.AuthorAgent {
		return conversation.ByAgent(resolver)
	}
	return by
}

// leave lets the caller write when the update leaves a state that waited for him.
func (s *incidentStory) leave() {
	text := incidentStates[s.state].leaves
	if text != "" && s.update.State != s.state && incidentStates[s.update.State].open {
		s.tellNow("caller", conversation.ByCustomer(), conversation.Wrote{Text: text})
	}
}

// assign makes the holder who the update says it is. What is finished keeps its holder.
func (s *incidentStory) assign(before IncidentUpdate) {
	if !s.c.Active() {
		return
	}
	resolver := s.resolver()
	_, acceptable := status.Next(s.c.Detailed(), status.Accept)
	switch {
	case resolver == s.c.Agent():
	case resolver != "" && acceptable == nil:
		s.tellNow("assigned", conversation.ByAgent(resolver), conversation.Accepted{})
	case resolver != "":
		s.tellNow("assigned", s.updater(), conversation.ForwardedToAgent{To: resolver})
	}
	moved := before.Group != "" && before.Group != s.update.Group
	if resolver == "" && (before.AssignedTo != "" || moved) {
		s.tellNow("queued", s.updater(), conversation.Queued{})
	}
}

// enter does what the table says of the update's state.
func (s *incidentStory) enter(final bool) {
	by := s.doer()
	person := by.Kind == conversation.AuthorAgent
	switch step := incidentStates[s.update.State].enters; {
	case step == asks && person:
		s.tellNow("asked", by, conversation.Wrote{Text: "[asked the caller for information]"})
	case step == finishes || step == closes && !final:
		if !s.c.Active() {
			return
		}
		if person {
			s.tellNow("finished", by, conversation.Finished{})
		} else {
			s.tellNow("finished", by, conversation.AutoReplied{Text: deskChannel.Closing.AutoReply})
		}
	case step == closes:
		if person && s.c.Active() { // his finish waits in Closing
			s.tellNow("finished", by, conversation.Finished{})
			by = conversation.BySystem()
		}
		s.tellNow("closed", by, conversation.Finished{})
	}
}

// story builds a conversation event by event. After the first error it tells no more.
type story struct {
	layout Layout
	key    string
	c      conversation.Conversation
	err    error
}

func (s *story) start(at time.Time, by conversation.Author, started conversation.Started, options []conversation.Option) {
	started.Conversation = conversation.DeriveID(s.layout.String(), s.key)
	s.c, s.err = conversation.Start(s.id("started"), at, by, started, options...)
}

// tell applies an event; the parts make its id unique in the conversation.
func (s *story) tell(at time.Time, by conversation.Author, body conversation.Body, parts ...string) {
	if s.err != nil {
		return
	}
	s.c, s.err = s.c.Apply(conversation.Event{ID: s.id(parts...), At: at, By: by, Body: body})
}

func (s *story) id(parts ...string) conversation.EventID {
	return conversation.DeriveEventID(append([]string{s.layout.String(), s.key}, parts...)...)
}
