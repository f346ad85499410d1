package filter_test

import (
	"errors"
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

// The examples ask about these conversations. Offsets are seconds since 09:00.
func day() []conversation.Conversation {
	var cs []conversation.Conversation
	for i, told := range []struct{ customer, line string }{
		{"Łukasz Żółć", "0 customer"},
		{"Maria", "60 customer, 80 accept ann, 100 customer"},
		{"ŁUKASZ NOWAK", "120 customer, 300 agent ann, 400 customer"},
		{"Zoë", "180 customer, 200 agent bob"},
		{"", "240 customer, 250 agent ann, 260 finish ann"},
	} {
		c, err := conversationtest.Apply(conversation.Conversation{}, told.line, conversationtest.Starting(
			conversation.Started{Customer: conversation.Customer{ID: "c", Name: told.customer}}))
		if err != nil {
			log.Fatal(err)
		}
		cs = append(cs, c.Saved(int64(i+1)))
	}
	return cs
}

// show prints the conversations that satisfy a predicate. A store finds them in
// a database, in pages: see store.NewQuery.
func show(cs []conversation.Conversation, where filter.Predicate) {
	for i := range cs {
		if c := &cs[i]; where.Match(c) {
			fmt.Printf("%d %s %q\n", c.Number(), c.Detailed(), c.Customer().Name)
		}
	}
}

// Which customers wait for me?
func Example() {
	me := conversation.AgentID("ann")

	show(day(), filter.And(
		filter.Agent.Is(me),
		filter.General.Is(status.GeneralWaiting),
	))
	// Output:
	// 2 waiting "Maria"
	// 3 waiting_again "ŁUKASZ NOWAK"
}

// Names are searched whatever the case, in every script. Nothing is a wildcard.
func ExampleTextField_Contains() {
	cs := day()
	show(cs, filter.Customer.Contains("łukasz"))
	fmt.Println("---")
	show(cs, filter.Customer.Contains("%"))
	// Output:
	// 1 new "Łukasz Żółć"
	// 3 waiting_again "ŁUKASZ NOWAK"
	// ---
}

// Is takes the text as it is written.
func ExampleTextField_Is() {
	show(day(), filter.Customer.Is("Maria"))
	fmt.Println("---")
	show(day(), filter.Customer.Is("maria"))
	// Output:
	// 2 waiting "Maria"
	// ---
}

// Which conversations has nobody replied to?
func ExampleField_Absent() {
	show(day(), filter.FirstReplyAt.Absent())
	// Output:
	// 1 new "Łukasz Żółć"
	// 2 waiting "Maria"
}

// Which customers waited long for the first reply? Where there is no reply yet,
// there is nothing to compare: neither Less nor Greater finds it.
func ExampleSpanField_Greater() {
	show(day(), filter.FirstReplyWait.Greater(time.Minute))
	fmt.Println("---")
	show(day(), filter.FirstReplyWait.Less(time.Minute))
	// Output:
	// 3 waiting_again "ŁUKASZ NOWAK"
	// ---
	// 4 replied "Zoë"
	// 5 closed ""
}

// What came in within two minutes? Between takes the beginning and not the end,
// so that neighbouring intervals have no conversation in common.
func ExampleInstantField_Between() {
	from := time.Date(2026, 1, 5, 9, 1, 0, 0, time.UTC)

	show(day(), filter.CreatedAt.Between(from, from.Add(2*time.Minute)))
	// Output:
	// 2 waiting "Maria"
	// 3 waiting_again "ŁUKASZ NOWAK"
}

// Not is true wherever its predicate is not: also where there is no agent at all.
// Who wants the conversations of the others asks for an agent, too.
func ExampleNot() {
	cs := day()
	show(cs, filter.Not(filter.Agent.Is("ann")))
	fmt.Println("---")
	show(cs, filter.And(filter.Agent.Present(), filter.Not(filter.Agent.Is("ann"))))
	// Output:
	// 1 new "Łukasz Żółć"
	// 4 replied "Zoë"
	// ---
	// 4 replied "Zoë"
}

// And, Or and Not take any number of predicates, made as the program goes.
func ExampleOr() {
	var wanted []filter.Predicate
	for _, name := range []string{"maria", "zoë"} {
		wanted = append(wanted, filter.Customer.StartsWith(name))
	}

	show(day(), filter.Or(wanted...))
	fmt.Println("---")
	show(day(), filter.Or()) // one of none: nothing
	// Output:
	// 2 waiting "Maria"
	// 4 replied "Zoë"
	// ---
}

// Sets are asked for their members: who took part, which kinds of records are linked.
func ExampleSetField_AnyOf() {
	show(day(), filter.Participants.AnyOf("bob", "carl"))
	fmt.Println("---")
	show(day(), filter.LinkKinds.AnyOf("deal"))
	// Output:
	// 4 replied "Zoë"
	// ---
}

func ExampleWaitingLonger() {
	now := time.Date(2026, 1, 5, 9, 10, 0, 0, time.UTC) // the library reads no clock

	show(day(), filter.WaitingLonger(5*time.Minute, now))
	// Output:
	// 1 new "Łukasz Żółć"
	// 2 waiting "Maria"
}

// My inbox: where I take part, and what I may accept from my queues.
func ExampleMyInbox() {
	show(day(), filter.MyInbox("bob", "sales"))
	fmt.Println("---")
	show(day(), filter.MyInbox("bob", "support"))
	// Output:
	// 1 new "Łukasz Żółć"
	// 4 replied "Zoë"
	// ---
	// 4 replied "Zoë"
}

// The slowest first reply comes first; what has none comes last, whatever the
// direction.
func ExampleOrder() {
	order := filter.Order{filter.FirstReplyWait.Desc(), filter.ConversationNumber.Asc()}
	if err := order.Validate(); err != nil {
		log.Fatal(err)
	}
	cs := day()
	slices.SortFunc(cs, func(a, b conversation.Conversation) int { return order.Compare(&a, &b) })

	fmt.Println(order)
	for _, c := range cs {
		fmt.Println(c.Number(), c.Metrics().FirstReplyWait)
	}
	// Output:
	// -first_reply_wait,number
	// 3 3m 00s
	// 4 20s
	// 5 10s
	// 1 –
	// 2 –
}

// A cursor holds the place behind the last row of a page. It belongs to one
// predicate and one order.
func ExampleParseCursor() {
	cs := day()
	order := filter.Order{filter.CreatedAt.Desc()}
	cursor := order.PositionOf(&cs[3]).Cursor(filter.Active, order)

	behind, err := filter.ParseCursor(cursor, filter.Active, order)
	if err != nil {
		log.Fatal(err)
	}
	for i := range cs {
		if c := &cs[i]; filter.Active.Match(c) && order.ComparePositions(order.PositionOf(c), behind) > 0 {
			fmt.Println(c.Number(), c.CreatedAt().Format(time.TimeOnly))
		}
	}

	_, err = filter.ParseCursor(cursor, filter.All, order)
	fmt.Println(errors.Is(err, filter.ErrCursor))
	// Output:
	// 1 09:00:00
	// 2 09:01:00
	// 3 09:02:00
	// true
}

// What comes from outside is checked before it is asked. Every mistake is named.
func ExampleValidate() {
	err := filter.Validate(filter.And(
		filter.Detailed.Is(status.Detailed(42)),
		filter.Customer.Contains("\xff"),
		nil,
	))
	fmt.Println(err)

	var wrong *filter.PredicateError
	if errors.As(err, &wrong) {
		fmt.Println("first:", wrong.Field)
	}
	// Output:
	// filter: invalid predicate: detailed: 42 is none of its words
	// filter: invalid predicate: customer: a text is not UTF-8
	// filter: invalid predicate: a predicate is nil
	// first: detailed
}

// Fields are data as well: for a column chooser, or to read a key from outside.
func ExampleFieldByKey() {
	f, err := filter.FieldByKey("first_reply_wait")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Type(), f.Optional(), f.Sortable())

	_, err = filter.FieldByKey("first_reply")
	fmt.Println(err)
	// Output:
	// span true true
	// filter: unknown field: "first_reply"
}

func ExampleFold() {
	for _, s := range []string{"ŁUKASZ", "Straße", "ΣΊΣΥΦΟΣ", "E\u0301ric"} {
		fmt.Println(filter.Fold(s))
	}
	// Output:
	// łukasz
	// strasse
	// σίσυφοσ
	// éric
}
