package filter_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

// The columns of the list (spec section 3), written out by hand. Column 12,
// Actions, depends on who asks and is no field.
var columns = []struct {
	column   int
	field    filter.Field
	key      string
	typ      filter.Type
	optional bool
}{
	{1, filter.ConversationNumber.Field, "number", filter.Number, false},
	{2, filter.OpenChannelID.Field, "open_channel_id", filter.Key, false},
	{2, filter.OpenChannel.Field, "open_channel", filter.Text, true},
	{3, filter.Direction.Field, "direction", filter.Enum, false},
	{4, filter.General.Field, "general", filter.Enum, false},
	{5, filter.Detailed.Field, "detailed", filter.Enum, false},
	{6, filter.Spam.Field, "spam", filter.Bool, false},
	{7, filter.Source.Field, "source", filter.Key, false},
	{8, filter.CustomerID.Field, "customer_id", filter.Key, false},
	{8, filter.Customer.Field, "customer", filter.Text, true},
	{9, filter.Agent.Field, "agent", filter.Key, true},
	{10, filter.HasLinks.Field, "has_links", filter.Bool, false},
	{10, filter.LinkKinds.Field, "link_kinds", filter.Set, true},
	{10, filter.Links.Field, "links", filter.Set, true},
	{11, filter.SitePage.Field, "site_page", filter.Text, true},
	{13, filter.FormSubmitted.Field, "form_submitted", filter.Bool, false},
	{14, filter.HistoryRequested.Field, "history_requested", filter.Bool, false},
	{15, filter.Assigned.Field, "assigned", filter.Bool, false},
	{16, filter.CustomerRating.Field, "customer_rating", filter.Number, true},
	{16, filter.RatedAgent.Field, "rated_agent", filter.Key, true},
	{17, filter.ReviewComment.Field, "review_comment", filter.Text, true},
	{18, filter.ReviewRating.Field, "review_rating", filter.Number, true},
	{19, filter.CreatedAt.Field, "created_at", filter.Instant, false},
	{20, filter.QueuedAt.Field, "queued_at", filter.Instant, true},
	{21, filter.FirstReplyAt.Field, "first_reply_at", filter.Instant, true},
	{22, filter.AcceptedAt.Field, "accepted_at", filter.Instant, true},
	{23, filter.LastMessageAt.Field, "last_message_at", filter.Instant, true},
	{24, filter.AgentFinishedAt.Field, "agent_finished_at", filter.Instant, true},
	{25, filter.ClosedAt.Field, "closed_at", filter.Instant, true},
	{26, filter.ModifiedAt.Field, "modified_at", filter.Instant, false},
	{0, filter.WaitingSince.Field, "waiting_since", filter.Instant, true}, // what the preset "waiting longer" asks
	{27, filter.FirstReplyWait.Field, "first_reply_wait", filter.Span, true},
	{28, filter.AcceptTime.Field, "accept_time", filter.Span, true},
	{29, filter.AgentFinishTime.Field, "agent_finish_time", filter.Span, true},
	{30, filter.Duration.Field, "duration", filter.Span, true},
	{31, filter.InitialReaction.Field, "initial_reaction", filter.Span, true},
	{32, filter.BotTime.Field, "bot_time", filter.Span, true},
	{33, filter.TotalReaction.Field, "total_reaction", filter.Span, true},
	{34, filter.MeanReaction.Field, "mean_reaction", filter.Span, true},
	{35, filter.MaxReaction.Field, "max_reaction", filter.Span, true},
	{36, filter.MessageCount.Field, "message_count", filter.Number, false},
	{0, filter.Participants.Field, "participants", filter.Set, true}, // what the preset "my inbox" asks
}

func TestEveryColumnHasItsFields(t *testing.T) {
	asked := map[int]bool{12: true}
	var keys []string
	for _, c := range columns {
		asked[c.column] = true
		keys = append(keys, c.key)
		t.Run(c.key, func(t *testing.T) {
			require.Equal(t, c.key, c.field.Key())
			require.Equal(t, c.key, c.field.String())
			require.Equal(t, c.typ, c.field.Type())
			require.Equal(t, c.optional, c.field.Optional())
			require.Equal(t, c.typ != filter.Set, c.field.Sortable())
			found, err := filter.FieldByKey(c.key)
			require.NoError(t, err)
			require.Equal(t, c.field, found)
		})
	}
	for column := 1; column <= 36; column++ {
		require.True(t, asked[column], "column %d cannot be asked about", column)
	}
	var registered []string
	for f := range filter.Fields() {
		registered = append(registered, f.Key())
	}
	require.Equal(t, keys, registered)
	for m := range metrics.All() {
		require.Contains(t, keys, m.String())
	}
}

