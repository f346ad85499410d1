package filter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

// The conversations that the tables below ask about. Each is named after its
// status or what is particular about it.
var cast = []struct {
	name, line, customer string
	source               conversation.Source
	channel              conversation.OpenChannel
	page                 string
}{
	{name: "bare", line: `0 start`, source: "live_chat", channel: vip, page: "https://shop.example/Cart?off=100%25"},
	{name: "bot", line: `0 start bot, 10 customer, 12 bot`, customer: "E\u0301ric", source: "telegram", channel: vip},
	{name: "queued", line: `0 start bot, 10 customer, 30 handover`, customer: "李雷", source: "telegram", channel: sales},
	{name: "held", line: `0 customer, 20 accept ann, 30 form, 31 history`, customer: "ŁUKASZ Żółć", source: "live_chat", channel: sales, page: "https://shop.example/a_b"},
	{name: "waiting", line: `0 customer, 20 accept bob, 40 customer, 41 link deal/7`, customer: "łukasz żółć", source: "email", channel: sales},
	{name: "replied", line: `0 customer, 60 agent ann, 61 note bob, 62 link deal/7, 63 link contact/8`, customer: "100% sure", source: "email", channel: sales},
	{name: "again", line: `0 customer, 60 agent ann, 100 customer, 130 agent ann, 200 customer`, customer: `O'Hara \ Straße`, source: "email", channel: sales},
	{name: "closing", line: `0 customer, 30 agent bob, 90 finish bob`, customer: "Σίσυφος", source: "email", channel: support},
	{name: "closed", line: `0 customer, 30 agent ann, 90 finish ann, 100 rate 5, 110 review zoe 2 "Too slow, 50% late"`, customer: "a_b", source: "email", channel: support2},
	{name: "spam", line: `0 customer, 5 rate dislike, 6 review zoe 1, 7 spam`, customer: "axb", source: "viber", channel: sales},
	{name: "outgoing", line: `1h outgoing ann, 1.5h takeover bob, 2h takeover ann`, customer: "Zoë İstanbul", source: "viber", channel: sales},
}

var (
	vip      = conversation.OpenChannel{ID: "vip"}
	sales    = conversation.OpenChannel{ID: "sales", Name: "Sprzedaż"}
	support  = conversation.OpenChannel{ID: "support", Name: "Support", Closing: conversation.ClosingPolicy{AskRating: true}}
	support2 = conversation.OpenChannel{ID: "Support", Name: "Second support"}
)

func actors(t testing.TB) []conversation.Conversation {
	cs := make([]conversation.Conversation, len(cast))
	for i, a := range cast {
		c := conversationtest.Play(t, a.line, conversationtest.Starting(conversation.Started{
			OpenChannel: a.channel, Source: a.source, SitePage: a.page,
			Customer: conversation.Customer{ID: conversation.CustomerID("c-" + a.name), Name: a.customer},
		}))
		cs[i] = c.Saved(int64(i + 1))
	}
	return cs
}

// found returns the names of the conversations a predicate is true for.
func found(cs []conversation.Conversation, p filter.Predicate) string {
	var names []string
	for i := range cs {
		if p.Match(&cs[i]) {
			names = append(names, cast[i].name)
		}
	}
	return strings.Join(names, " ")
}

const everybody = "bare bot queued held waiting replied again closing closed spam outgoing"

func second(n float64) time.Time { return conversationtest.At(time.Duration(n * float64(time.Second))) }

