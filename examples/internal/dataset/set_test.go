package dataset_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/examples/internal/dataset"
)

// fullSets finds the full sets, which are not part of the repository: where
// COLLOQUY_DATA says, or in shared/data beside the checkout.
func fullSets(t *testing.T) map[dataset.Layout]dataset.Source {
	t.Helper()
	dir := os.Getenv("COLLOQUY_DATA")
	if dir == "" {
		dir = filepath.FromSlash("../../../../shared/data")
		if _, err := os.Stat(dir); err != nil {
			t.Skip("SKIPPED, NOT CHECKED: the full data sets are absent; set COLLOQUY_DATA to their folder")
		}
	}
	sources, err := dataset.Find(dir)
	require.NoError(t, err)
	byLayout := map[dataset.Layout]dataset.Source{}
	for _, source := range sources {
		byLayout[source.Layout] = source
	}
	require.Len(t, byLayout, 3)
	return byLayout
}

// shippedSets are the slices of the quickstart.
func shippedSets(t *testing.T) map[dataset.Layout]dataset.Source {
	t.Helper()
	sources, err := dataset.Find("../../quickstart/data")
	require.NoError(t, err)
	byLayout := map[dataset.Layout]dataset.Source{}
	for _, source := range sources {
		byLayout[source.Layout] = source
	}
	require.Len(t, byLayout, len(sources))
	return byLayout
}

// The numbers are the load checks published with the data.
func TestMessagesOfTheFullSet(t *testing.T) {
	rows := readAll(t, fullSets(t)[dataset.IRCUbuntu], dataset.Messages)
	require.Len(t, rows, 59_957)
	sides := map[dataset.Side]int{}
	for _, m := range rows {
		sides[m.Side]++
	}
	require.Equal(t, map[dataset.Side]int{dataset.CustomerSide: 31_142, dataset.AgentSide: 27_657, dataset.BotSide: 1_158}, sides)

	threads := dataset.MessageThreads(rows)
	require.Len(t, threads, 9_234)
	withBot, truncated, backwards := 0, 0, 0
	for _, thread := range threads {
		bot, stepsBack := false, false
		for i, m := range thread.Rows {
			require.Equal(t, thread.Key, m.ConversationID)
			bot = bot || m.Side == dataset.BotSide
			if i > 0 {
				before := thread.Rows[i-1]
				require.False(t, m.CreatedAt.Before(before.CreatedAt), "%s line %d", thread.Key, m.Line)
				stepsBack = stepsBack || m.Seq < before.Seq
			}
		}
		withBot += one(bot)
		truncated += one(thread.Rows[0].TruncatedStart)
		backwards += one(stepsBack)
	}
	require.Equal(t, 946, withBot)
	require.Equal(t, 595, truncated)
	require.Equal(t, 8, backwards)
}

func TestTweetsOfTheFullSet(t *testing.T) {
	rows := readAll(t, fullSets(t)[dataset.TWCS], dataset.Tweets)
	require.Len(t, rows, 3_977)
	inbound, lineBreaks := 0, 0
	companies, customers := map[string]bool{}, map[string]bool{}
	for _, tweet := range rows {
		inbound += one(tweet.Inbound)
		lineBreaks += one(strings.Contains(tweet.Text, "\n"))
		if tweet.Inbound {
			customers[tweet.Author] = true
		} else {
			companies[tweet.Author] = true
		}
	}
	require.Equal(t, 2_205, inbound)
	require.Equal(t, 159, lineBreaks)
	require.Len(t, companies, 69)
	require.Len(t, customers, 1_139)

	threads := dataset.TweetThreads(rows)
	require.Len(t, threads, 1_032)
	bothSides, companyFirst, severalCustomers, longest, single := 0, 0, 0, 0, 0
	for _, thread := range threads {
		in, out := map[string]bool{}, map[string]bool{}
		for _, tweet := range thread.Rows {
			if tweet.Inbound {
				in[tweet.Author] = true
			} else {
				out[tweet.Author] = true
			}
		}
		bothSides += one(len(in) > 0 && len(out) > 0)
		companyFirst += one(!thread.Rows[0].Inbound)
		severalCustomers += one(len(in) > 1)
		single += one(len(thread.Rows) == 1)
		longest = max(longest, len(thread.Rows))
	}
	require.Equal(t, 1_030, bothSides)
	require.Equal(t, 18, companyFirst)
	require.Equal(t, 88, severalCustomers)
	require.Equal(t, 130, longest)
	require.Equal(t, 1, single)
}