func TestOnlyOptionalFieldsAreEverAbsent(t *testing.T) {
	missing := map[filter.Field]bool{}
	for seed := range uint64(300) {
		c := generated(t, seed)
		for f := range filter.Fields() {
			if f.Absent().Match(&c) {
				missing[f] = true
			}
		}
	}
	for f := range filter.Fields() {
		require.Equal(t, f.Optional(), missing[f], f.Key())
	}
}

func TestFieldByKeyKnowsKeysExactly(t *testing.T) {
	for _, key := range []string{"", "Agent", "agent ", "agents", "actions", "customer.name", "id"} {
		f, err := filter.FieldByKey(key)
		require.ErrorIs(t, err, filter.ErrField)
		require.ErrorContains(t, err, "filter: unknown field: \""+key+"\"")
		require.Zero(t, f)
	}
}

func TestZeroFieldIsNone(t *testing.T) {
	var f filter.Field
	c := generated(t, 1)
	require.Empty(t, f.Key())
	require.Empty(t, f.String())
	require.Zero(t, f.Type())
	require.False(t, f.Optional())
	require.False(t, f.Sortable())
	require.Zero(t, f.ValueOf(&c))
	require.Nil(t, f.MembersOf(&c))
	require.ErrorIs(t, filter.Validate(f.Present()), filter.ErrPredicate)
	require.ErrorIs(t, filter.Order{f.Asc()}.Validate(), filter.ErrOrder)
}

func TestTypesAndOperatorsHaveStoredTexts(t *testing.T) {
	var types, ops []string
	for n := filter.Enum; n <= filter.Set; n++ {
		types = append(types, n.String())
	}
	for n := filter.In; n <= filter.AllOf; n++ {
		ops = append(ops, n.String())
	}
	require.Equal(t, []string{"enum", "key", "text", "instant", "span", "number", "bool", "set"}, types)
	require.Equal(t, []string{
		"in", "contains", "starts_with", "less", "at_most", "greater", "at_least", "present", "any_of", "all_of",
	}, ops)
	require.Equal(t, "type(0)", filter.Type(0).String())
	require.Equal(t, "type(9)", (filter.Set + 1).String())
	require.Equal(t, "op(0)", filter.Op(0).String())
	require.Equal(t, "op(11)", (filter.AllOf + 1).String())
}

