package sqlstore

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
	"github.com/colloquy-go/colloquy/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestEveryFieldHasItsColumn(t *testing.T) {
	inSets := map[filter.Field]bool{}
	for i, s := range sets {
		require.Equal(t, int64(i+1), s.number, "the numbers of sets are stored")
		inSets[s.field] = true
	}
	for f := range filter.Fields() {
		c, ok := columnsOf[f]
		require.Equal(t, f.Type() == filter.Set, inSets[f], "%s is in the table of members if it is a set", f)
		require.Equal(t, f.Type() != filter.Set, ok, "%s has a column if it is none", f)
		if !ok {
			continue
		}
		require.Equal(t, f.Key(), c.value, "the column of a field has its key for a name")
		if f.Type() == filter.Text {
			require.Equal(t, f.Key()+"_folded", c.sorted)
		} else {
			require.Equal(t, f.Key(), c.sorted)
		}
	}
}

func TestColumnsAreThoseOfTheTable(t *testing.T) {
	st := testAccount(t)
	rows, err := st.db.pool.QueryContext(t.Context(), "SELECT name, \"notnull\" FROM pragma_table_info('colloquy_conversations')")
	require.NoError(t, err)
	defer rows.Close()
	needed := map[string]bool{}
	for rows.Next() {
		var (
			name string
			need bool
		)
		require.NoError(t, rows.Scan(&name, &need))
		needed[name] = need
	}
	require.NoError(t, rows.Err())
	require.Len(t, needed, len(columns)+1, "and the account")
	for _, c := range columns {
		need, ok := needed[c.name]
		require.True(t, ok, c.name)
		if c.field != (filter.Field{}) {
			require.Equal(t, !c.field.Optional(), need, "%s may be absent where its field may", c.name)
		}
	}
}

