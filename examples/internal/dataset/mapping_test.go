package dataset_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/examples/internal/dataset"
	"github.com/colloquy-go/colloquy/status"
)

// told is a timeline as one line for each event: minute, kind, author, and what else matters.
func told(t *testing.T, c conversation.Conversation) []string {
	t.Helper()
	events, known := c.Timeline()
	require.True(t, known)
	var lines []string
	for _, e := range events {
		line := fmt.Sprintf("%.0f %s by %s", e.At.Sub(events[0].At).Minutes(), e.Kind(), e.By)
		switch b := e.Body.(type) {
		case conversation.Started:
			line += fmt.Sprintf(" of %s in %s from %s", b.Customer.ID, b.OpenChannel.ID, b.Source)
		case conversation.ForwardedToAgent:
			line += " to " + string(b.To)
		case conversation.Noted:
			line += ": " + b.Text
		}
		lines = append(lines, line)
	}
	return lines
}

func chat(rows ...string) dataset.Thread[dataset.Message] {
	sides := map[string]dataset.Side{"client": dataset.CustomerSide, "operator": dataset.AgentSide, "bot": dataset.BotSide}
	t := dataset.Thread[dataset.Message]{Key: "2015-12-28.train-b#1"}
	for i, row := range rows {
		side, author, _ := strings.Cut(row, " ")
		t.Rows = append(t.Rows, dataset.Message{
			ConversationID: t.Key, Seq: i + 1, LogLine: i + 1, Side: sides[side], Author: author,
			CreatedAt: time.Date(2015, 12, 28, 15, i, 0, 0, time.UTC), Text: row,
		})
	}
	return t
}

func TestChatBecomesConversation(t *testing.T) {
	tests := []struct {
		name   string
		rows   []string
		want   []string
		status status.Detailed
		agent  conversation.AgentID
	}{
		{
			"who replies first serves, a colleague and a bot do not",
			[]string{"client u1", "bot ubottu", "operator u2", "operator u3"},
			[]string{
				"0 started by customer of u1 in irc-ubuntu from irc", "0 wrote by customer", "1 wrote by bot ubottu",
				"2 wrote by agent u2", "3 wrote by agent u3",
			},
			status.Replied, "u2",
		},
		{
			"a bot's message is no reply",
			[]string{"client u1", "bot ubottu"},
			[]string{"0 started by customer of u1 in irc-ubuntu from irc", "0 wrote by customer", "1 wrote by bot ubottu"},
			status.New, "",
		},
		{
			"nobody is known to have asked",
			[]string{"bot ubottu"},
			[]string{"0 started by customer of unknown in irc-ubuntu from irc", "0 wrote by bot ubottu"},
			status.New, "",
		},
		{
			"a bot is first and the one who asks comes later",
			[]string{"bot ubottu", "client u1", "operator u2", "client u1"},
			[]string{
				"0 started by customer of u1 in irc-ubuntu from irc", "0 wrote by bot ubottu", "1 wrote by customer",
				"2 wrote by agent u2", "3 wrote by customer",
			},
			status.WaitingAgain, "u2",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := dataset.MessageConversation(chat(test.rows...))
			require.NoError(t, err)
			require.Equal(t, test.want, told(t, c))
			require.Equal(t, test.status, c.Detailed())
			require.Equal(t, test.agent, c.Agent())
		})
	}
}

