package metrics

import (
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"strings"
)

// Kind is what a [Mark] stands for. The zero Kind is invalid. The text form is
// stored and sent; the numbers are stored inside an accumulator's binary form.
// Do not renumber.
type Kind uint8

const (
	Created         Kind = iota + 1 // the conversation began; the first mark counts as it, whatever its kind
	CustomerMessage                 // the customer wrote
	AgentMessage                    // a person who serves customers wrote to the customer
	BotMessage                      // a program wrote to the customer; never a reply of an agent
	SystemMessage                   // the system wrote; measured by no rule of this package
	Note                            // an internal note; measured by no rule of this package
	BotJoined                       // a bot received the conversation
	AgentJoined                     // an agent is there without having accepted: he started the conversation
	Accepted                        // an agent accepted, explicitly or by replying to what nobody had accepted
	HandedOver                      // a bot handed over to people
	Queued                          // returned to a queue in any other way
	Forwarded                       // handed to another agent
	ClosingStarted                  // waits for completion: a rating was asked, an automatic reply sent
	AgentFinished                   // an agent finished
	BotFinished                     // the conversation closed by the doing of a bot
	Closed                          // the conversation is over
	Reopened                        // the customer came back after closing had started, or after it was over
)

var kindTexts = [...]string{
	Created: "created", CustomerMessage: "customer_message", AgentMessage: "agent_message", BotMessage: "bot_message",
	SystemMessage: "system_message", Note: "note", BotJoined: "bot_joined", AgentJoined: "agent_joined",
	Accepted: "accepted", HandedOver: "handed_over", Queued: "queued", Forwarded: "forwarded",
	ClosingStarted: "closing_started", AgentFinished: "agent_finished", BotFinished: "bot_finished",
	Closed: "closed", Reopened: "reopened",
}

const kinds = len(kindTexts)

// ErrKind is what a mark, a rule or a text of no known [Kind] gives.
var ErrKind = errors.New("unknown kind of mark")

// Valid reports whether k is one of the constants.
func (k Kind) Valid() bool { return k > 0 && int(k) < kinds }

// String returns the stored text, or kind(n) for an invalid k.
func (k Kind) String() string {
	if !k.Valid() {
		return fmt.Sprintf("kind(%d)", uint8(k))
	}
	return kindTexts[k]
}

// MarshalText returns the stored text. An invalid k is [ErrKind].
func (k Kind) MarshalText() ([]byte, error) {
	if !k.Valid() {
		return nil, fmt.Errorf("metrics: %w: %d", ErrKind, uint8(k))
	}
	return []byte(kindTexts[k]), nil
}

// UnmarshalText reads the stored text. Anything else is [ErrKind].
func (k *Kind) UnmarshalText(text []byte) error {
	for i := Created; i.Valid(); i++ {
		if kindTexts[i] == string(text) {
			*k = i
			return nil
		}
	}
	return fmt.Errorf("metrics: %w: %q", ErrKind, text)
}

// Kinds is a set of kinds. Its zero value is the empty set. It compares with ==;
// its text form is the texts of its kinds joined by "|".
type Kinds uint32

// Of returns the set of the given kinds. An invalid one makes the set invalid,
// which [New] refuses.
func Of(ks ...Kind) Kinds {
	var set Kinds
	for _, k := range ks {
		if !k.Valid() {
			k = 0
		}
		set |= 1 << k
	}
	return set
}

// Has reports whether k is in the set.
func (s Kinds) Has(k Kind) bool { return s&(1<<k) != 0 }

// All yields the kinds of the set in the order of the constants.
func (s Kinds) All() iter.Seq[Kind] {
	return func(yield func(Kind) bool) {
		for rest := s; rest != 0; rest &= rest - 1 {
			if !yield(Kind(bits.TrailingZeros32(uint32(rest)))) {
				return
			}
		}
	}
}

func (s Kinds) valid() bool { return s&^(1<<kinds-2) == 0 }

// String returns the text form.
func (s Kinds) String() string {
	var texts []string
	for k := range s.All() {
		texts = append(texts, k.String())
	}
	return strings.Join(texts, "|")
}

// MarshalText returns the text form. A set with an invalid kind is [ErrKind].
func (s Kinds) MarshalText() ([]byte, error) {
	if !s.valid() {
		return nil, fmt.Errorf("metrics: %w: %s", ErrKind, s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText writes; the empty text is the empty set.
func (s *Kinds) UnmarshalText(text []byte) error {
	var set Kinds
	if len(text) > 0 {
		for part := range strings.SplitSeq(string(text), "|") {
			var k Kind
			if err := k.UnmarshalText([]byte(part)); err != nil {
				return err
			}
			set |= Of(k)
		}
	}
	*s = set
	return nil
}
