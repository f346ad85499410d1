package status_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/looplab/fsm"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/status"
)

func newMachine(t require.TestingT, initial status.Detailed, callbacks fsm.Callbacks) *status.Machine {
	m, err := status.NewMachine(initial, callbacks)
	require.NoError(t, err)
	return m
}

func TestMachineFollowsTheTable(t *testing.T) {
	for from := range status.AllDetailed() {
		for trigger := range status.AllTriggers() {
			t.Run(trigger.String()+" from "+from.String(), func(t *testing.T) {
				m := newMachine(t, from, nil)
				require.Equal(t, from, m.Current())

				to, refusal := status.Next(from, trigger)
				err := m.Fire(t.Context(), trigger)
				if refusal != nil {
					require.Equal(t, refusal, err)
					require.Equal(t, from, m.Current())
					return
				}
				require.NoError(t, err)
				require.Equal(t, to, m.Current())
			})
		}
	}
}

func TestMachineRefusesWhatIsNoTrigger(t *testing.T) {
	m := newMachine(t, status.Waiting, nil)
	for _, trigger := range []status.Trigger{0, status.ForceFinish + 1, 255} {
		var refusal *status.TransitionError
		require.ErrorAs(t, m.Fire(t.Context(), trigger), &refusal)
		require.Equal(t, status.TransitionError{From: status.Waiting, Trigger: trigger}, *refusal)
	}
	require.Equal(t, status.Waiting, m.Current())
}

func TestNewMachine(t *testing.T) {
	nothing := func(context.Context, *fsm.Event) {}

	t.Run("refuses a value that is no status", func(t *testing.T) {
		for _, d := range []status.Detailed{0, status.Spam + 1, 255} {
			_, err := status.NewMachine(d, nil)
			require.ErrorIs(t, err, status.ErrInvalid)
		}
	})

	t.Run("takes every name that looplab/fsm knows", func(t *testing.T) {
		names := []string{"before_event", "leave_state", "enter_state", "after_event"}
		for d := range status.AllDetailed() {
			names = append(names, "leave_"+d.String(), "enter_"+d.String())
		}
		for trigger := range status.AllTriggers() {
			names = append(names, "before_"+trigger.String(), trigger.String())
		}
		callbacks := fsm.Callbacks{}
		for _, name := range names {
			callbacks[name] = nothing
		}
		newMachine(t, status.New, callbacks)
	})

	for _, name := range []string{
		"", "_", "close", "before_", "before_finnish", "before_closed", "before_state", "after_closed", "after_state",
		"leave_finish", "leave_event", "enter_finish", "enter_event", "enter_Closed", "during_finish", "event", "state", "Detailed(0)",
	} {
		t.Run("refuses a callback named "+name, func(t *testing.T) {
			_, err := status.NewMachine(status.New, fsm.Callbacks{name: nothing})
			require.ErrorIs(t, err, status.ErrInvalid)
		})
	}

	t.Run("refuses a nil callback", func(t *testing.T) {
		_, err := status.NewMachine(status.New, fsm.Callbacks{"enter_closed": nil})
		require.ErrorIs(t, err, status.ErrInvalid)
	})

	t.Run("refuses a callback under its short and its long name", func(t *testing.T) {
		_, err := status.NewMachine(status.New, fsm.Callbacks{"closed": nothing, "enter_closed": nothing})
		require.ErrorIs(t, err, status.ErrInvalid)
		_, err = status.NewMachine(status.New, fsm.Callbacks{"finish": nothing, "after_finish": nothing})
		require.ErrorIs(t, err, status.ErrInvalid)
	})

	t.Run("keeps its own copy of the callbacks", func(t *testing.T) {
		called := false
		callbacks := fsm.Callbacks{"enter_closed": func(context.Context, *fsm.Event) { called = true }}
		m := newMachine(t, status.New, callbacks)
		delete(callbacks, "enter_closed")
		require.NoError(t, m.Fire(t.Context(), status.Finish))
		require.True(t, called)
	})
}

