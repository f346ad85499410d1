package filter_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
)

// anyView returns a view that can be kept.
func anyView() filter.View {
	return filter.View{
		ID:       "late-replies",
		Revision: 3,
		Name:     "Spóźnione odpowiedzi",
		Columns:  []filter.Column{"detailed", "customer", "agent", "max_reaction"},
		Question: filter.Question{
			Where: filter.And(filter.IsMe(filter.Agent), filter.CreatedAt.During(filter.Last(7, filter.Day)), filter.MaxReaction.Greater(45*time.Second)),
			Order: filter.Order{filter.MaxReaction.Desc(), filter.Customer.Asc()},
			Limit: 25,
		},
		Audience: filter.PrivateTo("ann"),
	}
}

func TestViewThatCanBeKept(t *testing.T) {
	for _, tt := range []struct {
		view   string
		change func(*filter.View)
	}{
		{"everything said", func(*filter.View) {}},
		{"as little as possible", func(v *filter.View) {
			*v = filter.View{ID: "1", Name: "1", Columns: []filter.Column{"number"}, Audience: filter.Everybody()}
		}},
		{"a UUID as its id", func(v *filter.View) { v.ID = "0191d3c4-5b0e-7c3a-9a53-6d0f1c7d8b21" }},
		{"the longest id", func(v *filter.View) { v.ID = filter.ViewID(strings.Repeat("a", filter.MaxViewID)) }},
		{"the longest name", func(v *filter.View) { v.Name = strings.Repeat("ł", filter.MaxViewName/2) }},
		{"all columns", func(v *filter.View) { v.Columns = slices.Collect(filter.Columns()) }},
		{"the actions", func(v *filter.View) { v.Columns = []filter.Column{"actions"} }},
		{"the largest pages", func(v *filter.View) { v.Question.Limit = filter.MaxPageSize }},
		{"sorted by what it does not show", func(v *filter.View) { v.Question.Order = filter.Order{filter.Spam.Asc()} }},
		{"shared with a role", func(v *filter.View) { v.Audience = filter.EverybodyWith("supervisor") }},
		{"shared with an open channel", func(v *filter.View) { v.Audience = filter.EverybodyIn("sales") }},
	} {
		t.Run(tt.view, func(t *testing.T) {
			v := anyView()
			tt.change(&v)
			require.NoError(t, v.Validate())
		})
	}
}

