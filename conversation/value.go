package conversation

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits on what comes from outside, in bytes of UTF-8. More is [ErrValue].
const (
	MaxIDLen      = 128     // an id that the host owns: of an agent, a customer, an open channel, a CRM record
	MaxNameLen    = 512     // a name or caption
	MaxURLLen     = 4096    // a page address
	MaxCommentLen = 4096    // a supervisor's comment, which rows can be sorted by
	MaxTextLen    = 1 << 20 // a message, a note
	MaxLinks      = 1000    // CRM records linked to one conversation
)

// The ids below belong to the host: they are opaque, compared byte by byte, and
// the empty one means none.
type (
	AgentID       string // a person who serves customers, or a supervisor
	BotID         string // a program that writes to customers
	CustomerID    string // an outside person
	OpenChannelID string // a configured line that customers write to
)

// Source is where a customer's messages come from: "live_chat", "telegram",
// "whatsapp", "email" ... The set is open: an unknown source is kept as it is.
type Source string

// Customer is the outside person of a conversation.
type Customer struct {
	ID   CustomerID `json:"id"`
	Name string     `json:"name,omitempty"` // as given at submission; may be empty
}

// OpenChannel is a configured line that customers write to.
type OpenChannel struct {
	ID      OpenChannelID `json:"id"`
	Name    string        `json:"name,omitempty"`
	Closing ClosingPolicy `json:"closing,omitzero"`
}

// ClosingPolicy says how conversations of an open channel end (spec section 6).
// A conversation keeps the policy of the open channel it started in or was
// forwarded to; changing the settings of an open channel does not reach back.
// The zero policy closes at once and by nothing but a finish.
type ClosingPolicy struct {
	// AskRating makes an agent's finish wait in Closing for the customer's rating.
	AskRating bool `json:"ask_rating,omitempty"`
	// AutoReply is the text the host sends when an agent finishes; the
	// conversation then waits in Closing. Empty: none.
	AutoReply string `json:"auto_reply,omitempty"`
	// CloseOnRating closes as soon as the customer rates in Closing.
	CloseOnRating bool `json:"close_on_rating,omitempty"`
	// FinishAfterClosing finishes what has been in Closing for so long. Zero: never.
	FinishAfterClosing time.Duration `json:"finish_after_closing_ns,omitempty"`
	// FinishAfterSilence finishes what the customer has left without a message
	// for so long after an agent's reply. Zero: never.
	FinishAfterSilence time.Duration `json:"finish_after_silence_ns,omitempty"`
}

// asks reports whether an agent's finish has to wait in Closing.
func (p ClosingPolicy) asks() bool { return p.AskRating || p.AutoReply != "" }

// Link ties a conversation to a record of a CRM.
type Link struct {
	Kind    string `json:"kind"` // "contact", "deal", "activity" ...
	ID      string `json:"id"`
	Caption string `json:"caption,omitempty"` // what a person reads; may be empty
}

// Direction says who began.
type Direction uint8

// The directions. The zero Direction is invalid. The text form is stored.
const (
	Incoming Direction = iota + 1 // the customer wrote
	Outgoing                      // an agent began; never changes
)

var directions = texts[Direction]{"direction", []string{Incoming: "incoming", Outgoing: "outgoing"}}

// String returns the stored text.
func (d Direction) String() string { return directions.string(d) }

// MarshalText returns the stored text; an invalid d is [ErrValue].
func (d Direction) MarshalText() ([]byte, error) { return directions.marshal(d) }

// UnmarshalText reads the stored text; any other is [ErrValue].
func (d *Direction) UnmarshalText(text []byte) error { return directions.unmarshal(text, d) }

// AuthorKind says what kind of party did something.
type AuthorKind uint8

// The kinds of authors. The zero AuthorKind is invalid. The text form is stored.
const (
	AuthorCustomer AuthorKind = iota + 1 // the outside person
	AuthorAgent                          // a person of the company, supervisors included
	AuthorBot                            // a program that writes to customers
	AuthorSystem                         // the software itself: a deadline, a routing rule, an import
)

var authorKinds = texts[AuthorKind]{"author kind", []string{
	AuthorCustomer: "customer", AuthorAgent: "agent", AuthorBot: "bot", AuthorSystem: "system",
}}

// String returns the stored text.
func (k AuthorKind) String() string { return authorKinds.string(k) }

// MarshalText returns the stored text; an invalid k is [ErrValue].
func (k AuthorKind) MarshalText() ([]byte, error) { return authorKinds.marshal(k) }

// UnmarshalText reads the stored text; any other is [ErrValue].
func (k *AuthorKind) UnmarshalText(text []byte) error { return authorKinds.unmarshal(text, k) }

// Author is who did something.
type Author struct {
	Kind AuthorKind `json:"kind"`
	// ID is the host's id. Agents and bots always have one. Empty for a customer
	// it means the customer of the conversation; the system has none.
	ID string `json:"id,omitempty"`
}

