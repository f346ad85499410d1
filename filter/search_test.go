package filter_test

import (
	"errors"
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

const exampleLine = `status:waiting,waiting_again agent:me -spam created:>2026-01-01 wait:>5m (source:telegram or source:whatsapp) "broken invoice"`

// Each row is read as the predicate, and the predicate is written as the row.
func TestSearch(t *testing.T) {
	for _, tt := range []struct {
		search string
		where  filter.Predicate
	}{
		{``, filter.And()},
		{`status:waiting`, filter.Detailed.Is(status.Waiting)},
		{`status:waiting,waiting_again`, filter.Detailed.In(status.Waiting, status.WaitingAgain)},
		{`general:waiting`, filter.General.Is(status.GeneralWaiting)},
		{`-status:closed,spam`, filter.Not(filter.Detailed.In(status.Closed, status.Spam))},
		{`spam`, filter.Spam.Is(true)},
		{`-spam`, filter.Not(filter.Spam.Is(true))},
		{`spam:no`, filter.Spam.Is(false)},
		{`linked form history assigned`, filter.And(filter.HasLinks.Is(true), filter.FormSubmitted.Is(true), filter.HistoryRequested.Is(true), filter.Assigned.Is(true))},

		{`agent:me`, filter.IsMe(filter.Agent)},
		{`agent:"me"`, filter.Agent.Is("me")},
		{`agent:me,ann`, filter.Or(filter.IsMe(filter.Agent), filter.Agent.Is("ann"))},
		{`agent:ann or agent:me`, filter.Or(filter.Agent.Is("ann"), filter.IsMe(filter.Agent))},
		{`has:agent`, filter.Agent.Present()},
		{`no:agent,rating`, filter.Or(filter.Agent.Absent(), filter.CustomerRating.Absent())},

		{`customer:"jan kowalski"`, filter.Customer.Contains("Jan Kowalski")},
		{`customer:^jan`, filter.Customer.StartsWith("jan")},
		{`customer:="Jan (1)"`, filter.Customer.Is("Jan (1)")},
		{`source:"","a,b","()","say \"a\\b\""`, filter.Source.In("", "a,b", "()", `say "a\b"`)},
		{`link:deal/7`, filter.Links.AnyOf(conversation.Link{Kind: "deal", ID: "7"})},
		{`participant:+ann,bob`, filter.Participants.AllOf("ann", "bob")},

		{`rating:<3`, filter.CustomerRating.Less(3)},
		{`rating:2..4`, filter.CustomerRating.Between(2, 4)},
		{`-number:1..3,5`, filter.Not(filter.Or(filter.ConversationNumber.Between(1, 3), filter.ConversationNumber.Is(5)))},
		{`max_reaction:>45s`, filter.MaxReaction.Greater(45 * time.Second)},
		{`created:last_7_days`, filter.CreatedAt.During(filter.Last(7, filter.Day))},
		{`created:>2026-01-01`, filter.CreatedAt.AfterTerm(filter.Date(2026, 1, 1))},
		{`created:2026-01-01..today spam`, filter.And(filter.CreatedAt.SinceTerm(filter.Date(2026, 1, 1)), filter.CreatedAt.UntilTerm(filter.Today), filter.Spam.Is(true))},
		{`created:>=2026-01-01T00:00:00Z created:<2026-01-02T00:00:00Z`, filter.CreatedAt.Between(newYear, newYear.AddDate(0, 0, 1))},
		{`wait:>5m`, filter.WaitingSince.BeforeTerm(filter.Ago(5, filter.Minute))},

		{`spam or assigned form`, filter.Or(filter.Spam.Is(true), filter.And(filter.Assigned.Is(true), filter.FormSubmitted.Is(true)))},
		{`(spam or assigned) form`, filter.And(filter.Or(filter.Spam.Is(true), filter.Assigned.Is(true)), filter.FormSubmitted.Is(true))},
		{`-(spam assigned)`, filter.Not(filter.And(filter.Spam.Is(true), filter.Assigned.Is(true)))},
		{`-(spam or -(assigned form))`, filter.Not(filter.Or(filter.Spam.Is(true), filter.Not(filter.And(filter.Assigned.Is(true), filter.FormSubmitted.Is(true)))))},

		{`(or)`, filter.Or()},
		{`-()`, filter.Not(filter.And())},
		{`() or spam`, filter.Or(filter.And(), filter.Spam.Is(true))},
		{`status:()`, filter.Detailed.In()},
		{`customer:=()`, filter.Customer.In()},
		{`participant:()`, filter.Participants.AnyOf()},
		{`participant:+()`, filter.Participants.AllOf()},
	} {
		t.Run(tt.search, func(t *testing.T) {
			written, err := filter.PrintSearch(filter.Search{Where: tt.where})
			require.NoError(t, err)
			require.Equal(t, tt.search, written)
			read, err := filter.ParseSearch(tt.search)
			require.NoError(t, err)
			require.Equal(t, filter.Search{Where: tt.where}, read)
		})
	}
}

// What may be written in several ways is read alike.
func TestSearchIsReadAsItIsMeant(t *testing.T) {
	for _, tt := range []struct{ read, written string }{
		{exampleLine, exampleLine},
		{"  \t\n\u2003 ", ``},
		{`detailed:waiting created_at:today`, `status:waiting created:today`},
		{`created:"last 7 days"`, `created:last_7_days`},
		{`spam and assigned AND form`, `spam assigned form`},
		{`spam OR assigned`, `spam or assigned`},
		{`not spam NOT assigned`, `-spam -assigned`},
		{`not not --spam`, `spam`},
		{`- spam`, `-spam`},
		{`((spam))`, `spam`},
		{`(spam)(assigned)form`, `spam assigned form`},
		{`spam:yes assigned:true`, `spam assigned`},
		{`(spam (assigned form))`, `spam assigned form`},
		{`spam or (assigned or form)`, `spam or assigned or form`},
		{`()`, ``},
		{`spam ()`, `spam`},
		{`-has:agent`, `no:agent`},
		{`agent:ann,me`, `agent:me,ann`},
		{`created:2026-01-01T00:00:00+01:00..2026-01-02T00:00:00.5Z`, `created:2025-12-31T23:00:00Z..2026-01-02T00:00:00.5Z`},
		{`rating:>=2 rating:<=4`, `rating:2..4`},
		{`wait:>90s`, `wait:>1m30s`},
		{`invoice spam`, `spam invoice`},
		{`"spam" "or" "-a" "status:new" "(a)" "a:b" "10:30"`, `"spam" "or" "-a" "status:new" "(a)" "a:b" 10:30`},
		{`https://shop.example/?a=b #7 +48 a@b.example well-known ŁÓDŹ 50% 12:30 :-`, `https://shop.example/?a=b #7 +48 a@b.example well-known ŁÓDŹ 50% 12:30 :-`},
		{`page:https://shop.example/`, `page:https://shop.example/`},
		{`ab"c d"e`, `ab "c d" e`},
		{`orange android nothing`, `orange android nothing`},
		{`spam or assigned`, `spam or assigned`},
		{`(spam or assigned) invoice`, `(spam or assigned) invoice`},
	} {
		t.Run(tt.read, func(t *testing.T) {
			s, err := filter.ParseSearch(tt.read)
			require.NoError(t, err)
			written, err := filter.PrintSearch(s)
			require.NoError(t, err)
			require.Equal(t, tt.written, written)
			again, err := filter.ParseSearch(written)
			require.NoError(t, err)
			require.Equal(t, s, again)
		})
	}
}

func TestFreeTextStandsBesideTheConditions(t *testing.T) {
	s, err := filter.ParseSearch(`invoice spam "broken  screen" says:"hi" `)
	require.ErrorIs(t, err, filter.ErrField)
	require.Zero(t, s)
	s, err = filter.ParseSearch(`invoice spam "broken  screen" "says \"hi\""`)
	require.NoError(t, err)
	require.Equal(t, filter.Search{Where: filter.Spam.Is(true), Text: []string{"invoice", "broken  screen", `says "hi"`}}, s)
}

// searchErrors returns the errors that err joins.
func searchErrors(t require.TestingT, err error) []*filter.SearchError {
	var es []*filter.SearchError
	require.Error(t, err)
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var se *filter.SearchError
		require.ErrorAs(t, e, &se)
		require.ErrorIs(t, e, filter.ErrSearch)
		es = append(es, se)
	}
	return es
}

