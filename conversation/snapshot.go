package conversation

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

// Snapshot is a conversation as plain data: every column of the list, and the
// rest in State. It is the one door for stores and for JSON. The zero time means
// absent.
type Snapshot struct {
	ID      ID     `json:"id"`
	Number  int64  `json:"number"`
	Version uint64 `json:"version"`

	Previous      ID              `json:"previous,omitzero"`
	OpenChannelID OpenChannelID   `json:"open_channel_id"`
	OpenChannel   string          `json:"open_channel,omitempty"` // its name
	Direction     Direction       `json:"direction"`
	Detailed      status.Detailed `json:"detailed"`
	Source        Source          `json:"source"`
	CustomerID    CustomerID      `json:"customer_id"`
	Customer      string          `json:"customer,omitempty"` // his name
	Agent         AgentID         `json:"agent,omitempty"`
	Links         []Link          `json:"links,omitempty"` // sorted by kind and id
	SitePage      string          `json:"site_page,omitempty"`
	Participants  []AgentID       `json:"participants,omitempty"`

	FormSubmitted    bool `json:"form_submitted"`
	HistoryRequested bool `json:"history_requested"`

	CustomerRating CustomerRating `json:"customer_rating,omitzero"`
	Review         Review         `json:"review,omitzero"`

	CreatedAt       time.Time `json:"created_at"`
	QueuedAt        time.Time `json:"queued_at,omitzero"`
	FirstReplyAt    time.Time `json:"first_reply_at,omitzero"`
	AcceptedAt      time.Time `json:"accepted_at,omitzero"`
	LastMessageAt   time.Time `json:"last_message_at,omitzero"`
	AgentFinishedAt time.Time `json:"agent_finished_at,omitzero"`
	ClosedAt        time.Time `json:"closed_at,omitzero"`
	ModifiedAt      time.Time `json:"modified_at"`
	WaitingSince    time.Time `json:"waiting_since,omitzero"`

	MessageCount int `json:"message_count"`

	// What follows from the rest, for those who read. FromSnapshot does not look at it.
	General  status.General `json:"general"`
	Spam     bool           `json:"spam"`
	Assigned bool           `json:"assigned"`
	Metrics  metrics.Values `json:"metrics"`

	// State is what is needed to go on and is in no column: the metrics'
	// accumulator, the closing policy, deadlines. Its form is private to this
	// package and versioned.
	State []byte `json:"state"`
}

// Snapshot returns the conversation as plain data that shares nothing with it.
func (c Conversation) Snapshot() Snapshot {
	return Snapshot{
		ID: c.id, Number: c.number, Version: c.version, Previous: c.previous,
		OpenChannelID: c.openChannel.ID, OpenChannel: c.openChannel.Name,
		Direction: c.direction, Detailed: c.detailed, Source: c.source,
		CustomerID: c.customer.ID, Customer: c.customer.Name,
		Agent: c.agent, Links: slices.Clone(c.links), SitePage: c.sitePage, Participants: slices.Clone(c.participants),
		FormSubmitted: c.formSubmitted, HistoryRequested: c.historyRequested,
		CustomerRating: c.CustomerRating(), Review: c.review,
		CreatedAt: c.CreatedAt(), QueuedAt: c.QueuedAt(), FirstReplyAt: c.FirstReplyAt(), AcceptedAt: c.AcceptedAt(),
		LastMessageAt: c.LastMessageAt(), AgentFinishedAt: c.AgentFinishedAt(), ClosedAt: c.ClosedAt(),
		ModifiedAt: c.ModifiedAt(), WaitingSince: c.WaitingSince(), MessageCount: c.messages,
		General: c.General(), Spam: c.Spam(), Assigned: c.Assigned(), Metrics: c.Metrics(),
		State: c.state(),
	}
}

// ErrSnapshot is what a snapshot that is no conversation gives.
var ErrSnapshot = errors.New("not a snapshot of a conversation")

// FromSnapshot returns the conversation of a snapshot, without changes and with
// Base equal to Version. The options must be those it was built with. A snapshot
// that contradicts itself or was made by other rules is [ErrSnapshot].
func FromSnapshot(s Snapshot, options ...Option) (Conversation, error) {
	c, err := fromSnapshot(&s, options)
	if err != nil {
		return Conversation{}, fmt.Errorf("conversation: %w: %s: %w", ErrSnapshot, s.ID, err)
	}
	return c, nil
}