// ByCustomer returns the customer of the conversation as an author.
func ByCustomer() Author { return Author{Kind: AuthorCustomer} }

// ByAgent returns an agent as an author.
func ByAgent(id AgentID) Author { return Author{Kind: AuthorAgent, ID: string(id)} }

// ByBot returns a bot as an author.
func ByBot(id BotID) Author { return Author{Kind: AuthorBot, ID: string(id)} }

// BySystem returns the system as an author.
func BySystem() Author { return Author{Kind: AuthorSystem} }

// agent returns the id when the author is an agent, empty otherwise.
func (a Author) agent() AgentID {
	if a.Kind != AuthorAgent {
		return ""
	}
	return AgentID(a.ID)
}

// String returns "agent ann", "customer", "system".
func (a Author) String() string {
	if a.ID == "" {
		return a.Kind.String()
	}
	return a.Kind.String() + " " + a.ID
}

// ErrValue is what a value from outside that cannot be gives: an empty or too
// long id, a text that is not UTF-8, an unknown word, a rating off its scale.
var ErrValue = errors.New("invalid value")

// ValueError says which value is invalid and why. It wraps [ErrValue].
type ValueError struct {
	Field string // the path of the value, as in JSON: "customer.id"
	Cause string
}

// Error names the field and the cause, never the value of a text.
func (e *ValueError) Error() string { return fmt.Sprintf("%v: %s %s", ErrValue, e.Field, e.Cause) }

// Unwrap returns [ErrValue].
func (e *ValueError) Unwrap() error { return ErrValue }

// checks collects the first thing wrong with several values.
type checks struct {
	in  string // the path of what is looked at now, with its dot; joined to a field only when it fails
	err error
}

func (c *checks) fail(field, cause string) {
	if c.err == nil {
		c.err = &ValueError{Field: c.in + field, Cause: cause}
	}
}

// id checks an id that must be there.
func (c *checks) id(field, s string) {
	if s == "" {
		c.fail(field, "is missing")
	}
	c.text(field, s, MaxIDLen)
}

// text checks a text that may be empty. A NUL is refused because not every
// database can keep it.
func (c *checks) text(field, s string, most int) {
	switch {
	case len(s) > most:
		c.fail(field, fmt.Sprintf("has %d bytes, more than %d", len(s), most))
	case !utf8.ValidString(s):
		c.fail(field, "is not UTF-8")
	case strings.IndexByte(s, 0) >= 0:
		c.fail(field, "contains a NUL character")
	}
}

func (c *checks) author(in string, a Author) {
	c.in = in
	switch a.Kind {
	case AuthorAgent, AuthorBot:
		c.id("id", a.ID)
	case AuthorCustomer:
		c.text("id", a.ID, MaxIDLen)
	case AuthorSystem:
		if a.ID != "" {
			c.fail("id", "is given for the system")
		}
	default:
		c.fail("kind", "is missing or unknown")
	}
	c.in = ""
}

func (c *checks) openChannel(in string, o OpenChannel) {
	c.in = in
	c.id("id", string(o.ID))
	c.text("name", o.Name, MaxNameLen)
	c.text("closing.auto_reply", o.Closing.AutoReply, MaxTextLen)
	c.wait("closing.finish_after_closing_ns", o.Closing.FinishAfterClosing)
	c.wait("closing.finish_after_silence_ns", o.Closing.FinishAfterSilence)
	c.in = ""
}

// wait checks a time to wait; zero is none.
func (c *checks) wait(field string, d time.Duration) {
	if d < 0 || d != 0 && d < time.Millisecond {
		c.fail(field, "is negative or below a millisecond")
	}
}

func (c *checks) link(in string, l Link) {
	c.in = in
	c.id("kind", l.Kind)
	c.id("id", l.ID)
	c.text("caption", l.Caption, MaxNameLen)
	c.in = ""
}

// texts is the text form of a small closed type: the stored texts by value, the
// zero value invalid.
type texts[E ~uint8] struct {
	what string
	all  []string
}

func (t texts[E]) valid(e E) bool { return e > 0 && int(e) < len(t.all) }

func (t texts[E]) string(e E) string {
	if !t.valid(e) {
		return fmt.Sprintf("%s(%d)", t.what, uint8(e))
	}
	return t.all[e]
}

func (t texts[E]) marshal(e E) ([]byte, error) {
	if !t.valid(e) {
		return nil, fmt.Errorf("conversation: %w", &ValueError{Field: t.what, Cause: fmt.Sprintf("%d is unknown", uint8(e))})
	}
	return []byte(t.all[e]), nil
}

func (t texts[E]) unmarshal(text []byte, e *E) error {
	for i, s := range t.all {
		if i > 0 && s == string(text) {
			*e = E(i)
			return nil
		}
	}
	return fmt.Errorf("conversation: %w", &ValueError{Field: t.what, Cause: fmt.Sprintf("%q is unknown", clip(string(text)))})
}