func TestViewThatCannotBeKept(t *testing.T) {
	tooMany := make([]filter.Predicate, filter.MaxLeaves+1)
	for i := range tooMany {
		tooMany[i] = filter.All
	}
	for _, tt := range []struct {
		view   string
		change func(*filter.View)
		says   string
		kind   error
	}{
		{"no id", func(v *filter.View) { v.ID = "" }, `id: "" is not 1 to 64 of a-z, 0-9, - and _`, nil},
		{"an id with capitals, which not every database tells apart", func(v *filter.View) { v.ID = "Late" }, `id: "Late" is not 1 to 64 of a-z, 0-9, - and _`, nil},
		{"an id with a slash", func(v *filter.View) { v.ID = "a/b" }, `id: "a/b" is not 1 to 64 of a-z, 0-9, - and _`, nil},
		{
			"too long an id", func(v *filter.View) { v.ID = filter.ViewID(strings.Repeat("a", filter.MaxViewID+1)) },
			`id: "` + strings.Repeat("a", 40) + `"... is not 1 to 64 of a-z, 0-9, - and _`, nil,
		},
		{"the id of a built-in view", func(v *filter.View) { v.ID = "mine" }, "id: mine is a built-in view", nil},
		{"no name", func(v *filter.View) { v.Name = "" }, "name: it is missing", nil},
		{"a name of spaces", func(v *filter.View) { v.Name = "\u2003 " }, "name: it is missing", nil},
		{"too long a name", func(v *filter.View) { v.Name = strings.Repeat("x", filter.MaxViewName+1) }, "name: it has 257 bytes, more than 256", nil},
		{"a name in two lines", func(v *filter.View) { v.Name = "late\nreplies" }, "name: it is no line of text", nil},
		{"a name that is not UTF-8", func(v *filter.View) { v.Name = "late\xff" }, "name: it is no line of text", nil},
		{"no column", func(v *filter.View) { v.Columns = nil }, "columns: there are none", nil},
		{"an unknown column", func(v *filter.View) { v.Columns[2] = "colour" }, `columns[2]: unknown column: "colour"`, filter.ErrColumn},
		{"a field that is no column", func(v *filter.View) { v.Columns[2] = "customer_id" }, `columns[2]: unknown column: "customer_id"`, filter.ErrColumn},
		{"a column twice", func(v *filter.View) { v.Columns[2] = "detailed" }, "columns[2]: detailed stands twice", nil},
		{"more columns than there are", func(v *filter.View) { v.Columns = make([]filter.Column, 1000) }, "columns: there are 1000, more than the 38 that exist", nil},
		{"a broken condition", func(v *filter.View) { v.Question.Where = filter.Not(nil) }, "question: invalid predicate: a predicate is nil", filter.ErrPredicate},
		{
			"a term that does not fit", func(v *filter.View) { v.Question.Where = filter.CreatedAt.During(filter.Me) },
			"question: invalid predicate: created_at: it cannot be compared with me by in", filter.ErrPredicate,
		},
		{"too many conditions", func(v *filter.View) { v.Question.Where = filter.Or(tooMany...) }, "question: invalid predicate: more than 50 conditions", filter.ErrPredicate},
		{"a broken order", func(v *filter.View) { v.Question.Order = filter.Order{filter.Links.Asc()} }, "question: invalid order: links cannot be sorted by", filter.ErrOrder},
		{"a negative page", func(v *filter.View) { v.Question.Limit = -1 }, "question.limit: the size of a page is a whole number from 1 to 1000", filter.ErrForm},
		{"too large a page", func(v *filter.View) { v.Question.Limit = filter.MaxPageSize + 1 }, "question.limit: the size of a page is a whole number from 1 to 1000", filter.ErrForm},
		{"a place in the list", func(v *filter.View) { v.Question.Cursor = "abc" }, "question.cursor: a view has none", nil},
		{
			"an instant that no form has", func(v *filter.View) {
				v.Question.Where = filter.And(filter.CreatedAt.Before(time.UnixMilli(math.MaxInt64)))
			},
			"question.where.and[0].value: 9223372036854775807 milliseconds are outside the years 0 to 9999", filter.ErrForm,
		},
		{"nobody to see it", func(v *filter.View) { v.Audience = filter.Audience{} }, "audience.kind: it is missing or unknown", nil},
		{"an unknown audience", func(v *filter.View) { v.Audience.Kind = 99 }, "audience.kind: it is missing or unknown", nil},
		{"a private view of nobody", func(v *filter.View) { v.Audience = filter.PrivateTo("") }, "audience.id: it is missing or has more than 128 bytes", nil},
		{"too long a role", func(v *filter.View) { v.Audience = filter.EverybodyWith(strings.Repeat("x", 129)) }, "audience.id: it is missing or has more than 128 bytes", nil},
		{"a role with a NUL character", func(v *filter.View) { v.Audience = filter.EverybodyWith("a\x00b") }, "audience.id: it is not UTF-8 or contains a NUL character", nil},
		{"somebody who is everybody", func(v *filter.View) { v.Audience.Kind = filter.AudienceEverybody }, "audience.id: everybody has none", nil},
	} {
		t.Run(tt.view, func(t *testing.T) {
			v := anyView()
			tt.change(&v)
			err := v.Validate()
			require.EqualError(t, err, "filter: invalid view: "+tt.says)
			require.ErrorIs(t, err, filter.ErrView)
			var at *filter.ViewError
			require.ErrorAs(t, err, &at)
			place, _, _ := strings.Cut(tt.says, ":")
			require.Equal(t, place, at.Place)
			for _, kind := range []error{filter.ErrColumn, filter.ErrPredicate, filter.ErrOrder, filter.ErrForm} {
				require.Equal(t, kind == tt.kind, errors.Is(err, kind), "%v", kind) //nolint:errorlint // the kinds themselves
			}
		})
	}
}

