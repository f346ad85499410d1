package storetest

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/memory"
)

// little is enough for what the tests of the suite look for.
var little = effort{seed: 1, rows: 40, questions: 100}

// recorder is a reporter that keeps what it is told.
type recorder struct {
	ctx      context.Context
	mu       sync.Mutex
	failures []string
}

func (r *recorder) Helper()                  {}
func (r *recorder) Context() context.Context { return r.ctx }
func (r *recorder) FailNow()                 { runtime.Goexit() }

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// failures tries a rule and returns what it reports.
func failures(t *testing.T, r rule, e effort, account func(store.Account) (store.Store, error)) []string {
	rec := &recorder{ctx: t.Context()}
	var wg sync.WaitGroup
	wg.Go(func() { r.check(&check{reporter: rec, rule: r, effort: e, account: account}) })
	wg.Wait()
	return rec.failures
}

func TestEveryFaultIsNoticed(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			for _, name := range f.noticedBy {
				i := slices.IndexFunc(rules, func(r rule) bool { return r.name == name })
				require.GreaterOrEqual(t, i, 0, "there is no rule %q", name)
				reported := failures(t, rules[i], little, f.in(memory.New()))
				require.NotEmpty(t, reported, "%q does not notice it", name)
				for _, failure := range reported {
					require.Contains(t, failure, rules[i].says)
				}
			}
		})
	}
}

func TestEveryRuleCanBeBroken(t *testing.T) {
	broken := map[string]bool{}
	for _, f := range faults {
		for _, name := range f.noticedBy {
			broken[name] = true
		}
	}
	for _, r := range rules {
		require.True(t, broken[r.name], "no fault shows that %q notices anything", r.name)
	}
}

func TestSoundStoreKeepsEveryRuleWithAnySeed(t *testing.T) {
	for seed := range uint64(2) {
		e := little
		e.seed = 100 + seed
		for _, r := range rules {
			require.Empty(t, failures(t, r, e, memory.New().Account), "%s, seed %d", r.name, e.seed)
		}
	}
}

func TestRulesHaveNamesOfTheirOwn(t *testing.T) {
	names := map[string]bool{}
	for _, r := range rules {
		require.False(t, names[r.name], r.name)
		names[r.name] = true
	}
}

func TestFailureNamesTheSeedAndTheSmallestPart(t *testing.T) {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.name == "Condition/random trees in random orders" })
	reported := failures(t, rules[i], little, everyStore(relisted(func(l *lister) { l.not = threeValued }))(memory.New()))
	require.Len(t, reported, 1)
	require.Contains(t, reported[0], "STORETEST_SEED=1")
	_, part, ok := strings.Cut(reported[0], "its smallest part that is wrong: ")
	require.True(t, ok)
	require.Regexp(t, `^Not\(\w+ \w+ \[.*\]\)\n`, part, "the negation of one condition is what the fault gets wrong")
}

func TestQuestionsCoverEveryFieldAndOperator(t *testing.T) {
	var fields []filter.Field
	asked := map[filter.Type]map[filter.Op]bool{}
	r := (&check{effort: little}).random()
	rows := generated(t)
	for _, col := range columns {
		fields = append(fields, col.field)
		ops := asked[col.field.Type()]
		if ops == nil {
			ops = map[filter.Op]bool{}
			asked[col.field.Type()] = ops
		}
		for _, q := range col.questions {
			for op := range opsOf(q.ask(r, rows)) {
				ops[op] = true
			}
		}
	}
	require.Equal(t, slices.Collect(filter.Fields()), fields)
	require.Equal(t, map[filter.Type][]filter.Op{
		filter.Enum:    {filter.In, filter.Present},
		filter.Key:     {filter.In, filter.Present},
		filter.Text:    {filter.In, filter.Contains, filter.StartsWith, filter.Present},
		filter.Instant: {filter.Less, filter.Greater, filter.AtLeast, filter.Present},
		filter.Span:    {filter.In, filter.Less, filter.AtMost, filter.Greater, filter.AtLeast, filter.Present},
		filter.Number:  {filter.In, filter.Less, filter.AtMost, filter.Greater, filter.AtLeast, filter.Present},
		filter.Bool:    {filter.In, filter.Present},
		filter.Set:     {filter.Present, filter.AnyOf, filter.AllOf},
	}, sortedOps(asked))
}