func TestMachineCallbackOrder(t *testing.T) {
	var called []string
	callbacks := fsm.Callbacks{}
	for _, name := range []string{
		"before_finish", "before_event", "leave_closing", "leave_state", "closed", "enter_state", "finish", "after_event",
		"after_agent_message", "before_agent_message", "enter_closing",
	} {
		callbacks[name] = func(_ context.Context, e *fsm.Event) {
			called = append(called, name+": "+e.Event+" "+e.Src+" "+e.Dst)
		}
	}
	m := newMachine(t, status.Closing, callbacks)

	t.Run("a step that stays calls before and after", func(t *testing.T) {
		called = nil
		require.NoError(t, m.Fire(t.Context(), status.AgentMessage))
		require.Equal(t, []string{
			"before_agent_message: agent_message closing closing",
			"before_event: agent_message closing closing",
			"after_agent_message: agent_message closing closing",
			"after_event: agent_message closing closing",
		}, called)
	})

	t.Run("a refused step calls none", func(t *testing.T) {
		called = nil
		require.ErrorIs(t, m.Fire(t.Context(), status.Accept), status.ErrTransition)
		require.Empty(t, called)
	})

	t.Run("a change calls all eight", func(t *testing.T) {
		called = nil
		require.NoError(t, m.Fire(t.Context(), status.Finish))
		require.Equal(t, []string{
			"before_finish: finish closing closed",
			"before_event: finish closing closed",
			"leave_closing: finish closing closed",
			"leave_state: finish closing closed",
			"closed: finish closing closed",
			"enter_state: finish closing closed",
			"finish: finish closing closed",
			"after_event: finish closing closed",
		}, called)
	})
}

func TestMachineContext(t *testing.T) {
	type key struct{}

	t.Run("a done context stops a step before it begins and does no harm", func(t *testing.T) {
		var called int
		m := newMachine(t, status.New, fsm.Callbacks{"before_event": func(context.Context, *fsm.Event) { called++ }})
		cause, cancel := context.WithCancel(t.Context())
		cancel()
		for range 2 {
			require.ErrorIs(t, m.Fire(cause, status.Accept), context.Canceled)
			require.Equal(t, status.New, m.Current())
			require.Zero(t, called)
		}
		require.NoError(t, m.Fire(t.Context(), status.Accept))
		require.Equal(t, status.Accepted, m.Current())
	})

	t.Run("a context canceled during a step does not stop it", func(t *testing.T) {
		for _, name := range []string{"before_event", "leave_state", "enter_state", "after_event"} {
			ctx, cancel := context.WithCancel(t.Context())
			m := newMachine(t, status.New, fsm.Callbacks{name: func(context.Context, *fsm.Event) { cancel() }})
			require.NoError(t, m.Fire(ctx, status.Accept), name)
			require.NoError(t, m.Fire(t.Context(), status.CustomerMessage), name)
			require.Equal(t, status.Waiting, m.Current(), name)
		}
	})

	t.Run("callbacks get the values and not the deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "value"), time.Hour)
		defer cancel()
		m := newMachine(t, status.New, fsm.Callbacks{"enter_accepted": func(ctx context.Context, _ *fsm.Event) {
			require.Equal(t, "value", ctx.Value(key{}))
			_, limited := ctx.Deadline()
			require.False(t, limited)
		}})
		require.NoError(t, m.Fire(ctx, status.Accept))
	})
}