func fromSnapshot(s *Snapshot, options []Option) (Conversation, error) {
	c := Conversation{
		id: s.ID, number: s.Number, version: s.Version, base: s.Version, previous: s.Previous,
		openChannel: OpenChannel{ID: s.OpenChannelID, Name: s.OpenChannel},
		direction:   s.Direction, detailed: s.Detailed, source: s.Source,
		customer: Customer{ID: s.CustomerID, Name: s.Customer},
		agent:    s.Agent, links: slices.Concat(s.Links), sitePage: s.SitePage, participants: slices.Concat(s.Participants), // nil if empty
		formSubmitted: s.FormSubmitted, historyRequested: s.HistoryRequested,
		rating: s.CustomerRating.Rating, ratedBy: s.CustomerRating.By, ratedAgent: s.CustomerRating.Agent,
		review: s.Review, messages: s.MessageCount,
	}
	for _, o := range options {
		o(&c)
	}
	var reviewedAt instant
	for _, t := range []struct {
		field string
		to    *instant
		from  time.Time
	}{
		{"created_at", &c.createdAt, s.CreatedAt},
		{"queued_at", &c.queuedAt, s.QueuedAt},
		{"first_reply_at", &c.firstReplyAt, s.FirstReplyAt},
		{"accepted_at", &c.acceptedAt, s.AcceptedAt},
		{"last_message_at", &c.lastMessageAt, s.LastMessageAt},
		{"agent_finished_at", &c.agentFinishedAt, s.AgentFinishedAt},
		{"closed_at", &c.closedAt, s.ClosedAt},
		{"modified_at", &c.modifiedAt, s.ModifiedAt},
		{"waiting_since", &c.waitingSince, s.WaitingSince},
		{"customer_rating.at", &c.ratedAt, s.CustomerRating.At},
		{"review.at", &reviewedAt, s.Review.At},
	} {
		var err error
		if *t.to, err = optionalInstant(t.from); err != nil {
			return c, fmt.Errorf("%s: %w", t.field, err)
		}
	}
	c.review.At = reviewedAt.time()
	if err := c.readState(s.State); err != nil {
		return c, err
	}
	return c, c.check()
}

// check reports the first contradiction in a value that came from outside.
func (c *Conversation) check() error {
	var k checks
	must := func(ok bool, field, cause string) {
		if !ok {
			k.fail(field, cause)
		}
	}
	must(!c.id.IsZero(), "id", "is missing")
	must(c.version > 0, "version", "is 0")
	must(c.number >= 0, "number", "is negative")
	must(c.previous.IsZero() || c.previous != c.id, "previous", "is the conversation itself")
	must(directions.valid(c.direction), "direction", "is missing or unknown")
	must(c.General() != 0, "detailed", "is missing or unknown")
	k.openChannel("open_channel.", c.openChannel)
	k.id("source", string(c.source))
	k.id("customer_id", string(c.customer.ID))
	k.text("customer", c.customer.Name, MaxNameLen)
	k.text("agent", string(c.agent), MaxIDLen)
	k.text("site_page", c.sitePage, MaxURLLen)
	must(len(c.links) <= MaxLinks, "links", "are too many")
	for i, l := range c.links {
		k.link("links.", l)
		must(i == 0 || compareLinks(c.links[i-1], l) < 0, "links", "are not sorted or not distinct")
	}
	for i, p := range c.participants {
		k.id("participants", string(p))
		must(slices.Index(c.participants, p) == i, "participants", "are not distinct")
	}
	must(c.agent == "" || c.TookPart(c.agent), "participants", "lack the agent")
	k.text("customer_rating.by", string(c.ratedBy), MaxIDLen)
	k.text("customer_rating.agent", string(c.ratedAgent), MaxIDLen)
	k.text("review.comment", c.review.Comment, MaxCommentLen)
	k.text("review.by", string(c.review.By), MaxIDLen)
	must(c.rating.Present() == (c.ratedAt != 0), "customer_rating", "and its instant do not belong together")
	must(c.rating.Present() || c.ratedBy == "" && c.ratedAgent == "", "customer_rating", "is missing though it was given")
	must(c.review.Rating.scale == 0 || c.review.Rating.scale == Stars, "review.rating", "is not on the scale stars")
	must((c.review != Review{}) == !c.review.At.IsZero(), "review.at", "does not belong to the review")
	must((c.review != Review{}) == (c.review.By != ""), "review.by", "does not belong to the review")
	must(c.messages >= 0, "message_count", "is negative")
	must((c.messages > 0) == (c.lastMessageAt != 0), "last_message_at", "does not fit the number of messages")

	must(c.createdAt != 0, "created_at", "is missing")
	must(c.modifiedAt >= c.createdAt, "modified_at", "is before created_at")
	reviewedAt, _ := optionalInstant(c.review.At) // it was one already
	for _, t := range []struct {
		field string
		at    instant
	}{
		{"queued_at", c.queuedAt},
		{"first_reply_at", c.firstReplyAt},
		{"accepted_at", c.acceptedAt},
		{"last_message_at", c.lastMessageAt},
		{"agent_finished_at", c.agentFinishedAt},
		{"closed_at", c.closedAt},
		{"waiting_since", c.waitingSince},
		{"customer_rating.at", c.ratedAt},
		{"review.at", reviewedAt},
		{"state", c.closingSince},
		{"state", c.repliedAt},
	} {
		must(t.at == 0 || c.createdAt <= t.at && t.at <= c.modifiedAt, t.field, "is not between created_at and modified_at")
	}
	must(c.direction != Outgoing || c.acceptedAt == 0, "accepted_at", "is given for an outgoing conversation")
	must((c.closedAt != 0) == (c.detailed.General() == status.GeneralClosed), "closed_at", "does not fit the status")
	must((c.waitingSince != 0) == (c.detailed.General() == status.GeneralWaiting), "waiting_since", "does not fit the status")
	must((c.closingSince != 0) == (c.detailed == status.Closing), "state", "does not fit the status")
	must(authorKinds.valid(c.finisher) == (c.detailed == status.Closing), "state", "does not fit the status")
	must(!c.ratingPending || c.detailed == status.Closing, "state", "does not fit the status")
	must(c.repliedAt != 0 || c.detailed != status.Replied, "state", "does not fit the status")
	must(!c.lastEvent.IsZero(), "state", "names no event")
	switch c.detailed {
	case status.New, status.Queued:
		must(c.agent == "", "agent", "is given though nobody accepted")
	case status.Accepted, status.Waiting, status.Replied:
		must(c.agent != "", "agent", "is missing though somebody accepted")
	case status.WaitingAgain, status.Closing, status.Closed, status.Spam: // a bot may have done it all
	}
	return k.err
}