var sentences = []struct {
	asks  string
	where filter.Predicate
	finds string
}{
	{"the number is 3", filter.ConversationNumber.Is(3), "queued"},
	{"the number is 2, 3 or 99", filter.ConversationNumber.In(2, 3, 99), "bot queued"},
	{"the number is none of these", filter.ConversationNumber.In(), ""},
	{"the number is less than 3", filter.ConversationNumber.Less(3), "bare bot"},
	{"the number is greater than 9", filter.ConversationNumber.Greater(9), "spam outgoing"},
	{"the number is between 9 and 10", filter.ConversationNumber.Between(9, 10), "closed spam"},
	{"the number is between 10 and 9", filter.ConversationNumber.Between(10, 9), ""},
	{"there is a number", filter.ConversationNumber.Present(), everybody},
	{"there is no number", filter.ConversationNumber.Absent(), ""},

	{"the open channel's id is exactly support", filter.OpenChannelID.Is("support"), "closing"},
	{"the open channel is one of two", filter.OpenChannelID.In("vip", "Support"), "bare bot closed"},
	{"the open channel's name is exactly Support", filter.OpenChannel.Is("Support"), "closing"},
	{"the open channel's name is one of two", filter.OpenChannel.In("Second support", "sprzedaż"), "closed"},
	{"the open channel's name contains SUPPORT", filter.OpenChannel.Contains("SUPPORT"), "closing closed"},
	{"the open channel's name starts with SPRZEDAŻ", filter.OpenChannel.StartsWith("SPRZEDAŻ"), "queued held waiting replied again spam outgoing"},
	{"the open channel has a name", filter.OpenChannel.Present(), "queued held waiting replied again closing closed spam outgoing"},
	{"the open channel has no name", filter.OpenChannel.Absent(), "bare bot"},
	{"the open channel's name contains nothing", filter.OpenChannel.Contains(""), "queued held waiting replied again closing closed spam outgoing"},
	{"the open channel's name is empty", filter.OpenChannel.Is(""), ""},

	{"the customer began", filter.Direction.Is(conversation.Incoming), "bare bot queued held waiting replied again closing closed spam"},
	{"an agent began", filter.Direction.Is(conversation.Outgoing), "outgoing"},
	{"the general status is waiting", filter.General.Is(status.GeneralWaiting), "bare bot queued held waiting again outgoing"},
	{"the general status is replied or closed", filter.General.In(status.GeneralReplied, status.GeneralClosed), "replied closing closed spam"},
	{"the detailed status is new", filter.Detailed.Is(status.New), "bare bot"},
	{"the detailed status is queued", filter.Detailed.Is(status.Queued), "queued"},
	{"the detailed status is accepted", filter.Detailed.Is(status.Accepted), "held outgoing"},
	{"the detailed status is waiting", filter.Detailed.Is(status.Waiting), "waiting"},
	{"the detailed status is waiting again", filter.Detailed.Is(status.WaitingAgain), "again"},
	{"the detailed status is replied", filter.Detailed.Is(status.Replied), "replied"},
	{"the detailed status is closing", filter.Detailed.Is(status.Closing), "closing"},
	{"the detailed status is closed", filter.Detailed.Is(status.Closed), "closed"},
	{"the detailed status is spam", filter.Detailed.Is(status.Spam), "spam"},
	{"the detailed status is one of none", filter.Detailed.In(), ""},
	{"there is a detailed status", filter.Detailed.Present(), everybody},
	{"it is spam", filter.Spam.Is(true), "spam"},
	{"it is no spam", filter.Spam.Is(false), "bare bot queued held waiting replied again closing closed outgoing"},

	{"the source is telegram", filter.Source.Is("telegram"), "bot queued"},
	{"the source is live chat or unheard of", filter.Source.In("live_chat", "smoke signals"), "bare held"},
	{"the source is Telegram", filter.Source.Is("Telegram"), ""},

	{"the customer's id is c-bot", filter.CustomerID.Is("c-bot"), "bot"},
	{"the customer's id is c-bot or c-held", filter.CustomerID.In("c-bot", "c-held"), "bot held"},
	{"the customer is exactly łukasz żółć", filter.Customer.Is("łukasz żółć"), "waiting"},
	{"the customer is one of two", filter.Customer.In("łukasz żółć", "axb"), "waiting spam"},
	{"the customer contains ŁUKASZ", filter.Customer.Contains("ŁUKASZ"), "held waiting"},
	{"the customer contains łukasz", filter.Customer.Contains("łukasz"), "held waiting"},
	{"the customer contains lukasz", filter.Customer.Contains("lukasz"), ""},
	{"the customer contains ÓŁĆ", filter.Customer.Contains("ÓŁĆ"), "held waiting"},
	{"the customer starts with ÓŁĆ", filter.Customer.StartsWith("ÓŁĆ"), ""},
	{"the customer starts with łukasz", filter.Customer.StartsWith("łukasz"), "held waiting"},
	{"the customer contains STRASSE", filter.Customer.Contains("STRASSE"), "again"},
	{"the customer contains ΣΊΣΥΦΟΣ", filter.Customer.Contains("ΣΊΣΥΦΟΣ"), "closing"},
	{"the customer contains İSTANBUL", filter.Customer.Contains("İSTANBUL"), "outgoing"},
	{"the customer contains istanbul", filter.Customer.Contains("istanbul"), ""},
	{"the customer contains é as one character", filter.Customer.Contains("é"), "bot"},
	{"the customer contains é as two characters", filter.Customer.Contains("E\u0301RIC"), "bot"},
	{"the customer is exactly Éric as one character", filter.Customer.Is("Éric"), ""},
	{"the customer contains 李", filter.Customer.Contains("李"), "queued"},
	{"the customer contains a percent sign", filter.Customer.Contains("%"), "replied"},
	{"the customer contains an underscore", filter.Customer.Contains("a_b"), "closed"},
	{"the customer contains a quote", filter.Customer.Contains("'"), "again"},
	{"the customer contains a backslash", filter.Customer.Contains(`\`), "again"},
	{"the customer starts with a percent sign", filter.Customer.StartsWith("%"), ""},
	{"the customer starts with 100%", filter.Customer.StartsWith("100%"), "replied"},
	{"the customer has a name", filter.Customer.Present(), "bot queued held waiting replied again closing closed spam outgoing"},
	{"the customer has no name", filter.Customer.Absent(), "bare"},

	{"the agent is ann", filter.Agent.Is("ann"), "held replied again closed outgoing"},
	{"the agent is ann or bob", filter.Agent.In("ann", "bob"), "held waiting replied again closing closed outgoing"},
	{"the agent is Ann", filter.Agent.Is("Ann"), ""},
	{"there is an agent", filter.Agent.Present(), "held waiting replied again closing closed outgoing"},
	{"there is no agent", filter.Agent.Absent(), "bare bot queued spam"},
	{"the agent is not ann", filter.Not(filter.Agent.Is("ann")), "bare bot queued waiting closing spam"},
	{"there is an agent, who is not ann", filter.And(filter.Agent.Present(), filter.Not(filter.Agent.Is("ann"))), "waiting closing"},
	{"it is assigned", filter.Assigned.Is(true), "held waiting replied again closing closed outgoing"},
	{"it is not assigned", filter.Assigned.Is(false), "bare bot queued spam"},

	{"a record is linked", filter.HasLinks.Is(true), "waiting replied"},
	{"no record is linked", filter.HasLinks.Is(false), "bare bot queued held again closing closed spam outgoing"},
	{"a deal is linked", filter.LinkKinds.AnyOf("deal"), "waiting replied"},
	{"a deal and a contact are linked", filter.LinkKinds.AllOf("deal", "contact"), "replied"},
	{"a contact or an invoice is linked", filter.LinkKinds.AnyOf("invoice", "contact"), "replied"},
	{"a record of no kind is linked", filter.LinkKinds.AnyOf(), ""},
	{"records of all of no kinds are linked", filter.LinkKinds.AllOf(), everybody},
	{"no contact is linked", filter.LinkKinds.NoneOf("contact"), "bare bot queued held waiting again closing closed spam outgoing"},
	{"records of none of no kinds are linked", filter.LinkKinds.NoneOf(), everybody},
	{"there are kinds of links", filter.LinkKinds.Present(), "waiting replied"},
	{"the deal 7 is linked", filter.Links.AnyOf(conversation.Link{Kind: "deal", ID: "7"}), "waiting replied"},
	{"the deal 8 is linked", filter.Links.AnyOf(conversation.Link{Kind: "deal", ID: "8"}), ""},
	{"a record with the letters of another is linked", filter.Links.AnyOf(conversation.Link{Kind: "dea", ID: "l7"}), ""},
	{
		"the deal 7 and the contact 8 are linked",
		filter.Links.AllOf(conversation.Link{Kind: "deal", ID: "7"}, conversation.Link{Kind: "contact", ID: "8"}), "replied",
	},
	{"there are links", filter.Links.Present(), "waiting replied"},
	{"there are no links", filter.Links.Absent(), "bare bot queued held again closing closed spam outgoing"},

	{"the page is exactly this", filter.SitePage.Is("https://shop.example/a_b"), "held"},
	{"the page is one of two", filter.SitePage.In("https://shop.example/a_b", "https://shop.example/"), "held"},
	{"the page contains /CART", filter.SitePage.Contains("/CART"), "bare"},
	{"the page contains 100%", filter.SitePage.Contains("100%"), "bare"},
	{"the page starts with https", filter.SitePage.StartsWith("HTTPS://SHOP"), "bare held"},
	{"there is a page", filter.SitePage.Present(), "bare held"},
	{"the form was submitted", filter.FormSubmitted.Is(true), "held"},
	{"the form was not submitted", filter.FormSubmitted.Is(false), "bare bot queued waiting replied again closing closed spam outgoing"},
	{"the history was requested", filter.HistoryRequested.Is(true), "held"},

	{"the customer gave 5", filter.CustomerRating.Is(5), "closed"},
	{"the customer disliked it", filter.CustomerRating.Less(2), "spam"},
	{"the customer gave more than 1", filter.CustomerRating.Greater(1), "closed"},
	{"the customer gave 1 to 5", filter.CustomerRating.Between(1, 5), "closed spam"},
	{"the customer gave 0", filter.CustomerRating.Is(0), ""},
	{"the customer gave less than 1", filter.CustomerRating.Less(1), ""},
	{"the customer gave no rating", filter.CustomerRating.Absent(), "bare bot queued held waiting replied again closing outgoing"},
	{"ann was rated", filter.RatedAgent.Is("ann"), "closed"},
	{"somebody was rated", filter.RatedAgent.Present(), "closed"},
	{"the supervisor gave 1 or 2", filter.ReviewRating.In(1, 2), "closed spam"},
	{"the supervisor gave less than 2", filter.ReviewRating.Less(2), "spam"},
	{"the supervisor gave more than 1", filter.ReviewRating.Greater(1), "closed"},
	{"the supervisor gave 2 to 4", filter.ReviewRating.Between(2, 4), "closed"},
	{"the supervisor gave a rating", filter.ReviewRating.Present(), "closed spam"},
	{"the comment contains SLOW", filter.ReviewComment.Contains("SLOW"), "closed"},
	{"the comment contains 50%", filter.ReviewComment.Contains("50%"), "closed"},
	{"the comment starts with too", filter.ReviewComment.StartsWith("too"), "closed"},
	{"the comment is exactly this", filter.ReviewComment.Is("Too slow, 50% late"), "closed"},
	{"there is no comment", filter.ReviewComment.Absent(), "bare bot queued held waiting replied again closing spam outgoing"},

	{"it was created before the second hour", filter.CreatedAt.Before(second(3600)), "bare bot queued held waiting replied again closing closed spam"},
	{"it was created after the first instant", filter.CreatedAt.After(second(0)), "outgoing"},
	{"it was created in the second hour", filter.CreatedAt.Between(second(3600), second(7200)), "outgoing"},
	{"it was created at all", filter.CreatedAt.Present(), everybody},
	{"it was queued after the start", filter.QueuedAt.After(second(0)), "queued outgoing"},
	{"it was queued before half a minute", filter.QueuedAt.Before(second(30)), "bare held waiting replied again closing closed spam"},
	{"it was queued in the first minute", filter.QueuedAt.Between(second(0), second(60)), "bare queued held waiting replied again closing closed spam"},
	{"it was never queued", filter.QueuedAt.Absent(), "bot"},
	{"the first reply came before a minute", filter.FirstReplyAt.Before(second(60)), "closing closed"},
	{"the first reply came after half a minute", filter.FirstReplyAt.After(second(30)), "replied again"},
	{"the first reply came within a minute", filter.FirstReplyAt.Between(second(30), second(60)), "closing closed"},
	{"nobody replied", filter.FirstReplyAt.Absent(), "bare bot queued held waiting spam outgoing"},
	{"it was accepted before half a minute", filter.AcceptedAt.Before(second(30)), "held waiting"},
	{"it was accepted after 20 s", filter.AcceptedAt.After(second(20)), "replied again closing closed"},
	{"it was accepted between 20 and 60 s", filter.AcceptedAt.Between(second(20), second(60)), "held waiting closing closed"},
	{"nobody accepted it", filter.AcceptedAt.Absent(), "bare bot queued spam outgoing"},
	{"the last message came before 12 s", filter.LastMessageAt.Before(second(12)), "queued held spam"},
	{"the last message came after a minute", filter.LastMessageAt.After(second(60)), "again"},
	{"the last message came between 12 and 40 s", filter.LastMessageAt.Between(second(12), second(40)), "bot closing closed"},
	{"there is no message", filter.LastMessageAt.Absent(), "bare outgoing"},
	{"an agent finished", filter.AgentFinishedAt.Present(), "closing closed"},
	{"no agent finished", filter.AgentFinishedAt.Absent(), "bare bot queued held waiting replied again spam outgoing"},
	{"an agent finished before 90 s", filter.AgentFinishedAt.Before(second(90)), ""},
	{"an agent finished after 89 s", filter.AgentFinishedAt.After(second(89)), "closing closed"},
	{"an agent finished at 90 s", filter.AgentFinishedAt.Between(second(90), second(90.001)), "closing closed"},
	{"it was closed", filter.ClosedAt.Present(), "closed spam"},
	{"it was not closed", filter.ClosedAt.Absent(), "bare bot queued held waiting replied again closing outgoing"},
	{"it was closed before 90 s", filter.ClosedAt.Before(second(90)), "spam"},
	{"it was closed after 7 s", filter.ClosedAt.After(second(7)), "closed"},
	{"it was closed between 7 and 90 s", filter.ClosedAt.Between(second(7), second(90)), "spam"},
	{"it changed before 7 s", filter.ModifiedAt.Before(second(7)), "bare"},
	{"it changed after 100 s", filter.ModifiedAt.After(second(100)), "again closed outgoing"},
	{"it changed between 31 and 41 s", filter.ModifiedAt.Between(second(31), second(41)), "held"},
	{"the customer waits since before 1 s", filter.WaitingSince.Before(second(1)), "bare bot queued held waiting"},
	{"the customer waits since after 1 s", filter.WaitingSince.After(second(1)), "again outgoing"},
	{"the customer waits since 200 s", filter.WaitingSince.Between(second(200), second(201)), "again"},
	{"the customer does not wait", filter.WaitingSince.Absent(), "replied closing closed spam"},

	{"the first reply took 30 s", filter.FirstReplyWait.Is(30 * time.Second), "closing closed"},
	{"the first reply took less than a minute", filter.FirstReplyWait.Less(time.Minute), "closing closed"},
	{"the first reply took longer than 30 s", filter.FirstReplyWait.Greater(30 * time.Second), "replied again"},
	{"the first reply took 30 to 60 s", filter.FirstReplyWait.Between(30*time.Second, time.Minute), "replied again closing closed"},
	{"the first reply is still to come", filter.FirstReplyWait.Absent(), "bare bot queued held waiting spam outgoing"},
	{"accepting took 20 s", filter.AcceptTime.Is(20 * time.Second), "held waiting"},
	{"accepting took longer than 20 s", filter.AcceptTime.Greater(20 * time.Second), "replied again closing closed"},
	{"finishing took 90 s", filter.AgentFinishTime.Is(90 * time.Second), "closing closed"},
	{"finishing took less than 90 s", filter.AgentFinishTime.Less(90 * time.Second), ""},
	{"it lasted no time", filter.Duration.Is(0), "queued held spam"},
	{"it lasted less than 1 ms", filter.Duration.Less(time.Millisecond), "queued held spam"},
	{"it lasted longer than 40 s", filter.Duration.Greater(40 * time.Second), "replied again"},
	{"it lasted for no known time", filter.Duration.Absent(), "bare outgoing"},
	{"the initial reaction took 30 s", filter.InitialReaction.Is(30 * time.Second), "closing closed"},
	{"the initial reaction took less than 30 s", filter.InitialReaction.Less(30 * time.Second), "spam"},
	{"the bot took 30 s", filter.BotTime.Is(30 * time.Second), "queued"},
	{"the bot took any time", filter.BotTime.Present(), "queued"},
	{"all reactions took 90 s", filter.TotalReaction.Is(90 * time.Second), "again"},
	{"all reactions took 60 to 90 s", filter.TotalReaction.Between(time.Minute, 90*time.Second), "replied again"},
	{"the mean reaction took 45 s", filter.MeanReaction.Is(45 * time.Second), "again"},
	{"the mean reaction took less than 45 s", filter.MeanReaction.Less(45 * time.Second), "closing closed"},
	{"the longest reaction took longer than 45 s", filter.MaxReaction.Greater(45 * time.Second), "replied again"},
	{"the longest reaction took 30 s and a fraction of a millisecond", filter.MaxReaction.Is(30*time.Second + 999*time.Microsecond), "closing closed"},
	{"there was no reaction", filter.MaxReaction.Absent(), "bare bot queued held waiting spam outgoing"},

	{"there are 2 messages", filter.MessageCount.Is(2), "bot waiting replied closing closed"},
	{"there are 0 or 5 messages", filter.MessageCount.In(0, 5), "bare again outgoing"},
	{"there are less than 1 messages", filter.MessageCount.Less(1), "bare outgoing"},
	{"there are more than 2 messages", filter.MessageCount.Greater(2), "again"},
	{"there are 1 to 2 messages", filter.MessageCount.Between(1, 2), "bot queued held waiting replied closing closed spam"},

	{"bob took part", filter.Participants.AnyOf("bob"), "waiting replied closing outgoing"},
	{"ann and bob took part", filter.Participants.AllOf("ann", "bob"), "replied outgoing"},
	{"neither ann nor bob took part", filter.Participants.NoneOf("ann", "bob"), "bare bot queued spam"},
	{"somebody took part", filter.Participants.Present(), "held waiting replied again closing closed outgoing"},
	{"nobody took part", filter.Participants.Absent(), "bare bot queued spam"},

	{"everything", filter.And(), everybody},
	{"nothing", filter.Or(), ""},
	{"not everything", filter.Not(filter.And()), ""},
	{"not nothing", filter.Not(filter.Or()), everybody},
	{"the reply did not take less than a minute", filter.Not(filter.FirstReplyWait.Less(time.Minute)), "bare bot queued held waiting replied again spam outgoing"},
	{"not not closed", filter.Not(filter.Not(filter.ClosedAt.Present())), "closed spam"},
	{"ann's, by telegram or by e-mail", filter.And(filter.Agent.Is("ann"), filter.Or(filter.Source.Is("telegram"), filter.Source.Is("email"))), "replied again closed"},
	{"neither by e-mail nor ann's", filter.Not(filter.Or(filter.Source.Is("email"), filter.Agent.Is("ann"))), "bare bot queued spam"},
	{"not both by e-mail and ann's", filter.Not(filter.And(filter.Source.Is("email"), filter.Agent.Is("ann"))), "bare bot queued held waiting closing spam outgoing"},
}

func TestMatch(t *testing.T) {
	cs := actors(t)
	for _, tt := range sentences {
		t.Run(tt.asks, func(t *testing.T) {
			require.NoError(t, filter.Validate(tt.where))
			require.Equal(t, tt.finds, found(cs, tt.where))
		})
	}
}

// What is true, is false under Not, and the other way round: also of what is absent.
func TestNotIsTwoValued(t *testing.T) {
	cs := actors(t)
	for _, tt := range sentences {
		for i := range cs {
			require.NotEqual(t, tt.where.Match(&cs[i]), filter.Not(tt.where).Match(&cs[i]), "%s: %s", tt.asks, cast[i].name)
		}
	}
}

func TestTheSentencesAskEveryFieldByEveryOperatorOfItsType(t *testing.T) {
	byType := map[filter.Type][]filter.Op{
		filter.Enum:    {filter.In},
		filter.Key:     {filter.In},
		filter.Text:    {filter.In, filter.Contains, filter.StartsWith},
		filter.Instant: {filter.Less, filter.Greater, filter.AtLeast},
		filter.Span:    {filter.In, filter.Less, filter.Greater},
		filter.Number:  {filter.In, filter.Less, filter.Greater, filter.AtLeast, filter.AtMost},
		filter.Bool:    {filter.In},
		filter.Set:     {filter.AnyOf, filter.AllOf, filter.Present},
	}
	asked := map[filter.Field]map[filter.Op]bool{}
	for _, tt := range sentences {
		for c := range conditions(tt.where) {
			if asked[c.Field()] == nil {
				asked[c.Field()] = map[filter.Op]bool{}
			}
			asked[c.Field()][c.Op()] = true
		}
	}
	spans := map[filter.Op]bool{}
	for f := range filter.Fields() {
		for _, op := range byType[f.Type()] {
			if f.Type() == filter.Span { // nine fields made by one function: together they have all operators
				spans[op] = spans[op] || asked[f][op]
				require.NotEmpty(t, asked[f], f.Key())
				continue
			}
			require.True(t, asked[f][op], "no sentence asks %s %s", f, op)
		}
		if f.Optional() && f.Type() != filter.Span {
			require.True(t, asked[f][filter.Present], "no sentence asks whether there is a %s", f)
		}
	}
	for _, op := range byType[filter.Span] {
		require.True(t, spans[op], "no sentence asks a metric %s", op)
	}
}

// An interval holds its beginning and not its end, so that days laid side by
// side hold every instant once; what is finer than a millisecond is cut off.
func TestInstantsAreComparedInMilliseconds(t *testing.T) {
	c := conversationtest.Play(t, "10 start")
	at := conversationtest.At(10 * time.Second)
	const step, fraction = time.Millisecond, time.Millisecond - time.Nanosecond
	for _, tt := range []struct {
		asks  string
		where filter.Predicate
		holds bool
	}{
		{"before itself", filter.CreatedAt.Before(at), false},
		{"before the next millisecond", filter.CreatedAt.Before(at.Add(step)), true},
		{"before a fraction later, which is itself", filter.CreatedAt.Before(at.Add(fraction)), false},
		{"after itself", filter.CreatedAt.After(at), false},
		{"after the millisecond before", filter.CreatedAt.After(at.Add(-step)), true},
		{"after a fraction earlier, which is the millisecond before", filter.CreatedAt.After(at.Add(-fraction)), true},
		{"between itself and later", filter.CreatedAt.Between(at, at.Add(time.Hour)), true},
		{"between earlier and itself", filter.CreatedAt.Between(at.Add(-time.Hour), at), false},
		{"between itself and itself", filter.CreatedAt.Between(at, at), false},
		{"between later and earlier", filter.CreatedAt.Between(at.Add(time.Hour), at.Add(-time.Hour)), false},
		{"before the same instant in another zone", filter.CreatedAt.Before(at.In(time.FixedZone("", -7200))), false},
		{"after no time at all", filter.CreatedAt.After(time.Time{}), true},
		{"before no time at all", filter.CreatedAt.Before(time.Time{}), false},
	} {
		t.Run(tt.asks, func(t *testing.T) { require.Equal(t, tt.holds, tt.where.Match(&c)) })
	}
}

func TestNothingHoldsOfNoConversationButWhatHoldsOfAbsence(t *testing.T) {
	var none conversation.Conversation
	for f := range filter.Fields() {
		if f.Optional() {
			require.False(t, f.Present().Match(&none), f.Key())
		}
	}
	require.False(t, filter.Active.Match(&none))
	require.True(t, filter.Not(filter.Active).Match(&none))
}

func TestMatchDoesNotAllocate(t *testing.T) {
	cs := actors(t)
	for _, tt := range []struct {
		asks  string
		where filter.Predicate
	}{
		{"my inbox", filter.MyInbox("ann", "sales", "vip")},
		{"statuses and a metric", filter.And(filter.Active, filter.MaxReaction.Greater(time.Second))},
		{"links", filter.Or(filter.LinkKinds.AnyOf("deal"), filter.Links.AnyOf(conversation.Link{Kind: "contact", ID: "8"}))},
		{"an instant", filter.WaitingLonger(time.Minute, second(600))},
		{"a text exactly", filter.Customer.Is("axb")},
	} {
		t.Run(tt.asks, func(t *testing.T) {
			require.Zero(t, testing.AllocsPerRun(10, func() {
				for i := range cs {
					tt.where.Match(&cs[i])
				}
			}))
		})
	}
}

// conditions yields the leaves of a predicate.
func conditions(p filter.Predicate) func(yield func(filter.Condition) bool) {
	return func(yield func(filter.Condition) bool) { walk(p, yield) }
}

func walk(p filter.Predicate, yield func(filter.Condition) bool) bool {
	switch p := p.(type) {
	case filter.Conjunction:
		return walk(filter.Disjunction(p), yield)
	case filter.Disjunction:
		for _, q := range p {
			if !walk(q, yield) {
				return false
			}
		}
	case filter.Negation:
		return walk(p.Predicate, yield)
	case filter.Condition:
		return yield(p)
	}
	return true
}