func TestEverythingWrongWithAViewIsReported(t *testing.T) {
	v := filter.View{
		Columns:  []filter.Column{"agent", "colour", "agent", "size"},
		Question: filter.Question{Where: filter.And(nil, filter.Source.Is("\xff")), Limit: -1},
	}
	require.EqualError(t, v.Validate(), `filter: invalid view: id: "" is not 1 to 64 of a-z, 0-9, - and _
filter: invalid view: name: it is missing
filter: invalid view: columns[1]: unknown column: "colour"
filter: invalid view: columns[2]: agent stands twice
filter: invalid view: columns[3]: unknown column: "size"
filter: invalid view: question: invalid predicate: a predicate is nil
filter: invalid view: question: invalid predicate: source: a text is not UTF-8
filter: invalid view: question.limit: the size of a page is a whole number from 1 to 1000
filter: invalid view: audience.kind: it is missing or unknown`)
}

func TestWhoIsOfferedAView(t *testing.T) {
	ann := struct {
		agent  conversation.AgentID
		roles  []string
		queues []conversation.OpenChannelID
	}{"ann", []string{"agent", "supervisor"}, []conversation.OpenChannelID{"sales", "vip"}}
	for _, tt := range []struct {
		is       string
		audience filter.Audience
		offered  bool
	}{
		{"her own", filter.PrivateTo("ann"), true},
		{"a colleague's", filter.PrivateTo("bob"), false},
		{"everybody's", filter.Everybody(), true},
		{"a role's of hers", filter.EverybodyWith("supervisor"), true},
		{"another role's", filter.EverybodyWith("administrator"), false},
		{"an open channel's of hers", filter.EverybodyIn("vip"), true},
		{"another open channel's", filter.EverybodyIn("support"), false},
		{"an open channel's called like a role of hers", filter.EverybodyIn("supervisor"), false},
		{"nobody's", filter.Audience{}, false},
		{"an unknown audience's", filter.Audience{Kind: 99, ID: "ann"}, false},
	} {
		t.Run(tt.is, func(t *testing.T) {
			require.Equal(t, tt.offered, tt.audience.Includes(ann.agent, ann.roles, ann.queues))
		})
	}
	require.False(t, filter.PrivateTo("").Includes("", nil, nil), "nobody has no private views")
}

func TestKindsOfAudiencesHaveStoredTexts(t *testing.T) {
	var texts []string
	for k := filter.AudienceAgent; k <= filter.AudienceOpenChannel; k++ {
		text, err := k.MarshalText()
		require.NoError(t, err)
		require.Equal(t, k.String(), string(text))
		var read filter.AudienceKind
		require.NoError(t, read.UnmarshalText(text))
		require.Equal(t, k, read)
		texts = append(texts, string(text))
	}
	require.Equal(t, []string{"agent", "everybody", "role", "open_channel"}, texts)

	for _, k := range []filter.AudienceKind{0, 5, 255} {
		_, err := k.MarshalText()
		require.ErrorIs(t, err, filter.ErrView)
	}
	require.Equal(t, "audience(0)", filter.AudienceKind(0).String())
	for _, text := range []string{"", "Agent", "nobody"} {
		k := filter.AudienceRole
		require.ErrorIs(t, k.UnmarshalText([]byte(text)), filter.ErrView)
		require.Equal(t, filter.AudienceRole, k, "unchanged")
	}
}

