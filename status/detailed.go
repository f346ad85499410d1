package status

import (
	"fmt"
	"iter"
)

// Detailed says where a conversation is. The zero value is no status.
//
// Statuses compare and sort in the order of the constants.
type Detailed uint8

// The detailed statuses. Numbers and texts are stored; they never change.
const (
	// New: the customer wrote for the first time, no agent has accepted or
	// replied.
	New Detailed = iota + 1
	// Queued: returned to a queue, because it was declined, timed out, handed
	// over by a bot or forwarded to an open channel.
	Queued
	// Accepted: an agent accepted, nothing was written since.
	Accepted
	// Waiting: accepted, and the customer's message has no reply yet.
	Waiting
	// WaitingAgain: an agent had replied, the customer wrote again.
	WaitingAgain
	// Replied: the last message is an agent's.
	Replied
	// Closing: waits for completion, for the customer's rating or after an
	// automatic reply.
	Closing
	// Closed: finished.
	Closed
	// Spam: force-finished and marked as spam.
	Spam
)

var detailedNames = []string{
	New:          "new",
	Queued:       "queued",
	Accepted:     "accepted",
	Waiting:      "waiting",
	WaitingAgain: "waiting_again",
	Replied:      "replied",
	Closing:      "closing",
	Closed:       "closed",
	Spam:         "spam",
}

// AllDetailed yields the nine detailed statuses in order.
func AllDetailed() iter.Seq[Detailed] {
	return func(yield func(Detailed) bool) {
		for d := New; d <= Spam && yield(d); d++ {
		}
	}
}

// ParseDetailed returns the detailed status with that stored text, such as
// "waiting_again". Any other text is an error of kind [ErrInvalid]; case and
// spaces count.
func ParseDetailed(text string) (Detailed, error) {
	return parse[Detailed](detailedNames, "detailed status", text)
}

// String returns the stored text, or a form like Detailed(42) that no parser
// takes if d is no status.
func (d Detailed) String() string { return format(detailedNames, "Detailed", d) }

// MarshalText returns the stored text. If d is no status, the error is of kind
// [ErrInvalid].
func (d Detailed) MarshalText() ([]byte, error) { return marshal(detailedNames, "Detailed", d) }

// UnmarshalText sets d as [ParseDetailed] does. On an error d keeps its value.
func (d *Detailed) UnmarshalText(text []byte) error {
	v, err := ParseDetailed(string(text))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// General returns the general status that d belongs to, or zero if d is no
// status.
func (d Detailed) General() General {
	switch d {
	case New, Queued, Accepted, Waiting, WaitingAgain:
		return GeneralWaiting
	case Replied, Closing:
		return GeneralReplied
	case Closed, Spam:
		return GeneralClosed
	default:
		return 0
	}
}

// Active reports whether d is one of the six statuses before closing, New to
// Replied. Closing is not active: no agent has anything left to do.
func (d Detailed) Active() bool { return New <= d && d <= Replied }

// codes are the numbers that Bitrix24 exports for the statuses.
var codes = [...]int{
	0:            -1,
	New:          0,
	Queued:       5,
	Accepted:     10,
	Waiting:      20,
	WaitingAgain: 25,
	Replied:      40,
	Closing:      50,
	Closed:       60,
	Spam:         65,
}

// Codes that Bitrix24 tells apart and this package does not.
const (
	codeDuplicate      = 69
	codeSilentlyClosed = 75
)

// Code returns the number that stands for d in the exports of Bitrix24, or -1
// if d is no status. It is for exchange with that product; what is stored is
// the text.
func (d Detailed) Code() int {
	if d > Spam {
		return -1
	}
	return codes[d]
}

// FromCode returns the status for a number in an export of Bitrix24. Besides
// the nine that [Detailed.Code] returns it reads 69 (duplicate) and 75 (silently
// closed) as Closed. Any other number is an error of kind [ErrInvalid].
func FromCode(code int) (Detailed, error) {
	if code == codeDuplicate || code == codeSilentlyClosed {
		return Closed, nil
	}
	for d := range AllDetailed() {
		if codes[d] == code {
			return d, nil
		}
	}
	return 0, fmt.Errorf("status: from code: %w %d", ErrInvalid, code)
}