func TestIncidentsOfTheFullSet(t *testing.T) {
	rows := readAll(t, fullSets(t)[dataset.UCIIncidents], dataset.Incidents)
	require.Len(t, rows, 106_360)
	states := map[dataset.State]int{}
	for _, u := range rows {
		states[u.State]++
	}
	require.Equal(t, map[dataset.State]int{
		dataset.StateNew: 27_341, dataset.StateActive: 29_137, dataset.StateAwaitingUserInfo: 10_836,
		dataset.StateAwaitingVendor: 557, dataset.StateAwaitingProblem: 333, dataset.StateAwaitingEvidence: 23,
		dataset.StateResolved: 19_365, dataset.StateClosed: 18_763, dataset.StateUnknown: 5,
	}, states)

	threads := dataset.IncidentThreads(rows)
	require.Len(t, threads, 18_716)
	early := 0
	for _, thread := range threads {
		first, last := thread.Rows[0], thread.Rows[len(thread.Rows)-1]
		early += one(first.UpdatedAt.Before(first.OpenedAt))
		require.Equal(t, dataset.StateClosed, last.State, thread.Key)
		require.Equal(t, last.ClosedAt, last.UpdatedAt, thread.Key)
	}
	require.Equal(t, 3, early)
}

func TestShippedSlices(t *testing.T) {
	shipped := shippedSets(t)
	require.Len(t, shipped, 2)
	require.NotContains(t, shipped, dataset.TWCS, "its licence is not compatible with ours")

	chats := readAll(t, shipped[dataset.IRCUbuntu], dataset.Messages)
	require.Len(t, chats, 7_638)
	require.Len(t, dataset.MessageThreads(chats), 1_003)

	updates := readAll(t, shipped[dataset.UCIIncidents], dataset.Incidents)
	require.Len(t, updates, 5_153)
	incidents := dataset.IncidentThreads(updates)
	require.Len(t, incidents, 1_403)
	seenAt := time.Date(2016, time.May, 10, 18, 0, 0, 0, time.UTC)
	closed := 0
	for _, thread := range incidents {
		last := thread.Rows[len(thread.Rows)-1]
		require.False(t, last.UpdatedAt.After(seenAt), thread.Key)
		require.False(t, last.ResolvedAt.After(seenAt), thread.Key)
		if last.State == dataset.StateClosed {
			closed++
			require.Equal(t, last.UpdatedAt, last.ClosedAt, thread.Key)
		} else {
			require.Zero(t, last.ClosedAt, thread.Key)
		}
	}
	require.Equal(t, 353, closed)

	for layout := range shipped {
		notice, err := os.ReadFile(filepath.Join("../../quickstart/data", layout.String(), "ATTRIBUTION.md"))
		require.NoError(t, err)
		require.Contains(t, string(notice), "creativecommons.org/licenses/by/4.0")
	}
}

func TestMessageThreadsBelieveTheClock(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2015, 12, 28, 15, minute, 0, 0, time.UTC) }
	threads := dataset.MessageThreads([]dataset.Message{
		{ConversationID: "b", Seq: 1, LogLine: 7, CreatedAt: at(9)},
		{ConversationID: "a", Seq: 1, LogLine: 8, CreatedAt: at(5)},
		{ConversationID: "b", Seq: 3, LogLine: 12, CreatedAt: at(9)},
		{ConversationID: "b", Seq: 2, LogLine: 11, CreatedAt: at(9)},
		{ConversationID: "b", Seq: 4, LogLine: 20, CreatedAt: at(4)},
	})
	require.Len(t, threads, 2)
	require.Equal(t, "b", threads[0].Key)
	var seqs []int
	for _, m := range threads[0].Rows {
		seqs = append(seqs, m.Seq)
	}
	require.Equal(t, []int{4, 1, 2, 3}, seqs)
}