func opsOf(p filter.Predicate) map[filter.Op]bool {
	ops := map[filter.Op]bool{}
	switch p := p.(type) {
	case filter.Conjunction:
		for _, q := range p {
			maps.Copy(ops, opsOf(q))
		}
	case filter.Disjunction:
		for _, q := range p {
			maps.Copy(ops, opsOf(q))
		}
	case filter.Negation:
		return opsOf(p.Predicate)
	case filter.Condition:
		ops[p.Op()] = true
	}
	return ops
}

func sortedOps(m map[filter.Type]map[filter.Op]bool) map[filter.Type][]filter.Op {
	sorted := map[filter.Type][]filter.Op{}
	for t, ops := range m {
		sorted[t] = slices.Sorted(maps.Keys(ops))
	}
	return sorted
}

// generated returns the rows that the rules about lists are tried on.
func generated(t *testing.T) []row {
	e := little
	e.rows = 250
	var rows []row
	fill := rule{check: func(c *check) { rows = c.fill(c.store()) }}
	require.Empty(t, failures(t, fill, e, memory.New().Account))
	return rows
}

func TestGeneratedRowsHaveWhatIsHardToAnswer(t *testing.T) {
	rows := generated(t)
	for _, col := range columns {
		present, absent, ties, values := 0, 0, 0, map[filter.Value]bool{}
		for i := range rows {
			v := col.field.ValueOf(&rows[i])
			there := v.Present || len(col.field.MembersOf(&rows[i])) > 0
			switch {
			case !there:
				absent++
			case values[v]:
				ties++
			}
			if there {
				present++
				values[v] = true
			}
		}
		require.Positive(t, present, "%s is never there", col.field)
		if col.field.Optional() {
			require.Positive(t, absent, "%s is always there", col.field)
		}
		if col.field.Sortable() {
			require.Greater(t, len(values), 1, "%s is always the same", col.field)
			if col.field != filter.ConversationNumber.Field {
				require.Positive(t, ties, "%s is never the same", col.field)
			}
		}
	}
	seen := map[status.Detailed]bool{}
	for _, v := range rows {
		seen[v.Detailed()] = true
	}
	for s := range status.AllDetailed() {
		require.True(t, seen[s], "no row is %s", s)
	}
}

func TestRandomTreesAreNested(t *testing.T) {
	r := (&check{effort: little}).random()
	rows := generated(t)
	depths := map[int]int{}
	for range 500 {
		p := tree(r, rows, 4)
		require.NoError(t, filter.Validate(p), describe(p))
		depths[depth(p)]++
	}
	for d := 1; d <= 5; d++ {
		require.Positive(t, depths[d], "no tree has %d levels", d)
	}
}

func depth(p filter.Predicate) int {
	deepest := 0
	for _, part := range partsOf(p) {
		deepest = max(deepest, depth(part))
	}
	return 1 + deepest
}

func TestDescribeWritesEveryNode(t *testing.T) {
	ann := filter.Agent.Is("ann")
	require.Equal(t, `And(Not(agent in ["ann"]), Or(), message_count less [3], agent present [])`,
		describe(filter.And(filter.Not(ann), filter.Or(), filter.MessageCount.Less(3), filter.Agent.Present())))
}

func TestSmallestFindsThePart(t *testing.T) {
	bad := filter.Agent.Is("ann")
	hasBad := func(p filter.Predicate) bool { return strings.Contains(describe(p), "ann") }
	got := smallest(filter.And(filter.All, filter.Not(filter.Or(filter.Spam.Is(true), bad))), hasBad)
	require.Equal(t, describe(bad), describe(got))
	require.Equal(t, describe(filter.And(bad)), describe(smallest(filter.And(bad), func(filter.Predicate) bool { return false })))
}

func TestDifferenceNamesTheColumns(t *testing.T) {
	a := begin("a")
	b, err := a.Apply(asks("q", 1))
	require.NoError(t, err)
	require.Empty(t, difference(fields(a.Snapshot()), fields(a.Snapshot())))
	d := difference(fields(b.Snapshot()), fields(a.Snapshot()))
	require.Contains(t, d, "message_count is 1, want 0")
	require.Contains(t, d, `last_message_at is "2026-03-28T22:00:01Z", want nothing`)
	require.Contains(t, difference(fields(a.Snapshot()), fields(b.Snapshot())), `last_message_at is nothing, want "2026-03-28T22:00:01Z"`)
}
