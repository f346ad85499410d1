package filter_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

var newYear = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func TestJSONOfPredicates(t *testing.T) {
	for _, tt := range []struct {
		where filter.Predicate
		json  string
	}{
		{filter.And(), `{"and":[]}`},
		{filter.Or(), `{"or":[]}`},
		{filter.And(filter.Spam.Is(true), filter.Or(filter.Spam.Is(false))), `{"and":[{"field":"spam","op":"in","values":[true]},{"or":[{"field":"spam","op":"in","values":[false]}]}]}`},
		{filter.Not(filter.Agent.Present()), `{"not":{"field":"agent","op":"present"}}`},
		{filter.Detailed.In(status.Waiting, status.WaitingAgain), `{"field":"detailed","op":"in","values":["waiting","waiting_again"]}`},
		{filter.General.Is(status.GeneralClosed), `{"field":"general","op":"in","values":["closed"]}`},
		{filter.Direction.Is(conversation.Outgoing), `{"field":"direction","op":"in","values":["outgoing"]}`},
		{filter.Detailed.In(), `{"field":"detailed","op":"in","values":[]}`},
		{filter.Agent.In("ann", "me", ""), `{"field":"agent","op":"in","values":["ann","me",""]}`},
		{filter.Customer.Is("Łukasz"), `{"field":"customer","op":"in","values":["Łukasz"]}`},
		{filter.Customer.Contains("Łukasz"), `{"field":"customer","op":"contains","value":"łukasz"}`},
		{filter.SitePage.StartsWith("https://"), `{"field":"site_page","op":"starts_with","value":"https://"}`},
		{filter.MessageCount.Greater(3), `{"field":"message_count","op":"greater","value":3}`},
		{filter.MessageCount.Is(math.MinInt64), `{"field":"message_count","op":"in","values":[-9223372036854775808]}`},
		{filter.ReviewRating.Between(2, 4), `{"and":[{"field":"review_rating","op":"at_least","value":2},{"field":"review_rating","op":"at_most","value":4}]}`},
		{filter.MaxReaction.Greater(45 * time.Second), `{"field":"max_reaction","op":"greater","value":45000}`},
		{filter.CreatedAt.Before(newYear), `{"field":"created_at","op":"less","value":"2026-01-01T00:00:00Z"}`},
		{filter.CreatedAt.After(newYear.Add(1500 * time.Microsecond)), `{"field":"created_at","op":"greater","value":"2026-01-01T00:00:00.001Z"}`},
		{filter.CreatedAt.Before(time.Time{}), `{"field":"created_at","op":"less","value":"0001-01-01T00:00:00Z"}`},
		{filter.CreatedAt.During(filter.Last(7, filter.Day)), `{"field":"created_at","op":"in","term":"last 7 days"}`},
		{filter.CreatedAt.SinceTerm(filter.Date(2026, 1, 31)), `{"field":"created_at","op":"at_least","term":"2026-01-31"}`},
		{filter.WaitingSince.BeforeTerm(filter.Ago(5, filter.Minute)), `{"field":"waiting_since","op":"less","term":"5 minutes ago"}`},
		{filter.IsMe(filter.Agent), `{"field":"agent","op":"in","term":"me"}`},
		{filter.IncludesMe(filter.Participants), `{"field":"participants","op":"any_of","term":"me"}`},
		{filter.LinkKinds.AllOf("deal", "contact"), `{"field":"link_kinds","op":"all_of","values":["deal","contact"]}`},
		{filter.Links.AnyOf(conversation.Link{Kind: "deal", ID: "7"}), `{"field":"links","op":"any_of","values":[{"kind":"deal","id":"7"}]}`},
		{filter.Links.NoneOf(conversation.Link{Kind: "a/b:", ID: `"`}), `{"not":{"field":"links","op":"any_of","values":[{"kind":"a/b:","id":"\""}]}}`},
	} {
		t.Run(tt.json, func(t *testing.T) {
			written, err := json.Marshal(filter.Question{Where: tt.where})
			require.NoError(t, err)
			require.Equal(t, `{"v":1,"where":`+tt.json+`}`, string(written))
			read, err := filter.ParseJSON(written)
			require.NoError(t, err)
			require.Equal(t, filter.Question{Where: tt.where}, read)
		})
	}
}