func testAccount(t testing.TB) *account {
	t.Helper()
	db, err := New(openFile(t, filepath.Join(t.TempDir(), "conversations.db"), recommended), SQLite)
	require.NoError(t, err)
	require.NoError(t, db.Migrate(t.Context()))
	st, err := db.Account("acme")
	require.NoError(t, err)
	return st.(*account)
}

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// questions are those of the golden file.
var questions = []struct {
	name string
	q    store.Query
}{
	{"the default list", all},
	{"the default list, further", all},
	{"the default list, back", all},
	{"in the order of numbers, further", all.OrderBy()},
	{"active", all.Where(filter.Active)},
	{"my active, further", all.Where(filter.MyActive("ann"))},
	{"unassigned", all.Where(filter.Unassigned)},
	{"my inbox", all.Where(filter.MyInbox("ann", "sales", "support"))},
	{"waiting for longer than an hour, the longest first", all.Where(filter.WaitingLonger(time.Hour, noon)).OrderBy(filter.WaitingSince.Asc())},
	{"not of an agent, who may be absent", all.Where(filter.Not(filter.Agent.Is("ann")))},
	{"texts, whose wildcards are none", all.Where(filter.Customer.Contains(`100%_'\`), filter.SitePage.StartsWith("https://"))},
	{"numbers and spans", all.Where(filter.MessageCount.Greater(3), filter.MaxReaction.Between(time.Minute, time.Hour), filter.ReviewRating.In(4, 5))},
	{"sets", all.Where(filter.Links.AllOf(conversation.Link{Kind: "deal", ID: "7"}, conversation.Link{Kind: "contact", ID: "8"}), filter.LinkKinds.NoneOf("lead"))},
	{"what is true of every row", all.Where(filter.Or(filter.Source.In(), filter.And(), filter.Agent.Is("ann")), filter.Not(filter.Participants.AnyOf()))},
	{"what is true of none", all.Where(filter.Agent.Is("ann"), filter.Not(filter.Spam.Present()))},
	{"several keys", all.OrderBy(filter.Agent.Asc(), filter.MaxReaction.Desc(), filter.CreatedAt.Asc())},
	{"several keys, further", all.OrderBy(filter.Agent.Asc(), filter.MaxReaction.Desc(), filter.CreatedAt.Asc())},
	{"several keys, back", all.OrderBy(filter.Agent.Asc(), filter.MaxReaction.Desc(), filter.CreatedAt.Asc())},
	{"within a scope", store.NewQuery(access.Within(filter.OpenChannelID.Is("sales"))).Where(filter.General.Is(status.GeneralWaiting)).Limit(10)},
}

var all = store.NewQuery(access.System())

func TestStatements(t *testing.T) {
	st := testAccount(t)
	here := benchConversations(t, 0, 2)[1].Saved(7)
	var b strings.Builder
	for _, question := range questions {
		fmt.Fprintf(&b, "-- %s\n", question.name)
		plan := planned(t, question.q, &here)
		switch {
		case strings.HasSuffix(question.name, ", back"):
			plan.After.Back = true
		case !strings.HasSuffix(question.name, ", further"):
			plan.After = nil
		}
		for _, s := range st.parts(plan) {
			_, text, _ := strings.Cut(s.String(), " FROM ")
			fmt.Fprintf(&b, "... FROM %s\n    -- %v\n", text, s.values)
		}
		b.WriteString("\n")
	}
	golden := filepath.Join("testdata", "statements.sql")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), "go test -update rewrites the file")
}

// planned returns the plan for what comes behind a conversation.
func planned(t *testing.T, q store.Query, here *conversation.Conversation) store.Plan {
	t.Helper()
	plan, err := q.Plan()
	require.NoError(t, err)
	after := plan.Order.PositionOf(here)
	plan.After = &after
	return plan
}

func TestListsAreReadFromAnIndexInTheirOrder(t *testing.T) {
	st := testAccount(t)
	here := benchConversations(t, 0, 2)[1].Saved(7)
	for _, list := range []struct {
		name  string
		q     store.Query
		index string
	}{
		{"the default list", all, "last_message"},
		{"in the order of numbers", all.OrderBy(), "number"},
		{"the newest number first", all.OrderBy(filter.ConversationNumber.Desc()), "number"},
		{"by creation", all.OrderBy(filter.CreatedAt.Asc()), "created"},
		{"who waits longest", all.OrderBy(filter.WaitingSince.Asc()), "waiting"},
		{"who waits for longer than this", all.Where(filter.WaitingLonger(time.Hour, noon)).OrderBy(filter.WaitingSince.Asc()), "waiting"},
		{"active", all.Where(filter.Active), "active"},
		{"waiting", all.Where(filter.General.Is(status.GeneralWaiting)), "active"},
		{"closed", all.Where(filter.Detailed.Is(status.Closed)), "active"},
		{"mine", all.Where(filter.Mine("ann")), "agent"},
		{"of an open channel", all.Where(filter.OpenChannelID.Is("sales")), "open_channel"},
	} {
		t.Run(list.name, func(t *testing.T) {
			plan := planned(t, list.q, &here)
			back := *plan.After
			back.Back = true
			for _, plan.After = range []*filter.Position{nil, plan.After, &back} {
				for _, s := range st.parts(plan) {
					steps := planOf(t, st, s)
					require.Len(t, steps, 1, "one index, no sorting: %s", steps)
					require.Contains(t, steps[0], "INDEX colloquy_conversations_"+list.index+" (", s)
				}
			}
		})
	}
}

func TestTimelinesAreReadFromTheirKeyInOrder(t *testing.T) {
	st := testAccount(t)
	c := benchConversations(t, 0, 1)[0]
	for _, newestFirst := range []bool{false, true} {
		for _, after := range []*store.Place{nil, {At: 1, Seq: 1}} {
			steps := planOf(t, st, st.timeline(c.ID(), store.RangePlan{Limit: 50, NewestFirst: newestFirst, After: after}))
			require.Len(t, steps, 1, "no sorting: %s", steps)
			require.Contains(t, steps[0], "USING PRIMARY KEY (account=? AND conversation_id=?")
		}
	}
}

// planOf returns what SQLite is going to do.
func planOf(t *testing.T, st *account, s *statement) (steps []string) {
	t.Helper()
	rows, err := st.db.pool.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+s.String(), s.values...)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var (
			id, parent, unused int
			step               string
		)
		require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	require.NoError(t, rows.Err())
	return steps
}

func TestSuccessor(t *testing.T) {
	for _, e := range []struct{ prefix, want string }{
		{"a", "b"},
		{"łukasz", "łukas{"},
		{"a\u007f", "a\u0080"},
		{"\ud7ff", "\ue000"},
		{"a\U0010ffff", "b"},
	} {
		got, ok := successor(e.prefix)
		require.True(t, ok, "%q", e.prefix)
		require.Equal(t, e.want, got, "%q", e.prefix)
	}
	for _, prefix := range []string{"", "\U0010ffff", "\U0010ffff\U0010ffff"} {
		_, ok := successor(prefix)
		require.False(t, ok, "%q", prefix)
	}
}
