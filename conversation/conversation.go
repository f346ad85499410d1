package conversation

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

// Conversation is one exchange between one customer and the company, in one open
// channel. It is an immutable value: [Conversation.Apply] returns a new one and
// leaves the old one as it was, so it may be shared and kept freely.
//
// The zero Conversation is none: every accessor returns its zero value and Apply
// is [ErrNone]. Instants are in UTC with milliseconds; the zero [time.Time] means
// absent.
type Conversation struct {
	id          ID
	number      int64
	version     uint64
	base        uint64 // the version the store has
	previous    ID
	openChannel OpenChannel
	direction   Direction
	detailed    status.Detailed
	source      Source
	customer    Customer
	agent       AgentID
	sitePage    string

	formSubmitted    bool
	historyRequested bool
	ratingPending    bool
	finisher         AuthorKind // who began the Closing it is in

	rating       Rating
	ratedBy      CustomerID
	ratedAgent   AgentID
	ratedAt      instant
	review       Review
	links        []Link    // sorted by kind and id; never changed in place
	participants []AgentID // in the order they came; never changed in place

	createdAt       instant
	queuedAt        instant
	firstReplyAt    instant
	acceptedAt      instant
	lastMessageAt   instant
	agentFinishedAt instant
	closedAt        instant
	modifiedAt      instant
	waitingSince    instant // since when General is waiting
	closingSince    instant // since when it is in Closing
	repliedAt       instant // the last message of an agent

	messages int
	measured metrics.Accumulator
	marks    *[]metrics.Mark // where the marks go besides; nil but in Marks

	lastEvent EventID
	log       *entry // the events this value knows, the latest first
	logged    uint64 // how many they are; all of them when equal to version
}

// entry is an element of the log, a list that grows at its head: values that
// come from the same one share what they have in common.
type entry struct {
	Event
	before *entry
}

// ID returns the conversation's id.
func (c Conversation) ID() ID { return c.id }

// IsZero reports whether this is no conversation.
func (c Conversation) IsZero() bool { return c.version == 0 }

// Number returns the number within the account (column 1); 0 until a store has
// given one.
func (c Conversation) Number() int64 { return c.number }

// Version returns how many events made this value; it grows with every change.
func (c Conversation) Version() uint64 { return c.version }

// Previous returns the closed conversation that this one follows; zero for none.
func (c Conversation) Previous() ID { return c.previous }

// OpenChannel returns the open channel it is in now (column 2).
func (c Conversation) OpenChannel() OpenChannel { return c.openChannel }

// Direction returns who began (column 3).
func (c Conversation) Direction() Direction { return c.direction }

// General returns the general status (column 4).
func (c Conversation) General() status.General { return c.detailed.General() }

// Detailed returns the detailed status (column 5).
func (c Conversation) Detailed() status.Detailed { return c.detailed }

// Active reports whether the conversation goes on: neither Closing nor over.
func (c Conversation) Active() bool { return c.detailed.Active() }

// Spam reports whether it was force-finished as spam (column 6).
func (c Conversation) Spam() bool { return c.detailed == status.Spam }

// Source returns where the customer's messages come from (column 7).
func (c Conversation) Source() Source { return c.source }

// Customer returns the outside person (column 8).
func (c Conversation) Customer() Customer { return c.customer }

// Agent returns who serves it now, or served it last when it is over (column 9);
// empty when nobody does.
func (c Conversation) Agent() AgentID { return c.agent }

// Assigned reports whether an agent is assigned (column 15).
func (c Conversation) Assigned() bool { return c.agent != "" }

// Links yields the linked CRM records, sorted by kind and id (column 10).
func (c Conversation) Links() iter.Seq[Link] { return slices.Values(c.links) }

// HasLinks reports whether a CRM record is linked.
func (c Conversation) HasLinks() bool { return len(c.links) > 0 }

// SitePage returns the URL where a live chat began (column 11); empty for others.
func (c Conversation) SitePage() string { return c.sitePage }

// FormSubmitted reports whether the customer submitted a form (column 13).
func (c Conversation) FormSubmitted() bool { return c.formSubmitted }

// HistoryRequested reports whether the history was asked for (column 14).
func (c Conversation) HistoryRequested() bool { return c.historyRequested }

// RatingPending reports whether the customer was asked for a rating and may still give it.
func (c Conversation) RatingPending() bool { return c.ratingPending }

// CustomerRating returns the customer's rating (column 16).
func (c Conversation) CustomerRating() CustomerRating {
	return CustomerRating{Rating: c.rating, By: c.ratedBy, At: c.ratedAt.time(), Agent: c.ratedAgent}
}

// Review returns the supervisor's comment and rating (columns 17 and 18).
func (c Conversation) Review() Review { return c.review }

// CreatedAt returns when it began (column 19); it never changes.
func (c Conversation) CreatedAt() time.Time { return c.createdAt.time() }

// QueuedAt returns when it first became available to people (column 20): at its
// creation, or when the bot that received it handed over.
func (c Conversation) QueuedAt() time.Time { return c.queuedAt.time() }

// FirstReplyAt returns the first message of an agent (column 21).
func (c Conversation) FirstReplyAt() time.Time { return c.firstReplyAt.time() }

// AcceptedAt returns the first acceptance by a person (column 22); always absent
// for an outgoing conversation.
func (c Conversation) AcceptedAt() time.Time { return c.acceptedAt.time() }

// LastMessageAt returns the last message of customer, agent or bot (column 23).
func (c Conversation) LastMessageAt() time.Time { return c.lastMessageAt.time() }