func TestBuiltInViews(t *testing.T) {
	cs := actors(t)
	for _, tt := range []struct {
		id    filter.ViewID
		name  string
		where filter.Predicate // what the preset of that name asks
		order string
		finds string
	}{
		{"all", "Wszystkie", filter.All, "-last_message_at", everybody},
		{"active", "Aktywne", filter.Active, "-last_message_at", "bare bot queued held waiting replied again outgoing"},
		{"mine", "Moje", filter.Mine("ann"), "-last_message_at", "held replied again closed outgoing"},
		{"my_active", "Moje aktywne", filter.MyActive("ann"), "-last_message_at", "held replied again outgoing"},
		{"unassigned", "Nieprzypisane", filter.Unassigned, "waiting_since", "bare bot queued"},
		{"waiting_longest", "Najdłużej oczekujące", filter.WaitingSince.Present(), "waiting_since", "bare bot queued held waiting again outgoing"},
		{"my_inbox", "Moja skrzynka", filter.MyInbox("ann", "sales"), "-last_message_at", "queued held replied again closed outgoing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			views := filter.BuiltInViews(filter.LabelsIn(language.Polish), "sales")
			i := slices.IndexFunc(views, func(v filter.View) bool { return v.ID == tt.id })
			require.GreaterOrEqual(t, i, 0)
			v := views[i]
			require.Equal(t, tt.name, v.Name)
			require.Equal(t, tt.order, v.Question.Order.String())
			require.True(t, v.Audience.Includes("anybody", nil, nil))
			for _, c := range filter.DefaultColumns() {
				require.Contains(t, v.Columns, c)
			}

			asked, err := v.Question.Resolve(filter.Asking{Me: "ann"})
			require.NoError(t, err)
			require.Equal(t, tt.finds, found(cs, asked.Where))
			for i := range cs {
				require.Equal(t, tt.where.Match(&cs[i]), asked.Where.Match(&cs[i]), "as the preset")
			}
		})
	}
}

func TestDefaultViewShowsStatusCustomerAndAgentOfAll(t *testing.T) {
	v := filter.BuiltInViews(filter.Labels{})[0]
	require.Equal(t, filter.ViewID("all"), v.ID)
	require.Equal(t, filter.DefaultColumns(), v.Columns)
	require.Equal(t, filter.All, v.Question.Where)
}

func TestCopyOfABuiltInViewCanBeKeptUnderAnIDOfItsOwn(t *testing.T) {
	for i, v := range filter.BuiltInViews(filter.Labels{}, "sales") {
		require.EqualError(t, v.Validate(), "filter: invalid view: id: "+string(v.ID)+" is a built-in view")
		v.ID += "-2"
		v.Columns[0] = "spam"
		v.Question.Order[0] = filter.Spam.Asc()
		require.NoError(t, v.Validate())
		require.NotContains(t, filter.BuiltInViews(filter.Labels{})[i].Columns, filter.Column("spam"), "only the copy is changed")
	}
}

func TestBuiltInViewsShareNothing(t *testing.T) {
	views := filter.BuiltInViews(filter.Labels{})
	for i, v := range views {
		v.Columns[0] = filter.Column(v.ID)
		v.Question.Order[0].Descending = i%2 == 0
	}
	for i, v := range views {
		require.Equal(t, filter.Column(v.ID), v.Columns[0])
		require.Equal(t, i%2 == 0, v.Question.Order[0].Descending)
	}
}

