package metrics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/metrics"
)

var start = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

var kindsByWord = map[string]metrics.Kind{
	"created": metrics.Created, "customer": metrics.CustomerMessage, "agent": metrics.AgentMessage, "bot": metrics.BotMessage,
	"system": metrics.SystemMessage, "note": metrics.Note, "with-bot": metrics.BotJoined, "with-agent": metrics.AgentJoined,
	"accept": metrics.Accepted, "hand-over": metrics.HandedOver, "queue": metrics.Queued, "forward": metrics.Forwarded,
	"closing": metrics.ClosingStarted, "agent-finish": metrics.AgentFinished, "bot-finish": metrics.BotFinished,
	"closed": metrics.Closed, "reopen": metrics.Reopened,
}

// timeline reads "0 customer, 30 agent": seconds after start, and a word. The ID
// of each mark is its text.
func timeline(t testing.TB, line string) []metrics.Mark {
	t.Helper()
	var marks []metrics.Mark
	for part := range strings.SplitSeq(line, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		var at float64
		var word string
		_, err := fmt.Sscanf(part, "%g %s", &at, &word)
		require.NoError(t, err, part)
		kind, known := kindsByWord[word]
		require.True(t, known, part)
		marks = append(marks, metrics.Mark{At: start.Add(time.Duration(at * float64(time.Second))), Kind: kind, ID: part})
	}
	return marks
}

func calculator(t testing.TB, change func(*metrics.Rules)) *metrics.Calculator {
	t.Helper()
	rules := metrics.Default()
	if change != nil {
		rules.Name = "test"
		change(&rules)
	}
	c, err := metrics.New(rules)
	require.NoError(t, err)
	return c
}

func bitrix24(t testing.TB) *metrics.Calculator {
	t.Helper()
	c, err := metrics.New(metrics.Bitrix24())
	require.NoError(t, err)
	return c
}

// shown writes the present metrics as "first_reply_wait=30s ...".
func shown(v metrics.Values) string {
	var parts []string
	for m := range metrics.All() {
		if s := v.Of(m); s.Present() {
			parts = append(parts, fmt.Sprintf("%s=%s", m, s))
		}
	}
	return strings.Join(parts, " ")
}

func TestDefaultRules(t *testing.T) {
	for _, row := range []struct{ rule, timeline, want string }{
		{"an empty timeline measures nothing", "", ""},
		{"one message lasts zero, which is not absent", "0 customer", "duration=0s"},
		{
			"a wait opens at the first unreplied message and ends at the next agent message",
			"0 created, 0 customer, 10 customer, 30 agent, 40 customer, 100 agent",
			"first_reply_wait=30s duration=1m 40s initial_reaction=30s total_reaction=1m 30s mean_reaction=45s max_reaction=1m 00s",
		},
		{
			"accept, forward, queue, bot, system and notes neither open, end nor reset a wait",
			"0 created, 0 customer, 5 accept, 6 forward, 7 queue, 8 bot, 9 system, 10 note, 20 agent",
			"first_reply_wait=20s accept_time=5s duration=20s initial_reaction=20s bot_time=5s total_reaction=20s mean_reaction=20s max_reaction=20s",
		},
		{
			"an unanswered tail does not count",
			"0 customer, 10 agent, 20 customer, 500 closed",
			"first_reply_wait=10s duration=20s initial_reaction=10s total_reaction=10s mean_reaction=10s max_reaction=10s",
		},
		{
			"the initial reaction of a conversation nobody replied to runs to the closing",
			"0 created, 10 customer, 70 closed", "duration=0s initial_reaction=1m 00s",
		},
		{"it is absent while open and unanswered", "0 created, 10 customer, 20 customer", "duration=10s"},
		{
			"an agent's message before the customer's first is a first reply, not a reaction",
			"0 created, 0 with-agent, 10 agent, 30 customer, 70 agent",
			"first_reply_wait=10s duration=1m 00s initial_reaction=40s total_reaction=40s mean_reaction=40s max_reaction=40s",
		},
		{
			"bot time runs from creation to the hand-over",
			"0 created, 0 with-bot, 1 customer, 2 bot, 30 hand-over, 40 accept, 50 agent",
			"first_reply_wait=50s accept_time=40s duration=49s initial_reaction=49s bot_time=30s total_reaction=49s mean_reaction=49s max_reaction=49s",
		},
		{
			"or to the first agent's joining, when that is first",
			"0 created, 1 customer, 2 bot, 20 accept, 30 hand-over", "accept_time=20s duration=1s bot_time=20s",
		},
		{"or to the closing, if the bot closed it", "0 created, 1 customer, 2 bot, 90 bot-finish, 90 closed", "duration=1s initial_reaction=1m 29s bot_time=1m 30s"},
		{"and is absent when somebody else closed it", "0 created, 1 customer, 2 bot, 90 closed", "duration=1s initial_reaction=1m 29s"},
		{"and is absent without a bot", "0 created, 1 customer, 20 accept", "accept_time=20s duration=0s"},
		{
			"a later finish overwrites an earlier one",
			"0 created, 10 agent-finish, 10 closing, 50 customer, 80 agent-finish, 80 closed",
			"agent_finish_time=1m 20s duration=0s initial_reaction=30s",
		},
		{
			"a wait survives closing when the customer comes back",
			"0 customer, 10 closing, 60 reopen, 60 customer, 70 agent",
			"first_reply_wait=1m 10s duration=1m 10s initial_reaction=1m 10s total_reaction=1m 10s mean_reaction=1m 10s max_reaction=1m 10s",
		},
		{
			"the mean is rounded half up to a millisecond",
			"0 customer, 0.001 agent, 1 customer, 1.002 agent",
			"first_reply_wait=0.001s duration=1.002s initial_reaction=0.001s total_reaction=0.003s mean_reaction=0.002s max_reaction=0.002s",
		},
		{
			"marks of one instant count in the order they come",
			"0 customer, 0 agent",
			"first_reply_wait=0s duration=0s initial_reaction=0s total_reaction=0s mean_reaction=0s max_reaction=0s",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			v, err := metrics.Compute(slices.Values(timeline(t, row.timeline)))
			require.NoError(t, err)
			require.Equal(t, row.want, shown(v), row.timeline)
		})
	}
}