func TestMachineCallbackErrors(t *testing.T) {
	errHost := errors.New("host error")
	cancel := func(_ context.Context, e *fsm.Event) { e.Cancel(errHost) }
	cancelBare := func(_ context.Context, e *fsm.Event) { e.Cancel() }
	leave := func(_ context.Context, e *fsm.Event) { e.Err = errHost }

	for _, name := range []string{"before_accept", "before_event", "leave_new", "leave_state"} {
		t.Run(name+" that cancels keeps the status", func(t *testing.T) {
			m := newMachine(t, status.New, fsm.Callbacks{name: cancel})
			for range 2 {
				err := m.Fire(t.Context(), status.Accept)
				require.ErrorIs(t, err, errHost)
				var canceled fsm.CanceledError
				require.ErrorAs(t, err, &canceled)
				require.Equal(t, errHost, canceled.Err)
				require.EqualError(t, err, "status: fire accept: transition canceled with error: host error")
				require.NotErrorIs(t, err, status.ErrTransition)
				require.Equal(t, status.New, m.Current())
			}
		})

		t.Run(name+" that cancels without a reason keeps the status", func(t *testing.T) {
			m := newMachine(t, status.New, fsm.Callbacks{name: cancelBare})
			var canceled fsm.CanceledError
			require.ErrorAs(t, m.Fire(t.Context(), status.Accept), &canceled)
			require.NoError(t, canceled.Err)
			require.Equal(t, status.New, m.Current())
		})
	}

	for _, name := range []string{"before_accept", "leave_new", "enter_accepted", "after_accept"} {
		t.Run(name+" that leaves an error is reported after the step", func(t *testing.T) {
			m := newMachine(t, status.New, fsm.Callbacks{name: leave})
			requireCallbackError(t, m.Fire(t.Context(), status.Accept), status.Accept, errHost)
			require.Equal(t, status.Accepted, m.Current())
		})
	}

	for _, name := range []string{"before_customer_message", "after_customer_message"} {
		t.Run(name+" that leaves an error is reported after a step that stays", func(t *testing.T) {
			m := newMachine(t, status.New, fsm.Callbacks{name: leave})
			requireCallbackError(t, m.Fire(t.Context(), status.CustomerMessage), status.CustomerMessage, errHost)
			require.Equal(t, status.New, m.Current())
		})
	}

	t.Run("canceling after the change is too late", func(t *testing.T) {
		m := newMachine(t, status.New, fsm.Callbacks{"enter_accepted": cancel, "enter_closed": cancelBare})
		requireCallbackError(t, m.Fire(t.Context(), status.Accept), status.Accept, errHost)
		require.Equal(t, status.Accepted, m.Current())
		require.NoError(t, m.Fire(t.Context(), status.Finish))
		require.Equal(t, status.Closed, m.Current())
	})

	t.Run("an error that a later callback takes back is not reported", func(t *testing.T) {
		m := newMachine(t, status.New, fsm.Callbacks{
			"enter_accepted": leave,
			"after_accept": func(_ context.Context, e *fsm.Event) {
				if errors.Is(e.Err, errHost) {
					e.Err = nil
				}
			},
		})
		require.NoError(t, m.Fire(t.Context(), status.Accept))
	})

	t.Run("an error left early comes out as it was", func(t *testing.T) {
		nothing := func(context.Context, *fsm.Event) {}
		m := newMachine(t, status.New, fsm.Callbacks{"before_event": leave, "leave_state": nothing, "enter_state": nothing, "after_event": nothing})
		requireCallbackError(t, m.Fire(t.Context(), status.Accept), status.Accept, errHost)
	})

	t.Run("the error of another machine is not taken for one of this", func(t *testing.T) {
		for _, foreign := range []error{
			fsm.InTransitionError{Event: "accept"},
			fsm.InvalidEventError{Event: "accept", State: "closed"},
			fsm.NoTransitionError{},
			fsm.CanceledError{},
		} {
			for _, name := range []string{"before_event", "after_event"} {
				m := newMachine(t, status.New, fsm.Callbacks{name: func(_ context.Context, e *fsm.Event) { e.Err = foreign }})
				requireCallbackError(t, m.Fire(t.Context(), status.Accept), status.Accept, foreign)
				require.Equal(t, status.Accepted, m.Current())
				requireCallbackError(t, m.Fire(t.Context(), status.TakeOver), status.TakeOver, foreign)
			}
		}
	})
}

func requireCallbackError(t *testing.T, err error, trigger status.Trigger, cause error) {
	t.Helper()
	var callbackErr *status.CallbackError
	require.ErrorAs(t, err, &callbackErr)
	require.Equal(t, status.CallbackError{Trigger: trigger, Err: cause}, *callbackErr)
	require.ErrorIs(t, err, cause)
	require.EqualError(t, err, "status: callback of "+trigger.String()+": "+cause.Error())
}

func TestMachineAsync(t *testing.T) {
	errHost := errors.New("host error")
	var event *fsm.Event
	m := newMachine(t, status.New, fsm.Callbacks{"leave_new": func(_ context.Context, e *fsm.Event) {
		event = e
		e.Err = errHost
		e.Async()
	}})
	for range 2 {
		err := m.Fire(t.Context(), status.Accept)
		var async fsm.AsyncError
		require.ErrorAs(t, err, &async)
		require.Equal(t, errHost, async.Err)
		require.Equal(t, status.New, m.Current())

		_ = event.FSM.Transition()
		require.Equal(t, status.New, m.Current(), "the step was refused and cannot be completed")
	}
	require.NoError(t, m.Fire(t.Context(), status.CustomerMessage))
}

func TestMachinePanic(t *testing.T) {
	for name, want := range map[string]status.Detailed{
		"before_accept":  status.New,
		"leave_new":      status.New,
		"enter_accepted": status.Accepted,
		"after_accept":   status.Accepted,
	} {
		t.Run("a machine works on after a panic in "+name, func(t *testing.T) {
			panics := true
			m := newMachine(t, status.New, fsm.Callbacks{name: func(context.Context, *fsm.Event) {
				if panics {
					panic("host panic")
				}
			}})
			require.PanicsWithValue(t, "host panic", func() { _ = m.Fire(t.Context(), status.Accept) })
			require.Equal(t, want, m.Current())
			panics = false
			require.NoError(t, m.Fire(t.Context(), status.Forward))
			require.Equal(t, status.Accepted, m.Current())
			require.NoError(t, m.Fire(t.Context(), status.Finish))
			require.Equal(t, status.Closed, m.Current())
		})
	}
}

