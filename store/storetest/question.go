package storetest

import (
	"encoding"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

// column is a field and everything that can be asked about it.
type column struct {
	field     filter.Field
	questions []question
}

// question makes a condition for some rows: with values they have, values next
// to those, and values nobody has.
type question struct {
	operator string
	ask      func(r *rand.Rand, rows []conversation.Conversation) filter.Predicate
}

type row = conversation.Conversation

// columns are all fields with all their operators.
var columns = []column{
	numeric(filter.ConversationNumber),
	keyed(filter.OpenChannelID),
	textual(filter.OpenChannel, func(c row) string { return c.OpenChannel().Name }),
	listed(filter.Direction, conversation.Incoming, conversation.Outgoing),
	listed(filter.General, slices.Collect(status.AllGeneral())...),
	listed(filter.Detailed, slices.Collect(status.AllDetailed())...),
	flagged(filter.Spam),
	keyed(filter.Source),
	keyed(filter.CustomerID),
	textual(filter.Customer, func(c row) string { return c.Customer().Name }),
	keyed(filter.Agent),
	flagged(filter.HasLinks),
	gathered(filter.LinkKinds, linkKinds, "Contact", "contac", ""),
	gathered(filter.Links, row.Links, conversation.Link{Kind: "contact", ID: "77"}, conversation.Link{Kind: "contact7"}),
	textual(filter.SitePage, row.SitePage),
	flagged(filter.FormSubmitted),
	flagged(filter.HistoryRequested),
	flagged(filter.Assigned),
	numeric(filter.CustomerRating),
	keyed(filter.RatedAgent),
	textual(filter.ReviewComment, func(c row) string { return c.Review().Comment }),
	numeric(filter.ReviewRating),
	timed(filter.CreatedAt),
	timed(filter.QueuedAt),
	timed(filter.FirstReplyAt),
	timed(filter.AcceptedAt),
	timed(filter.LastMessageAt),
	timed(filter.AgentFinishedAt),
	timed(filter.ClosedAt),
	timed(filter.ModifiedAt),
	timed(filter.WaitingSince),
	measured(filter.FirstReplyWait),
	measured(filter.AcceptTime),
	measured(filter.AgentFinishTime),
	measured(filter.Duration),
	measured(filter.InitialReaction),
	measured(filter.BotTime),
	measured(filter.TotalReaction),
	measured(filter.MeanReaction),
	measured(filter.MaxReaction),
	numeric(filter.MessageCount),
	gathered(filter.Participants, row.Participants, "nobody", "AN", ""),
}

// asked makes a column of the operators that a field has besides present and absent.
func asked(f filter.Field, qs ...question) column {
	return column{f, append(qs,
		question{"present", func(*rand.Rand, []row) filter.Predicate { return f.Present() }},
		question{"absent", func(*rand.Rand, []row) filter.Predicate { return f.Absent() }},
	)}
}

// about makes an operator of values that value draws.
func about[T any](operator string, value func(*rand.Rand, []row) T, ask func(T) filter.Predicate) question {
	return question{operator, func(r *rand.Rand, rows []row) filter.Predicate { return ask(value(r, rows)) }}
}

func aboutTwo[T any](operator string, value func(*rand.Rand, []row) T, ask func(T, T) filter.Predicate) question {
	return question{operator, func(r *rand.Rand, rows []row) filter.Predicate { return ask(value(r, rows), value(r, rows)) }}
}

// aboutSeveral makes an operator of none to six values.
func aboutSeveral[T any](operator string, value func(*rand.Rand, []row) T, ask func(...T) filter.Predicate) question {
	return question{operator, func(r *rand.Rand, rows []row) filter.Predicate {
		values := make([]T, r.IntN(7))
		for i := range values {
			values[i] = value(r, rows)
		}
		return ask(values...)
	}}
}

func listed[E interface {
	~uint8
	encoding.TextMarshaler
}](f filter.EnumField[E], all ...E,
) column {
	value := func(r *rand.Rand, _ []row) E { return oneOf(r, all) }
	return asked(f.Field, about("is", value, f.Is), aboutSeveral("in", value, f.In))
}

func flagged(f filter.BoolField) column {
	return asked(f.Field, about("is", func(r *rand.Rand, _ []row) bool { return r.IntN(2) == 0 }, f.Is))
}

// valueOf draws the value that a field has in some row.
func valueOf(f filter.Field, r *rand.Rand, rows []row) filter.Value {
	for range 20 {
		if v := f.ValueOf(&rows[r.IntN(len(rows))]); v.Present {
			return v
		}
	}
	return filter.Value{}
}

func keyed[K ~string](f filter.KeyField[K]) column {
	value := func(r *rand.Rand, rows []row) K {
		k := valueOf(f.Field, r, rows).Text
		switch r.IntN(12) {
		case 0:
			return K(swapCase(k))
		case 1:
			return K(k + " ")
		case 2:
			return K(k + "%")
		case 3:
			return ""
		default:
			return K(k)
		}
	}
	return asked(f.Field, about("is", value, f.Is), aboutSeveral("in", value, f.In))
}

func textual(f filter.TextField, raw func(row) string) column {
	whole := func(r *rand.Rand, rows []row) string {
		s := raw(rows[r.IntN(len(rows))])
		if r.IntN(6) == 0 {
			return swapCase(s)
		}
		return s
	}
	// part draws characters in a row, sometimes in the other case, and sometimes
	// with what SQL might take for a wildcard.
	part := func(r *rand.Rand, rows []row) string {
		runes := []rune(whole(r, rows))
		from := r.IntN(len(runes) + 1)
		s := string(runes[from:min(len(runes), from+r.IntN(4))])
		switch r.IntN(8) {
		case 0:
			return oneOf(r, []string{"%", "_", "'", `\`, "!", "*", "?", "[", "%'"}) + s
		case 1:
			return s + oneOf(r, []string{"%", "_", "'", `\`, "!", "\u0301"})
		case 2, 3, 4:
			return swapCase(s)
		default:
			return s
		}
	}
	begin := func(r *rand.Rand, rows []row) string {
		if r.IntN(3) == 0 {
			return part(r, rows)
		}
		runes := []rune(whole(r, rows))
		return string(runes[:min(len(runes), r.IntN(5))])
	}
	return asked(f.Field,
		about("is", whole, f.Is), aboutSeveral("in", whole, f.In),
		about("contains", part, f.Contains), about("starts with", begin, f.StartsWith),
	)
}

// near draws a number that some row has, or one beside it.
func near(f filter.Field, r *rand.Rand, rows []row) int64 {
	return valueOf(f, r, rows).Num + int64(max(0, r.IntN(5)-2)) - int64(max(0, r.IntN(5)-3))
}

func numeric(f filter.NumberField) column {
	value := func(r *rand.Rand, rows []row) int64 { return near(f.Field, r, rows) }
	return asked(f.Field,
		about("is", value, f.Is), aboutSeveral("in", value, f.In),
		about("less", value, f.Less), about("greater", value, f.Greater), aboutTwo("between", value, f.Between),
	)
}

func timed(f filter.InstantField) column {
	value := func(r *rand.Rand, rows []row) time.Time { return time.UnixMilli(near(f.Field, r, rows)) }
	return asked(f.Field, about("before", value, f.Before), about("after", value, f.After), aboutTwo("between", value, f.Between))
}

func measured(f filter.SpanField) column {
	value := func(r *rand.Rand, rows []row) time.Duration {
		return time.Duration(near(f.Field, r, rows)) * time.Millisecond
	}
	return asked(f.Field,
		about("is", value, f.Is),
		about("less", value, f.Less), about("greater", value, f.Greater), aboutTwo("between", value, f.Between),
	)
}

func gathered[K any](f filter.SetField[K], members func(row) iter.Seq[K], others ...K) column {
	value := func(r *rand.Rand, rows []row) K {
		for range 20 {
			if ks := slices.Collect(members(rows[r.IntN(len(rows))])); len(ks) > 0 && r.IntN(8) > 0 {
				return oneOf(r, ks)
			}
		}
		return oneOf(r, others)
	}
	return asked(f.Field,
		aboutSeveral("any of", value, f.AnyOf), aboutSeveral("all of", value, f.AllOf), aboutSeveral("none of", value, f.NoneOf))
}

func linkKinds(c row) iter.Seq[string] {
	return func(yield func(string) bool) {
		for l := range c.Links() {
			if !yield(l.Kind) {
				return
			}
		}
	}
}

// swapCase changes the case of every letter that has two.
func swapCase(s string) string {
	if up := strings.ToUpper(s); up != s {
		return up
	}
	return strings.ToLower(s)
}

// tree draws a predicate of conditions under And, Or and Not, some of them empty.
func tree(r *rand.Rand, rows []row, depth int) filter.Predicate {
	switch kind := r.IntN(10); {
	case depth == 0 || kind < 4:
		qs := columns[r.IntN(len(columns))].questions
		return oneOf(r, qs).ask(r, rows)
	case kind < 6:
		return filter.Not(tree(r, rows, depth-1))
	case kind < 8:
		return filter.And(trees(r, rows, depth-1)...)
	default:
		return filter.Or(trees(r, rows, depth-1)...)
	}
}

func trees(r *rand.Rand, rows []row, depth int) []filter.Predicate {
	ps := make([]filter.Predicate, r.IntN(4))
	for i := range ps {
		ps[i] = tree(r, rows, depth)
	}
	return ps
}

// order draws up to three keys.
func order(r *rand.Rand) filter.Order {
	var o filter.Order
	for range r.IntN(4) {
		k := filter.SortKey{Field: columns[r.IntN(len(columns))].field, Descending: r.IntN(2) == 0}
		if k.Field.Sortable() && !slices.ContainsFunc(o, func(p filter.SortKey) bool { return p.Field == k.Field }) {
			o = append(o, k)
		}
	}
	return o
}

// describe writes a predicate for a person.
func describe(p filter.Predicate) string {
	switch p := p.(type) {
	case filter.Conjunction:
		return "And(" + describeAll(p) + ")"
	case filter.Disjunction:
		return "Or(" + describeAll(p) + ")"
	case filter.Negation:
		return "Not(" + describe(p.Predicate) + ")"
	case filter.Condition:
		values := make([]string, len(p.Values()))
		for i, v := range p.Values() {
			if t := p.Field().Type(); t == filter.Text || t == filter.Key || t == filter.Set {
				values[i] = fmt.Sprintf("%+q", v.Text)
			} else {
				values[i] = fmt.Sprint(v.Num)
			}
		}
		return fmt.Sprintf("%s %s [%s]", p.Field(), p.Op(), strings.Join(values, " "))
	default:
		return fmt.Sprintf("%T", p)
	}
}

func describeAll(ps []filter.Predicate) string {
	parts := make([]string, len(ps))
	for i, p := range ps {
		parts[i] = describe(p)
	}
	return strings.Join(parts, ", ")
}

// smallest returns a part of a predicate that is wrong by itself, if one is.
func smallest(p filter.Predicate, wrong func(filter.Predicate) bool) filter.Predicate {
	for _, part := range partsOf(p) {
		if wrong(part) {
			return smallest(part, wrong)
		}
	}
	return p
}

// partsOf returns what a predicate is made of; nothing for a condition.
func partsOf(p filter.Predicate) []filter.Predicate {
	switch p := p.(type) {
	case filter.Conjunction:
		return p
	case filter.Disjunction:
		return p
	case filter.Negation:
		return []filter.Predicate{p.Predicate}
	default:
		return nil
	}
}
