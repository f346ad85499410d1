package conversationtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
)

// written shows events as "20 agent ann: accepted".
func written(events []conversation.Event) string {
	var lines []string
	for _, e := range events {
		line := fmt.Sprintf("%g %s: %s", e.At.Sub(conversationtest.At(0)).Seconds(), e.By, e.Kind())
		if body, err := json.Marshal(e.Body); err == nil && string(body) != "{}" && e.Kind() != "started" {
			line += " " + string(body)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestALineReadsAsEvents(t *testing.T) {
	for _, row := range []struct{ behaviour, line, want string }{
		{"begins at the first entry when nothing else is said", "5 customer", "5 customer: started\n5 customer: wrote"},
		{"may begin with a bot or by an agent", "0 start bot", "0 customer: started"},
		{"", "0 outgoing ann", "0 agent ann: started"},
		{"takes texts in quotes", "0 start, 1 customer \"a, \\\"b\\\"\", 2 agent ann `c`, 3 bot \"d\", 4 bot menu \"e\", 5 system \"f\"", `0 customer: started
1 customer: wrote {"text":"a, \"b\""}
2 agent ann: wrote {"text":"c"}
3 bot helper: wrote {"text":"d"}
4 bot menu: wrote {"text":"e"}
5 system: wrote {"text":"f"}`},
		{"takes offsets in units and parts of them", "0 start, 1.5 note, 250ms note, 5m note, 0.5h note ann, 1d note bot", `0 customer: started
1.5 system: noted {"text":""}
0.25 system: noted {"text":""}
300 system: noted {"text":""}
1800 agent ann: noted {"text":""}
86400 bot helper: noted {"text":""}`},
		{"knows who holds and who queues", "0 start, 1 accept ann, 2 takeover bob, 3 forward bob to ann, 4 forward bot to bob, 5 forward to #vip, 6 decline ann, 7 handover, 8 handover menu, 9 timeout", `0 customer: started
1 agent ann: accepted
2 agent bob: taken_over
3 agent bob: forwarded_to_agent {"to":"ann"}
4 bot helper: forwarded_to_agent {"to":"bob"}
5 system: forwarded_to_channel {"to":{"id":"vip","name":"vip"}}
6 agent ann: queued
7 bot helper: queued
8 bot menu: queued
9 system: queued`},
		{"knows every ending", "0 start, 1 rating-request ann, 2 auto-reply \"bye\", 3 auto-reply bot, 4 finish, 5 finish customer, 6 finish bot menu, 7 spam ann", `0 customer: started
1 agent ann: rating_requested
2 system: auto_replied {"text":"bye"}
3 bot helper: auto_replied {"text":""}
4 system: finished
5 customer: finished
6 bot menu: finished
7 agent ann: force_finished`},
		{"knows opinions", "0 start, 1 rate 4, 2 rate dislike, 3 review eve 5, 4 review eve \"good\", 5 review eve 1 \"bad\"", `0 customer: started
1 customer: rated {"rating":{"scale":"stars","score":4}}
2 customer: rated {"rating":{"scale":"thumbs","score":1}}
3 agent eve: reviewed {"rating":{"scale":"stars","score":5}}
4 agent eve: reviewed {"comment":"good"}
5 agent eve: reviewed {"rating":{"scale":"stars","score":1},"comment":"bad"}`},
		{"knows the rest, over several lines", "0 start,\n\t1 link deal/7 \"Big\",\n\t2 unlink deal/7,\n\t3 form,\n\t4 history,\n", `0 customer: started
1 system: linked {"link":{"kind":"deal","id":"7","caption":"Big"}}
2 system: unlinked {"link":{"kind":"deal","id":"7"}}
3 customer: form_submitted
4 customer: history_requested`},
	} {
		t.Run(row.behaviour, func(t *testing.T) {
			events, err := conversationtest.Parse(row.line)
			require.NoError(t, err)
			require.Equal(t, row.want, written(events))
		})
	}
}

func TestAMistakeInALineIsShownWhereItIs(t *testing.T) {
	for _, row := range []struct{ line, want string }{
		{"", "line 1, column 1: expected an offset, found the end"},
		{"0 customer,, 1 customer", "line 1, column 12: expected an offset, found \",\""},
		{"0 customer 1 customer", "line 1, column 12: expected a comma, found \"1\""},
		{"0", "line 1, column 2: expected what happened, found the end"},
		{"0 customer,\n\t5 acept ann", "line 2, column 4: nothing that happens is called \"acept\"\n\t\t5 acept ann\n\t\t  ^"},
		{"ł customer", "line 1, column 1: \"ł\" is no offset: write 90, 1.5, 250ms, 5m, 2h or 1d"},
		{"0 note \"żółć\", 5sm customer", "line 1, column 16: \"5sm\" is no offset: write 90, 1.5, 250ms, 5m, 2h or 1d\n\t0 note \"żółć\", 5sm customer\n\t               ^"},
		{"-5 customer", "line 1, column 1: \"-5\" is no offset: write 90, 1.5, 250ms, 5m, 2h or 1d"},
		{"0.0005 customer", "line 1, column 1: \"0.0005\" is finer than a millisecond"},
		{"100001d customer", "line 1, column 1: \"100001d\" is too far off"},
		{"99999999999999999999 customer", "line 1, column 1: \"99999999999999999999\" is no offset: write 90, 1.5, 250ms, 5m, 2h or 1d"},
		{"0 accept", "line 1, column 9: expected the name of an agent, found the end"},
		{"0 accept \"ann\"", "line 1, column 10: expected the name of an agent, found \"ann\""},
		{"0 accept system", "line 1, column 10: \"system\" is nobody's name"},
		{"0 customer \"no end", "line 1, column 12: the text has no end"},
		{"0 forward ann bob", "line 1, column 15: expected \"to\", found \"bob\""},
		{"0 rate 6", "line 1, column 8: a rating is \"like\", \"dislike\" or one of 1 to 5"},
		{"0 rate 3.5", "line 1, column 8: a rating is \"like\", \"dislike\" or one of 1 to 5"},
		{"0 review eve like", "line 1, column 1: invalid value: rating is not on the scale stars"},
		{"0 review eve", "line 1, column 1: invalid value: rating and comment are both missing"},
		{"0 link deal", "line 1, column 8: a record is written as \"kind/id\""},
		{"0 link deal/", "line 1, column 1: invalid value: link.id is missing"},
		{"0 note customer", "line 1, column 1: invalid value: by is customer, who cannot do this"},
	} {
		t.Run(row.line, func(t *testing.T) {
			_, err := conversationtest.Parse(row.line)
			var mistake *conversationtest.LineError
			require.ErrorAs(t, err, &mistake)
			got, want := err.Error(), "conversationtest: "+row.want
			if !strings.Contains(want, "^") {
				got, _, _ = strings.Cut(got, "\n")
			}
			require.Equal(t, want, got)
		})
	}
}

func TestALineGivesTheSameIdsEveryTime(t *testing.T) {
	const line = "0 customer, 20 accept ann, 20 note ann"
	c, again := conversationtest.Play(t, line), conversationtest.Play(t, line)
	require.Equal(t, c.Snapshot(), again.Snapshot())

	other := conversationtest.Play(t, line+", 30 note ann")
	require.NotEqual(t, c.ID(), other.ID())
	ids := map[conversation.EventID]bool{}
	for _, c := range []conversation.Conversation{c, other} {
		events, _ := c.Timeline()
		for _, e := range events {
			ids[e.ID] = true
		}
	}
	require.Len(t, ids, 4+5, "no two events share an id")
}

func TestAScenarioGoesOn(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 20 accept ann")
	c, err := conversationtest.Apply(c, "30 customer, 40 agent ann")
	require.NoError(t, err)
	conversationtest.Expect(t, c, "version=5 detailed=replied first_reply_at=40")

	refused, err := conversationtest.Apply(c, "50 customer, 60 accept bob, 70 customer")
	var held *conversation.HeldError
	require.ErrorAs(t, err, &held)
	require.Contains(t, err.Error(), "\t50 customer, 60 accept bob, 70 customer\n\t             ^")
	conversationtest.Expect(t, refused, "version=6 last_message_at=50")
}

func TestWhatTheLineDoesNotSayIsSaidByOptions(t *testing.T) {
	asking := conversation.OpenChannel{ID: "vip", Name: "VIP", Closing: conversation.ClosingPolicy{AskRating: true}}
	plain := conversation.OpenChannel{ID: "plain", Name: "Plain"}

	c := conversationtest.Play(t, "0 customer, 10 finish ann", conversationtest.With(asking, plain))
	conversationtest.Expect(t, c, "open_channel_id=vip open_channel=VIP detailed=closing")

	c = conversationtest.Play(t, "0 customer, 5 forward to #plain, 10 finish ann", conversationtest.With(asking, plain))
	conversationtest.Expect(t, c, "open_channel_id=plain open_channel=Plain detailed=closed")

	previous := conversation.DeriveID("previous")
	c = conversationtest.Play(t, "0 customer", conversationtest.Starting(conversation.Started{
		Conversation: conversation.DeriveID("1"), OpenChannel: asking, Source: "email", Customer: conversation.Customer{ID: "7"},
		SitePage: "https://example.com", Previous: previous,
	}))
	conversationtest.Expect(t, c, fmt.Sprintf("id=%s open_channel_id=vip source=email customer_id=7 customer=- site_page=https://example.com previous=%s",
		conversation.DeriveID("1"), previous))

	c = conversationtest.Play(t, "0 customer", conversationtest.With(), conversationtest.Starting(conversation.Started{}))
	conversationtest.Expect(t, c, "open_channel_id=sales open_channel=Sales source=live_chat customer_id=customer customer=Customer site_page=- previous=-")
}

func TestPlayEndsATestWhoseLineIsWrong(t *testing.T) {
	for line, want := range map[string]string{
		"0 custmer":                  "nothing that happens is called \"custmer\"",
		"0 customer, 9 takeover ann": "transition not allowed",
	} {
		r := recorded(func(t testing.TB) { conversationtest.Play(t, line) })
		require.True(t, r.ended)
		require.Contains(t, r.String(), want)
	}
}

// recorder is a test that is watched.
type recorder struct {
	testing.TB
	strings.Builder
	ended bool
}

var errEnded = errors.New("the test ended")

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) { r.WriteString(fmt.Sprintf(format, args...)) }

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	panic(errEnded)
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

func recorded(test func(testing.TB)) (r *recorder) {
	r = new(recorder)
	defer func() {
		if v := recover(); v != nil {
			if v != any(errEnded) {
				panic(v)
			}
			r.ended = true
		}
	}()
	test(r)
	return r
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"0 customer, 20 accept ann, 50 agent ann, 90 customer",
		"0 start bot helper, 1.5 bot \"hi\", 2m handover, 1d spam ann",
		"0 outgoing ann, 5 forward ann to #vip, 6 forward bot to bob, 7 review eve 4 `fine`, 8 link deal/7",
		"0 customer \"", "1e9 customer", "0 rate 6", ",", "0 note \"\\x00\"",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		events, err := conversationtest.Parse(line)
		if err != nil {
			var mistake *conversationtest.LineError
			require.ErrorAs(t, err, &mistake)
			require.NotEmpty(t, err.Error())
			return
		}
		require.Equal(t, "started", events[0].Kind())
		for _, e := range events {
			require.NoError(t, e.Validate())
			require.Zero(t, e.At.Sub(conversationtest.At(0))%time.Millisecond)
		}
	})
}
