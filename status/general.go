package status

import "iter"

// General says in one word what a conversation is about now. It always follows
// from the detailed status, see [Detailed.General]. The zero value is no status.
type General uint8

// The general statuses. Numbers and texts are stored; they never change.
const (
	// GeneralWaiting: the customer waits for an agent's reply.
	GeneralWaiting General = iota + 1
	// GeneralReplied: an agent replied.
	GeneralReplied
	// GeneralClosed: finished, as spam or not.
	GeneralClosed
)

var generalNames = []string{
	GeneralWaiting: "waiting",
	GeneralReplied: "replied",
	GeneralClosed:  "closed",
}

// AllGeneral yields the three general statuses in order.
func AllGeneral() iter.Seq[General] {
	return func(yield func(General) bool) {
		for g := GeneralWaiting; g <= GeneralClosed && yield(g); g++ {
		}
	}
}

// ParseGeneral returns the general status with that stored text: "waiting",
// "replied" or "closed". Any other text is an error of kind [ErrInvalid].
func ParseGeneral(text string) (General, error) {
	return parse[General](generalNames, "general status", text)
}

// String returns the stored text, or a form like General(42) that no parser
// takes if g is no status.
func (g General) String() string { return format(generalNames, "General", g) }

// MarshalText returns the stored text. If g is no status, the error is of kind
// [ErrInvalid].
func (g General) MarshalText() ([]byte, error) { return marshal(generalNames, "General", g) }

// UnmarshalText sets g as [ParseGeneral] does. On an error g keeps its value.
func (g *General) UnmarshalText(text []byte) error {
	v, err := ParseGeneral(string(text))
	if err != nil {
		return err
	}
	*g = v
	return nil
}