func TestMachineNested(t *testing.T) {
	for _, name := range []string{"enter_closing", "enter_state", "after_start_closing", "after_event"} {
		t.Run(name+" may fire the next step", func(t *testing.T) {
			var m *status.Machine
			m = newMachine(t, status.Replied, fsm.Callbacks{name: func(ctx context.Context, e *fsm.Event) {
				if e.Dst == status.Closing.String() {
					e.Err = m.Fire(ctx, status.Finish)
				}
			}})
			require.NoError(t, m.Fire(t.Context(), status.StartClosing))
			require.Equal(t, status.Closed, m.Current())
		})
	}

	t.Run("before and leave callbacks may read the status", func(t *testing.T) {
		var (
			m    *status.Machine
			read []status.Detailed
		)
		note := func(context.Context, *fsm.Event) { read = append(read, m.Current()) }
		m = newMachine(t, status.New, fsm.Callbacks{"before_event": note, "leave_state": note, "enter_state": note})
		require.NoError(t, m.Fire(t.Context(), status.Accept))
		require.Equal(t, []status.Detailed{status.New, status.New, status.Accepted}, read)
	})
}

// The machine, whatever its callbacks do to it, is where Next says.
func TestMachineModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		errHost := errors.New("host error")
		var misbehave func(e *fsm.Event) // one callback of one step, if not nil
		var where string
		at := func(name string) fsm.Callback {
			return func(_ context.Context, e *fsm.Event) {
				if name == where && misbehave != nil {
					misbehave(e)
				}
			}
		}
		model := rapid.SampledFrom(slices.Collect(status.AllDetailed())).Draw(t, "initial")
		m := newMachine(t, model, fsm.Callbacks{
			"before_event": at("before"), "leave_state": at("leave"), "enter_state": at("enter"), "after_event": at("after"),
		})
		fire := func(ctx context.Context, t *rapid.T) (trigger status.Trigger, err error, panicked bool) {
			trigger = rapid.SampledFrom(slices.Collect(status.AllTriggers())).Draw(t, "trigger")
			defer func() { panicked = recover() != nil }()
			return trigger, m.Fire(ctx, trigger), false
		}
		// step lets the callback at one place misbehave and returns what Next says.
		step := func(t *rapid.T, place string, do func(*fsm.Event)) (to status.Detailed, met bool, err error, panicked bool) {
			from := m.Current()
			where, misbehave = place, func(e *fsm.Event) { met = true; do(e) }
			trigger, err, panicked := fire(context.Background(), t)
			misbehave = nil
			to, refusal := status.Next(from, trigger)
			if refusal != nil {
				require.Equal(t, refusal, err)
				require.False(t, met)
				return from, false, err, false
			}
			if !met {
				require.NoError(t, err)
			}
			return to, met, err, panicked
		}

		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				require.Equal(t, model, m.Current())
			},
			"step": func(t *rapid.T) {
				model, _, _, _ = step(t, "", nil)
			},
			"step with a done context": func(t *rapid.T) {
				ctx, cancel := context.WithCancel(context.Background())
				cancel()
				_, err, _ := fire(ctx, t)
				require.ErrorIs(t, err, context.Canceled)
			},
			"step that a callback cancels": func(t *rapid.T) {
				place := rapid.SampledFrom([]string{"before", "leave"}).Draw(t, "place")
				to, met, err, _ := step(t, place, func(e *fsm.Event) { e.Cancel(errHost) })
				if met {
					require.ErrorAs(t, err, &fsm.CanceledError{})
					return
				}
				model = to
			},
			"step that a callback wants later": func(t *rapid.T) {
				to, met, err, _ := step(t, "leave", func(e *fsm.Event) { e.Async() })
				if met {
					require.ErrorAs(t, err, &fsm.AsyncError{})
					return
				}
				model = to
			},
			"step with an error left": func(t *rapid.T) {
				place := rapid.SampledFrom([]string{"before", "leave", "enter", "after"}).Draw(t, "place")
				to, met, err, _ := step(t, place, func(e *fsm.Event) { e.Err = errHost })
				if met {
					var callbackErr *status.CallbackError
					require.ErrorAs(t, err, &callbackErr)
				}
				model = to
			},
			"step with a panic": func(t *rapid.T) {
				place := rapid.SampledFrom([]string{"before", "leave", "enter", "after"}).Draw(t, "place")
				to, met, _, panicked := step(t, place, func(*fsm.Event) { panic("host panic") })
				require.Equal(t, met, panicked)
				if met && (place == "before" || place == "leave") {
					return
				}
				model = to
			},
		})
	})
}

func BenchmarkMachine(b *testing.B) {
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := status.NewMachine(status.Replied, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("reused", func(b *testing.B) {
		b.ReportAllocs()
		m, err := status.NewMachine(status.Replied, nil)
		require.NoError(b, err)
		ctx := context.Background()
		for i := 0; b.Loop(); i++ {
			if err := m.Fire(ctx, benchmarkSteps[i%2]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