func TestParseSearchShowsEveryMistake(t *testing.T) {
	for _, tt := range []struct {
		search string
		shown  string // the carets of all mistakes
		causes []string
	}{
		{
			`statsu:waiting spam`,
			`^^^^^^`,
			[]string{`unknown field "statsu": did you mean status?`},
		},
		{
			`status:waitin,new 日本 agnet:me`,
			`       ^^^^^^        ^^^^^`,
			[]string{`"waitin" is none of new, queued, accepted, waiting, waiting_again, replied, closing, closed, spam: did you mean waiting?`, `unknown field "agnet": did you mean agent?`},
		},
		{
			`mail:to`,
			`^^^^`,
			[]string{`unknown field "mail"; free text with a colon is in quotes`},
		},
		{
			`has:agnet,rating no:xyz`,
			`    ^^^^^           ^^^`,
			[]string{`unknown field "agnet": did you mean agent?`, `unknown field "xyz"`},
		},
		{
			`created:>soon duration:>5 rating:2..many`,
			`         ^^^^           ^           ^^^^`,
			[]string{
				`"soon" is no instant such as today, 2026-01-31 or 2026-01-31T10:00:00Z`,
				`"5" is no duration such as 45s or 1h30m`,
				`"many" is no whole number`,
			},
		},
		{
			`status:>new created:2026-01-01T10:00:00Z`,
			`       ^^^^         ^^^^^^^^^^^^^^^^^^^^`,
			[]string{`detailed cannot be compared by >`, `an instant is no period: compare by >, >=, < or <=, or say a day`},
		},
		{
			`status: status:new, source:a,`,
			`      ^            ^         ^`,
			[]string{`a value is missing`, `a value is missing`, `a value is missing`},
		},
		{
			`source:(telegram or whatsapp) spam:( ) created:>()`,
			`       ^^^^^^^^^^^^^^^^^^^^^^      ^^^          ^^`,
			[]string{`several values are written with commas: source:a,b`, `several values are written with commas: spam:a,b`, `() is a list of nothing, and no list stands here`},
		},
		{
			`(invoice) -broken not "new screen"`,
			` ^^^^^^^   ^^^^^^     ^^^^^^^^^^^^`,
			[]string{
				`"invoice" is no condition but free text: it cannot stand in parentheses`,
				`"broken" is no condition but free text: it cannot be negated`,
				`"new screen" is no condition but free text: it cannot be negated`,
			},
		},
		{
			`invoice spam or assigned`,
			`^^^^^^^`,
			[]string{`"invoice" is no condition but free text: it cannot be one of several`},
		},
		{
			`) (spam or assigned`,
			`^ ^`,
			[]string{`nothing is open that the parenthesis could close`, `the parenthesis is not closed`},
		},
		{
			`or spam and (or assigned) form or`,
			`^^           ^^                ^^`,
			[]string{`or stands between two conditions; a word is in quotes`, `or stands between two conditions; a word is in quotes`, `or stands between two conditions; a word is in quotes`},
		},
		{
			`and spam - (not) -`,
			`^^^         ^^^  ^`,
			[]string{`and stands between two conditions; a word is in quotes`, `nothing follows that could be negated; a word or a hyphen is in quotes`, `nothing follows that could be negated; a word or a hyphen is in quotes`},
		},
		{
			`spam (customer:"jan`,
			`               ^^^^`,
			[]string{`a quote is not closed`},
		},
		{
			`"a\b"`,
			`  ^^^`,
			[]string{`a backslash in quotes stands only before " and \`},
		},
		{
			`"" " "`,
			`^^ ^^^`,
			[]string{`a phrase is empty`, `a phrase is empty`},
		},
		{
			`customer:"a"b source:a"b"`,
			`            ^         ^^^`,
			[]string{`a comma is missing`, `a quote is inside a value: quote all of it`},
		},
		{
			`wait:5m wait:>200000h agent:>me`,
			`     ^^       ^^^^^^^       ^^^`,
			[]string{`say how long: >5m, >=5m, <5m or <=5m`, `"200000h" is not 1 to 100000 seconds, minutes or hours`, `agent cannot be compared by >`},
		},
	} {
		t.Run(tt.search, func(t *testing.T) {
			s, err := filter.ParseSearch(tt.search)
			require.Zero(t, s)
			var causes []string
			shown := []byte(strings.Repeat(" ", 2*len(tt.search)))
			for _, e := range searchErrors(t, err) {
				cause := e.Cause
				if e.Nearest != "" {
					cause += ": did you mean " + e.Nearest + "?"
				}
				causes = append(causes, cause)
				require.Contains(t, e.Error(), e.Cause)
				for i := e.RuneAt; i < max(e.RuneEnd, e.RuneAt+1); i++ {
					shown[i] = '^'
				}
			}
			require.Equal(t, tt.causes, causes)
			require.Equal(t, tt.shown, strings.TrimRight(string(shown), " "))
		})
	}
}

func TestSearchErrorsHaveKinds(t *testing.T) {
	for _, tt := range []struct {
		search string
		kind   error
	}{
		{`statsu:new`, filter.ErrField},
		{`has:statsu`, filter.ErrField},
		{`-invoice`, filter.ErrFreeText},
		{"agent:\"a\x00\"", filter.ErrPredicate},
		{strings.Repeat("-", 17) + "spam", filter.ErrPredicate},
	} {
		_, err := filter.ParseSearch(tt.search)
		require.ErrorIs(t, err, tt.kind, tt.search)
		require.ErrorIs(t, err, filter.ErrSearch)
	}
	_, err := filter.ParseSearch(`łódź stauts:new`)
	var e *filter.SearchError
	require.ErrorAs(t, err, &e)
	require.Equal(t, [4]int{8, 14, 5, 11}, [4]int{e.At, e.End, e.RuneAt, e.RuneEnd})
	require.EqualError(t, e, `filter: invalid search: at 6: unknown field "stauts": did you mean status?`)
}

func TestCaretStandsUnderThePiece(t *testing.T) {
	for _, tt := range []struct{ search, shown string }{
		{"statsu:new", "statsu:new\n^^^^^^"},
		{"日本 statsu:new", "日本 statsu:new\n     ^^^^^^"},      // two columns each
		{"e\u0301te\u0301 -a", "e\u0301te\u0301 -a\n     ^"}, // a mark takes none
		{"\tspam\n\tor", " spam  or\n       ^^"},             // one column each
		{"status:", "status:\n      ^"},                      // the colon
		{"status:new,", "status:new,\n           ^"},         // behind the end
		{strings.Repeat("spam ", 20) + "x:1" + strings.Repeat(" spam", 20), "…" + strings.Repeat("spam ", 8) + "x:1" + strings.Repeat(" spam", 8)[:38] + "…\n" + strings.Repeat(" ", 41) + "^"},
	} {
		_, err := filter.ParseSearch(tt.search)
		require.Equal(t, tt.shown, searchErrors(t, err)[0].Caret(), tt.search)
	}
}

func TestSearchHasLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("a", n) }
	for _, tt := range []struct{ name, within, over, cause string }{
		{"its length", "spam" + strings.Repeat(" ", filter.MaxSearchLen-4), "spam" + strings.Repeat(" ", filter.MaxSearchLen-3), "the text has more than 16384 bytes"},
		{"words", strings.Repeat("a ", filter.MaxSearchTerms), strings.Repeat("a ", filter.MaxSearchTerms+1), "there are more than 16 words and phrases of free text"},
		{"a word", long(filter.MaxText), long(filter.MaxText + 1), "a word or phrase has 513 bytes, more than 512"},
		{"a value", "agent:" + long(filter.MaxText), "agent:" + long(filter.MaxText+1), "agent: a value has 513 bytes, more than 512"},
		{"a list", "agent:a" + strings.Repeat(",a", filter.MaxList-1), "agent:a" + strings.Repeat(",a", filter.MaxList), "agent: 301 values, more than 300"},
		{"conditions", strings.Repeat("spam ", filter.MaxLeaves), strings.Repeat("spam ", filter.MaxLeaves+1), "more than 50 conditions"},
		{"texts that may be contained", "page:a" + strings.Repeat(",a", filter.MaxLeaves-1), "page:a" + strings.Repeat(",a", filter.MaxLeaves), "more than 50 conditions"},
		{"parentheses", strings.Repeat("(", filter.MaxDepth) + "spam" + strings.Repeat(")", filter.MaxDepth), strings.Repeat("(", filter.MaxDepth+1) + "spam" + strings.Repeat(")", filter.MaxDepth+1), "more than 16 levels"},
		{"levels", strings.Repeat("-(spam ", 8) + "spam" + strings.Repeat(")", 8), strings.Repeat("(-spam or spam (", 8) + "-spam" + strings.Repeat("))", 8), "more than 16 levels"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := filter.ParseSearch(tt.within)
			require.NoError(t, err)
			require.NoError(t, filter.Validate(s.Where))
			_, err = filter.ParseSearch(tt.over)
			require.Len(t, searchErrors(t, err), 1)
			require.Equal(t, tt.cause, searchErrors(t, err)[0].Cause)
		})
	}
	_, err := filter.ParseSearch(strings.Repeat("a:1 ", 100))
	require.Len(t, searchErrors(t, err), 32)
	_, err = filter.ParseSearch("spam \xff")
	require.ErrorContains(t, err, "at 6: the text is not UTF-8")
}

func TestWhatCannotBeWrittenIsNoSearch(t *testing.T) {
	words := func(n int, word string) []string {
		var ws []string
		for range n {
			ws = append(ws, word)
		}
		return ws
	}
	ids := make([]conversation.AgentID, filter.MaxList)
	for i := range ids {
		ids[i] = conversation.AgentID(strings.Repeat("a", 100))
	}
	for _, tt := range []struct {
		name   string
		search filter.Search
		cause  string
	}{
		{"an invalid predicate", filter.Search{Where: filter.Condition{}}, "a condition is empty"},
		{"a part that is nil", filter.Search{Where: filter.Not(nil)}, "a predicate is nil"},
		{"an instant in no year of four digits", filter.Search{Where: filter.CreatedAt.Before(newYear.AddDate(10000, 0, 0))}, "created_at: a value has no text"},
		{"a link of a kind with a slash", filter.Search{Where: filter.Not(filter.Links.AnyOf(conversation.Link{Kind: "a/b"}))}, "links: a value has no text"},
		{"too many conditions", filter.Search{Where: filter.And(times(filter.MaxLeaves+1, filter.All)...)}, "more than 50 conditions"},
		{"too many bytes", filter.Search{Where: filter.Agent.In(ids...)}, "the text has more than 16384 bytes"},
		{"too many words", filter.Search{Text: words(filter.MaxSearchTerms+1, "a")}, "there are more than 16 words"},
		{"a word that is too long", filter.Search{Text: words(1, strings.Repeat("a", filter.MaxText+1))}, "is no free text"},
		{"an empty word", filter.Search{Text: words(1, "")}, "is no free text"},
		{"a word of spaces", filter.Search{Text: words(1, " ")}, "is no free text"},
		{"a word that is not UTF-8", filter.Search{Text: words(1, "\xff")}, "is no free text"},
		{"a NUL character", filter.Search{Text: words(1, "a\x00")}, "is no free text"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, err := filter.PrintSearch(tt.search)
			require.ErrorIs(t, err, filter.ErrSearch)
			require.ErrorContains(t, err, tt.cause)
			require.Empty(t, text)
		})
	}
	text, err := filter.PrintSearch(filter.Search{})
	require.NoError(t, err)
	require.Empty(t, text)
}

// plainest returns the plainest form of a predicate, by the rules of And, Or and
// Not and nothing else.
func plainest(p filter.Predicate) filter.Predicate {
	join := func(ps []filter.Predicate, within func(filter.Predicate) ([]filter.Predicate, bool)) []filter.Predicate {
		var parts []filter.Predicate
		for _, q := range ps {
			if inner, is := within(plainest(q)); is {
				parts = append(parts, inner...)
			} else {
				parts = append(parts, plainest(q))
			}
		}
		return parts
	}
	switch p := p.(type) {
	case filter.Conjunction:
		parts := join(p, func(q filter.Predicate) ([]filter.Predicate, bool) { c, is := q.(filter.Conjunction); return c, is })
		if len(parts) == 1 {
			return parts[0]
		}
		return filter.Conjunction(parts)
	case filter.Disjunction:
		parts := join(p, func(q filter.Predicate) ([]filter.Predicate, bool) { d, is := q.(filter.Disjunction); return d, is })
		if len(parts) == 1 {
			return parts[0]
		}
		return filter.Disjunction(parts)
	case filter.Negation:
		if n, is := plainest(p.Predicate).(filter.Negation); is {
			return n.Predicate
		}
		return filter.Not(plainest(p.Predicate))
	}
	return p
}

// hasSlashedKind reports whether a predicate asks for a link of a kind with a slash:
// of what programs ask for within four digits of years, nothing else has no search
// form.
func hasSlashedKind(p filter.Predicate) bool {
	switch p := p.(type) {
	case filter.Conjunction:
		for _, q := range p {
			if hasSlashedKind(q) {
				return true
			}
		}
	case filter.Disjunction:
		return hasSlashedKind(filter.Conjunction(p))
	case filter.Negation:
		return hasSlashedKind(p.Predicate)
	case filter.Condition:
		for _, v := range p.Values() {
			if p.Field() == filter.Links.Field {
				kind, _, _ := strings.Cut(v.Text, "/")
				if _, rest, _ := strings.Cut(kind, ":"); kind != v.Text && len(rest) < kindLength(v.Text) {
					return true
				}
			}
		}
	}
	return false
}

// kindLength reads the length of the kind in the key of a link.
func kindLength(key string) int {
	n := 0
	for _, c := range key {
		if c == ':' {
			break
		}
		n = 10*n + int(c-'0')
	}
	return n
}

func someSearch(t *rapid.T) filter.Search {
	s := filter.Search{Where: someTree(t, 5)}
	for range rapid.IntRange(0, 3).Draw(t, "words") {
		s.Text = append(s.Text, textLikeAForm().Filter(func(s string) bool { return strings.Trim(s, "\x00\t\n\u2028\u00a0 ") != "" && printable(s) }).Draw(t, "word"))
	}
	return s
}

// printable reports whether free text can have this form: not only of spaces.
func printable(s string) bool {
	_, err := filter.PrintSearch(filter.Search{Text: []string{s}})
	return err == nil
}

func TestSearchIsReadAsItWasPrinted(t *testing.T) {
	cs := actors(t)
	asking := filter.Asking{Now: second(100), Zone: time.UTC, Me: "ann"}
	written, shown := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := someSearch(t)
		printed, err := filter.PrintSearch(s)
		if hasSlashedKind(s.Where) {
			require.ErrorIs(t, err, filter.ErrSearch)
			return
		}
		require.NoError(t, err)
		written++
		read, err := filter.ParseSearch(printed)
		require.NoError(t, err, printed)
		require.Equal(t, filter.Search{Where: plainest(s.Where), Text: s.Text}, read, printed)
		again, err := filter.PrintSearch(read)
		require.NoError(t, err)
		require.Equal(t, printed, again)
		require.True(t, inGrammar(t, "Search", printed), printed)

		_, err = filter.ParseCursor(filter.Position{Number: 1}.Cursor(s.Where, nil), read.Where, nil)
		require.NoError(t, err, "it is the same question")
		where, err := filter.Resolve(s.Where, asking)
		require.NoError(t, err)
		back, err := filter.Resolve(read.Where, asking)
		require.NoError(t, err)
		require.Equal(t, found(cs, where), found(cs, back))
		shown += len(found(cs, where))
	})
	require.NotZero(t, written)
	require.NotZero(t, shown)
}

// Parentheses are needed where leaving them out gives another question.
func TestPrintedParenthesesAreNeeded(t *testing.T) {
	flags := []filter.Predicate{filter.Spam.Is(true), filter.Assigned.Is(true), filter.HasLinks.Is(true), filter.FormSubmitted.Is(true)}
	var tree func(t *rapid.T, levels int) filter.Predicate
	tree = func(t *rapid.T, levels int) filter.Predicate {
		if levels == 0 {
			return rapid.SampledFrom(flags).Draw(t, "flag")
		}
		parts := func() []filter.Predicate {
			return []filter.Predicate{tree(t, levels-1), tree(t, levels-1)}
		}
		switch rapid.IntRange(0, 3).Draw(t, "node") {
		case 0:
			return filter.And(parts()...)
		case 1:
			return filter.Or(parts()...)
		case 2:
			return filter.Not(tree(t, levels-1))
		default:
			return tree(t, 0)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := tree(t, 4)
		printed, err := filter.PrintSearch(filter.Search{Where: p})
		require.NoError(t, err)
		var open []int
		for i := range len(printed) {
			switch printed[i] {
			case '(':
				open = append(open, i)
			case ')':
				at := open[len(open)-1]
				open = open[:len(open)-1]
				without, err := filter.ParseSearch(printed[:at] + printed[at+1:i] + printed[i+1:])
				require.NoError(t, err)
				require.NotEqual(t, plainest(p), without.Where, printed)
			}
		}
	})
}

func FuzzParseSearch(f *testing.F) {
	for _, seed := range []string{
		exampleLine, `(or) -() status:() participant:+()`, `agent:ann,me or created:today,2026-01-01..2026-01-31`, `source:"a \"b\\" "x y" or`,
		`statsu:waitin -(broken) ((`, `wait:>5m wait:<=1h30m no:agent,rating`, "日本 e\u0301 \u2003-\x00", `https://a.b/ 10:30 a"b"c(d)`,
		`NOT NOT spam AND OR not`, `link:deal/7,+ customer:^,= rating:1..2..3`, "\xff", `has: wait:>0s number:-9223372036854775808`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := filter.ParseSearch(text)
		if err != nil {
			require.Zero(t, s)
			last := 0
			for _, e := range searchErrors(t, err) {
				require.LessOrEqual(t, last, e.At)
				require.LessOrEqual(t, e.At, e.End)
				require.LessOrEqual(t, e.End, len(text))
				last = e.At
				if utf8.ValidString(text) {
					require.Equal(t, utf8.RuneCountInString(text[:e.At]), e.RuneAt)
					require.Equal(t, utf8.RuneCountInString(text[:e.End]), e.RuneEnd)
				}
				require.NotEmpty(t, e.Cause)
				require.Len(t, strings.Split(e.Caret(), "\n"), 2)
				require.Contains(t, e.Caret(), "^")
			}
			return
		}
		require.True(t, inGrammar(t, "Search", text))
		require.NoError(t, filter.Question{Where: s.Where}.Validate())
		require.Equal(t, plainest(s.Where), s.Where)
		printed, err := filter.PrintSearch(s)
		if errors.Is(err, filter.ErrSearch) && len(text) > filter.MaxSearchLen/8 {
			return // longer than it was
		}
		require.NoError(t, err)
		read, err := filter.ParseSearch(printed)
		require.NoError(t, err, printed)
		require.Equal(t, s, read, printed)
	})
}

func BenchmarkParseSearch(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := filter.ParseSearch(exampleLine); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrintSearch(b *testing.B) {
	s, err := filter.ParseSearch(exampleLine)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := filter.PrintSearch(s); err != nil {
			b.Fatal(err)
		}
	}
}
