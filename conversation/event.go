package conversation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"
)

// Event is something that happened in a conversation: who did what, and when.
// Events are the only thing that changes a conversation.
type Event struct {
	ID   EventID   // an event whose ID is known has no second effect
	At   time.Time // UTC, milliseconds once applied
	By   Author
	Body Body
}

// Body is what happened. It is a closed set: the types of this file. The name in
// quotes is what is stored; who may do it stands in the table of kinds, and
// anybody else is [ErrValue].
type Body interface {
	kind() *bodyKind
}

// Started is the first event of every conversation, "started". An outgoing one
// is started by an agent, who then serves it.
type Started struct {
	Conversation ID          `json:"conversation"`
	Direction    Direction   `json:"direction"`
	OpenChannel  OpenChannel `json:"open_channel"`
	Source       Source      `json:"source"`
	Customer     Customer    `json:"customer"`
	// Bot receives an incoming conversation first; people see it in the queue
	// once the bot hands it over. Empty: it is available to people at once.
	Bot      BotID  `json:"bot,omitempty"`
	SitePage string `json:"site_page,omitempty"` // URL where a live chat began
	Previous ID     `json:"previous,omitzero"`   // the closed conversation that this one follows
}

// Wrote is a message, "wrote", of the customer, an agent, a bot, or the system.
// Only the first two change the status; the system's is not counted as a message.
type Wrote struct {
	Text string `json:"text,omitempty"` // may be empty: a picture, a sticker
}

// Noted is an internal note, "noted". The customer never sees it; nothing is measured by it.
type Noted struct {
	Text string `json:"text"`
}

// Accepted says that an agent accepted, "accepted": he is the holder from now on.
type Accepted struct{}

// TakenOver says that an agent took the conversation over from its holder, "taken_over".
type TakenOver struct{}

// ForwardedToAgent gives the conversation to an agent, "forwarded_to_agent". If
// nobody held it, it counts as accepted by him.
type ForwardedToAgent struct {
	To AgentID `json:"to"`
}

// ForwardedToChannel moves the conversation to the queue of another open
// channel, "forwarded_to_channel".
type ForwardedToChannel struct {
	To OpenChannel `json:"to"`
}

// Queued returns the conversation to the queue, "queued". By an agent it was
// declined, by a bot handed over to people, by the system it timed out.
type Queued struct{}

// RatingRequested asks the customer for a rating, "rating_requested"; the
// conversation waits in Closing. By an agent it is his finish.
type RatingRequested struct{}

// AutoReplied is an automatic reply after which the conversation waits in
// Closing, "auto_replied". It is not counted as a message.
type AutoReplied struct {
	Text string `json:"text"`
}

// Finished ends the conversation, "finished". An agent's finish obeys the open
// channel's [ClosingPolicy] and may have to wait in Closing; in Closing, and by
// anybody else, it closes.
type Finished struct{}

// ForceFinished ends the conversation as spam, "force_finished".
type ForceFinished struct{}

// Rated is the customer's rating, "rated". A later one replaces it.
type Rated struct {
	Rating Rating `json:"rating"`
}

// Reviewed is the whole opinion of a supervisor, "reviewed": what it leaves out
// is absent afterwards.
type Reviewed struct {
	Rating  Rating `json:"rating,omitzero"` // on the scale Stars
	Comment string `json:"comment,omitempty"`
}

// Linked ties a CRM record to the conversation, "linked". Linking it again
// replaces its caption.
type Linked struct {
	Link Link `json:"link"`
}

// Unlinked unties a CRM record, "unlinked". A record that is not linked is [ErrNotLinked].
type Unlinked struct {
	Link Link `json:"link"` // its caption does not matter
}

// FormSubmitted says that the customer submitted a form, "form_submitted".
type FormSubmitted struct{}

// HistoryRequested says that the history was asked for, "history_requested".
type HistoryRequested struct{}

// bodyKind is the row of a type of Body in the table of kinds.
type bodyKind struct {
	name string
	by   authorSet // who may do it
	read func([]byte) (Body, error)
}

// authorSet has a bit for each kind of author.
type authorSet uint8

const (
	customer authorSet = 1 << AuthorCustomer
	agent    authorSet = 1 << AuthorAgent
	bot      authorSet = 1 << AuthorBot
	system   authorSet = 1 << AuthorSystem
	staff              = agent | bot | system
	anybody            = customer | staff
)

// kinds is the table of all types of Body.
var kinds = []*bodyKind{
	kindStarted,
	kindWrote,
	kindNoted,
	kindAccepted,
	kindTakenOver,
	kindForwardedToAgent,
	kindForwardedToChannel,
	kindQueued,
	kindRatingRequested,
	kindAutoReplied,
	kindFinished,
	kindForceFinished,
	kindRated,
	kindReviewed,
	kindLinked,
	kindUnlinked,
	kindFormSubmitted,
	kindHistoryRequested,
}