func TestJSONOfQuestions(t *testing.T) {
	for _, tt := range []struct {
		asks filter.Question
		json string
	}{
		{filter.Question{}, `{"v":1}`},
		{filter.Question{Where: filter.All}, `{"v":1,"where":{"and":[]}}`},
		{filter.Question{Order: filter.Order{}}, `{"v":1,"sort":[]}`},
		{filter.Question{Order: filter.Order{filter.LastMessageAt.Desc(), filter.ConversationNumber.Asc()}}, `{"v":1,"sort":["-last_message_at","number"]}`},
		{filter.Question{Limit: 1}, `{"v":1,"limit":1}`},
		{filter.Question{Limit: filter.MaxPageSize, Cursor: "abc"}, `{"v":1,"limit":1000,"cursor":"abc"}`},
	} {
		t.Run(tt.json, func(t *testing.T) {
			written, err := json.Marshal(tt.asks)
			require.NoError(t, err)
			require.Equal(t, tt.json, string(written))
			read, err := filter.ParseJSON(written)
			require.NoError(t, err)
			require.Equal(t, tt.asks, read)
		})
	}
}

// What a frontend may write in several ways is stored in one.
func TestJSONIsReadAsItIsMeant(t *testing.T) {
	for _, tt := range []struct{ read, written string }{
		{` { "limit" : 50 , "v" : 1 } `, `{"v":1,"limit":50}`},
		{`{"v":1,"cursor":""}`, `{"v":1}`},
		{`{"v":1,"where":{"op":"contains","value":"\u0141UKASZ","field":"customer"}}`, `{"v":1,"where":{"field":"customer","op":"contains","value":"łukasz"}}`},
		{`{"v":1,"where":{"field":"created_at","op":"less","value":"2026-01-01T01:00:00.0009+01:00"}}`, `{"v":1,"where":{"field":"created_at","op":"less","value":"2026-01-01T00:00:00Z"}}`},
	} {
		q, err := filter.ParseJSON([]byte(tt.read))
		require.NoError(t, err)
		written, err := json.Marshal(q)
		require.NoError(t, err)
		require.Equal(t, tt.written, string(written))
	}
}

// formCauses returns what a form's errors say, in order.
func formCauses(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok, "%T", err)
	var all []string
	for _, err := range joined.Unwrap() {
		var e *filter.FormError
		require.ErrorAs(t, err, &e)
		require.ErrorIs(t, err, filter.ErrForm)
		require.Equal(t, "filter: invalid form of a question: "+e.Path+": "+e.Cause, err.Error())
		all = append(all, e.Path+": "+e.Cause)
	}
	return all
}