func TestTweetThreadsJoinReplies(t *testing.T) {
	at := func(second int) time.Time { return time.Date(2017, 10, 31, 22, 0, second, 0, time.UTC) }
	threads := dataset.TweetThreads([]dataset.Tweet{
		{ID: 9, CreatedAt: at(1)},                  // asks
		{ID: 7, CreatedAt: at(5), InResponseTo: 8}, // second reply, to the other branch
		{ID: 8, CreatedAt: at(3), InResponseTo: 9},
		{ID: 3, CreatedAt: at(3), InResponseTo: 9},
		{ID: 4, CreatedAt: at(2), InResponseTo: 99}, // to a tweet that is not here
		{ID: 5, CreatedAt: at(2), InResponseTo: 5},  // to itself
	})
	keys := map[string][]int64{}
	for _, thread := range threads {
		for _, tweet := range thread.Rows {
			keys[thread.Key] = append(keys[thread.Key], tweet.ID)
		}
	}
	require.Equal(t, map[string][]int64{"3": {9, 3, 8, 7}, "4": {4}, "5": {5}}, keys)
}

func TestIncidentThreadsOrderOneMinuteByCounterThenFile(t *testing.T) {
	at := time.Date(2016, 2, 29, 1, 16, 0, 0, time.UTC)
	threads := dataset.IncidentThreads([]dataset.IncidentUpdate{
		{Line: 2, Number: "INC1", UpdatedAt: at.Add(time.Minute), ModCount: 0},
		{Line: 3, Number: "INC1", UpdatedAt: at, ModCount: 2},
		{Line: 4, Number: "INC1", UpdatedAt: at, ModCount: 1},
		{Line: 5, Number: "INC1", UpdatedAt: at, ModCount: 1},
	})
	require.Len(t, threads, 1)
	var lines []int
	for _, u := range threads[0].Rows {
		lines = append(lines, u.Line)
	}
	require.Equal(t, []int{4, 5, 3, 2}, lines)
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		full := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, text, 0o644))
		return full
	}
	chat := write("chats/messages_dev.csv.gz", zipped(t, messageHeader))
	write("chats/README.md", []byte("about"))
	tweets := write("tweets/any name.csv", []byte(tweetHeader+"broken\n"))
	unnamed := write("other/log", []byte(incidentHeader))
	foreign := write("other/prices.csv", []byte("a,b\n1,2\n"))
	write("deep/er/still/x.csv", []byte(tweetHeader))
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.Mkdir(empty, 0o755))

	names := func(sources []dataset.Source) (list []string) {
		for _, source := range sources {
			list = append(list, source.Layout.String()+" "+source.Name)
		}
		return list
	}
	for _, test := range []struct {
		name, path string
		want       []string
	}{
		{"a file", chat, []string{"irc_ubuntu " + chat}},
		{"a file without an ending", unnamed, []string{"uci_incidents " + unnamed}},
		{"the folder of a set", filepath.Join(dir, "chats"), []string{"irc_ubuntu " + chat}},
		{"a folder of sets", dir, []string{"irc_ubuntu " + chat, "twcs " + tweets}},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, err := dataset.Find(test.path)
			require.NoError(t, err)
			require.Equal(t, test.want, names(found))
		})
	}
	for name, path := range map[string]string{"file of something else": foreign, "folder without sets": empty} {
		t.Run(name, func(t *testing.T) {
			_, err := dataset.Find(path)
			require.ErrorIs(t, err, dataset.ErrLayout)
			require.ErrorContains(t, err, path)
		})
	}
	t.Run("nothing there", func(t *testing.T) {
		_, err := dataset.Find(filepath.Join(dir, "nowhere"))
		require.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("an embedded folder", func(t *testing.T) {
		found, err := dataset.FindFS(fstest.MapFS{"data/m/x.csv": {Data: []byte(messageHeader)}}, "")
		require.NoError(t, err)
		require.Equal(t, []string{"irc_ubuntu data/m/x.csv"}, names(found))
	})
}