// AgentFinishedAt returns when an agent finished or force-finished (column 24),
// even if it then waited in Closing. A later finish counts when the customer came
// back in between. Absent when a timeout, a bot or the customer finished.
func (c Conversation) AgentFinishedAt() time.Time { return c.agentFinishedAt.time() }

// ClosedAt returns when it became Closed or Spam (column 25).
func (c Conversation) ClosedAt() time.Time { return c.closedAt.time() }

// ModifiedAt returns the instant of the latest event (column 26).
func (c Conversation) ModifiedAt() time.Time { return c.modifiedAt.time() }

// WaitingSince returns since when the general status has been waiting; absent
// when it is not.
func (c Conversation) WaitingSince() time.Time { return c.waitingSince.time() }

// Waiting returns how long, at now, the general status has been waiting. Absent
// when it is not; never negative.
func (c Conversation) Waiting(now time.Time) metrics.Span {
	if c.waitingSince == 0 {
		return metrics.Span{}
	}
	return metrics.SpanOfMillis(max(0, now.UnixMilli()-int64(c.waitingSince)))
}

// Metrics returns the nine metrics (columns 27 to 35).
func (c Conversation) Metrics() metrics.Values { return c.measured.Values() }

// Metric returns one of the nine metrics.
func (c Conversation) Metric(m metrics.Metric) metrics.Span { return c.measured.Values().Of(m) }

// Live returns the metrics as they are at now, the running ones included; see
// [metrics.Accumulator.Live].
func (c Conversation) Live(now time.Time) metrics.Values { return c.measured.Live(now) }

// MessageCount returns the number of messages of customer, agent and bot (column 36).
func (c Conversation) MessageCount() int { return c.messages }

// Participants yields the agents who took part (held it, wrote or noted), in the
// order they came.
func (c Conversation) Participants() iter.Seq[AgentID] { return slices.Values(c.participants) }

// TookPart reports whether an agent took part.
func (c Conversation) TookPart(agent AgentID) bool { return slices.Contains(c.participants, agent) }

// Base returns the version that the store has: 0 for a new conversation.
func (c Conversation) Base() uint64 { return c.base }

// Changes returns the events applied since Base, in the order they were applied.
// These are what a store has to save.
func (c Conversation) Changes() []Event { return c.latest(c.version - c.base) }

// Timeline returns all events in the order they happened, and whether this value
// knows them: one that was built by [Start], [Rebuild] or
// [Conversation.WithTimeline] does, one read from a row does not.
func (c Conversation) Timeline() (events []Event, known bool) {
	if c.logged != c.version {
		return nil, false
	}
	events = c.latest(c.logged)
	inOrder(events)
	return events, true
}

func (c Conversation) latest(n uint64) []Event {
	if n == 0 {
		return nil
	}
	events := make([]Event, n)
	e := c.log
	for i := range slices.Backward(events) {
		events[i], e = e.Event, e.before
	}
	return events
}

// inOrder sorts events by instant, as the library knows it: in milliseconds.
// Those of one instant keep their order, but the start is first.
func inOrder(events []Event) {
	slices.SortStableFunc(events, func(a, b Event) int {
		if d := cmp.Compare(a.At.UnixMilli(), b.At.UnixMilli()); d != 0 {
			return d
		}
		return rank(a) - rank(b)
	})
}

func rank(e Event) int {
	if _, ok := e.Body.(Started); ok {
		return 0
	}
	return 1
}

// Saved returns the value as the store has it once its changes are saved, with
// the number the store gave. Like one read from a row, it does not know its
// timeline.
func (c Conversation) Saved(number int64) Conversation {
	c.number, c.base = number, c.version
	c.log, c.logged = nil, 0
	return c
}

// Deadline is the next thing that falls due by the closing policy.
type Deadline struct {
	At     time.Time
	Reason DeadlineReason
}

// DeadlineReason says why something falls due.
type DeadlineReason uint8

// The reasons. The zero DeadlineReason is that of no deadline. The text form is stored.
const (
	ClosingIsOver  DeadlineReason = iota + 1 // it was long enough in Closing
	CustomerSilent                           // the customer was silent for long enough after a reply
)

var deadlineReasons = texts[DeadlineReason]{"deadline reason", []string{ClosingIsOver: "closing_is_over", CustomerSilent: "customer_silent"}}

// String returns the stored text.
func (r DeadlineReason) String() string { return deadlineReasons.string(r) }

// MarshalText returns the stored text; an invalid r is [ErrValue].
func (r DeadlineReason) MarshalText() ([]byte, error) { return deadlineReasons.marshal(r) }

// UnmarshalText reads the stored text; any other is [ErrValue].
func (r *DeadlineReason) UnmarshalText(text []byte) error { return deadlineReasons.unmarshal(text, r) }

// Deadline returns the next thing that falls due by the closing policy of its
// open channel, and whether there is one.
func (c Conversation) Deadline() (Deadline, bool) {
	policy := c.openChannel.Closing
	switch {
	case c.detailed == status.Closing && policy.FinishAfterClosing > 0:
		return Deadline{c.closingSince.add(policy.FinishAfterClosing).time(), ClosingIsOver}, true
	case c.detailed == status.Replied && policy.FinishAfterSilence > 0:
		return Deadline{c.repliedAt.add(policy.FinishAfterSilence).time(), CustomerSilent}, true
	default:
		return Deadline{}, false
	}
}

// Due returns what is due at now, and whether something is: a pure function of
// the value and now. Whatever the reason, the host then applies a [Finished] by
// the system.
func (c Conversation) Due(now time.Time) (Deadline, bool) {
	d, ok := c.Deadline()
	if !ok || now.Before(d.At) {
		return Deadline{}, false
	}
	return d, true
}