func TestBitrix24Rules(t *testing.T) {
	for _, row := range []struct{ rule, timeline, want string }{
		{
			"the four plain times go without the bot's",
			"0 created, 0 with-bot, 0 customer, 5 bot, 10 hand-over, 30 accept, 40 agent, 100 agent-finish, 100 closed",
			"first_reply_wait=30s accept_time=20s agent_finish_time=1m 30s duration=30s initial_reaction=40s bot_time=10s total_reaction=40s mean_reaction=40s max_reaction=40s",
		},
		{
			"closing ends an open wait, and it counts",
			"0 created, 0 customer, 10 agent, 20 customer, 50 closed",
			"first_reply_wait=10s duration=20s initial_reaction=10s total_reaction=40s mean_reaction=20s max_reaction=30s",
		},
		{
			"the mean is floored to whole seconds",
			"0 customer, 1 agent, 10 customer, 12 agent, 20 customer, 22 agent",
			"first_reply_wait=1s duration=22s initial_reaction=1s total_reaction=5s mean_reaction=1s max_reaction=2s",
		},
		{"a result of zero is absent", "0 customer, 0 agent", ""},
		{
			"a result below zero is absent: the bot came and went before the only message",
			"0 created, 0 with-bot, 50 customer, 60 customer, 90 hand-over",
			"bot_time=1m 30s",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			v, err := bitrix24(t).Compute(slices.Values(timeline(t, row.timeline)))
			require.NoError(t, err)
			require.Equal(t, row.want, shown(v), row.timeline)
		})
	}
}

