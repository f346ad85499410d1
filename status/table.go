package status

import (
	"errors"
	"iter"
)

// A Transition is one row of the table: when Trigger happens in From, the
// status becomes To. To equals From where the status stays.
type Transition struct {
	Trigger Trigger
	From    Detailed
	To      Detailed
}

// table is the only statement of what may follow what. Next, Machine and the
// diagrams are made from it. A pair of trigger and status appears at most once.
var table = [...]Transition{
	{CustomerMessage, New, New},
	{CustomerMessage, Queued, Queued},
	{CustomerMessage, Accepted, Waiting},
	{CustomerMessage, Waiting, Waiting},
	{CustomerMessage, WaitingAgain, WaitingAgain},
	{CustomerMessage, Replied, WaitingAgain},
	{CustomerMessage, Closing, WaitingAgain},

	{AgentMessage, New, Replied},
	{AgentMessage, Queued, Replied},
	{AgentMessage, Accepted, Replied},
	{AgentMessage, Waiting, Replied},
	{AgentMessage, WaitingAgain, Replied},
	{AgentMessage, Replied, Replied},
	{AgentMessage, Closing, Closing},

	{Accept, New, Accepted},
	{Accept, Queued, Accepted},

	{TakeOver, Accepted, Accepted},
	{TakeOver, Waiting, Waiting},
	{TakeOver, WaitingAgain, WaitingAgain},
	{TakeOver, Replied, Replied},

	{Forward, New, Accepted},
	{Forward, Queued, Accepted},
	{Forward, Accepted, Accepted},
	{Forward, Waiting, Waiting},
	{Forward, WaitingAgain, WaitingAgain},
	{Forward, Replied, Replied},

	{Queue, New, Queued},
	{Queue, Queued, Queued},
	{Queue, Accepted, Queued},
	{Queue, Waiting, Queued},
	{Queue, WaitingAgain, Queued},
	{Queue, Replied, Queued},

	{StartClosing, New, Closing},
	{StartClosing, Queued, Closing},
	{StartClosing, Accepted, Closing},
	{StartClosing, Waiting, Closing},
	{StartClosing, WaitingAgain, Closing},
	{StartClosing, Replied, Closing},

	{Finish, New, Closed},
	{Finish, Queued, Closed},
	{Finish, Accepted, Closed},
	{Finish, Waiting, Closed},
	{Finish, WaitingAgain, Closed},
	{Finish, Replied, Closed},
	{Finish, Closing, Closed},

	{ForceFinish, New, Spam},
	{ForceFinish, Queued, Spam},
	{ForceFinish, Accepted, Spam},
	{ForceFinish, Waiting, Spam},
	{ForceFinish, WaitingAgain, Spam},
	{ForceFinish, Replied, Spam},
	{ForceFinish, Closing, Spam},
}

// next is the table by status and trigger; zero is a refused pair.
var next = func() (m [Spam + 1][ForceFinish + 1]Detailed) {
	for _, row := range table {
		m[row.From][row.Trigger] = row.To
	}
	return m
}()

// refusals holds the error of every pair, so that a refusal allocates nothing.
var refusals = func() (m [Spam + 1][ForceFinish + 1]TransitionError) {
	for from := range m {
		for t := range m[from] {
			m[from][t] = TransitionError{From: Detailed(from), Trigger: Trigger(t)}
		}
	}
	return m
}()

// Next returns the status that follows from when t happens; it may be from
// itself. If the table has no such row, or either value is no status or
// trigger, Next returns zero and a [*TransitionError].
//
// Next is safe for concurrent use, and neither a step nor a refusal of known
// values allocates.
func Next(from Detailed, t Trigger) (Detailed, error) {
	if from > Spam || t > ForceFinish {
		return 0, &TransitionError{From: from, Trigger: t}
	}
	if to := next[from][t]; to != 0 {
		return to, nil
	}
	return 0, &refusals[from][t]
}

// Allowed yields, in order, the triggers that [Next] does not refuse in from.
// There are none for Closed, Spam and a value that is no status.
func Allowed(from Detailed) iter.Seq[Trigger] {
	return func(yield func(Trigger) bool) {
		if from > Spam {
			return
		}
		for t := range AllTriggers() {
			if next[from][t] != 0 && !yield(t) {
				return
			}
		}
	}
}

// Transitions yields every row of the table, by trigger and then by status.
func Transitions() iter.Seq[Transition] {
	return func(yield func(Transition) bool) {
		for _, row := range table {
			if !yield(row) {
				return
			}
		}
	}
}

// ErrTransition is the kind of every refusal of a step; [errors.As] with a
// [*TransitionError] gives the status and the trigger.
var ErrTransition = errors.New("transition not allowed")

// A TransitionError says that Trigger is not allowed in From. Nothing has
// changed. Its kind is [ErrTransition]. The value is shared between callers and
// must not be modified.
type TransitionError struct {
	From    Detailed
	Trigger Trigger
}

// Error names the trigger and the status.
func (e *TransitionError) Error() string {
	return "status: " + e.Trigger.String() + " from " + e.From.String() + ": " + ErrTransition.Error()
}

// Unwrap returns [ErrTransition].
func (e *TransitionError) Unwrap() error { return ErrTransition }