func TestParseJSONNamesEveryMistake(t *testing.T) {
	deep := strings.Repeat(`{"not":`, filter.MaxDepth)
	ends := strings.Repeat(`}`, filter.MaxDepth)
	leaf := `{"field":"spam","op":"present"}`
	today := `{"field":"created_at","op":"in","term":"today"}`
	list := func(n int, s string) string { return "[" + strings.TrimSuffix(strings.Repeat(s+",", n), ",") + "]" }
	for _, tt := range []struct {
		is     string
		json   string
		causes []string
	}{
		{"nothing", ``, []string{`$: the text ends too early`}},
		{"half of it", `{"v":1,`, []string{`$: the text ends too early`}},
		{"no JSON", `{"v":1,"where":{and}}`, []string{`$.where: no JSON at byte 16`}},
		{"a second one", `{"v":1}{}`, []string{`$: something follows the end, at byte 7`}},
		{"bytes that are no text", "{\"v\":1,\"cursor\":\"\xff\"}", []string{`$: the text is not UTF-8`}},
		{"null", `null`, []string{`$: it is no object`}},
		{"an array", `[]`, []string{`$: it is no object`}},
		{"no version", `{}`, []string{`$.v: the version is missing: it is 1`}},
		{"a later version", `{"v":2,"filter":[]}`, []string{`$.v: the version is not 1`}},
		{"a version of another type", `{"v":"1"}`, []string{`$.v: the version is not 1`}},
		{"a version written in another way", `{"v":1.0}`, []string{`$.v: the version is not 1`}},
		{"keys that do not exist", `{"v":1,"order":[],"Where":{},"":1,"a b":2}`, []string{
			`$.order: unknown key`, `$["Where"]: unknown key`, `$[""]: unknown key`, `$["a b"]: unknown key`,
		}},
		{"a key twice", `{"v":1,"limit":1,"limit":2}`, []string{`$.limit: it is there twice`}},
		{"a key twice, somewhere inside", `{"v":1,"where":{"field":"spam","op":"in","op":"present"}}`, []string{
			`$.where.op: it is there twice`, `$.where.values: it is missing`,
		}},
		{"values of other types", `{"v":1,"where":[],"sort":"number","limit":"50","cursor":7}`, []string{
			`$.where: it is no object`, `$.sort: it is no array`, `$.limit: the size of a page is a whole number from 1 to 1000`, `$.cursor: it is no text`,
		}},
		{"null values", `{"v":1,"where":null,"sort":null,"limit":null,"cursor":null}`, []string{
			`$.where: it is no object`, `$.sort: it is no array`, `$.limit: the size of a page is a whole number from 1 to 1000`, `$.cursor: it is no text`,
		}},
		{"a limit of none", `{"v":1,"limit":0}`, []string{`$.limit: the size of a page is a whole number from 1 to 1000`}},
		{"a limit too high", `{"v":1,"limit":1001}`, []string{`$.limit: the size of a page is a whole number from 1 to 1000`}},
		{"a limit with a point", `{"v":1,"limit":1.5}`, []string{`$.limit: the size of a page is a whole number from 1 to 1000`}},
		{"a limit beyond numbers", `{"v":1,"limit":99999999999999999999}`, []string{`$.limit: the size of a page is a whole number from 1 to 1000`}},

		{"keys to sort by that do not exist", `{"v":1,"sort":["-rank","","-","--number","+number","created","links",7,"number","-number"]}`, []string{
			`$.sort: 10 keys, more than 8`,
		}},
		{"keys to sort by that cannot be", `{"v":1,"sort":["-rank","","--number","created","links",7,"number","-number"]}`, []string{
			`$.sort[0]: unknown field "rank"`, `$.sort[1]: unknown field ""`, `$.sort[2]: unknown field "-number"`, `$.sort[3]: unknown field "created"`,
			`$.sort[4]: links cannot be sorted by`, `$.sort[5]: it is no text`, `$.sort[7]: number stands twice`,
		}},

		{"an empty node", `{"v":1,"where":{}}`, []string{`$.where: it has none of and, or, not and field`}},
		{"two nodes in one", `{"v":1,"where":{"or":[],"and":[],"field":"spam"}}`, []string{`$.where.or: unknown key beside and`, `$.where.field: unknown key beside and`}},
		{"parts of another type", `{"v":1,"where":{"and":[7,{"or":{}},{"not":[]},null]}}`, []string{
			`$.where.and[0]: it is no object`, `$.where.and[1].or: it is no array`, `$.where.and[2].not: it is no object`, `$.where.and[3]: it is no object`,
		}},
		{"a field and an operator that do not exist", `{"v":1,"where":{"and":[{"field":"status","op":"in","values":[]},{"field":"agent","op":"is","value":"ann"}]}}`, []string{
			`$.where.and[0].field: unknown field "status"`, `$.where.and[1].op: unknown operator "is"`,
		}},
		{"both, and more", `{"v":1,"where":{"field":7,"op":"","value":1,"values":[],"unit":"s"}}`, []string{
			`$.where.field: it is no text`, `$.where.op: unknown operator ""`, `$.where.values: it stands beside value`, `$.where.unit: unknown key`,
		}},
		{"no operator", `{"v":1,"where":{"field":"agent"}}`, []string{`$.where.op: it is missing`}},
		{"an operator of another type of field", `{"v":1,"where":{"and":[{"field":"agent","op":"contains","value":"a"},{"field":"links","op":"in","values":[]},{"field":"spam","op":"less","value":true}]}}`, []string{
			`$.where.and[0].op: agent is not compared by contains`, `$.where.and[1].op: links is not compared by in`, `$.where.and[2].op: spam is not compared by less`,
		}},
		{"an instant that is one of some", `{"v":1,"where":{"field":"created_at","op":"in","values":["2026-01-01T00:00:00Z"]}}`, []string{
			`$.where.op: created_at is not compared by in with values, only with a term`,
		}},
		{"an operand too few, too many, or the wrong one", `{"v":1,"where":{"and":[{"field":"agent","op":"in"},{"field":"agent","op":"in","value":"ann"},` +
			`{"field":"agent","op":"present","values":[]},{"field":"duration","op":"less"},{"field":"duration","op":"less","values":[1]}]}}`, []string{
			`$.where.and[0].values: it is missing`, `$.where.and[1].value: in takes values`, `$.where.and[2].values: present takes none`,
			`$.where.and[3].value: it is missing`, `$.where.and[4].values: less takes value`,
		}},
		{"values that no field has", `{"v":1,"where":{"and":[{"field":"detailed","op":"in","values":["waiting","Waiting",3,""]},{"field":"spam","op":"in","values":[1,"yes",null]},` +
			`{"field":"duration","op":"less","value":"45s"},{"field":"duration","op":"less","value":1.5},{"field":"message_count","op":"in","values":[1e3,"1",true]},` +
			`{"field":"agent","op":"in","values":[7,{}]},{"field":"links","op":"any_of","values":["deal/7",{"kind":"deal"},{"kind":"deal","id":7},{"kind":"deal","id":"7","caption":""}]},` +
			`{"field":"link_kinds","op":"any_of","values":[{"kind":"deal","id":"7"}]},{"field":"created_at","op":"less","value":"2026-01-01"},{"field":"created_at","op":"less","value":1767225600000}]}}`, []string{
			`$.where.and[0].values[1]: it is none of new, queued, accepted, waiting, waiting_again, replied, closing, closed, spam`,
			`$.where.and[0].values[2]: it is none of new, queued, accepted, waiting, waiting_again, replied, closing, closed, spam`,
			`$.where.and[0].values[3]: it is none of new, queued, accepted, waiting, waiting_again, replied, closing, closed, spam`,
			`$.where.and[1].values[0]: it is neither true nor false`, `$.where.and[1].values[1]: it is neither true nor false`, `$.where.and[1].values[2]: it is neither true nor false`,
			`$.where.and[2].value: it is no whole number of milliseconds`, `$.where.and[3].value: it is no whole number of milliseconds`,
			`$.where.and[4].values[0]: it is no whole number`, `$.where.and[4].values[1]: it is no whole number`, `$.where.and[4].values[2]: it is no whole number`,
			`$.where.and[5].values[0]: it is no text`, `$.where.and[5].values[1]: it is no text`,
			`$.where.and[6].values[0]: it is no link such as {"kind":"deal","id":"7"}`, `$.where.and[6].values[1]: it is no link such as {"kind":"deal","id":"7"}`,
			`$.where.and[6].values[2]: it is no link such as {"kind":"deal","id":"7"}`, `$.where.and[6].values[3]: it is no link such as {"kind":"deal","id":"7"}`,
			`$.where.and[7].values[0]: it is no text`,
			`$.where.and[8].value: it is no instant of RFC 3339 such as 2026-01-31T10:00:00Z`, `$.where.and[9].value: it is no instant of RFC 3339 such as 2026-01-31T10:00:00Z`,
		}},
		{"instants in another form", `{"v":1,"where":{"or":[{"field":"created_at","op":"less","value":"2026-01-01T00:00:00"},{"field":"created_at","op":"less","value":"2026-01-01 00:00:00Z"},` +
			`{"field":"created_at","op":"less","value":"2026-01-01T00:00:00,5Z"},{"field":"created_at","op":"less","value":"9999-12-31T23:59:59-01:00"}]}}`, []string{
			`$.where.or[0].value: it is no instant of RFC 3339 such as 2026-01-31T10:00:00Z`, `$.where.or[1].value: it is no instant of RFC 3339 such as 2026-01-31T10:00:00Z`,
			`$.where.or[2].value: it is no instant of RFC 3339 such as 2026-01-31T10:00:00Z`, `$.where.or[3].value: it is no instant of RFC 3339 such as 2026-01-31T10:00:00Z`,
		}},
		{"terms that do not fit", `{"v":1,"where":{"and":[{"field":"agent","op":"in","term":"today"},{"field":"source","op":"in","term":"me"},{"field":"participants","op":"all_of","term":"me"},` +
			`{"field":"created_at","op":"in","term":"me"},{"field":"created_at","op":"in","term":"5 minutes ago"},{"field":"created_at","op":"present","term":"today"},` +
			`{"field":"created_at","op":"in","term":"Today"},{"field":"created_at","op":"in","term":7}]}}`, []string{
			`$.where.and[0].term: it is no instant to compare with today`, `$.where.and[1].term: it cannot be compared with me by in`, `$.where.and[2].term: it cannot be compared with me by all_of`,
			`$.where.and[3].term: it cannot be compared with me by in`, `$.where.and[4].term: 5 minutes ago is an instant and no period: compare by less, at_most, greater or at_least`,
			`$.where.and[5].term: present cannot compare instants`, `$.where.and[6].term: "Today" is no term`, `$.where.and[7].term: it is no text`,
		}},
		{"texts that no database takes", `{"v":1,"where":{"and":[{"field":"agent","op":"in","values":["a\u0000b"]},{"field":"customer","op":"contains","value":"` + strings.Repeat("a", 513) + `"},` +
			`{"field":"customer","op":"starts_with","value":"` + strings.Repeat("İ", 200) + `"}]}}`, []string{
			`$.where.and[0].values[0]: a text contains a NUL character`, `$.where.and[1].value: 513 bytes, more than 512`, `$.where.and[2].value: 600 bytes, more than 512`,
		}},

		{"as many levels as there may be", `{"v":1,"where":` + deep + leaf + ends + `}`, nil},
		{"one level more", `{"v":1,"where":` + deep + `{"and":[` + leaf + `]}` + ends + `}`, []string{`$.where` + strings.Repeat(".not", 16) + `: more than 16 levels`}},
		{"a period in too many levels", `{"v":1,"where":` + deep + today + ends + `}`, []string{`$.where` + strings.Repeat(".not", 16) + `: more than 16 levels`}},
		{"more keys than anything has", `{"v":1,"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1}`, []string{`$: more than 16 keys`}},
		{"levels without end", strings.Repeat(`{"not":`, 100_000), []string{`$` + strings.Repeat(".not", 40) + `: nested too deeply`}},
		{"as many conditions as there may be", `{"v":1,"where":{"or":` + list(50, leaf) + `}}`, nil},
		{"one condition more", `{"v":1,"where":{"or":` + list(51, leaf) + `}}`, []string{`$.where: more than 50 conditions`}},
		{"too many empty disjunctions", `{"v":1,"where":{"or":` + list(51, `{"or":[]}`) + `}}`, []string{`$.where: more than 50 conditions`}},
		{"as many periods as there may be", `{"v":1,"where":{"or":` + list(25, today) + `}}`, nil},
		{"one period more", `{"v":1,"where":{"or":` + list(26, today) + `}}`, []string{`$.where: more than 50 conditions`}},
		{"as many values as there may be", `{"v":1,"where":{"field":"agent","op":"in","values":` + list(300, `"a"`) + `}}`, nil},
		{"one value more", `{"v":1,"where":{"field":"agent","op":"in","values":` + list(301, `"a"`) + `}}`, []string{`$.where.values: 301 values, more than 300`}},
		{"too long", strings.Repeat(" ", filter.MaxJSON) + `{}`, []string{`$: 1048578 bytes, more than 1048576`}},
	} {
		t.Run(tt.is, func(t *testing.T) {
			q, err := filter.ParseJSON([]byte(tt.json))
			require.Equal(t, tt.causes, formCauses(t, err))
			if err != nil {
				require.Zero(t, q)
				kept := filter.Question{Limit: 7}
				require.Error(t, json.Unmarshal([]byte(tt.json), &kept))
				require.Equal(t, filter.Question{Limit: 7}, kept)
			}
		})
	}
	t.Run("not more mistakes than anybody reads", func(t *testing.T) {
		_, err := filter.ParseJSON([]byte(`{"v":1,"sort":[` + strings.Repeat(`"a",`, 7) + `"a"],"where":{"and":` + list(1000, `7`) + `}}`))
		require.Len(t, formCauses(t, err), 32)
	})
	t.Run("an error is as short as a text is long", func(t *testing.T) {
		_, err := filter.ParseJSON([]byte(`{"v":1,"` + strings.Repeat("x", 100_000) + `":1,"where":{"field":"` + strings.Repeat("y", 100_000) + `","op":"` + strings.Repeat("z", 100_000) + `"}}`))
		require.Less(t, len(err.Error()), 1000)
	})
}