// What adapters translate: the wrappers leave few operators, with values in one form.
func TestConditionsAreMadeOfFewOperators(t *testing.T) {
	at := time.Date(2026, 1, 5, 10, 0, 0, 1_999_999, time.FixedZone("", 3600)) // 09:00:00.001 in UTC
	millis := at.UnixMilli()
	for _, tt := range []struct {
		made  filter.Predicate
		field filter.Field
		op    filter.Op
		nums  []int64
		texts []string
	}{
		{made: filter.Detailed.Is(status.Queued), field: filter.Detailed.Field, op: filter.In, nums: []int64{2}},
		{made: filter.Direction.In(), field: filter.Direction.Field, op: filter.In},
		{made: filter.Agent.Is("Ann"), field: filter.Agent.Field, op: filter.In, texts: []string{"Ann"}},
		{made: filter.Source.In("b", "a"), field: filter.Source.Field, op: filter.In, texts: []string{"b", "a"}},
		{made: filter.Customer.Is("ŁUKASZ"), field: filter.Customer.Field, op: filter.In, texts: []string{"ŁUKASZ"}},
		{made: filter.Customer.Contains("ŁUKASZ"), field: filter.Customer.Field, op: filter.Contains, texts: []string{"łukasz"}},
		{made: filter.SitePage.StartsWith("HTTPS://"), field: filter.SitePage.Field, op: filter.StartsWith, texts: []string{"https://"}},
		{made: filter.CreatedAt.Before(at), field: filter.CreatedAt.Field, op: filter.Less, nums: []int64{millis}},
		{made: filter.ClosedAt.After(at), field: filter.ClosedAt.Field, op: filter.Greater, nums: []int64{millis}},
		{made: filter.MaxReaction.Is(1999 * time.Microsecond), field: filter.MaxReaction.Field, op: filter.In, nums: []int64{1}},
		{made: filter.Duration.Less(time.Minute), field: filter.Duration.Field, op: filter.Less, nums: []int64{60_000}},
		{made: filter.Duration.Greater(0), field: filter.Duration.Field, op: filter.Greater, nums: []int64{0}},
		{made: filter.MessageCount.In(3, 4), field: filter.MessageCount.Field, op: filter.In, nums: []int64{3, 4}},
		{made: filter.ReviewRating.Less(3), field: filter.ReviewRating.Field, op: filter.Less, nums: []int64{3}},
		{made: filter.ConversationNumber.Greater(-1), field: filter.ConversationNumber.Field, op: filter.Greater, nums: []int64{-1}},
		{made: filter.Spam.Is(true), field: filter.Spam.Field, op: filter.In, nums: []int64{1}},
		{made: filter.Spam.Is(false), field: filter.Spam.Field, op: filter.In, nums: []int64{0}},
		{made: filter.Agent.Present(), field: filter.Agent.Field, op: filter.Present},
		{made: filter.Participants.AnyOf("ann"), field: filter.Participants.Field, op: filter.AnyOf, texts: []string{"ann"}},
		{made: filter.LinkKinds.AllOf("deal", "contact"), field: filter.LinkKinds.Field, op: filter.AllOf, texts: []string{"deal", "contact"}},
		{
			made:  filter.Links.AnyOf(conversation.Link{Kind: "a", ID: "bc"}, conversation.Link{Kind: "ab", ID: "c", Caption: "any"}),
			field: filter.Links.Field, op: filter.AnyOf, texts: []string{"1:abc", "2:abc"},
		},
	} {
		c, ok := tt.made.(filter.Condition)
		require.True(t, ok)
		require.Equal(t, tt.field, c.Field())
		require.Equal(t, tt.op, c.Op(), "%s", c.Field())
		var nums []int64
		var texts []string
		for _, v := range c.Values() {
			require.True(t, v.Present)
			if slices.Contains([]filter.Type{filter.Key, filter.Text, filter.Set}, c.Field().Type()) {
				texts = append(texts, v.Text)
			} else {
				nums = append(nums, v.Num)
			}
		}
		require.Equal(t, tt.nums, nums, "%s", c.Field())
		require.Equal(t, tt.texts, texts, "%s", c.Field())
	}

	require.Equal(t, filter.Not(filter.Agent.Present()), filter.Agent.Absent())
	require.Equal(t, filter.Not(filter.Links.AnyOf()), filter.Links.NoneOf())
	for _, between := range []filter.Predicate{
		filter.CreatedAt.Between(at, at.Add(time.Second)), filter.Duration.Between(0, time.Second), filter.MessageCount.Between(2, 3),
	} {
		require.IsType(t, filter.Conjunction{}, between)
	}
}

func TestValueOfIsWhatRowsAreSortedBy(t *testing.T) {
	c := conversationtest.Play(t, `0 customer, 20 accept ann, 50.25 agent ann, 60 link deal/7, 61 link contact/7, 62 link contact/8`,
		conversationtest.Starting(conversation.Started{Customer: conversation.Customer{ID: "Customer-1", Name: "ŁUKASZ"}}))
	num := func(n int64) filter.Value { return filter.Value{Present: true, Num: n} }
	text := func(s string) filter.Value { return filter.Value{Present: true, Text: s} }

	require.Equal(t, text("łukasz"), filter.Customer.ValueOf(&c), "folded")
	require.Equal(t, text("Customer-1"), filter.CustomerID.ValueOf(&c), "as it is")
	require.Equal(t, num(int64(status.Replied)), filter.Detailed.ValueOf(&c))
	require.Equal(t, num(50_250), filter.FirstReplyWait.ValueOf(&c), "milliseconds")
	require.Equal(t, num(conversationtest.At(20*time.Second).UnixMilli()), filter.AcceptedAt.ValueOf(&c), "milliseconds since 1970")
	require.Equal(t, num(1), filter.HasLinks.ValueOf(&c))
	require.Zero(t, filter.ClosedAt.ValueOf(&c), "absent")
	require.Zero(t, filter.Links.ValueOf(&c), "a set has no place in an order")

	require.Equal(t, []string{"contact", "deal"}, filter.LinkKinds.MembersOf(&c), "each once")
	require.Equal(t, []string{"7:contact7", "7:contact8", "4:deal7"}, filter.Links.MembersOf(&c))
	require.Equal(t, []string{"ann"}, filter.Participants.MembersOf(&c))
	require.Nil(t, filter.Customer.MembersOf(&c))
}

// generated returns a conversation with a number, the same for a seed.
func generated(t require.TestingT, seed uint64) conversation.Conversation {
	c, err := conversation.Rebuild(conversationtest.Generate(seed))
	require.NoError(t, err)
	return c.Saved(int64(seed) + 1)
}