var (
	kindStarted            = &bodyKind{"started", anybody, readBody[Started]}
	kindWrote              = &bodyKind{"wrote", anybody, readBody[Wrote]}
	kindNoted              = &bodyKind{"noted", staff, readBody[Noted]}
	kindAccepted           = &bodyKind{"accepted", agent, readBody[Accepted]}
	kindTakenOver          = &bodyKind{"taken_over", agent, readBody[TakenOver]}
	kindForwardedToAgent   = &bodyKind{"forwarded_to_agent", staff, readBody[ForwardedToAgent]}
	kindForwardedToChannel = &bodyKind{"forwarded_to_channel", staff, readBody[ForwardedToChannel]}
	kindQueued             = &bodyKind{"queued", staff, readBody[Queued]}
	kindRatingRequested    = &bodyKind{"rating_requested", staff, readBody[RatingRequested]}
	kindAutoReplied        = &bodyKind{"auto_replied", bot | system, readBody[AutoReplied]}
	kindFinished           = &bodyKind{"finished", anybody, readBody[Finished]}
	kindForceFinished      = &bodyKind{"force_finished", staff, readBody[ForceFinished]}
	kindRated              = &bodyKind{"rated", customer, readBody[Rated]}
	kindReviewed           = &bodyKind{"reviewed", agent, readBody[Reviewed]}
	kindLinked             = &bodyKind{"linked", staff, readBody[Linked]}
	kindUnlinked           = &bodyKind{"unlinked", staff, readBody[Unlinked]}
	kindFormSubmitted      = &bodyKind{"form_submitted", anybody, readBody[FormSubmitted]}
	kindHistoryRequested   = &bodyKind{"history_requested", anybody, readBody[HistoryRequested]}
)

func (Started) kind() *bodyKind            { return kindStarted }
func (Wrote) kind() *bodyKind              { return kindWrote }
func (Noted) kind() *bodyKind              { return kindNoted }
func (Accepted) kind() *bodyKind           { return kindAccepted }
func (TakenOver) kind() *bodyKind          { return kindTakenOver }
func (ForwardedToAgent) kind() *bodyKind   { return kindForwardedToAgent }
func (ForwardedToChannel) kind() *bodyKind { return kindForwardedToChannel }
func (Queued) kind() *bodyKind             { return kindQueued }
func (RatingRequested) kind() *bodyKind    { return kindRatingRequested }
func (AutoReplied) kind() *bodyKind        { return kindAutoReplied }
func (Finished) kind() *bodyKind           { return kindFinished }
func (ForceFinished) kind() *bodyKind      { return kindForceFinished }
func (Rated) kind() *bodyKind              { return kindRated }
func (Reviewed) kind() *bodyKind           { return kindReviewed }
func (Linked) kind() *bodyKind             { return kindLinked }
func (Unlinked) kind() *bodyKind           { return kindUnlinked }
func (FormSubmitted) kind() *bodyKind      { return kindFormSubmitted }
func (HistoryRequested) kind() *bodyKind   { return kindHistoryRequested }

func readBody[B Body](data []byte) (Body, error) {
	var b B
	err := unmarshalStrict(data, &b)
	return b, err
}

// known reports whether b is one of the types of this file. A pointer to one of
// them and a type that embeds one satisfy Body too, and may have no kind to ask
// for.
func known(b Body) bool {
	switch b.(type) {
	case Started, Wrote, Noted, Accepted, TakenOver, ForwardedToAgent, ForwardedToChannel, Queued,
		RatingRequested, AutoReplied, Finished, ForceFinished, Rated, Reviewed, Linked, Unlinked,
		FormSubmitted, HistoryRequested:
		return true
	default:
		return false
	}
}

// Kind returns the stored name of what happened; empty without a valid body.
func (e Event) Kind() string {
	if !known(e.Body) {
		return ""
	}
	return e.Body.kind().name
}

// Validate reports the first thing wrong with the event, whatever conversation
// it is meant for: [ErrID], [ErrInstant] or a [*ValueError].
func (e Event) Validate() error {
	if e.ID.IsZero() {
		return fmt.Errorf("%w: the event has none", ErrID)
	}
	if _, err := instantOf(e.At); err != nil {
		return err
	}
	if e.Body == nil {
		return &ValueError{Field: "body", Cause: "is missing"}
	}
	if !known(e.Body) {
		return &ValueError{Field: "body", Cause: fmt.Sprintf("is a %T", e.Body)}
	}
	var c checks
	c.author("by.", e.By)
	if e.Body.kind().by&(1<<e.By.Kind) == 0 {
		c.fail("by", fmt.Sprintf("is %s, who cannot do this", e.By.Kind))
	}
	switch b := e.Body.(type) {
	case Wrote:
		c.text("text", b.Text, MaxTextLen)
	case Noted:
		c.text("text", b.Text, MaxTextLen)
	case AutoReplied:
		c.text("text", b.Text, MaxTextLen)
	case ForwardedToAgent:
		c.id("to", string(b.To))
	case ForwardedToChannel:
		c.openChannel("to.", b.To)
	case Linked:
		c.link("link.", b.Link)
	case Unlinked:
		c.link("link.", b.Link)
	case Rated:
		if !b.Rating.Present() {
			c.fail("rating", "is missing")
		}
	case Reviewed:
		c.text("comment", b.Comment, MaxCommentLen)
		switch {
		case b.Rating.Present() && b.Rating.Scale() != Stars:
			c.fail("rating", "is not on the scale stars")
		case !b.Rating.Present() && b.Comment == "":
			c.fail("rating", "and comment are both missing")
		}
	case Started:
		b.check(&c, e.By)
	case Accepted, TakenOver, Queued, RatingRequested, Finished, ForceFinished, FormSubmitted, HistoryRequested:
	}
	return c.err
}