// Texts are JSON for the parser if they are for encoding/json, and mean the same,
// but for a half of a character.
func TestJSONIsThatOfEverybody(t *testing.T) {
	for _, value := range []string{
		`"a"`, `""`, `"\"\\\/\b\f\n\r\t"`, `"\u0141\u00e9é"`, `"\ud83d\udc69"`, `"\uFFFD"`, `"\u0000"`, "\"\u2028\"", "\"\t\"", "\"\n\"", `"`, `"\`, `"\"`, `"\x"`, `"\u12"`, `"\u12g4"`,
		`"\u+123"`, `"\U0041"`, `"a" "b"`, `'a'`, `a`, `nul`, `nullx`, `null`, `true`, `false`, `True`, `tru`, `-`, `--1`, `01`, `-01`, `+1`, `1.`, `.5`, `1.5`, `1e`, `1e+`, `1e5`, `1E-5`, `0`, `-0`, `0x1`,
		`[`, `[]`, `[,]`, `[1,]`, `[1 2]`, `[1,2]`, `]`, `{`, `{}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1 "b":2}`, `{a:1}`, `{1:1}`, `{"a":1,"b":[{}]}`, `}`, ``, ` `, `1//`, "1\v", "\ufeff1", "1\x00", "\x00",
	} {
		text := `{"v":1,"cursor":` + value + `}`
		_, err := filter.ParseJSON([]byte(text))
		says := fmt.Sprint(err)
		require.Equal(t, json.Valid([]byte(text)), !strings.Contains(says, "no JSON") && !strings.Contains(says, "too early") && !strings.Contains(says, "follows"), "%s: %s", value, says)
		var cursor string
		if json.Unmarshal([]byte(value), &cursor) == nil && value != "null" {
			q, err := filter.ParseJSON([]byte(text))
			require.NoError(t, err)
			require.Equal(t, cursor, q.Cursor)
		}
	}
	for _, half := range []string{`"\ud83d"`, `"\udc69"`, `"\ud83d\u0041"`, `"\ud83dA"`, `"\udc69\ud83d"`} {
		_, err := filter.ParseJSON([]byte(`{"v":1,"cursor":` + half + `}`))
		require.Len(t, formCauses(t, err), 1)
		require.ErrorContains(t, err, "$.cursor: no JSON at byte")
	}
}