func TestThreadOfTweetsBecomesConversation(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2017, 10, 31, 22, minute, 0, 0, time.UTC) }
	tests := []struct {
		name      string
		rows      []dataset.Tweet
		want      []string
		direction conversation.Direction
	}{
		{
			"a customer is first, another joins in, a second company too",
			[]dataset.Tweet{
				{ID: 1, Author: "115712", Inbound: true, CreatedAt: at(0), Text: "@acme why"},
				{ID: 2, Author: "115713", Inbound: true, CreatedAt: at(1)},
				{ID: 3, Author: "acme", CreatedAt: at(2)},
				{ID: 4, Author: "other", CreatedAt: at(3)},
			},
			[]string{
				"0 started by customer of 115712 in acme from twitter", "0 wrote by customer", "1 wrote by customer 115713",
				"2 wrote by agent acme", "3 wrote by agent other",
			},
			conversation.Incoming,
		},
		{
			"the company is first",
			[]dataset.Tweet{
				{ID: 1, Author: "acme", CreatedAt: at(0)},
				{ID: 2, Author: "115712", Inbound: true, CreatedAt: at(1)},
			},
			[]string{"0 started by agent acme of 115712 in acme from twitter", "0 wrote by agent acme", "1 wrote by customer"},
			conversation.Outgoing,
		},
		{
			"no customer wrote, but one is named",
			[]dataset.Tweet{{ID: 1, Author: "acme", CreatedAt: at(0), Text: "@115712 sorry"}},
			[]string{"0 started by agent acme of 115712 in acme from twitter", "0 wrote by agent acme"},
			conversation.Outgoing,
		},
		{
			"no company wrote, but one is named",
			[]dataset.Tweet{{ID: 1, Author: "115712", Inbound: true, CreatedAt: at(0), Text: "@Acme_Help: why"}},
			[]string{"0 started by customer of 115712 in Acme_Help from twitter", "0 wrote by customer"},
			conversation.Incoming,
		},
		{
			"no company at all",
			[]dataset.Tweet{{ID: 1, Author: "115712", Inbound: true, CreatedAt: at(0), Text: "why"}},
			[]string{"0 started by customer of 115712 in unknown from twitter", "0 wrote by customer"},
			conversation.Incoming,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := dataset.TweetConversation(dataset.Thread[dataset.Tweet]{Key: "1", Rows: test.rows})
			require.NoError(t, err)
			require.Equal(t, test.want, told(t, c))
			require.Equal(t, test.direction, c.Direction())
		})
	}
}

// incident builds the thread of "state/group/assigned/updater" rows, one a minute,
// opened a minute before the first.
func incident(rows ...string) dataset.Thread[dataset.IncidentUpdate] {
	opened := time.Date(2016, 5, 4, 9, 0, 0, 0, time.UTC)
	t := dataset.Thread[dataset.IncidentUpdate]{Key: "INC1"}
	for i, row := range rows {
		f := strings.Split(row, "/")
		t.Rows = append(t.Rows, dataset.IncidentUpdate{
			Number: "INC1", State: dataset.State(f[0]), Group: f[1], AssignedTo: f[2], UpdatedBy: f[3], ModCount: i,
			Caller: "7", ContactType: "Self service", OpenedAt: opened, UpdatedAt: opened.Add(time.Duration(i+1) * time.Minute),
		})
	}
	return t
}