func TestRulesAreData(t *testing.T) {
	of := metrics.Of
	for _, row := range []struct {
		rule     string
		change   func(*metrics.Rules)
		timeline string
		want     string
	}{
		{
			"a first reply wait from the hand-over, replies of bots before it left out",
			func(r *metrics.Rules) {
				r.FirstReplyWait = metrics.Stretch{From: of(metrics.HandedOver), To: of(metrics.AgentMessage)}
			},
			"0 created, 0 customer, 5 bot, 60 hand-over, 90 agent", "first_reply_wait=30s",
		},
		{
			"a first reply wait from the first customer message",
			func(r *metrics.Rules) {
				r.FirstReplyWait = metrics.Stretch{From: of(metrics.CustomerMessage), To: of(metrics.AgentMessage)}
			},
			"0 created, 20 customer, 50 agent", "first_reply_wait=30s",
		},
		{
			"a first reply wait from the acceptance",
			func(r *metrics.Rules) {
				r.FirstReplyWait = metrics.Stretch{From: of(metrics.Accepted), To: of(metrics.AgentMessage)}
			},
			"0 created, 0 customer, 20 accept, 50 agent", "first_reply_wait=30s",
		},
		{
			"a bot's reply may count as a reply",
			func(r *metrics.Rules) { r.FirstReplyWait.To |= of(metrics.BotMessage) },
			"0 created, 0 customer, 3 bot, 50 agent", "first_reply_wait=3s",
		},
		{
			"a reopening may start a time anew",
			func(r *metrics.Rules) { r.FirstReplyWait.Restart = of(metrics.Reopened) },
			"0 created, 0 customer, 10 agent, 20 closed, 100 reopen, 100 customer, 107 agent", "first_reply_wait=7s",
		},
		{
			"a burst may count from its last message",
			func(r *metrics.Rules) { r.Reactions.Burst = metrics.BurstLast },
			"0 customer, 20 customer, 30 agent", "total_reaction=10s mean_reaction=10s max_reaction=10s",
		},
		{
			"each message of a burst may count",
			func(r *metrics.Rules) { r.Reactions.Burst = metrics.BurstEach },
			"0 customer, 20 customer, 30 agent", "total_reaction=40s mean_reaction=20s max_reaction=30s",
		},
		{
			"a hand-over may restart the wait, so that only people's time counts",
			func(r *metrics.Rules) { r.Reactions.Restart = of(metrics.HandedOver) },
			"0 customer, 20 hand-over, 30 agent", "total_reaction=10s mean_reaction=10s max_reaction=10s",
		},
		{
			"and with each message counting, each counts from there",
			func(r *metrics.Rules) {
				r.Reactions.Restart, r.Reactions.Burst = of(metrics.HandedOver), metrics.BurstEach
			},
			"0 customer, 10 customer, 20 hand-over, 25 customer, 30 agent", "total_reaction=25s mean_reaction=8.333s max_reaction=10s",
		},
		{
			"a closing may cancel the wait",
			func(r *metrics.Rules) { r.Reactions.Cancel = of(metrics.Closed) },
			"0 customer, 20 closed, 30 reopen, 30 customer, 35 agent", "total_reaction=5s mean_reaction=5s max_reaction=5s",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			v, err := calculator(t, row.change).Compute(slices.Values(timeline(t, row.timeline)))
			require.NoError(t, err)
			require.Contains(t, " "+shown(v)+" ", " "+row.want+" ", row.timeline)
		})
	}
}

func TestUnusableRulesAreRefusedPartByPart(t *testing.T) {
	for _, row := range []struct {
		part   string
		change func(*metrics.Rules)
	}{
		{"name", func(r *metrics.Rules) { r.Name = "" }},
		{"duration", func(r *metrics.Rules) { r.Duration.To = 0 }},
		{"accept_time.from", func(r *metrics.Rules) { r.AcceptTime.From = metrics.Of(0) }},
		{"accept_time.needs", func(r *metrics.Rules) { r.AcceptTime.Needs = metrics.Of(200) }},
		{"bot_time.less_bot_time", func(r *metrics.Rules) { r.BotTime.LessBotTime = true }},
		{"reactions", func(r *metrics.Rules) { r.Reactions.Cancel = r.Reactions.End }},
		{"reactions.restart", func(r *metrics.Rules) { r.Reactions.Restart = 1 << 31 }},
		{"reactions.burst", func(r *metrics.Rules) { r.Reactions.Burst = 3 }},
		{"mean_unit_ns", func(r *metrics.Rules) { r.MeanUnit = time.Microsecond }},
	} {
		t.Run(row.part, func(t *testing.T) {
			rules := metrics.Default()
			row.change(&rules)
			_, err := metrics.New(rules)
			require.ErrorIs(t, err, metrics.ErrRules)
			var re *metrics.RulesError
			require.ErrorAs(t, err, &re)
			require.Equal(t, row.part, re.Part)
		})
	}
	_, err := metrics.New(metrics.Rules{Reactions: metrics.Reactions{Burst: 9}, MeanUnit: -1})
	require.Equal(t, 3, strings.Count(err.Error(), "metrics: rules"), "all that is wrong is said at once: %v", err)
}