func TestWhatIsInvalidHasNoJSON(t *testing.T) {
	for _, tt := range []struct {
		asks filter.Question
		kind error
		says string
	}{
		{filter.Question{Where: filter.Condition{}}, filter.ErrPredicate, "a condition is empty"},
		{filter.Question{Where: filter.And(nil)}, filter.ErrPredicate, "a predicate is nil"},
		{filter.Question{Where: filter.Relative{}}, filter.ErrPredicate, "a condition is empty"},
		{filter.Question{Where: filter.CreatedAt.During(filter.Me)}, filter.ErrPredicate, "created_at: it cannot be compared with me"},
		{filter.Question{Order: filter.Order{filter.Links.Asc()}}, filter.ErrOrder, "links cannot be sorted by"},
		{filter.Question{Limit: -1}, filter.ErrForm, "limit: the size of a page is a whole number from 1 to 1000"},
		{filter.Question{Limit: 1001}, filter.ErrForm, "limit: the size of a page is a whole number from 1 to 1000"},
		{filter.Question{Cursor: strings.Repeat("a", 9<<20)}, filter.ErrForm, "cursor: it is too long"},
		{filter.Question{Where: filter.And(slices.Repeat([]filter.Predicate{filter.Customer.In(slices.Repeat([]string{strings.Repeat("a", filter.MaxText)}, filter.MaxList)...)}, 8)...)}, filter.ErrForm, "more than 1048576"},
		{filter.Question{Where: filter.Not(filter.CreatedAt.Before(newYear.AddDate(8000, 0, 0)))}, filter.ErrForm, "where.not.value: 254222841600000 milliseconds are outside the years 0 to 9999"},
	} {
		_, err := json.Marshal(tt.asks)
		require.ErrorIs(t, err, tt.kind)
		require.ErrorContains(t, err, tt.says)
		_, err = tt.asks.URL()
		require.Error(t, err)
	}
}