func TestIncidentBecomesConversation(t *testing.T) {
	const (
		started  = "0 started by customer of caller-7 in service-desk from self_service"
		reported = "0 wrote by customer"
	)
	tests := []struct {
		name   string
		rows   []string
		want   []string
		status status.Detailed
		agent  conversation.AgentID
	}{
		{
			"nobody has it yet",
			[]string{"New/70//44"},
			nil,
			status.New, "",
		},
		{
			"assigned, asked, told, resolved, closed by the automatic updater",
			[]string{
				"New/70//44", "Active/70/5/44", "Awaiting User Info/70/5/44", "Active/70/5/44", "Resolved/70/5/44", "Closed/70/5/908",
			},
			[]string{
				"2 accepted by agent resolver-5", "3 wrote by agent resolver-5", "4 wrote by customer",
				"5 finished by agent resolver-5", "6 finished by system",
			},
			status.Closed, "resolver-5",
		},
		{
			"given to another, then to nobody, then to another group",
			[]string{"Active/70/5/44", "Active/70/6/44", "Active/70//44", "Active/25//908"},
			[]string{
				"1 accepted by agent resolver-5", "2 forwarded_to_agent by agent updater-44 to resolver-6",
				"3 queued by agent updater-44", "4 queued by system",
			},
			status.Queued, "",
		},
		{
			"another group while somebody has it, or the first group at all, is a note",
			[]string{"New///44", "New/70//44", "New/70/5/44", "New/25/5/44", "New/25/5/45"},
			[]string{
				"2 noted by system: update 1 by 44, group none → 70", "3 accepted by agent resolver-5",
				"4 noted by system: update 3 by 44, group 70 → 25", "5 noted by system: update 4 by 45",
			},
			status.Accepted, "resolver-5",
		},
		{
			"waiting for a vendor changes nothing for the caller",
			[]string{"Active/70/5/44", "Awaiting Vendor/70/5/44"},
			[]string{"1 accepted by agent resolver-5", "2 noted by system: update 1 by 44, state Active → Awaiting Vendor"},
			status.Accepted, "resolver-5",
		},
		{
			"the person who updates serves when nobody is assigned",
			[]string{"New/70//44", "Awaiting User Info/70//44", "Resolved/70//45"},
			[]string{"2 wrote by agent updater-44", "3 finished by agent updater-45"},
			status.Closing, "updater-44",
		},
		{
			"the automatic updater is no person",
			[]string{"New/70/5/44", "Awaiting User Info/70/5/908", "Resolved/70/5/908"},
			[]string{
				"1 accepted by agent resolver-5", "2 noted by system: update 1 by 908, state New → Awaiting User Info",
				"3 auto_replied by system",
			},
			status.Closing, "resolver-5",
		},
		{
			"begins resolved",
			[]string{"Resolved/70/5/44"},
			[]string{"1 accepted by agent resolver-5", "1 finished by agent resolver-5"},
			status.Closing, "resolver-5",
		},
		{
			"reopened, for another resolver",
			[]string{"Resolved/70/5/44", "Resolved/70/6/44", "Active/70/6/44"},
			[]string{
				"1 accepted by agent resolver-5", "1 finished by agent resolver-5",
				"2 noted by system: update 1 by 44, assigned to 5 → 6",
				"3 wrote by customer", "3 forwarded_to_agent by agent updater-44 to resolver-6",
			},
			status.WaitingAgain, "resolver-6",
		},
		{
			"reopened while nobody serves, then assigned: accepting is for what is new or queued",
			[]string{"Resolved/70//908", "Active/70//44", "Active/70/5/44"},
			[]string{
				"1 auto_replied by system", "2 wrote by customer", "3 forwarded_to_agent by agent updater-44 to resolver-5",
			},
			status.WaitingAgain, "resolver-5",
		},
		{
			"reopened to ask",
			[]string{"Resolved/70/5/44", "Awaiting User Info/70/5/44"},
			[]string{
				"1 accepted by agent resolver-5", "1 finished by agent resolver-5", "2 wrote by customer", "2 wrote by agent resolver-5",
			},
			status.Replied, "resolver-5",
		},
		{
			"closed more than once: the last time counts",
			[]string{
				"Resolved/70/5/44", "Closed/70/5/908", "Active/70/5/44", "Closed/70/5/44", "Closed/70/5/44",
			},
			[]string{
				"1 accepted by agent resolver-5", "1 finished by agent resolver-5",
				"2 noted by system: update 1 by 908, state Resolved → Closed",
				"3 wrote by customer", "4 finished by agent resolver-5", "5 finished by agent resolver-5",
			},
			status.Closed, "resolver-5",
		},
		{
			"closed by a person without being resolved",
			[]string{"New/70/5/44", "Closed/70/5/44"},
			[]string{"1 accepted by agent resolver-5", "2 finished by agent resolver-5", "2 finished by system"},
			status.Closed, "resolver-5",
		},
		{
			"an unknown state leaves the one before it in force",
			[]string{"Awaiting User Info/70/5/44", "-100/70/5/44", "Active/70/5/44"},
			[]string{
				"1 accepted by agent resolver-5", "1 wrote by agent resolver-5",
				"2 noted by system: update 1 by 44, state Awaiting User Info → -100", "3 wrote by customer",
			},
			status.WaitingAgain, "resolver-5",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := dataset.IncidentConversation(incident(test.rows...))
			require.NoError(t, err)
			require.Equal(t, append([]string{started, reported}, test.want...), told(t, c))
			require.Equal(t, test.status, c.Detailed())
			require.Equal(t, test.agent, c.Agent())
		})
	}

	t.Run("updates before the opening count from then", func(t *testing.T) {
		thread := incident("Active/70/5/44")
		thread.Rows[0].UpdatedAt = thread.Rows[0].OpenedAt.Add(-time.Hour)
		c, err := dataset.IncidentConversation(thread)
		require.NoError(t, err)
		require.Equal(t, []string{started, reported, "0 accepted by agent resolver-5"}, told(t, c))
	})
	t.Run("caller is not known", func(t *testing.T) {
		thread := incident("New/70//44")
		thread.Rows[0].Caller = ""
		c, err := dataset.IncidentConversation(thread)
		require.NoError(t, err)
		require.Equal(t, conversation.CustomerID("unknown"), c.Customer().ID)
	})
}