// MarshalJSON returns the JSON of the [Snapshot].
func (c Conversation) MarshalJSON() ([]byte, error) { return json.Marshal(c.Snapshot()) }

// UnmarshalJSON reads the JSON of a [Snapshot] that is measured by the default
// rules; see [FromSnapshot].
func (c *Conversation) UnmarshalJSON(data []byte) error {
	var s Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("conversation: %w: %w", ErrSnapshot, err)
	}
	read, err := FromSnapshot(s)
	if err == nil {
		*c = read
	}
	return err
}

// The state: a version, then what is in no column. Numbers are varints, texts
// are preceded by their length, and the accumulator is the rest.
const stateVersion = 1

func (c *Conversation) state() []byte {
	policy := c.openChannel.Closing
	b := make([]byte, 0, 160+len(policy.AutoReply))
	b = append(b, stateVersion)
	b = appendText(b, c.measured.Calculator().Name())
	b = append(b, c.lastEvent.u[:]...)
	b = append(b, flags(c.ratingPending, policy.AskRating, policy.CloseOnRating), byte(c.finisher))
	b = binary.AppendUvarint(b, uint64(c.closingSince))
	b = binary.AppendUvarint(b, uint64(c.repliedAt))
	b = appendText(b, policy.AutoReply)
	b = binary.AppendUvarint(b, uint64(policy.FinishAfterClosing))
	b = binary.AppendUvarint(b, uint64(policy.FinishAfterSilence))
	b, _ = c.measured.AppendBinary(b) // cannot fail: it only appends
	return b
}

func (c *Conversation) readState(b []byte) error {
	r := stateReader{b}
	if v := r.take(1); len(v) == 0 || v[0] != stateVersion {
		return &ValueError{Field: "state", Cause: "is missing or of another version"}
	}
	rules := r.take(r.len())
	copy(c.lastEvent.u[:], r.take(16))
	switches := r.take(2)
	c.closingSince, c.repliedAt = instant(r.uint()), instant(r.uint())
	policy := &c.openChannel.Closing
	policy.AutoReply = string(r.take(r.len()))
	policy.FinishAfterClosing, policy.FinishAfterSilence = time.Duration(r.uint()), time.Duration(r.uint())
	if r.rest == nil {
		return &ValueError{Field: "state", Cause: "is cut short"}
	}
	c.ratingPending, policy.AskRating, policy.CloseOnRating = switches[0]&1 != 0, switches[0]&2 != 0, switches[0]&4 != 0
	c.finisher = AuthorKind(switches[1])
	if want := c.measured.Calculator().Name(); string(rules) != want {
		return &ValueError{Field: "state", Cause: fmt.Sprintf("is measured by the rules %q, not %q", clip(string(rules)), want)}
	}
	return c.measured.UnmarshalBinary(r.rest)
}

func flags(bits ...bool) (b byte) {
	for i, set := range bits {
		if set {
			b |= 1 << i
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// stateReader reads the state; when something is missing, rest is nil from then on.
type stateReader struct{ rest []byte }

func (r *stateReader) uint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > math.MaxInt64 {
		r.rest = nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *stateReader) len() int { return int(min(r.uint(), MaxTextLen+1)) }

func (r *stateReader) take(n int) []byte {
	if n > len(r.rest) {
		r.rest = nil
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}