func TestResolvedQuestion(t *testing.T) {
	q := filter.Question{Where: filter.IsMe(filter.Agent), Limit: 7, Cursor: "c", Order: filter.Order{}}
	resolved, err := q.Resolve(filter.Asking{Me: "ann"})
	require.NoError(t, err)
	q.Where = filter.Agent.Is("ann")
	require.Equal(t, q, resolved)

	resolved, err = filter.Question{}.Resolve(filter.Asking{})
	require.NoError(t, err)
	require.Equal(t, filter.Question{}, resolved)

	resolved, err = filter.Question{Where: filter.IsMe(filter.Agent), Limit: 7}.Resolve(filter.Asking{})
	require.ErrorIs(t, err, filter.ErrPredicate)
	require.Zero(t, resolved)
}

// nasty are texts that forms could take for something else.
var nasty = []string{
	"", " ", "me", `"me"`, "ann", "a,b", ",", `"`, `\`, `\"`, "!", "!a", ">5", ">=5", "<", "<=", "=", "=a", "^", "^a", "+", "+a", "-", "-a", "..", "a..b", "a...b", ".", "any", "none",
	"yes", "today", "last 7 days", "last_7_days", "a b", " a ", "a\tb", "a\nb", "(a)", "a:b", "a/b", "/", "a&b=c", "100%", "a_b", "{", "null", "é", "ŁÓDŹ", "👩‍🚀", "\u2028", "\u00a0", "<script>",
}

func textLikeAForm() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(nasty), rapid.StringN(0, 8, 40).Filter(func(s string) bool { return !strings.Contains(s, "\x00") }))
}

func someKeys[K ~string](t *rapid.T) []K {
	return rapid.SliceOfN(rapid.Map(textLikeAForm(), func(s string) K { return K(s) }), 0, 3).Draw(t, "keys")
}

func someCodes[E ~uint8](t *rapid.T, most E) []E {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) E { return E(rapid.Uint8Range(1, uint8(most)).Draw(t, "code")) }), 0, 3).Draw(t, "codes")
}

func someInstant(t *rapid.T) time.Time {
	return time.UnixMilli(rapid.Int64Range(-62_167_219_200_000, 253_402_300_799_999).Draw(t, "instant"))
}