func TestRulesReadAndWriteAsJSON(t *testing.T) {
	for _, rules := range []metrics.Rules{metrics.Default(), metrics.Bitrix24()} {
		text, err := json.Marshal(rules)
		require.NoError(t, err)
		var back metrics.Rules
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, rules, back)
	}
	var r metrics.Rules
	require.ErrorIs(t, json.Unmarshal([]byte(`{"duration":{"from":"created|nonsense"}}`), &r), metrics.ErrKind)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"reactions":{"burst":"middle"}}`), &r), metrics.ErrRules)
}

func TestMarksOutOfOrderOrOfNoKindAreRefusedAndChangeNothing(t *testing.T) {
	marks := timeline(t, "0 customer, 10 agent, 5 customer")
	_, err := metrics.Compute(slices.Values(marks))
	require.ErrorIs(t, err, metrics.ErrOrder)
	var me *metrics.MarkError
	require.ErrorAs(t, err, &me)
	require.Equal(t, 2, me.Index)
	require.Equal(t, "metrics: mark 2 (customer_message at 2026-01-05T09:00:05Z): mark is earlier than the one before it", err.Error())

	var a metrics.Accumulator
	require.NoError(t, a.Add(marks[0]))
	before := a
	require.ErrorIs(t, a.Add(metrics.Mark{At: start.Add(time.Hour), Kind: 77}), metrics.ErrKind)
	require.ErrorIs(t, a.Add(metrics.Mark{At: start.Add(-time.Hour), Kind: metrics.Note}), metrics.ErrOrder)
	require.Equal(t, before, a)

	_, err = metrics.Explain(slices.Values(marks))
	require.ErrorIs(t, err, metrics.ErrOrder)
}

func TestLiveValuesRunUntilTheConversationIsOver(t *testing.T) {
	for _, row := range []struct{ rule, timeline, want, waiting string }{
		{
			"a waiting customer", "0 created, 0 customer, 60 customer",
			"first_reply_wait=4m 00s accept_time=4m 00s agent_finish_time=4m 00s duration=1m 00s initial_reaction=4m 00s total_reaction=4m 00s mean_reaction=4m 00s max_reaction=4m 00s", "4m 00s",
		},
		{
			"a customer who has his reply", "0 created, 0 customer, 60 accept, 60 agent",
			"first_reply_wait=1m 00s accept_time=1m 00s agent_finish_time=4m 00s duration=1m 00s initial_reaction=1m 00s total_reaction=1m 00s mean_reaction=1m 00s max_reaction=1m 00s", "–",
		},
		{"a conversation that is over", "0 created, 0 customer, 60 closed", "duration=0s initial_reaction=1m 00s", "–"},
		{
			"one that goes on after it was over", "0 created, 0 customer, 60 closed, 120 reopen",
			"first_reply_wait=4m 00s accept_time=4m 00s agent_finish_time=4m 00s duration=0s initial_reaction=1m 00s total_reaction=4m 00s mean_reaction=4m 00s max_reaction=4m 00s", "4m 00s",
		},
		{
			"a bot's time", "0 created, 0 with-bot, 60 bot",
			"first_reply_wait=4m 00s accept_time=4m 00s agent_finish_time=4m 00s duration=0s bot_time=4m 00s", "–",
		},
		{"an empty timeline", "", "", "–"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			var a metrics.Accumulator
			for _, m := range timeline(t, row.timeline) {
				require.NoError(t, a.Add(m))
			}
			now := start.Add(4 * time.Minute)
			require.Equal(t, row.want, shown(a.Live(now)))
			require.Equal(t, row.waiting, a.Waiting(now).String())
		})
	}
	var a metrics.Accumulator
	require.NoError(t, a.Add(timeline(t, "100 customer")[0]))
	require.Equal(t, "0s", a.Waiting(start).String(), "a clock behind the timeline never gives a negative wait")
	require.Equal(t, "0s", a.Live(start).FirstReplyWait.String())
}

func TestExplainNamesIntervalsAndEvents(t *testing.T) {
	marks := timeline(t, "0 created, 0 customer, 10 customer, 20 accept, 30 agent, 40 customer, 100 agent, 130 customer")
	e, err := metrics.Explain(slices.Values(marks))
	require.NoError(t, err)
	ids := func(m metrics.Metric) string {
		var parts []string
		for _, i := range e.Of(m) {
			parts = append(parts, fmt.Sprintf("%s -> %s = %s", i.FromID, i.ToID, i.Span()))
		}
		return strings.Join(parts, "; ")
	}
	require.Equal(t, "0 created -> 30 agent = 30s", ids(metrics.FirstReplyWait))
	require.Equal(t, "0 created -> 20 accept = 20s", ids(metrics.AcceptTime))
	require.Equal(t, "", ids(metrics.AgentFinishTime))
	require.Equal(t, "0 customer -> 130 customer = 2m 10s", ids(metrics.Duration))
	require.Equal(t, "0 customer -> 30 agent = 30s", ids(metrics.InitialReaction))
	require.Equal(t, "0 customer -> 30 agent = 30s; 40 customer -> 100 agent = 1m 00s", ids(metrics.TotalReaction))
	require.Equal(t, "0 customer -> 30 agent = 30s; 40 customer -> 100 agent = 1m 00s", ids(metrics.MeanReaction))
	require.Equal(t, "40 customer -> 100 agent = 1m 00s", ids(metrics.MaxReaction))
	require.Equal(t, marks[7:], e.Waiting, "the unanswered tail is shown, and counts nowhere")
	require.Contains(t, e.String(), "max_reaction      1m 00s\n    1m 00s  2026-01-05 09:00:40 -> 2026-01-05 09:01:40  (40 customer -> 100 agent)\n")
	text, err := json.Marshal(e)
	require.NoError(t, err)
	require.Contains(t, string(text), `"first_reply_wait":{"from":"2026-01-05T09:00:00Z","to":"2026-01-05T09:00:30Z","from_id":"0 created","to_id":"30 agent"}`)
}

func TestSpan(t *testing.T) {
	for text, d := range map[string]time.Duration{
		"0s": 0, "0.250s": 250 * time.Millisecond, "45s": 45 * time.Second, "1m 00s": time.Minute, "59m 59s": time.Hour - time.Millisecond,
		"1h 05m": 65 * time.Minute, "3d 2h": 74*time.Hour + 59*time.Minute, "–": -time.Second,
	} {
		require.Equal(t, text, metrics.SpanOf(d).String())
	}
	var absent metrics.Span
	require.False(t, absent.Present())
	_, ok := absent.Duration()
	require.False(t, ok)
	_, ok = absent.Seconds()
	require.False(t, ok)
	require.Equal(t, absent, metrics.SpanOf(-time.Hour))
	require.Equal(t, absent, metrics.SpanOfMillis(-1))
	require.NotEqual(t, absent, metrics.SpanOf(0))
	secs, ok := metrics.SpanOf(1250 * time.Millisecond).Seconds()
	require.True(t, ok)
	require.Equal(t, "1.25", secs.String())
	require.Equal(t, -1, metrics.SpanOf(1).Compare(absent), "absent ones come last")
	require.Equal(t, 1, absent.Compare(metrics.SpanOf(time.Hour)))
	require.Equal(t, 0, absent.Compare(absent))
	require.Equal(t, -1, metrics.SpanOf(time.Second).Compare(metrics.SpanOf(time.Minute)))

	for _, text := range []string{"-1", "1.5", `"1"`, "9223372036854775807", "true", ""} {
		var s metrics.Span
		require.Error(t, s.UnmarshalJSON([]byte(text)), text)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := metrics.SpanOfMillis(rapid.Int64Range(-5, 1<<62).Draw(t, "ms"))
		text, err := json.Marshal(s)
		require.NoError(t, err)
		var back metrics.Span
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, s, back)
	})
}

func TestTheMeanIsExactInDecimals(t *testing.T) {
	v, err := metrics.Compute(slices.Values(timeline(t, "0 customer, 1 agent, 10 customer, 11 agent, 20 customer, 22 agent")))
	require.NoError(t, err)
	mean, ok := v.ExactMean(6)
	require.True(t, ok)
	require.Equal(t, "1.333333", mean.String())
	_, ok = metrics.Values{}.ExactMean(6)
	require.False(t, ok)
}

func TestTextFormsRoundTrip(t *testing.T) {
	for k := metrics.Created; k <= metrics.Reopened; k++ {
		text, err := k.MarshalText()
		require.NoError(t, err)
		var back metrics.Kind
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, k, back)
	}
	for m := range metrics.All() {
		text, err := m.MarshalText()
		require.NoError(t, err)
		var back metrics.Metric
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, m, back)
	}
	var k metrics.Kind
	require.ErrorIs(t, k.UnmarshalText([]byte("")), metrics.ErrKind)
	_, err := metrics.Kind(99).MarshalText()
	require.ErrorIs(t, err, metrics.ErrKind)
	_, err = metrics.Of(0).MarshalText()
	require.ErrorIs(t, err, metrics.ErrKind)
	_, err = metrics.Metric(0).MarshalText()
	require.Error(t, err)
	require.Equal(t, "kind(99) metric(10) burst(7)", fmt.Sprint(metrics.Kind(99), metrics.Metric(10), metrics.Burst(7)))
}

// anyRules draws rules that New takes.
func anyRules() *rapid.Generator[*metrics.Calculator] {
	return rapid.Custom(func(t *rapid.T) *metrics.Calculator {
		set := func(name string) metrics.Kinds {
			return metrics.Kinds(rapid.Uint32Range(1, 1<<17-1).Draw(t, name)) << 1 & (1<<18 - 2)
		}
		stretch := func(name string) metrics.Stretch {
			return metrics.Stretch{
				From: set(name + ".from"), To: set(name + ".to"), Last: rapid.Bool().Draw(t, name+".last"),
				Restart:     set(name+".restart") & set(name+".restart2") & set(name+".restart3"),
				LessBotTime: name != "bot" && rapid.Bool().Draw(t, name+".less"),
			}
		}
		rules := metrics.Rules{
			Name: "any", FirstReplyWait: stretch("first"), AcceptTime: stretch("accept"), AgentFinishTime: stretch("finish"),
			Duration: stretch("duration"), InitialReaction: stretch("initial"), BotTime: stretch("bot"),
			ZeroIsAbsent: rapid.Bool().Draw(t, "zero"), MeanFloor: rapid.Bool().Draw(t, "floor"),
			MeanUnit: rapid.SampledFrom([]time.Duration{0, time.Millisecond, time.Second}).Draw(t, "unit"),
		}
		rules.Reactions.Open = set("open")
		rules.Reactions.End = set("end") &^ rules.Reactions.Open
		rules.Reactions.Cancel = set("cancel") & set("cancel2") &^ (rules.Reactions.Open | rules.Reactions.End)
		rules.Reactions.Restart = set("restart") &^ (rules.Reactions.Open | rules.Reactions.End | rules.Reactions.Cancel)
		rules.Reactions.Burst = metrics.Burst(rapid.IntRange(0, 2).Draw(t, "burst"))
		c, err := metrics.New(rules)
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
}

func anyMarks() *rapid.Generator[[]metrics.Mark] {
	return rapid.Custom(func(t *rapid.T) []metrics.Mark {
		at := start
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) metrics.Mark {
			at = at.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "after")) * time.Millisecond)
			kind := metrics.Kind(rapid.IntRange(int(metrics.Created), int(metrics.Reopened)).Draw(t, "kind"))
			return metrics.Mark{At: at, Kind: kind, ID: fmt.Sprint(at.UnixMilli(), kind)}
		}), 0, 40).Draw(t, "marks")
	})
}

func anyCalculator(t *rapid.T) *metrics.Calculator {
	def, err := metrics.New(metrics.Default())
	require.NoError(t, err)
	b24, err := metrics.New(metrics.Bitrix24())
	require.NoError(t, err)
	return rapid.OneOf(rapid.Just(def), rapid.Just(b24), anyRules()).Draw(t, "rules")
}

func TestTheBinaryStateGoesOnAsIfNeverInterrupted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, marks := anyCalculator(t), anyMarks().Draw(t, "timeline")
		whole, interrupted := c.Accumulator(), c.Accumulator()
		for _, m := range marks {
			require.NoError(t, whole.Add(m))
			state, err := interrupted.AppendBinary(nil)
			require.NoError(t, err)
			next := c.Accumulator()
			require.NoError(t, next.UnmarshalBinary(state))
			require.NoError(t, next.Add(m))
			interrupted = next
		}
		want, err := whole.AppendBinary(nil)
		require.NoError(t, err)
		got, err := interrupted.AppendBinary(nil)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, whole.Values(), interrupted.Values())
	})
}

func TestBrokenStateIsRefused(t *testing.T) {
	var a metrics.Accumulator
	for _, m := range timeline(t, "0 created, 0 customer, 30 agent, 40 customer") {
		require.NoError(t, a.Add(m))
	}
	state, err := a.AppendBinary(nil)
	require.NoError(t, err)
	for n := range state {
		before := a
		require.ErrorIs(t, a.UnmarshalBinary(state[:n]), metrics.ErrState, "cut at %d", n)
		require.Equal(t, before, a)
	}
	require.ErrorIs(t, a.UnmarshalBinary(append(slices.Clone(state), 0)), metrics.ErrState)
	require.ErrorIs(t, a.UnmarshalBinary([]byte{9}), metrics.ErrState)
}

func TestNoMetricIsNegativeAndTheMeanLiesBelowTheMaximum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, err := anyCalculator(t).Compute(slices.Values(anyMarks().Draw(t, "timeline")))
		require.NoError(t, err)
		for m := range metrics.All() {
			if ms, ok := v.Of(m).Millis(); ok {
				require.GreaterOrEqual(t, ms, int64(0))
			}
		}
		mean, hasMean := v.MeanReaction.Millis()
		longest, hasMax := v.MaxReaction.Millis()
		total, hasTotal := v.TotalReaction.Millis()
		require.Equal(t, hasTotal, hasMax)
		if hasMean && longest%1000 == 0 {
			require.LessOrEqual(t, mean, longest)
		}
		require.LessOrEqual(t, longest, total)
	})
}

func TestNotesAndSystemEntriesChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]*metrics.Calculator{nil, bitrix24Calculator}).Draw(t, "rules")
		marks := anyMarks().Draw(t, "timeline")
		without, err := c.Compute(func(yield func(metrics.Mark) bool) {
			for i, m := range marks {
				// the first mark is the creation, whatever its kind
				if (i == 0 || m.Kind != metrics.Note && m.Kind != metrics.SystemMessage) && !yield(m) {
					return
				}
			}
		})
		require.NoError(t, err)
		with, err := c.Compute(slices.Values(marks))
		require.NoError(t, err)
		require.Equal(t, without, with)
	})
}

var bitrix24Calculator, _ = metrics.New(metrics.Bitrix24())

func TestSortedMarksOfDistinctInstantsGiveTheSameNumbersHoweverTheyArrived(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, marks := anyCalculator(t), anyMarks().Draw(t, "timeline")
		for i := range marks {
			marks[i].At = marks[i].At.Add(time.Duration(i) * time.Millisecond)
		}
		want, err := c.Compute(slices.Values(marks))
		require.NoError(t, err)
		arrived := rapid.Permutation(marks).Draw(t, "arrival")
		slices.SortFunc(arrived, func(a, b metrics.Mark) int { return a.At.Compare(b.At) })
		got, err := c.Compute(slices.Values(arrived))
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// The numbers are calculated once more, the slow way, from what the explanation
// names.
func TestTheExplanationAddsUpToTheNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, marks := anyCalculator(t), anyMarks().Draw(t, "timeline")
		e, err := c.Explain(slices.Values(marks))
		require.NoError(t, err)
		want, err := c.Compute(slices.Values(marks))
		require.NoError(t, err)
		require.Equal(t, want, e.Values)
		require.Len(t, e.Reactions, want.Reactions)
		var total, longest int64
		for _, i := range e.Reactions {
			ms, ok := i.Span().Millis()
			require.True(t, ok)
			total, longest = total+ms, max(longest, ms)
			require.Contains(t, i.FromID, fmt.Sprint(i.From.UnixMilli()))
			require.Contains(t, i.ToID, fmt.Sprint(i.To.UnixMilli()))
		}
		got, _ := want.TotalReaction.Millis()
		require.Equal(t, total, got)
		got, _ = want.MaxReaction.Millis()
		require.Equal(t, longest, got)
		for m, i := range e.Stretches {
			require.Contains(t, i.FromID, fmt.Sprint(i.From.UnixMilli()), m)
			require.Contains(t, i.ToID, fmt.Sprint(i.To.UnixMilli()), m)
			if !c.Rules().ZeroIsAbsent && m == metrics.BotTime {
				require.Equal(t, i.Span(), want.Of(m))
			}
		}
	})
}

// naive is the spec's section 4 written as directly as possible.
func naive(marks []metrics.Mark) (v metrics.Values) {
	first := func(after int, kinds ...metrics.Kind) int {
		for i := after; i < len(marks); i++ {
			if slices.Contains(kinds, marks[i].Kind) {
				return i
			}
		}
		return -1
	}
	last := func(kinds ...metrics.Kind) int {
		for i, m := range slices.Backward(marks) {
			if slices.Contains(kinds, m.Kind) {
				return i
			}
		}
		return -1
	}
	between := func(from, to int) metrics.Span {
		if from < 0 || to < 0 {
			return metrics.Span{}
		}
		return metrics.SpanOf(marks[to].At.Sub(marks[from].At))
	}
	if len(marks) == 0 {
		return v
	}
	messages := []metrics.Kind{metrics.CustomerMessage, metrics.AgentMessage, metrics.BotMessage}
	v.FirstReplyWait = between(0, first(0, metrics.AgentMessage))
	v.AcceptTime = between(0, first(0, metrics.Accepted))
	v.AgentFinishTime = between(0, last(metrics.AgentFinished))
	v.Duration = between(first(0, messages...), last(messages...))
	if c := first(0, metrics.CustomerMessage); c >= 0 {
		v.InitialReaction = between(c, first(c, metrics.AgentMessage, metrics.Closed))
	}
	if first(0, metrics.BotMessage, metrics.BotJoined, metrics.HandedOver, metrics.BotFinished) >= 0 {
		v.BotTime = between(0, first(0, metrics.HandedOver, metrics.Accepted, metrics.AgentJoined, metrics.AgentMessage, metrics.BotFinished))
	}
	var spans []time.Duration
	for i := first(0, metrics.CustomerMessage); i >= 0; {
		reply := first(i, metrics.AgentMessage)
		if reply < 0 {
			break
		}
		spans = append(spans, marks[reply].At.Sub(marks[i].At))
		i = first(reply, metrics.CustomerMessage)
	}
	if len(spans) > 0 {
		var sum time.Duration
		for _, s := range spans {
			sum += s
		}
		v.Reactions = len(spans)
		v.TotalReaction = metrics.SpanOf(sum)
		n := time.Duration(len(spans))
		v.MeanReaction = metrics.SpanOf((sum + n*time.Millisecond/2) / n)
		v.MaxReaction = metrics.SpanOf(slices.Max(spans))
	}
	return v
}

func TestTheAccumulatorEqualsTheSpecWrittenDirectly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := anyMarks().Draw(t, "timeline")
		got, err := metrics.Compute(slices.Values(marks))
		require.NoError(t, err)
		require.Equal(t, naive(marks), got)
	})
}

func FuzzAccumulatorState(f *testing.F) {
	var a metrics.Accumulator
	for _, m := range timeline(f, "0 created, 0 with-bot, 0 customer, 30 agent, 40 customer, 50 agent-finish, 50 closed") {
		state, err := a.AppendBinary(nil)
		require.NoError(f, err)
		f.Add(state)
		require.NoError(f, a.Add(m))
	}
	f.Fuzz(func(t *testing.T, state []byte) {
		var a metrics.Accumulator
		if err := a.UnmarshalBinary(state); err != nil {
			require.True(t, errors.Is(err, metrics.ErrState))
			return
		}
		_ = a.Values()
		_ = a.Live(start)
		again, err := a.AppendBinary(nil)
		require.NoError(t, err)
		var b metrics.Accumulator
		require.NoError(t, b.UnmarshalBinary(again))
		require.Equal(t, a, b)
	})
}

// message is what a user's chat log holds.
type message struct {
	at    time.Time
	agent bool
	text  string
}

func chat(n int) []message {
	log := make([]message, n)
	for i := range log {
		log[i] = message{at: start.Add(time.Duration(i*i%977) * time.Second * time.Duration(1)).Add(time.Duration(i) * time.Hour), agent: i%3 == 2, text: "hello"}
	}
	return log
}

func marksOf(log []message) iter.Seq[metrics.Mark] {
	return func(yield func(metrics.Mark) bool) {
		for i := range log {
			m := metrics.Mark{At: log[i].at, Kind: metrics.CustomerMessage}
			if log[i].agent {
				m.Kind = metrics.AgentMessage
			}
			if !yield(m) {
				return
			}
		}
	}
}

// BenchmarkTimeline compares the metrics of a chat log with the loop a user
// would write to get total, mean and maximum reaction and first reply alone
// (scan), on the same messages.
func BenchmarkTimeline(b *testing.B) {
	log := chat(1000)
	b.Run("scan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var open, firstReply, lastMessage time.Time
			var total, longest time.Duration
			n := 0
			for i := range log {
				m := &log[i]
				lastMessage = m.at
				switch {
				case !m.agent && open.IsZero():
					open = m.at
				case m.agent:
					if firstReply.IsZero() {
						firstReply = m.at
					}
					if !open.IsZero() {
						d := m.at.Sub(open)
						total, longest, n = total+d, max(longest, d), n+1
						open = time.Time{}
					}
				}
			}
			if n == 0 || lastMessage.IsZero() || total == 0 || longest == 0 {
				b.Fatal("no reaction")
			}
		}
	})
	b.Run("compute", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if v, err := metrics.Compute(marksOf(log)); err != nil || v.Reactions == 0 {
				b.Fatal(v, err)
			}
		}
	})
}

func BenchmarkAccumulatorAdd(b *testing.B) {
	var marks []metrics.Mark
	for m := range marksOf(chat(1000)) {
		marks = append(marks, m)
	}
	var a metrics.Accumulator
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if i == len(marks) {
			i, a = 0, metrics.Accumulator{}
		}
		if err := a.Add(marks[i]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