func TestJSONOfAView(t *testing.T) {
	for _, tt := range []struct {
		view filter.View
		json string
	}{
		{
			anyView(),
			`{"v":1,"id":"late-replies","revision":3,"name":"Spóźnione odpowiedzi","columns":["detailed","customer","agent","max_reaction"],` +
				`"question":{"v":1,"where":{"and":[{"field":"agent","op":"in","term":"me"},{"field":"created_at","op":"in","term":"last 7 days"},` +
				`{"field":"max_reaction","op":"greater","value":45000}]},"sort":["-max_reaction","customer"],"limit":25},` +
				`"audience":{"kind":"agent","id":"ann"}}`,
		},
		{
			filter.View{ID: "1", Name: "1", Columns: []filter.Column{"number"}, Audience: filter.Everybody()},
			`{"v":1,"id":"1","name":"1","columns":["number"],"question":{"v":1},"audience":{"kind":"everybody"}}`,
		},
		{
			filter.BuiltInViews(filter.Labels{})[5],
			`{"v":1,"id":"waiting_longest","name":"Waiting longest","columns":["general","customer","agent","waiting_since"],` +
				`"question":{"v":1,"where":{"field":"waiting_since","op":"present"},"sort":["waiting_since"]},"audience":{"kind":"everybody"}}`,
		},
		{
			filter.View{ID: "vip", Name: `<&>"`, Columns: []filter.Column{"number"}, Audience: filter.EverybodyIn(`"vip"`)},
			`{"v":1,"id":"vip","name":"\u003c\u0026\u003e\"","columns":["number"],"question":{"v":1},"audience":{"kind":"open_channel","id":"\"vip\""}}`,
		},
		{
			filter.View{ID: "s", Name: "s", Columns: []filter.Column{"actions"}, Question: filter.Question{Order: filter.Order{}}, Audience: filter.EverybodyWith("supervisor")},
			`{"v":1,"id":"s","name":"s","columns":["actions"],"question":{"v":1,"sort":[]},"audience":{"kind":"role","id":"supervisor"}}`,
		},
	} {
		t.Run(string(tt.view.ID), func(t *testing.T) {
			written, err := json.Marshal(tt.view)
			require.NoError(t, err)
			require.Equal(t, tt.json, string(written))
			var read filter.View
			require.NoError(t, json.Unmarshal(written, &read))
			require.Equal(t, tt.view, read)
		})
	}
}

func TestDeepestQuestionHasAPlaceInAView(t *testing.T) {
	v := anyView()
	v.Question.Where = filter.Links.AnyOf(conversation.Link{Kind: "deal", ID: "7"})
	for range filter.MaxDepth {
		v.Question.Where = filter.And(v.Question.Where)
	}
	written, err := json.Marshal(v)
	require.NoError(t, err)
	var read filter.View
	require.NoError(t, json.Unmarshal(written, &read))
	require.Equal(t, v, read)
}

func TestViewThatCannotBeKeptHasNoJSON(t *testing.T) {
	v := anyView()
	v.Columns[0] = "colour"
	_, err := json.Marshal(v)
	require.ErrorIs(t, err, filter.ErrColumn)
	require.ErrorContains(t, err, `filter: invalid view: columns[0]: unknown column: "colour"`)
}

