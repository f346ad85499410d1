package filter_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

// readable writes parameters for a person: sorted, and nothing escaped.
func readable(t testing.TB, v url.Values) string {
	s, err := url.QueryUnescape(v.Encode())
	require.NoError(t, err)
	return s
}

// Each row is read as the predicate, and the predicate is written as the row.
func TestURLOfPredicates(t *testing.T) {
	for _, tt := range []struct {
		url   string
		where filter.Predicate
	}{
		{``, nil},
		{`status=waiting`, filter.Detailed.Is(status.Waiting)},
		{`status=waiting,waiting_again`, filter.Detailed.In(status.Waiting, status.WaitingAgain)},
		{`status=!closed,spam`, filter.Not(filter.Detailed.In(status.Closed, status.Spam))},
		{`general=waiting`, filter.General.Is(status.GeneralWaiting)},
		{`direction=outgoing`, filter.Direction.Is(conversation.Outgoing)},
		{`spam=yes`, filter.Spam.Is(true)},
		{`assigned=no`, filter.Assigned.Is(false)},

		{`agent=me`, filter.IsMe(filter.Agent)},
		{`agent=!me`, filter.Not(filter.IsMe(filter.Agent))},
		{`agent="me"`, filter.Agent.Is("me")},
		{`agent=me,ann`, filter.Or(filter.IsMe(filter.Agent), filter.Agent.Is("ann"))},
		{`rated_agent=me`, filter.IsMe(filter.RatedAgent)},
		{`participant=me,ann,bob`, filter.Or(filter.IncludesMe(filter.Participants), filter.Participants.AnyOf("ann", "bob"))},
		{`source=me`, filter.Source.Is("me")},
		{`source=telegram,live chat`, filter.Source.In("telegram", "live chat")},
		{`source="a,b",">5","","!","\"\\"`, filter.Source.In("a,b", ">5", "", "!", `"\`)},
		{`source=a..b,..,-1,a\b,(a)`, filter.Source.In("a..b", "..", "-1", `a\b`, "(a)")},
		{`has=agent`, filter.Agent.Present()},
		{`has=agent,rating`, filter.Or(filter.Agent.Present(), filter.CustomerRating.Present())},
		{`no=first_reply`, filter.FirstReplyAt.Absent()},
		{`no=agent,rating`, filter.Or(filter.Agent.Absent(), filter.CustomerRating.Absent())},
		{`has=agent&no=rating`, filter.And(filter.Agent.Present(), filter.CustomerRating.Absent())},

		{`customer=jan kowalski`, filter.Customer.Contains("Jan Kowalski")},
		{`customer=jan,anna`, filter.Or(filter.Customer.Contains("jan"), filter.Customer.Contains("anna"))},
		{`customer==Jan,Anna`, filter.Customer.In("Jan", "Anna")},
		{`customer=^jan`, filter.Customer.StartsWith("jan")},
		{`customer=^jan,anna`, filter.Or(filter.Customer.StartsWith("jan"), filter.Customer.StartsWith("anna"))},
		{`customer=!=Jan`, filter.Not(filter.Customer.Is("Jan"))},
		{`customer=today`, filter.Customer.Contains("today")},
		{`customer=""`, filter.Customer.Contains("")},
		{`page=^https://shop.example/?a=b`, filter.SitePage.StartsWith("https://shop.example/?a=b")},

		{`number=7,-8`, filter.ConversationNumber.In(7, -8)},
		{`messages=>3`, filter.MessageCount.Greater(3)},
		{`messages=<3`, filter.MessageCount.Less(3)},
		{`rating=>=2&rating=<=4`, filter.CustomerRating.Between(2, 4)},
		{`rating=!2..4`, filter.Not(filter.CustomerRating.Between(2, 4))},
		{`number=1..3,7..9,11`, filter.Or(filter.ConversationNumber.Between(1, 3), filter.ConversationNumber.Between(7, 9), filter.ConversationNumber.Is(11))},
		{`max_reaction=>45s`, filter.MaxReaction.Greater(45 * time.Second)},
		{`duration=<1h30m`, filter.Duration.Less(90 * time.Minute)},
		{`duration=0s`, filter.Duration.Is(0)},
		{`duration=>26h5ms`, filter.Duration.Greater(26*time.Hour + 5*time.Millisecond)},
		{`duration=<-1m`, filter.Duration.Less(-time.Minute)},

		{`created=today`, filter.CreatedAt.During(filter.Today)},
		{`created=last_week`, filter.CreatedAt.During(filter.LastWeek)},
		{`created=last_7_days`, filter.CreatedAt.During(filter.Last(7, filter.Day))},
		{`created=2026-01-31`, filter.CreatedAt.During(filter.Date(2026, 1, 31))},
		{`created=>2026-01-01`, filter.CreatedAt.AfterTerm(filter.Date(2026, 1, 1))},
		{`created=>=2026-01-01`, filter.CreatedAt.SinceTerm(filter.Date(2026, 1, 1))},
		{`created=<=2026-01-01T10:00`, filter.CreatedAt.UntilTerm(date(t, "2026-01-01T10:00"))},
		{`created=<2026-01-01T00:00:00Z`, filter.CreatedAt.Before(newYear)},
		{`created=>2026-01-01T00:00:00.001Z`, filter.CreatedAt.After(newYear.Add(time.Millisecond))},
		{`created=>=2026-01-01T00:00:00Z&created=<2026-01-02T00:00:00Z`, filter.CreatedAt.Between(newYear, newYear.AddDate(0, 0, 1))},
		{`created=>3_days_ago`, filter.CreatedAt.AfterTerm(filter.Ago(3, filter.Day))},
		{`created=today,2026-01-01..2026-01-31`, filter.Or(filter.CreatedAt.During(filter.Today), filter.And(filter.CreatedAt.SinceTerm(filter.Date(2026, 1, 1)), filter.CreatedAt.UntilTerm(filter.Date(2026, 1, 31))))},
		{`first_reply=<2026-01-31`, filter.FirstReplyAt.BeforeTerm(filter.Date(2026, 1, 31))},

		{`wait=>5m`, filter.WaitingSince.BeforeTerm(filter.Ago(5, filter.Minute))},
		{`wait=>=1h`, filter.WaitingSince.UntilTerm(filter.Ago(1, filter.Hour))},
		{`wait=<1h30m`, filter.WaitingSince.AfterTerm(filter.Ago(90, filter.Minute))},
		{`wait=<=45s`, filter.WaitingSince.SinceTerm(filter.Ago(45, filter.Second))},
		{`waiting_since=<60_minutes_ago`, filter.WaitingSince.BeforeTerm(filter.Ago(60, filter.Minute))},
		{`waiting_since=<2_days_ago`, filter.WaitingSince.BeforeTerm(filter.Ago(2, filter.Day))},
		{`waiting_since=today`, filter.WaitingSince.During(filter.Today)},

		{`link=deal/7`, filter.Links.AnyOf(conversation.Link{Kind: "deal", ID: "7"})},
		{`link=!+deal/7,contact/a/b`, filter.Not(filter.Links.AllOf(conversation.Link{Kind: "deal", ID: "7"}, conversation.Link{Kind: "contact", ID: "a/b"}))},
		{`link_kinds=!deal`, filter.LinkKinds.NoneOf("deal")},
		{`link_kinds=+deal,contact`, filter.LinkKinds.AllOf("deal", "contact")},

		{`agent=me&created=today&status=!spam`, filter.And(filter.IsMe(filter.Agent), filter.CreatedAt.During(filter.Today), filter.Not(filter.Detailed.Is(status.Spam)))},
		{`agent=ann&agent=!bob`, filter.And(filter.Agent.Is("ann"), filter.Not(filter.Agent.Is("bob")))},

		// What has no words is in JSON.
		{`where={"or":[]}`, filter.Or()},
		{`where={"field":"source","op":"in","values":[]}`, filter.Source.In()},
		{`where={"field":"links","op":"any_of","values":[{"kind":"a/b","id":""}]}`, filter.Links.AnyOf(conversation.Link{Kind: "a/b"})},
		{
			`agent=me&where={"or":[{"field":"spam","op":"in","values":[true]},{"field":"agent","op":"in","values":["ann"]}]}`,
			filter.And(filter.IsMe(filter.Agent), filter.Or(filter.Spam.Is(true), filter.Agent.Is("ann"))),
		},
		{
			`where={"or":[{"field":"agent","op":"in","values":["ann"]},{"field":"agent","op":"in","values":["bob"]}]}`,
			filter.Or(filter.Agent.Is("ann"), filter.Agent.Is("bob")),
		},
		{
			`where={"and":[{"or":[]},{"not":{"or":[{"field":"customer","op":"contains","value":"a"},{"field":"customer","op":"starts_with","value":"b"}]}}]}`,
			filter.And(filter.Or(), filter.Not(filter.Or(filter.Customer.Contains("a"), filter.Customer.StartsWith("b")))),
		},
	} {
		t.Run(tt.url, func(t *testing.T) {
			v, err := filter.Question{Where: tt.where}.URL()
			require.NoError(t, err)
			require.Equal(t, tt.url, readable(t, v))
			q, err := filter.ParseURL(v)
			require.NoError(t, err)
			require.Equal(t, tt.where, q.Where)
		})
	}
}

// What may be written in several ways is read alike.
func TestURLIsReadAsItIsMeant(t *testing.T) {
	for _, tt := range []struct{ read, written string }{
		{`detailed=waiting`, `status=waiting`},
		{`status="waiting"`, `status=waiting`},
		{`status==waiting`, `status=waiting`},
		{`status=!"waiting"`, `status=!waiting`},
		{`created_at=today`, `created=today`},
		{`created=last 7 days`, `created=last_7_days`},
		{`created="last 7 days"`, `created=last_7_days`},
		{`created=>2026-01-01T01:00:00.0009%2B01:00`, `created=>2026-01-01T00:00:00Z`},
		{`created=2026-01-01..2026-01-31`, `created=>=2026-01-01&created=<=2026-01-31`},
		{`created=2026-01-01T00:00:00Z..today`, `created=>=2026-01-01T00:00:00Z&created=<=today`},
		{`agent="ann"`, `agent=ann`},
		{`agent==me`, `agent=me`},
		{`source="a\\b"`, `source=a\b`},
		{`participants=ann`, `participant=ann`},
		{`spam=true&assigned=false`, `assigned=no&spam=yes`},
		{`customer=ŁUKASZ`, `customer=łukasz`},
		{`duration=>2d`, `duration=>48h`},
		{`duration=>1d2h3m4s5ms`, `duration=>26h3m4s5ms`},
		{`duration=>1.5h`, `duration=>1h30m`},
		{`duration=>0.0009s`, `duration=>0s`},
		{`duration=>90m`, `duration=>1h30m`},
		{`duration=-0s`, `duration=0s`},
		{`wait=>120s`, `wait=>2m`},
		{`wait=>1d`, `wait=>24h`},
		{`has=detailed`, `has=status`},
		{`has="agent"`, `has=agent`},
		{`has=!agent`, `no=agent`},
		{`no=!agent`, `has=agent`},
		{`where={"and":[{"field":"agent","op":"in","term":"me"}]}`, `agent=me`},
		{`where={ "not" : {"not":{"field":"agent","op":"present"}} }`, `has=agent`},
		{`sort=-last_message_at,number`, `sort=-last_message,number`},
	} {
		t.Run(tt.read, func(t *testing.T) {
			v, err := url.ParseQuery(tt.read)
			require.NoError(t, err)
			q, err := filter.ParseURL(v)
			require.NoError(t, err)
			written, err := q.URL()
			require.NoError(t, err)
			require.Equal(t, tt.written, readable(t, written))
		})
	}
}

func TestURLOfQuestions(t *testing.T) {
	for _, tt := range []struct {
		asks filter.Question
		url  string
	}{
		{filter.Question{}, ``},
		{filter.Question{Order: filter.Order{}}, `sort=`},
		{filter.Question{Order: filter.Order{filter.LastMessageAt.Desc(), filter.WaitingSince.Asc()}, Limit: 50}, `limit=50&sort=-last_message,waiting_since`},
		{filter.Question{Where: filter.IsMe(filter.Agent), Limit: 1000, Cursor: "AQ-_"}, `agent=me&cursor=AQ-_&limit=1000`},
	} {
		t.Run(tt.url, func(t *testing.T) {
			v, err := tt.asks.URL()
			require.NoError(t, err)
			require.Equal(t, tt.url, readable(t, v))
			q, err := filter.ParseURL(v)
			require.NoError(t, err)
			require.Equal(t, tt.asks, q)
		})
	}
	v, err := filter.Question{Where: filter.All}.URL()
	require.NoError(t, err)
	require.Empty(t, v, "everything needs no words")
}

func TestParseURLNamesEveryMistake(t *testing.T) {
	for _, tt := range []struct {
		is     string
		url    string
		causes []string
	}{
		{"names of nothing", `foo=1&Status=new&=&q=hello&v=1`, []string{`: unknown parameter`, `Status: unknown parameter`, `foo: unknown parameter`, `q: unknown parameter`, `v: unknown parameter`}},
		{"what can be there once", `limit=1&limit=2&sort=number&sort=number&cursor=a&cursor=b&where={}&where={}`, []string{
			`cursor: it is there twice`, `limit: it is there twice`, `sort: it is there twice`, `where: it is there twice`,
		}},
		{"limits", `limit=0`, []string{`limit: the size of a page is a whole number from 1 to 1000`}},
		{"limits written oddly", `limit=007`, []string{`limit: the size of a page is a whole number from 1 to 1000`}},
		{"no limit", `limit=`, []string{`limit: the size of a page is a whole number from 1 to 1000`}},
		{"orders", `sort=rank,-,links,created,-created_at,,number`, []string{
			`sort: unknown field "rank"`, `sort: unknown field ""`, `sort: links cannot be sorted by`, `sort: created_at stands twice`, `sort: unknown field ""`,
		}},
		{"an order by how long a customer has waited", `sort=wait`, []string{`sort: unknown field "wait"`}},
		{"too many keys", `sort=number,number,number,number,number,number,number,number,number`, []string{`sort: 9 keys, more than 8`}},

		{"no value", `agent=&status=!&customer==&messages=>&source=a,,b&page=,`, []string{
			`agent: a value is missing`, `customer: a value is missing`, `messages: a value is missing`, `page: a value is missing`, `source: a value is missing`, `status: a value is missing`,
		}},
		{"one of several", `agent=ann&agent=`, []string{`agent[1]: a value is missing`}},
		{"quotes", `agent="a&source=a"b"&customer="a"b&channel="\n"&page="\`, []string{
			`agent: a quote is not closed`, `channel: a backslash in quotes stands only before " and \`, `customer: a comma is missing`,
			`page: a backslash in quotes stands only before " and \`, `source: a quote is inside a value: quote all of it`,
		}},
		{"signs", `agent=>5&status=^w&customer=+a&link=^a/b&spam=<yes&created==today&link=>a/b&has=>agent`, []string{
			`agent: agent cannot be compared by >`, `created: created_at cannot be compared by =`, `customer: customer cannot be compared by +`,
			`has: ">" says nothing of a field`, `link[0]: links cannot be compared by ^`, `link[1]: links cannot be compared by >`,
			`spam: spam cannot be compared by <`, `status: detailed cannot be compared by ^`,
		}},
		{"signs too many", `agent=!!a&customer=^^a&source=a,>b&duration=>>5s&page==!a`, []string{
			`agent: a value begins with !: quote it`, `customer: a value begins with ^: quote it`, `duration: a value begins with >: quote it`,
			`page: a value begins with !: quote it`, `source: a value begins with >: quote it`,
		}},
		{"values that no field has", `status=Waiting,new&spam=maybe&messages=many&duration=long&created=someday&link=deal&rating=1.5`, []string{
			`created: "someday" is no instant such as today, 2026-01-31 or 2026-01-31T10:00:00Z`, `duration: "long" is no duration such as 45s or 1h30m`,
			`link: "deal" is no link such as deal/7`, `messages: "many" is no whole number`, `rating: "1.5" is no whole number`,
			`spam: "maybe" is neither yes nor no`, `status: "Waiting" is none of new, queued, accepted, waiting, waiting_again, replied, closing, closed, spam`,
		}},
		{"ranges", `rating=1..&duration=..5s&created=a..today&messages=>1..2&number=1..2..3&first_reply=today..5_minutes_ago..`, []string{
			`created: "a" is no instant such as today, 2026-01-31 or 2026-01-31T10:00:00Z`, `duration: "" is no duration such as 45s or 1h30m`,
			`first_reply: "5_minutes_ago.." is no instant such as today, 2026-01-31 or 2026-01-31T10:00:00Z`, `messages: "1..2" is no whole number`,
			`number: "2..3" is no whole number`, `rating: "" is no whole number`,
		}},
		{"instants that are no periods", `created=2026-01-01T00:00:00Z&closed=5_minutes_ago`, []string{
			`closed: 5 minutes ago is an instant and no period: compare by less, at_most, greater or at_least`, `created: an instant is no period: compare by >, >=, < or <=, or say a day`,
		}},
		{"several values where one goes", `messages=>1,2&wait=>1m,2m`, []string{`messages: > takes one value`, `wait: > takes one value`}},
		{"me where nobody is meant", `participant=+me`, []string{`participant: it cannot be compared with me by all_of`}},
		{"waits", `wait=5m&wait=^5m&wait=>0s&wait=>-5m&wait=>long&wait=>500ms&wait=>100001s&wait=>1m..2m`, []string{
			`wait[0]: say how long: >5m, >=5m, <5m or <=5m`, `wait[1]: say how long: >5m, >=5m, <5m or <=5m`,
			`wait[2]: "0s" is not 1 to 100000 seconds, minutes or hours`, `wait[3]: "-5m" is not 1 to 100000 seconds, minutes or hours`,
			`wait[4]: "long" is no duration such as 45s or 1h30m`, `wait[5]: "500ms" is not 1 to 100000 seconds, minutes or hours`,
			`wait[6]: "100001s" is not 1 to 100000 seconds, minutes or hours`, `wait[7]: "1m..2m" is no duration such as 45s or 1h30m`,
		}},
		{"fields to have", `has=everything,agent&no=wait`, []string{`has: unknown field "everything"`, `no: unknown field "wait"`}},
		{"texts that no database takes", "agent=a\x00b&customer=" + strings.Repeat("a", 513) + "&source=\xff", []string{
			`agent: a text contains a NUL character`, `customer: a value has 513 bytes, more than 512`, `source: a text is not UTF-8`,
		}},
		{"too many values", `agent=` + strings.Repeat("a,", 300) + `a`, []string{`agent: 301 values, more than 300`}},
		{"too many conditions", strings.Repeat(`agent=a&`, 51), []string{`?: more than 50 conditions`}},
		{"too many conditions in one", `number=` + strings.Repeat("1..2,", 25) + `1..2`, []string{`number: more than 50 conditions`}},
		{"JSON", `where={"and":[{"field":"status"},7]}`, []string{`where.and[0].field: unknown field "status"`, `where.and[0].op: it is missing`, `where.and[1]: it is no object`}},
		{"no JSON", `where={`, []string{`where: the text ends too early`}},
		{"empty JSON", `where=`, []string{`where: the text ends too early`}},
		{"too much JSON", `where={"or":[` + strings.Repeat(`{"or":[]},`, 50) + `{"or":[]}]}`, []string{`where: more than 50 conditions`}},
		{"too long", `cursor=` + strings.Repeat("a", filter.MaxURL), []string{`?: 65544 bytes, more than 65536`}},
		{"too much of nothing", strings.Repeat(`=&`, filter.MaxURL), []string{`?: 131072 bytes, more than 65536`}},
	} {
		t.Run(tt.is, func(t *testing.T) {
			v := url.Values{}
			for _, parameter := range strings.Split(strings.TrimSuffix(tt.url, "&"), "&") {
				name, value, _ := strings.Cut(parameter, "=")
				value = strings.ReplaceAll(value, "%2B", "+")
				v.Add(name, value)
			}
			q, err := filter.ParseURL(v)
			require.Equal(t, tt.causes, formCauses(t, err))
			require.Zero(t, q)
		})
	}
	t.Run("not more mistakes than anybody reads", func(t *testing.T) {
		v := url.Values{}
		for range 100 {
			v.Add("agent", "")
			v.Add("where", "")
		}
		_, err := filter.ParseURL(v)
		require.Len(t, formCauses(t, err), 32)
	})
}

// Every way to write a duration wrongly, one by one.
func TestDurationsAreStrict(t *testing.T) {
	for _, said := range []string{
		"5", "m", "1h1h", "1m1h", "5us", "1e3s", "5 m", "0x5s", ".5s", "5.s", "9999999999999999999h", "2562047788016h", "106751991168d", "0.0000000001s", "--5s", "5s-", "5S", "١s", "5mss",
	} {
		_, err := filter.ParseURL(url.Values{"duration": {said}})
		require.Len(t, formCauses(t, err), 1, said)
	}
}

// What JSON may hold does not fit into every address.
func TestWhatIsTooLongHasNoURL(t *testing.T) {
	ids := make([]conversation.AgentID, filter.MaxList)
	for i := range ids {
		ids[i] = conversation.AgentID(strings.Repeat("a", filter.MaxText))
	}
	for _, q := range []filter.Question{
		{Where: filter.Agent.In(ids...)},
		{Where: filter.Or(filter.Spam.Is(true), filter.Agent.In(ids...))},
		{Cursor: strings.Repeat("a", filter.MaxURL)},
	} {
		_, err := q.MarshalJSON()
		require.NoError(t, err)
		_, err = q.URL()
		require.ErrorIs(t, err, filter.ErrForm)
		require.ErrorContains(t, err, "more than 65536")
	}
}

// A question keeps its cursors through an address, and finds the same.
func TestURLGivesTheQuestionBack(t *testing.T) {
	cs := actors(t)
	asking := filter.Asking{Now: second(100), Zone: time.UTC, Me: "ann"}
	rapid.Check(t, func(t *rapid.T) {
		q := someQuestion().Draw(t, "question")
		written, err := q.URL()
		require.NoError(t, err)
		v, err := url.ParseQuery(written.Encode())
		require.NoError(t, err)
		read, err := filter.ParseURL(v)
		require.NoError(t, err, "%v", written)
		again, err := read.URL()
		require.NoError(t, err)
		require.Equal(t, written, again)

		require.Equal(t, [3]any{q.Order, q.Limit, q.Cursor}, [3]any{read.Order, read.Limit, read.Cursor})
		where, back := q.Where, read.Where
		if where == nil {
			where = filter.All
		}
		if back == nil {
			back = filter.All
		}
		_, err = filter.ParseCursor(filter.Position{Number: 1}.Cursor(where, nil), back, nil)
		require.NoError(t, err, "%v", written)
		where, err = filter.Resolve(where, asking)
		require.NoError(t, err)
		back, err = filter.Resolve(back, asking)
		require.NoError(t, err)
		require.Equal(t, found(cs, where), found(cs, back))
	})
}

func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{
		``, `status=waiting&agent=me&created=>2026-01-01&sort=-last_message&limit=50&cursor=AQ`, `status=!closed,spam&customer==Jan,"a,b"&page=^https://`,
		`wait=>5m&max_reaction=10s..1m&has=agent&no=first_reply&link=%2Bdeal/7`, `where={"or":[{"field":"spam","op":"in","values":[true]}]}`,
		`created=today,2026-01-01..2026-01-31T10:00`, `duration=-1d2h3m4.5s`, `agent=&agent=%22\%22`, `rating=..`, `number=1,2,3`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		q, err := filter.ParseURL(v)
		if err != nil {
			require.NotEmpty(t, formCauses(t, err))
			require.Zero(t, q)
			return
		}
		requireAskable(t, q)
		written, err := q.URL()
		if err != nil { // written in another way, it may be longer
			require.ErrorContains(t, err, "more than 65536")
			return
		}
		read, err := filter.ParseURL(written)
		require.NoError(t, err)
		again, err := read.URL()
		require.NoError(t, err)
		require.Equal(t, written, again)
	})
}

func BenchmarkParseURL(b *testing.B) {
	v, err := url.ParseQuery(`status=waiting,waiting_again&agent=me&created=last_7_days&customer=!test&max_reaction=>45s&sort=-last_message&limit=50`)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := filter.ParseURL(v); err != nil {
			b.Fatal(err)
		}
	}
}
