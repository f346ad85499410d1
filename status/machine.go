package status

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/looplab/fsm"
)

// A Machine is a conversation's status with callbacks around every change. It
// is a [fsm.FSM] made from the rows of [Transitions], so it follows the same
// rules as [Next]. Whoever needs no callbacks is better served by Next, which
// is more than a hundred times faster. [NewMachine] makes a Machine.
//
// A Machine is not safe for concurrent use: after a change looplab/fsm reads
// its state without a lock to find the callbacks to call.
type Machine struct {
	fsm       *fsm.FSM
	callbacks fsm.Callbacks
}

// NewMachine returns a machine in the status initial.
//
// The callbacks are those of looplab/fsm, named with stored texts. A step from
// closing to closed by finish calls, in this order:
//
//	before_finish, before_event     may refuse with Cancel
//	leave_closing, leave_state      may refuse with Cancel
//	enter_closed, enter_state       the machine is in closed
//	after_finish, after_event
//
// "closed" is short for enter_closed and "finish" for after_finish. A step that
// stays in its status calls only the before and after callbacks. An event's
// Event, Src and Dst are stored texts.
//
// Before and leave callbacks may call [Machine.Current], but calling
// [Machine.Fire], or Event or Can of the event's FSM, blocks for ever. Enter
// and after callbacks may call Fire.
//
// Where looplab/fsm would ignore a mistake, NewMachine returns an error of kind
// [ErrInvalid]: an initial value that is no status, a callback that names no
// status or trigger, a callback that is nil, or one given under its short and
// its long name.
func NewMachine(initial Detailed, callbacks fsm.Callbacks) (*Machine, error) {
	if !valid(detailedNames, initial) {
		return nil, fmt.Errorf("status: new machine: %w %v", ErrInvalid, initial)
	}
	m := &Machine{callbacks: make(fsm.Callbacks, len(callbacks))}
	for _, name := range slices.Sorted(maps.Keys(callbacks)) {
		long, ok := longName(name)
		if !ok || callbacks[name] == nil {
			return nil, fmt.Errorf("status: new machine: %w: callback %q", ErrInvalid, name)
		}
		if _, twice := m.callbacks[long]; twice {
			return nil, fmt.Errorf("status: new machine: %w: callback %q given twice", ErrInvalid, long)
		}
		m.callbacks[long] = marked(callbacks[name])
	}
	m.fsm = fsm.NewFSM(initial.String(), machineEvents(), m.callbacks)
	return m, nil
}

// Current returns the status the machine is in.
func (m *Machine) Current() Detailed {
	d, _ := ParseDetailed(m.fsm.Current())
	return d
}

// Fire lets t happen. It returns nil if the table has a row for it, the one
// that stays in the status included. The errors are
//
//   - the [*TransitionError] that [Next] returns, if the table refuses;
//   - the error of ctx, if it was done before the step began;
//   - a [fsm.CanceledError], if a callback refused by calling Cancel; what it
//     passed to Cancel is in the chain;
//   - a [fsm.AsyncError], if a callback called Async: a status does not change
//     later, so a Machine takes that for a refusal;
//   - a [*CallbackError], if the step was made and a callback left an error.
//
// With every error but the last nothing has changed. If a callback panics
// before the change, the status stays and the machine remains usable.
//
// A step that began is completed: callbacks get the values of ctx without its
// deadline and cancellation.
func (m *Machine) Fire(ctx context.Context, t Trigger) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("status: fire %v: %w", t, err)
	}
	if !valid(triggerNames, t) {
		return &TransitionError{From: m.Current(), Trigger: t}
	}
	ctx = context.WithoutCancel(ctx) // a canceled context would leave the fsm in transition for ever
	for {
		switch err := m.fsm.Event(ctx, t.String()).(type) { //nolint:errorlint // fsm returns its own errors bare; a wrapped one is a callback's
		case nil:
			return nil
		case fsm.NoTransitionError:
			if err.Err == nil {
				return nil
			}
			return &CallbackError{Trigger: t, Err: unmark(err.Err)}
		case fsm.InvalidEventError:
			from, _ := ParseDetailed(err.State)
			_, refusal := Next(from, t)
			return refusal
		case fsm.CanceledError:
			return fmt.Errorf("status: fire %v: %w", t, fsm.CanceledError{Err: unmark(err.Err)})
		case fsm.AsyncError:
			err.CancelTransition()
			err.Err = unmark(err.Err)
			return fmt.Errorf("status: fire %v: %w", t, err)
		case fsm.InTransitionError:
			// A leave callback of an earlier step panicked or called Async.
			m.restart()
		default:
			return &CallbackError{Trigger: t, Err: unmark(err)}
		}
	}
}

// restart replaces an fsm that is stuck in a transition, which nothing can
// undo, by a new one in the status that the stuck one never left.
func (m *Machine) restart() {
	m.fsm = fsm.NewFSM(m.fsm.Current(), machineEvents(), m.callbacks)
}

// A CallbackError says that a step of a [Machine] was made, but a callback left
// an error in its event's Err, or passed it to Cancel when it was too late to
// refuse.
type CallbackError struct {
	Trigger Trigger
	Err     error
}

// Error names the trigger and the callback's error.
func (e *CallbackError) Error() string {
	return "status: callback of " + e.Trigger.String() + ": " + e.Err.Error()
}

// Unwrap returns the callback's error.
func (e *CallbackError) Unwrap() error { return e.Err }

// machineEvents is the table in the form of looplab/fsm.
var machineEvents = sync.OnceValue(func() fsm.Events {
	events := make(fsm.Events, 0, len(table))
	for _, row := range table {
		events = append(events, fsm.EventDesc{
			Name: row.Trigger.String(),
			Src:  []string{row.From.String()},
			Dst:  row.To.String(),
		})
	}
	return events
})

// longName returns the name that says when a callback is called, and whether
// it names a status or trigger that exists.
func longName(name string) (string, bool) {
	if slices.Contains(detailedNames[1:], name) {
		return "enter_" + name, true
	}
	if slices.Contains(triggerNames[1:], name) {
		return "after_" + name, true
	}
	when, what, _ := strings.Cut(name, "_")
	switch when {
	case "before", "after":
		return name, what == "event" || slices.Contains(triggerNames[1:], what)
	case "leave", "enter":
		return name, what == "state" || slices.Contains(detailedNames[1:], what)
	default:
		return "", false
	}
}

// callbackMark tells an error that a callback left from one that fsm returned:
// Event returns both bare, and a callback may well leave what another Event
// returned to it.
type callbackMark struct{ error }

func (m callbackMark) Unwrap() error { return m.error }

func marked(callback fsm.Callback) fsm.Callback {
	return func(ctx context.Context, e *fsm.Event) {
		callback(ctx, e)
		if _, done := e.Err.(callbackMark); e.Err != nil && !done { //nolint:errorlint // only the mark itself counts, not one inside
			e.Err = callbackMark{e.Err}
		}
	}
}

func unmark(err error) error {
	if m, ok := err.(callbackMark); ok { //nolint:errorlint // only the mark itself counts, not one inside
		return m.error
	}
	return err
}
