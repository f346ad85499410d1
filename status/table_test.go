package status_test

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/status"
)

// matrix is the table of transitions written by hand: "=" stays, "-" is
// refused. The package comment shows the same lines.
const matrix = `
                  new       queued    accepted  waiting  waiting_again  replied        closing        closed  spam
customer_message  =         =         waiting   =        =              waiting_again  waiting_again  -       -
agent_message     replied   replied   replied   replied  replied        =              =              -       -
accept            accepted  accepted  -         -        -              -              -              -       -
take_over         -         -         =         =        =              =              -              -       -
forward           accepted  accepted  =         =        =              =              -              -       -
queue             queued    =         queued    queued   queued         queued         -              -       -
start_closing     closing   closing   closing   closing  closing        closing        -              -       -
finish            closed    closed    closed    closed   closed         closed         closed         -       -
force_finish      spam      spam      spam      spam     spam           spam           spam           -       -
`

func TestNext(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(matrix), "\n")
	statuses := strings.Fields(lines[0])
	pairs := map[[2]string]bool{}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		require.Len(t, cells, 1+len(statuses), line)
		trigger, err := status.ParseTrigger(cells[0])
		require.NoError(t, err)
		for i, cell := range cells[1:] {
			from, err := status.ParseDetailed(statuses[i])
			require.NoError(t, err)
			pairs[[2]string{statuses[i], cells[0]}] = true

			if cell == "-" {
				t.Run(cells[0]+" from "+statuses[i]+" is refused", func(t *testing.T) {
					requireRefused(t, from, trigger)
				})
				continue
			}
			if cell == "=" {
				cell = statuses[i]
			}
			t.Run(cells[0]+" from "+statuses[i]+" to "+cell, func(t *testing.T) {
				to, err := status.Next(from, trigger)
				require.NoError(t, err)
				require.Equal(t, cell, to.String())
			})
		}
	}
	require.Len(t, pairs, 9*9)

	t.Run("a value that is no status or no trigger is refused", func(t *testing.T) {
		for _, d := range []status.Detailed{0, status.Spam + 1, 255} {
			requireRefused(t, d, status.Finish)
			requireRefused(t, d, 0)
		}
		for _, trigger := range []status.Trigger{0, status.ForceFinish + 1, 255} {
			requireRefused(t, status.New, trigger)
			requireRefused(t, 255, trigger)
		}
	})
}

func requireRefused(t *testing.T, from status.Detailed, trigger status.Trigger) {
	t.Helper()
	to, err := status.Next(from, trigger)
	require.Zero(t, to)
	require.ErrorIs(t, err, status.ErrTransition)
	var refusal *status.TransitionError
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, status.TransitionError{From: from, Trigger: trigger}, *refusal)
	require.EqualError(t, err, "status: "+trigger.String()+" from "+from.String()+": transition not allowed")
}

func TestNextAllocatesNothing(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(100, func() {
		for from := range status.AllDetailed() {
			for trigger := range status.AllTriggers() {
				_, _ = status.Next(from, trigger)
			}
		}
	}))
}

func TestPackageCommentShowsTheTable(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	var comment strings.Builder
	for line := range strings.Lines(strings.TrimPrefix(matrix, "\n")) {
		comment.WriteString("//\t" + line)
	}
	require.Contains(t, strings.ReplaceAll(string(source), "\r\n", "\n"), comment.String())
}

func TestTransitions(t *testing.T) {
	rows := slices.Collect(status.Transitions())

	t.Run("come by trigger and then by status, no pair twice", func(t *testing.T) {
		for i := 1; i < len(rows); i++ {
			a, b := rows[i-1], rows[i]
			require.Negative(t, cmp.Or(cmp.Compare(a.Trigger, b.Trigger), cmp.Compare(a.From, b.From)), "%v before %v", a, b)
		}
	})

	t.Run("are the steps that Next makes", func(t *testing.T) {
		var steps []status.Transition
		for trigger := range status.AllTriggers() {
			for from := range status.AllDetailed() {
				if to, err := status.Next(from, trigger); err == nil {
					steps = append(steps, status.Transition{Trigger: trigger, From: from, To: to})
				}
			}
		}
		require.Equal(t, steps, rows)
	})

	t.Run("a loop can stop early", func(t *testing.T) {
		for row := range status.Transitions() {
			require.Equal(t, rows[0], row)
			break
		}
	})
}

func TestAllowed(t *testing.T) {
	t.Run("are the triggers that Next takes, in order", func(t *testing.T) {
		for from := range status.AllDetailed() {
			var want []status.Trigger
			for trigger := range status.AllTriggers() {
				if _, err := status.Next(from, trigger); err == nil {
					want = append(want, trigger)
				}
			}
			require.Equal(t, want, slices.Collect(status.Allowed(from)), "from %v", from)
		}
	})

	t.Run("are none where nothing can happen any more", func(t *testing.T) {
		for _, from := range []status.Detailed{status.Closed, status.Spam, 0, status.Spam + 1, 255} {
			require.Empty(t, slices.Collect(status.Allowed(from)), "from %v", from)
		}
	})

	t.Run("a loop can stop early", func(t *testing.T) {
		for trigger := range status.Allowed(status.Closing) {
			require.Equal(t, status.CustomerMessage, trigger)
			break
		}
	})
}

// benchmarkSteps lead from replied to waiting_again and back.
var benchmarkSteps = [2]status.Trigger{status.CustomerMessage, status.AgentMessage}

func BenchmarkNext(b *testing.B) {
	b.Run("allowed", func(b *testing.B) {
		b.ReportAllocs()
		var (
			d   = status.Replied
			err error
		)
		for i := 0; b.Loop(); i++ {
			if d, err = status.Next(d, benchmarkSteps[i%2]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("refused", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := status.Next(status.Closed, benchmarkSteps[i%2]); err == nil {
				b.Fatal("not refused")
			}
		}
	})
}
