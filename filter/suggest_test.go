package filter_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/filter"
)

// known is what a host knows of.
func known(f filter.Field, typed string) []filter.Word {
	var words []filter.Word
	for _, w := range map[filter.Field][]filter.Word{
		filter.Agent.Field:  {{Key: "ann", Label: "Ann Lee"}, {Key: "me", Label: "Me Too"}, {Key: "bob (2)", Label: "Bob"}, {Key: "x\x00"}},
		filter.Source.Field: {{Key: "telegram", Label: "Telegram"}, {Key: "live chat", Label: "Live chat"}},
	}[f] {
		if strings.HasPrefix(strings.ToLower(w.Label), strings.ToLower(typed)) {
			words = append(words, w)
		}
	}
	return words
}

// suggested writes what the search becomes by each suggestion for a cursor at "|".
func suggested(search string, l filter.Labels) []string {
	before, behind, _ := strings.Cut(search, "|")
	text := before + behind
	var became []string
	for _, s := range filter.Suggest(text, len(before), l, known) {
		became = append(became, text[:s.At]+s.Text+text[s.End:])
	}
	return became
}

func TestSuggestGoesOn(t *testing.T) {
	for _, tt := range []struct {
		search string
		became string // each behind a bar
	}{
		{`sta|`, `status:|general:`},
		{`sta|tus:new`, `status:new|general:new`},
		{`spam -sta|`, `spam -status:|spam -general:`},
		{`(sta|)`, `(status:)|(general:)`},
		{`creat|`, `created:`},
		{`spa|`, `spam`},
		{`spa|:no`, `spam:no`},
		{`crm|`, `link:|linked|link_kinds:`},
		{`wait|`, `waiting_since:|wait:|first_reply_wait:`},
		{`o|`, `channel:|open_channel_id:|link_kinds:|messages:`},
		{`spam o|`, `spam channel:|spam open_channel_id:|spam or|spam link_kinds:|spam messages:`},
		{`ano|`, ``},
		{`n|`, `number:|no:|not|channel:|customer:|messages:`},

		{`status:|`, `status:new|status:queued|status:accepted|status:waiting|status:waiting_again|status:replied|status:closing|status:closed|status:spam`},
		{`status:wai|`, `status:waiting|status:waiting_again|status:closing`},
		{`status:waiting,wai|`, `status:waiting,waiting_again|status:waiting,closing`},
		{`status:wai|ting,new spam`, `status:waiting,new spam|status:waiting_again,new spam|status:closing,new spam`},
		{`general:r|`, `general:replied`},
		{`form:|`, `form:yes|form:no`},
		{`has:rat|`, `has:rating|has:rated_agent|has:review`},
		{`no:agent,wai|`, `no:agent,waiting_since|no:agent,first_reply_wait`},

		{`rating:>|`, `rating:>1|rating:>2|rating:>3|rating:>4|rating:>5`},
		{`rating:2..|`, `rating:2..1|rating:2..2|rating:2..3|rating:2..4|rating:2..5`},
		{`rating:|3..4`, `rating:>3..4|rating:>=3..4|rating:<3..4|rating:<=3..4|rating:1..4|rating:2..4|rating:3..4|rating:4..4|rating:5..4`},
		{`wait:|`, `wait:>|wait:>=|wait:<|wait:<=`},
		{`wait:>1|`, `wait:>1m|wait:>15m|wait:>1h|wait:>1d`},
		{`created:this|`, `created:this_week|created:this_month|created:this_year`},
		{`created:las|`, `created:last_week|created:last_month|created:last_year|created:last_7_days|created:last_30_days`},
		{`created:7|`, `created:last_7_days`},
		{`created:>7|`, `created:>7_days_ago|created:>last_7_days`},
		{`created:>today,|`, ``},
		{`duration:>|1h`, `duration:>1m|duration:>5m|duration:>15m|duration:>1h|duration:>1d`},
		{`duration:|>1h`, `duration:>1h|duration:>=1h|duration:<1h|duration:<=1h`},

		{`agent:|`, `agent:me|agent:ann|agent:"me"|agent:"bob (2)"`},
		{`agent:b|`, `agent:"bob (2)"`},
		{`agent:"b|`, `agent:"bob (2)"`},
		{`agent:ann,"b|ob (2)" spam`, `agent:ann,"bob (2)" spam`},
		{`source:|`, `source:telegram|source:"live chat"`},
		{`customer:|`, `customer:^|customer:=`},
		{`participant:|`, `participant:+|participant:me`},

		{`"sta|tus"`, ``},
		{`"sta|`, ``},
		{`unknown:|`, ``},
		{`https://sta|`, ``},
		{`) statsu: sta|`, `) statsu: status:|) statsu: general:`},
	} {
		t.Run(tt.search, func(t *testing.T) {
			require.Equal(t, tt.became, strings.Join(suggested(tt.search, filter.Labels{}), "|"))
		})
	}
}