// loadSet loads a source in which nothing may be broken.
func loadSet(t *testing.T, source dataset.Source) (*dataset.Set, []conversation.Conversation) {
	t.Helper()
	set, err := dataset.Load(source, func(broken *dataset.RowError) { require.NoError(t, broken) })
	require.NoError(t, err)
	var all []conversation.Conversation
	ids := map[conversation.ID]bool{}
	for c, err := range set.Conversations() {
		require.NoError(t, err)
		require.False(t, ids[c.ID()], "two conversations have the id %s", c.ID())
		ids[c.ID()] = true
		if len(all) > 0 {
			require.False(t, c.CreatedAt().Before(all[len(all)-1].CreatedAt()))
		}
		all = append(all, c)
	}
	require.Len(t, all, set.Len())
	return set, all
}

// authors counts messages by who wrote them.
func authors(t *testing.T, all []conversation.Conversation) map[conversation.AuthorKind]int {
	t.Helper()
	count := map[conversation.AuthorKind]int{}
	for _, c := range all {
		events, known := c.Timeline()
		require.True(t, known)
		messages := 0
		for _, e := range events {
			if _, ok := e.Body.(conversation.Wrote); ok {
				count[e.By.Kind]++
				messages++
			}
		}
		require.Equal(t, messages, c.MessageCount())
	}
	return count
}

// What Apply built event by event is what the timeline gives as a whole.
func requireRebuilt(t *testing.T, all []conversation.Conversation) {
	t.Helper()
	for _, c := range all {
		events, _ := c.Timeline()
		again, err := conversation.Rebuild(events)
		require.NoError(t, err)
		if again.Metrics() != c.Metrics() || again.Detailed() != c.Detailed() || again.Version() != c.Version() {
			t.Fatalf("%s: rebuilt: %v %v, applied: %v %v", c.ID(), again.Detailed(), again.Metrics(), c.Detailed(), c.Metrics())
		}
	}
}

func TestEveryMessageOfTheFullSetsArrives(t *testing.T) {
	full := fullSets(t)

	set, chats := loadSet(t, full[dataset.IRCUbuntu])
	require.Equal(t, 9_234, set.Len())
	require.Equal(t, 59_957, set.Rows())
	require.Equal(t, map[conversation.AuthorKind]int{
		conversation.AuthorCustomer: 31_142, conversation.AuthorAgent: 27_657, conversation.AuthorBot: 1_158,
	}, authors(t, chats))
	requireRebuilt(t, chats)

	set, threads := loadSet(t, full[dataset.TWCS])
	require.Equal(t, 1_032, set.Len())
	require.Equal(t, 3_977, set.Rows())
	require.Equal(t, map[conversation.AuthorKind]int{
		conversation.AuthorCustomer: 2_205, conversation.AuthorAgent: 1_772,
	}, authors(t, threads))
	outgoing := 0
	for _, c := range threads {
		outgoing += one(c.Direction() == conversation.Outgoing)
	}
	require.Equal(t, 18, outgoing)
	requireRebuilt(t, threads)
}

func TestEveryIncidentOfTheFullSetIsOpenedAndClosedWhenTheSourceSays(t *testing.T) {
	source := fullSets(t)[dataset.UCIIncidents]
	set, incidents := loadSet(t, source)
	require.Equal(t, 18_716, set.Len())
	require.Equal(t, 106_360, set.Rows())
	byID := map[conversation.ID]conversation.Conversation{}
	for _, c := range incidents {
		byID[c.ID()] = c
	}
	for _, thread := range dataset.IncidentThreads(readAll(t, source, dataset.Incidents)) {
		row := thread.Rows[0]
		c := byID[conversation.DeriveID("uci_incidents", row.Number)]
		require.Equal(t, status.Closed, c.Detailed(), row.Number)
		require.Equal(t, row.ClosedAt, c.ClosedAt(), row.Number)
		require.Equal(t, row.OpenedAt, c.CreatedAt(), row.Number)
	}
	requireRebuilt(t, incidents)
}