func someSpan(t *rapid.T) time.Duration {
	return time.Duration(rapid.OneOf(
		rapid.Int64Range(-5, 5), rapid.Int64Range(-1<<33, 1<<33), rapid.Int64(), rapid.Map(rapid.Int64Range(0, 5000), func(n int64) int64 { return n * 60_000_000_000 }),
	).Draw(t, "span")).Truncate(time.Millisecond)
}

func someTerm(t *rapid.T) filter.Term {
	n := func() int { return rapid.IntRange(1, filter.MaxCount).Draw(t, "n") }
	unit := func() filter.Unit { return rapid.SampledFrom([]filter.Unit{1, 2, 3, 4, 5, 6, 7}).Draw(t, "unit") }
	switch rapid.IntRange(0, 4).Draw(t, "kind of term") {
	case 0:
		return filter.Last(n(), unit())
	case 1:
		return filter.Ago(n(), unit())
	case 2:
		return filter.Date(rapid.IntRange(0, 9998).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day"))
	default:
		return rapid.SampledFrom([]filter.Term{
			filter.Today, filter.Yesterday, filter.ThisWeek, filter.LastWeek, filter.ThisMonth, filter.LastMonth, filter.ThisYear, filter.LastYear,
		}).Draw(t, "term")
	}
}

// someLeaf draws a condition that a program can write.
func someLeaf(t *rapid.T) filter.Predicate {
	f := typed[rapid.IntRange(0, len(typed)-1).Draw(t, "field")]
	switch rapid.IntRange(0, 9).Draw(t, "presence") {
	case 0:
		return f.Present()
	case 1:
		return f.Absent()
	}
	pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "operator") }
	number := func() int64 { return rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64()).Draw(t, "number") }
	switch f := any(f).(type) {
	case filter.EnumField[conversation.Direction]:
		return f.In(someCodes(t, conversation.Outgoing)...)
	case filter.EnumField[status.General]:
		return f.In(someCodes(t, status.GeneralClosed)...)
	case filter.EnumField[status.Detailed]:
		return f.In(someCodes(t, status.Spam)...)
	case filter.KeyField[conversation.OpenChannelID]:
		return f.In(someKeys[conversation.OpenChannelID](t)...)
	case filter.KeyField[conversation.Source]:
		return f.In(someKeys[conversation.Source](t)...)
	case filter.KeyField[conversation.CustomerID]:
		return f.In(someKeys[conversation.CustomerID](t)...)
	case filter.KeyField[conversation.AgentID]:
		if pick(3) == 0 {
			return filter.IsMe(f)
		}
		return f.In(someKeys[conversation.AgentID](t)...)
	case filter.BoolField:
		return f.Is(rapid.Bool().Draw(t, "truth"))
	case filter.TextField:
		s := textLikeAForm().Draw(t, "text")
		return []filter.Predicate{f.In(someKeys[string](t)...), f.Contains(s), f.StartsWith(s)}[pick(3)]
	case filter.InstantField:
		at := someInstant(t)
		term := someTerm(t)
		during := f.SinceTerm(term)
		if !strings.HasSuffix(term.String(), " ago") {
			during = f.During(term)
		}
		return []filter.Predicate{
			f.Before(at), f.After(at), f.Between(at, someInstant(t)), f.BeforeTerm(term), f.AfterTerm(term), f.SinceTerm(term), f.UntilTerm(term), during,
			filter.And(f.SinceTerm(term), f.UntilTerm(someTerm(t))),
		}[pick(9)]
	case filter.SpanField:
		return []filter.Predicate{f.Is(someSpan(t)), f.Less(someSpan(t)), f.Greater(someSpan(t)), f.Between(someSpan(t), someSpan(t))}[pick(4)]
	case filter.NumberField:
		return []filter.Predicate{f.In(number(), number()), f.Is(number()), f.Less(number()), f.Greater(number()), f.Between(number(), number())}[pick(5)]
	case filter.SetField[string]:
		return ofSet(f, []string{"any of", "all of", "none of"}[pick(3)], someKeys[string](t))
	case filter.SetField[conversation.AgentID]:
		if pick(3) == 0 {
			return filter.IncludesMe(f)
		}
		return ofSet(f, []string{"any of", "all of", "none of"}[pick(3)], someKeys[conversation.AgentID](t))
	case filter.SetField[conversation.Link]:
		links := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) conversation.Link {
			return conversation.Link{Kind: textLikeAForm().Draw(t, "kind"), ID: textLikeAForm().Draw(t, "id")}
		}), 0, 3).Draw(t, "links")
		return ofSet(f, []string{"any of", "all of", "none of"}[pick(3)], links)
	}
	panic(fmt.Sprintf("what is a %T?", f))
}

