package filter_test

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/language"

	"github.com/colloquy-go/colloquy/filter"
)

// What somebody has typed is read, resolved for him, and asked; the words and
// phrases beside the conditions are for a search through texts.
func ExampleParseSearch() {
	s, err := filter.ParseSearch(`general:waiting -spam (agent:me or no:agent) customer:łukasz "broken invoice"`)
	if err != nil {
		fmt.Println(err)
		return
	}
	where, err := filter.Resolve(s.Where, filter.Asking{Now: time.Now(), Zone: time.UTC, Me: "ann"})
	if err != nil {
		fmt.Println(err)
		return
	}
	show(day(), where)
	fmt.Printf("%q\n", s.Text)
	// Output:
	// 1 new "Łukasz Żółć"
	// 3 waiting_again "ŁUKASZ NOWAK"
	// ["broken invoice"]
}

// Every mistake is found at once. Carets show where.
func ExampleParseSearch_mistakes() {
	_, err := filter.ParseSearch(`statsu:waiting created:>soon -invoice`)
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var mistake *filter.SearchError
		if errors.As(e, &mistake) {
			fmt.Println(mistake)
			fmt.Println(mistake.Caret())
		}
	}
	// Output:
	// filter: invalid search: at 1: unknown field "statsu": did you mean status?
	// statsu:waiting created:>soon -invoice
	// ^^^^^^
	// filter: invalid search: at 25: "soon" is no instant such as today, 2026-01-31 or 2026-01-31T10:00:00Z
	// statsu:waiting created:>soon -invoice
	//                         ^^^^
	// filter: invalid search: at 31: "invoice" is no condition but free text: it cannot be negated
	// statsu:waiting created:>soon -invoice
	//                               ^^^^^^^
}

// A view is shown in the search box, where its reader goes on typing.
func ExamplePrintSearch() {
	text, err := filter.PrintSearch(filter.Search{Where: filter.And(
		filter.Or(filter.IsMe(filter.Agent), filter.Agent.Absent()),
		filter.Not(filter.Spam.Is(true)),
		filter.WaitingSince.BeforeTerm(filter.Ago(5, filter.Minute)),
		filter.MaxReaction.Between(45*time.Second, 2*time.Minute),
	), Text: []string{"broken invoice"}})
	fmt.Println(text, err)
	// Output:
	// (agent:me or no:agent) -spam wait:>5m max_reaction:45s..2m "broken invoice" <nil>
}

// What a front end lists below its search box. The host knows which agents there
// are.
func ExampleSuggest() {
	agents := func(f filter.Field, typed string) []filter.Word {
		if f != filter.Agent.Field {
			return nil
		}
		return []filter.Word{{Key: "ann", Label: "Ann Lee"}}
	}
	labels := filter.LabelsIn(language.Polish)
	for _, search := range []string{"prac", "agent:", "status:zam", "wait:"} {
		for _, s := range filter.Suggest(search, len(search), labels, agents) {
			fmt.Printf("%s: %s%s (%s)\n", s.Kind, search[:s.At], s.Text, s.Label)
		}
	}
	// Output:
	// field: agent: (Pracownik)
	// field: rated_agent: (Oceniony pracownik)
	// field: bot_time: (Czas pracy chatbota)
	// field: participant: (Uczestniczący pracownicy)
	// value: agent:me (ja)
	// value: agent:ann (Ann Lee)
	// value: status:closed (Zamknięta)
	// operator: wait:> (więcej niż)
	// operator: wait:>= (co najmniej)
	// operator: wait:< (mniej niż)
	// operator: wait:<= (najwyżej)
}
