package status

import "iter"

// Trigger is what happened to a conversation and may change its status. The
// zero value is no trigger.
type Trigger uint8

// The triggers. Numbers and texts are stored; they never change.
const (
	// CustomerMessage: the customer wrote.
	CustomerMessage Trigger = iota + 1
	// AgentMessage: an agent wrote to the customer, whoever holds the
	// conversation.
	AgentMessage
	// Accept: an agent took a conversation that nobody holds.
	Accept
	// TakeOver: another agent took it from the one who holds it.
	TakeOver
	// Forward: it was handed to a named agent. Handing it to an open channel is
	// Queue.
	Forward
	// Queue: it went back to a queue, because it was declined, timed out,
	// handed over by a bot or forwarded to an open channel.
	Queue
	// StartClosing: a rating was asked or the automatic reply was sent.
	StartClosing
	// Finish: it was finished.
	Finish
	// ForceFinish: it was finished and marked as spam.
	ForceFinish
)

var triggerNames = []string{
	CustomerMessage: "customer_message",
	AgentMessage:    "agent_message",
	Accept:          "accept",
	TakeOver:        "take_over",
	Forward:         "forward",
	Queue:           "queue",
	StartClosing:    "start_closing",
	Finish:          "finish",
	ForceFinish:     "force_finish",
}

// AllTriggers yields the nine triggers in order.
func AllTriggers() iter.Seq[Trigger] {
	return func(yield func(Trigger) bool) {
		for t := CustomerMessage; t <= ForceFinish && yield(t); t++ {
		}
	}
}

// ParseTrigger returns the trigger with that stored text, such as "take_over".
// Any other text is an error of kind [ErrInvalid].
func ParseTrigger(text string) (Trigger, error) {
	return parse[Trigger](triggerNames, "trigger", text)
}

// String returns the stored text, or a form like Trigger(42) that no parser
// takes if t is no trigger.
func (t Trigger) String() string { return format(triggerNames, "Trigger", t) }

// MarshalText returns the stored text. If t is no trigger, the error is of kind
// [ErrInvalid].
func (t Trigger) MarshalText() ([]byte, error) { return marshal(triggerNames, "Trigger", t) }

// UnmarshalText sets t as [ParseTrigger] does. On an error t keeps its value.
func (t *Trigger) UnmarshalText(text []byte) error {
	v, err := ParseTrigger(string(text))
	if err != nil {
		return err
	}
	*t = v
	return nil
}