func (b Started) check(c *checks, by Author) {
	if b.Conversation.IsZero() {
		c.fail("conversation", "is missing")
	}
	if !directions.valid(b.Direction) {
		c.fail("direction", "is missing or unknown")
	}
	if b.Direction == Outgoing && by.Kind != AuthorAgent {
		c.fail("by", fmt.Sprintf("is %s, but an outgoing conversation is started by an agent", by.Kind))
	}
	if b.Direction == Outgoing && b.Bot != "" {
		c.fail("bot", "is given for an outgoing conversation")
	}
	if b.Previous == b.Conversation {
		c.fail("previous", "is the conversation itself")
	}
	c.openChannel("open_channel.", b.OpenChannel)
	c.id("source", string(b.Source))
	c.id("customer.id", string(b.Customer.ID))
	c.text("customer.name", b.Customer.Name, MaxNameLen)
	c.text("bot", string(b.Bot), MaxIDLen)
	c.text("site_page", b.SitePage, MaxURLLen)
}

// eventVersion is the version of the JSON form. A change that an older reader
// would misunderstand raises it.
const eventVersion = 1

type eventJSON struct {
	Version int             `json:"v"`
	ID      EventID         `json:"id"`
	At      time.Time       `json:"at"`
	By      Author          `json:"by"`
	Kind    string          `json:"kind"`
	Body    json.RawMessage `json:"body,omitempty"`
}

// ErrEventJSON is what JSON that is no event gives.
var ErrEventJSON = errors.New("not an event")

// MarshalJSON returns the stored form, such as
//
//	{"v":1,"id":"…","at":"2026-01-05T09:00:00Z","by":{"kind":"agent","id":"ann"},"kind":"wrote","body":{"text":"hello"}}
//
// An event that Validate refuses is refused here too.
func (e Event) MarshalJSON() ([]byte, error) {
	if err := e.Validate(); err != nil {
		return nil, fmt.Errorf("conversation: write event: %w", err)
	}
	body, err := json.Marshal(e.Body)
	if err != nil {
		return nil, fmt.Errorf("conversation: write event: %w", err)
	}
	if string(body) == "{}" {
		body = nil
	}
	return json.Marshal(eventJSON{eventVersion, e.ID, e.At.UTC().Truncate(time.Millisecond), e.By, e.Kind(), body})
}

// UnmarshalJSON reads what MarshalJSON writes. It is strict: an unknown key or
// kind, another version or an invalid value is [ErrEventJSON], wrapped around the
// cause, and e is unchanged.
func (e *Event) UnmarshalJSON(data []byte) error {
	read, err := readEvent(data)
	if err != nil {
		return fmt.Errorf("conversation: %w: %w", ErrEventJSON, err)
	}
	*e = read
	return nil
}

func readEvent(data []byte) (Event, error) {
	var j eventJSON
	if err := unmarshalStrict(data, &j); err != nil {
		return Event{}, err
	}
	if j.Version != eventVersion {
		return Event{}, fmt.Errorf("version %d is not %d", j.Version, eventVersion)
	}
	i := slices.IndexFunc(kinds, func(k *bodyKind) bool { return k.name == j.Kind })
	if i < 0 {
		return Event{}, fmt.Errorf("unknown kind %q", clip(j.Kind))
	}
	if j.Body == nil {
		j.Body = json.RawMessage("{}")
	}
	body, err := kinds[i].read(j.Body)
	if err != nil {
		return Event{}, fmt.Errorf("%s: %w", j.Kind, err)
	}
	e := Event{ID: j.ID, At: j.At.UTC().Truncate(time.Millisecond), By: j.By, Body: body}
	if err := e.Validate(); err != nil {
		return Event{}, err
	}
	return e, nil
}

// unmarshalStrict reads exactly one JSON value without unknown keys. It refuses
// what is not UTF-8, which the json package would replace silently.
func unmarshalStrict(data []byte, v any) error {
	if !utf8.Valid(data) {
		return &ValueError{Field: "json", Cause: "is not UTF-8"}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows")
	}
	return nil
}
