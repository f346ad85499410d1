package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/store"
)

// texts are hard on databases: wildcards, quotes, escapes, every script, cases
// that differ in length, marks that combine, code points that UTF-16 sorts
// elsewhere than UTF-8 does.
var texts = []string{
	"Łukasz Żółć", "łukasz żółć", "ŁUKASZ", "Zażółć gęślą jaźń", "ZAŻÓŁĆ",
	"José", "Jose\u0301", "JOSÉ", "jose", "\u0301 alone",
	"100%", "100 percent", "%", "%%", "a_b", "axb", "_", "A!b", "!", "a!%b",
	"O'Brien", "''", `"quoted"`, "`tick`", `back\slash`, `\`, `\%`, `\\`, "; DROP TABLE conversations; --",
	"Straße", "STRASSE", "strasse", "İstanbul", "istanbul", "ISTANBUL", "ısparta",
	"ΣΊΣΥΦΟΣ", "σίσυφος", "Юлия", "юлия", "東京", "محمد", "שָׁלוֹם", "한국어", "한",
	"😀", "👩‍🚀 Zoë", "𝒳", "～ fullwidth", "\ufb01ne", "ﬀ", "Ǆ", "ǆ",
	" leading", "trailing ", "trailing", "two  spaces", "line\nbreak", "tab\t", "\u200bzero", "\u00a0space",
	"NULL", "null", "true", "0", "-1", "1e3", "{}", "[]", "a", "A", "b", "B", "z", "Z", "ź", "Ź",
}

// story is a conversation in the pieces in which it reaches a store: what it is
// created with, what is saved at once later, and events that come late.
type story struct {
	created conversation.Conversation
	changes []conversation.Event
	late    []conversation.Event
}

// stories are n conversations that a seed gives. They have all that a conversation
// can have, and much in common, so that there are ties in every order.
func stories(r *rand.Rand, n int) []story {
	all := make([]story, n)
	var events []conversation.Event
	for i := range all {
		if i == 0 || r.IntN(4) > 0 { // the others are twins of the one before
			events = conversationtest.Generate(r.Uint64())
		}
		all[i] = tell(r, fmt.Sprintf("story %d", i), events)
	}
	return all
}

// tell makes a story of a generated timeline: the same events with harder texts,
// under an id of its own.
func tell(r *rand.Rand, name string, events []conversation.Event) story {
	events = slices.Clone(events)
	var shift time.Duration
	if r.IntN(2) == 0 { // begin at one of a few instants
		shift = at(86400 * r.IntN(6)).Sub(events[0].At)
	}
	for i, e := range events {
		events[i].At = e.At.Add(shift)
		switch b := e.Body.(type) {
		case conversation.Started:
			b.Conversation = idOf(name)
			b.Customer.Name = oneOf(r, texts)
			switch r.IntN(4) {
			case 0:
				b.Customer.Name = ""
			case 1:
				b.SitePage = oneOf(r, texts)
			}
			events[i].Body = b
		case conversation.Reviewed:
			if b.Comment != "" {
				b.Comment = oneOf(r, texts)
			}
			events[i].Body = b
		case conversation.Noted:
			events[i].Body = conversation.Noted{Text: oneOf(r, texts)}
		}
	}
	var s story
	first := 1 + r.IntN(len(events))
	if r.IntN(2) == 0 {
		first = len(events)
	}
	created, late := holdBack(r, events[:first])
	v, err := conversation.Rebuild(created)
	if err != nil {
		panic(fmt.Sprintf("storetest: a generated timeline is wrong: %v", err))
	}
	s.created, s.changes, s.late = v, events[first:], late
	return s
}

// holdBack takes some of the events out that can come at any time.
func holdBack(r *rand.Rand, events []conversation.Event) (kept, late []conversation.Event) {
	for _, e := range events {
		switch e.Body.(type) {
		case conversation.Noted, conversation.FormSubmitted, conversation.HistoryRequested:
			if r.IntN(3) == 0 {
				late = append(late, e)
				continue
			}
		}
		kept = append(kept, e)
	}
	return kept, late
}

// fill stores conversations as they come in life: created in batches, changed by
// Save and by Update. It returns what has to be stored now; they know their
// timelines and their numbers are right.
func (c *check) fill(st store.Store) []conversation.Conversation {
	c.Helper()
	all := stories(c.random(), c.effort.rows)
	var rows []row
	for part := range slices.Chunk(all, 40) {
		batch := make([]row, len(part))
		for i, s := range part {
			batch[i] = s.created
		}
		for i, stored := range c.create(st, batch...) {
			v := numbered(batch[i], stored.Number())
			if changes := part[i].changes; len(changes) > 0 {
				c.save(st, c.apply(stored, changes...))
				v = c.apply(v, changes...)
			}
			for _, e := range part[i].late {
				c.update(st, stored.ID(), e)
				v = c.apply(v, e)
			}
			rows = append(rows, v)
		}
	}
	return rows
}

// numbered returns v with the number a store gave it, still knowing its timeline.
func numbered(v conversation.Conversation, number int64) conversation.Conversation {
	events, known := v.Timeline()
	if !known {
		panic("storetest: the timeline of a row is not known")
	}
	n, err := v.Saved(number).WithTimeline(events)
	if err != nil {
		panic(fmt.Sprintf("storetest: %v", err))
	}
	return n
}

// random returns the source of randomness of the rule.
func (c *check) random() *rand.Rand {
	c.seeded = fmt.Sprintf("\nfound by %s=%d", seedVariable, c.effort.seed)
	return rand.New(rand.NewPCG(c.effort.seed, 8))
}

func oneOf[T any](r *rand.Rand, ts []T) T { return ts[r.IntN(len(ts))] }

// everything asks for all conversations, the order they were created in.
func everything() store.Query { return store.NewQuery(access.System()).OrderBy() }