func TestShippedSlicesShowEveryStatusButSpam(t *testing.T) {
	shipped := shippedSets(t)
	count := map[status.Detailed]int{}
	for _, source := range shipped {
		_, all := loadSet(t, source)
		for _, c := range all {
			count[c.Detailed()]++
		}
		requireRebuilt(t, all)
	}
	require.Equal(t, map[status.Detailed]int{
		status.New: 532, status.Queued: 57, status.Accepted: 188, status.Waiting: 1, status.WaitingAgain: 229,
		status.Replied: 360, status.Closing: 686, status.Closed: 353,
	}, count)
}

func TestLoadReportsBrokenRowsAndMapsTheRest(t *testing.T) {
	load := func(text string) (*dataset.Set, []string, error) {
		sources, err := dataset.FindFS(fstest.MapFS{"m.csv": {Data: []byte(text)}}, "")
		require.NoError(t, err)
		var broken []string
		set, err := dataset.Load(sources[0], func(e *dataset.RowError) { broken = append(broken, e.Error()) })
		return set, broken, err
	}
	set, broken, err := load(messageHeader +
		"late,1,9,2015-12-28T15:57:00Z,client,u1,,0,hello\n" +
		"late,2,10,soon,operator,u2,,0,hi\n" +
		"early,1,3,2015-12-28T15:50:00Z,client,u3,,0,hello\n" +
		"late,3,11,2015-12-28T15:59:00Z,client,u1,,0,anybody?\n")
	require.NoError(t, err)
	require.Len(t, broken, 1)
	require.Contains(t, broken[0], "dataset: m.csv:3: created_at:")
	require.Equal(t, 3, set.Rows())
	require.Equal(t, 2, set.Len())
	var customers []string
	for c, err := range set.Conversations() {
		require.NoError(t, err)
		customers = append(customers, c.Customer().Name)
	}
	require.Equal(t, []string{"u3", "u1"}, customers)
}

func TestRowsThatAreNoEventsAreAnError(t *testing.T) {
	_, err := dataset.MessageConversation(chat("client u1", "operator "))
	require.ErrorIs(t, err, conversation.ErrValue)
}

// Whatever the log says in whatever order, it can be told; it ends Closed exactly
// when the log does, and holds no fewer events than updates after the first.
func FuzzIncidentConversation(f *testing.F) {
	states := []string{
		"New", "Active", "Awaiting User Info", "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence", "Resolved", "Closed", "-100",
	}
	f.Add([]byte{0, 0, 6, 0, 7, 0, 1, 1, 2, 2, 7, 3})
	f.Fuzz(func(t *testing.T, updates []byte) {
		var rows []string
		last := ""
		for ; len(updates) >= 2 && len(rows) < 100; updates = updates[2:] {
			state, who := states[int(updates[0])%len(states)], updates[1]
			rows = append(rows, fmt.Sprintf("%s/%s/%s/%s", state,
				[]string{"", "70", "25"}[who%3], []string{"", "5", "6"}[who/3%3], []string{"44", "45", "908"}[who/9%3]))
			if state != "-100" {
				last = state
			}
		}
		if len(rows) == 0 {
			return
		}
		c, err := dataset.IncidentConversation(incident(rows...))
		require.NoError(t, err, "%q", rows)
		require.Equal(t, last == "Closed", c.Detailed() == status.Closed, "%q", rows)
		require.GreaterOrEqual(t, c.Version(), uint64(len(rows)+1))
	})
}

func TestLoadNeedsItsFile(t *testing.T) {
	files := fstest.MapFS{"m.csv": {Data: []byte(messageHeader)}}
	sources, err := dataset.FindFS(files, "")
	require.NoError(t, err)
	delete(files, "m.csv")
	_, err = dataset.Load(sources[0], func(*dataset.RowError) {})
	require.ErrorIs(t, err, fs.ErrNotExist)
}