func someTree(t *rapid.T, levels int) filter.Predicate {
	if levels == 0 {
		return someLeaf(t)
	}
	some := func() []filter.Predicate {
		var ps []filter.Predicate
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			ps = append(ps, someTree(t, levels-1))
		}
		return ps
	}
	switch rapid.IntRange(0, 4).Draw(t, "node") {
	case 0:
		return filter.And(some()...)
	case 1:
		return filter.Or(some()...)
	case 2:
		return filter.Not(someTree(t, levels-1))
	default:
		return someLeaf(t)
	}
}

func someQuestion() *rapid.Generator[filter.Question] {
	return rapid.Custom(func(t *rapid.T) filter.Question {
		var q filter.Question
		if rapid.IntRange(0, 9).Draw(t, "where") > 0 {
			q.Where = someTree(t, 3)
		}
		if rapid.Bool().Draw(t, "ordered") {
			q.Order = someOrder().Draw(t, "order")
		}
		q.Limit = rapid.IntRange(0, filter.MaxPageSize).Draw(t, "limit")
		q.Cursor = rapid.StringMatching(`[A-Za-z0-9_-]{0,10}`).Draw(t, "cursor")
		return q
	})
}

func TestJSONGivesTheQuestionBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := someQuestion().Draw(t, "question")
		written, err := json.Marshal(q)
		require.NoError(t, err)
		read, err := filter.ParseJSON(written)
		require.NoError(t, err, "%s", written)
		require.Equal(t, q, read, "%s", written)
		require.NoError(t, read.Validate())
		again, err := json.Marshal(read)
		require.NoError(t, err)
		require.Equal(t, string(written), string(again))
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{
		`{"v":1}`,
		`{"v":1,"where":{"and":[{"field":"detailed","op":"in","values":["waiting","waiting_again"]},{"field":"agent","op":"in","term":"me"}]},"sort":["-last_message_at"],"limit":50,"cursor":"AQ"}`,
		`{"v":1,"where":{"or":[{"not":{"field":"created_at","op":"at_least","term":"2026-01-31T10:00"}},{"field":"created_at","op":"less","value":"2026-01-01T00:00:00.5+01:00"}]}}`,
		`{"v":1,"where":{"field":"links","op":"all_of","values":[{"kind":"deal","id":"7"}]}}`,
		`{"v":1,"where":{"field":"max_reaction","op":"greater","value":45000}}`,
		`{"v":1,"where":{"field":"customer","op":"contains","value":"\ud800"}}`,
		`{"v":2}`, `[[[[`, `{"v":1,"v":1}`, "{\"v\":1,\"\xff\":1}", `{"v":1,"where":{"and":[{"and":[{"and":[{}]}]}]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := filter.ParseJSON(data)
		if err != nil {
			require.NotEmpty(t, formCauses(t, err))
			require.Zero(t, q)
			if json.Valid(data) && utf8.Valid(data) && !bytes.Contains(bytes.ToLower(data), []byte(`\ud`)) {
				require.NotContains(t, err.Error(), "no JSON at byte")
			}
			return
		}
		require.True(t, json.Valid(data))
		requireAskable(t, q)
		written, err := json.Marshal(q)
		require.NoError(t, err)
		read, err := filter.ParseJSON(written)
		require.NoError(t, err)
		require.Equal(t, q, read)
	})
}

// requireAskable fails if a question that was read cannot be asked.
func requireAskable(t *testing.T, q filter.Question) {
	require.NoError(t, q.Validate())
	resolved, err := q.Resolve(filter.Asking{Now: second(0), Zone: time.UTC, Me: "ann"})
	require.NoError(t, err)
	if q.Where == nil {
		return
	}
	require.NoError(t, filter.Validate(resolved.Where))
	c := generated(t, 1)
	resolved.Where.Match(&c)
}

func BenchmarkParseJSON(b *testing.B) {
	data := []byte(`{"v":1,"where":{"and":[{"field":"detailed","op":"in","values":["waiting","waiting_again"]},{"field":"agent","op":"in","term":"me"},` +
		`{"field":"created_at","op":"in","term":"last 7 days"},{"not":{"field":"customer","op":"contains","value":"test"}},{"field":"max_reaction","op":"greater","value":45000}]},` +
		`"sort":["-last_message_at"],"limit":50}`)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := filter.ParseJSON(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMarshalJSON(b *testing.B) {
	q := filter.Question{Where: filter.And(filter.Active, filter.IsMe(filter.Agent), filter.MaxReaction.Greater(time.Minute)), Order: filter.Order{filter.LastMessageAt.Desc()}, Limit: 50}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := q.MarshalJSON(); err != nil {
			b.Fatal(err)
		}
	}
}