func TestViewIsReadStrictly(t *testing.T) {
	const audience = `"audience":{"kind":"everybody"}`
	for _, tt := range []struct {
		is   string
		json string
		says []string
	}{
		{"nothing", ``, []string{"$: the text ends too early"}},
		{"half of it", `{"v":1,"question":{`, []string{"question: the text ends too early"}},
		{"a second one", `{"v":1}{}`, []string{"$: something follows the end, at byte 7"}},
		{"null", `null`, []string{"$: it is no object"}},
		{"no version", `{"id":"a"}`, []string{"v: the version is missing or not 1"}},
		{"a later version, whatever it has", `{"v":2,"colour":"red","v":3}`, []string{"v: the version is missing or not 1"}},
		{"too much of it", `{"v":1,"name":"` + strings.Repeat("x", 2<<20) + `"}`, []string{"$: 2097169 bytes, more than 1064960"}},
		{"an empty one", `{"v":1}`, []string{
			"question: it is missing", `id: "" is not 1 to 64 of a-z, 0-9, - and _`, "name: it is missing", "columns: there are none",
			"audience.kind: it is missing or unknown",
		}},
		{
			"unknown and doubled keys", `{"v":1,"id":"a","id":"b","Name":"a","name":"a","columns":["spam"],"question":{"v":1},` + audience + `}`,
			[]string{"id: it is there twice", `$["Name"]: unknown key`},
		},
		{
			"values of other types", `{"v":1,"id":1,"revision":"1","name":null,"columns":"spam","question":[],"audience":"everybody"}`,
			[]string{
				"id: it is no text", "revision: it is no whole number of 0 and more", "name: it is no text", "columns: it is no array",
				"question: it is no object", "audience: it is no object",
			},
		},
		{
			"a revision before the first", `{"v":1,"id":"a","revision":-1,"name":"a","columns":["spam"],"question":{"v":1},` + audience + `}`,
			[]string{"revision: it is no whole number of 0 and more"},
		},
		{
			"unknown columns", `{"v":1,"id":"a","name":"a","columns":["spam","colour","spam",""],"question":{"v":1},` + audience + `}`,
			[]string{`columns[1]: unknown column: "colour"`, "columns[2]: spam stands twice", `columns[3]: unknown column: ""`},
		},
		{
			"a column that is no text, before the rest is looked at", `{"v":1,"id":"a","name":"a","columns":["colour",7],"question":{"v":1},` + audience + `}`,
			[]string{"columns[1]: it is no text"},
		},
		{
			"mistakes in the question", `{"v":1,"id":"a","name":"a","columns":["spam"],"question":{"v":1,"where":{"and":[{"field":"colour","op":"in","values":[]}]},` +
				`"sort":["links"],"limit":0},` + audience + `}`,
			[]string{
				`question.where.and[0].field: unknown field "colour"`, "question.sort[0]: links cannot be sorted by",
				"question.limit: the size of a page is a whole number from 1 to 1000",
			},
		},
		{
			"a question of a later version, and another mistake", `{"v":1,"id":7,"name":"a","columns":["spam"],"question":{"v":2,"why":""},` + audience + `}`,
			[]string{"id: it is no text", "question.v: the version is not 1"},
		},
		{
			"a place in the list", `{"v":1,"id":"a","name":"a","columns":["spam"],"question":{"v":1,"cursor":"abc"},` + audience + `}`,
			[]string{"question.cursor: a view has none"},
		},
		{
			"an unknown audience", `{"v":1,"id":"a","name":"a","columns":["spam"],"question":{"v":1},"audience":{"kind":"team","id":7,"name":"x"}}`,
			[]string{`audience.kind: unknown audience "team"`, "audience.id: it is no text", "audience.name: unknown key"},
		},
	} {
		t.Run(tt.is, func(t *testing.T) {
			v := anyView()
			err := v.UnmarshalJSON([]byte(tt.json))
			var says []string
			for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
				var at *filter.ViewError
				require.ErrorAs(t, err, &at)
				require.ErrorIs(t, err, filter.ErrView)
				says = append(says, strings.TrimPrefix(err.Error(), "filter: invalid view: "))
				require.True(t, strings.HasPrefix(err.Error(), "filter: invalid view: "+at.Place+": "))
			}
			require.Equal(t, tt.says, says)
			require.Equal(t, anyView(), v, "unchanged")
		})
	}
}

func TestWhatIsWrongWithAViewIsOfAKind(t *testing.T) {
	var v filter.View
	err := v.UnmarshalJSON([]byte(`{"v":1,"id":"a","name":"a","columns":["colour"],"question":{"v":1,"limit":"ten"},"audience":{"kind":"everybody"}}`))
	require.ErrorIs(t, err, filter.ErrView)
	require.ErrorIs(t, err, filter.ErrColumn)
	require.ErrorIs(t, err, filter.ErrForm)
	require.NotErrorIs(t, err, filter.ErrOrder)
}

func FuzzView(f *testing.F) {
	for _, v := range append(filter.BuiltInViews(filter.Labels{}, "sales", "vip"), anyView()) {
		data, err := json.Marshal(v)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte(`{"v":1,"id":"a","name":"a","columns":["colour"],"question":{"v":1,"where":{"or":[]},"cursor":"x"},"audience":{"kind":"role"}}`))
	f.Add([]byte(`{"v":1,"revision":18446744073709551615,"question":{"v":2},"question":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v filter.View
		if err := v.UnmarshalJSON(data); err != nil {
			require.ErrorIs(t, err, filter.ErrView)
			require.Zero(t, v)
			return
		}
		written, err := json.Marshal(v)
		require.NoError(t, err)
		var again filter.View
		require.NoError(t, json.Unmarshal(written, &again))
		require.Equal(t, v, again)
		if v.Validate() != nil {
			require.True(t, slices.ContainsFunc(filter.BuiltInViews(filter.Labels{}), func(b filter.View) bool { return b.ID == v.ID }))
		}
	})
}