func TestSuggestKnowsLabels(t *testing.T) {
	polish := filter.LabelsIn(language.Polish)
	require.Equal(t, []string{"agent:", "rated_agent:", "bot_time:", "participant:"}, suggested("PRAC|", polish))
	require.Equal(t, []string{"status:queued"}, suggested("status:kolej|", polish))
	require.Equal(t, []string{"created:today"}, suggested("created:dzi|", polish))
	s := filter.Suggest("łódź created:24", len("łódź created:24"), polish, nil)
	require.Empty(t, s)
	s = filter.Suggest("łódź created:>24", len("łódź created:>24"), polish, nil)
	require.Equal(t, []filter.Suggestion{{filter.SuggestedValue, 17, 19, "24_hours_ago", "24 godzin temu"}}, s)
}

func TestNothingTypedSuggestsEveryField(t *testing.T) {
	for _, search := range []string{"", " ", "spam ", "-", "(", "spam or "} {
		var fields int
		for _, s := range filter.Suggest(search, len(search), filter.Labels{}, nil) {
			require.Equal(t, filter.SuggestedField, s.Kind)
			require.Equal(t, [2]int{len(search), len(search)}, [2]int{s.At, s.End})
			require.NotEmpty(t, s.Label)
			fields++
		}
		require.Equal(t, len(typed)+len([]string{"wait", "has", "no"}), fields)
	}
}

func TestSuggestionKindsHaveTexts(t *testing.T) {
	var texts []string
	for k := range filter.SuggestionKind(6) {
		texts = append(texts, k.String())
	}
	require.Equal(t, []string{"suggestion(0)", "field", "operator", "value", "keyword", "suggestion(5)"}, texts)
}

func TestSuggestTakesAnyText(t *testing.T) {
	require.Empty(t, filter.Suggest("\xff", 1, filter.Labels{}, nil))
	require.Empty(t, filter.Suggest(strings.Repeat(" ", filter.MaxSearchLen+1), 0, filter.Labels{}, nil))
	require.Equal(t, filter.Suggest("sta", 3, filter.Labels{}, nil), filter.Suggest("sta", 99, filter.Labels{}, nil))
	require.Equal(t, filter.Suggest("sta", 0, filter.Labels{}, nil), filter.Suggest("sta", -1, filter.Labels{}, nil))
}

// What is suggested for a search that is right leaves it right, but for signs and
// fields, behind which something is to follow.
func TestSuggestedValuesCanBeSaid(t *testing.T) {
	values := 0
	rapid.Check(t, func(t *rapid.T) {
		text, err := filter.PrintSearch(filter.Search{Where: someTree(t, 2)})
		if err != nil {
			return
		}
		cursor := rapid.IntRange(0, len(text)).Draw(t, "cursor")
		for _, s := range filter.Suggest(text, cursor, filter.Labels{}, known) {
			if s.Kind == filter.SuggestedValue {
				values++
				_, err := filter.ParseSearch(text[:s.At] + s.Text + text[s.End:])
				require.NoError(t, err)
			}
		}
	})
	require.NotZero(t, values)
}

func FuzzSuggest(f *testing.F) {
	for _, seed := range []string{exampleLine, `status:waiting,`, `created:2026-01-01..`, `agent:"b`, `- (no:`, `"a`, `rating:1..2,3..`, `日本 sta`, `https://`, `wait:>=`, "\xff"} {
		f.Add(seed, len(seed))
		f.Add(seed, len(seed)/2)
	}
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		for _, s := range filter.Suggest(text, cursor, filter.Labels{}, known) {
			require.LessOrEqual(t, 0, s.At)
			require.LessOrEqual(t, s.At, max(0, min(cursor, len(text))))
			require.LessOrEqual(t, s.At, s.End)
			require.LessOrEqual(t, s.End, len(text))
			require.True(t, utf8.ValidString(text[:s.At]) && utf8.ValidString(text[s.End:]))
			require.NotEmpty(t, s.Text)
			require.True(t, utf8.ValidString(s.Text))
			require.NotEqual(t, "suggestion(0)", s.Kind.String())
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if filter.Suggest(exampleLine+" sta", len(exampleLine)+4, filter.Labels{}, nil) == nil {
			b.Fatal("nothing is suggested")
		}
	}
}
