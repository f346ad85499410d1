package sqlstore

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

// column is a column of the table of conversations.
type column struct {
	name  string
	field filter.Field // what is asked by it; the zero Field when nothing is
	// folded is the form of a text that is searched and sorted; the text itself
	// has a column of its own.
	folded bool
	fixed  bool // never changes, as its accessor says
	write  func(*conversation.Snapshot) any
	read   func(*reader, *conversation.Snapshot, any) // nil: it follows from others
}

// columns are the columns of the table of conversations, but the account.
var columns = []column{
	{
		name: "id", fixed: true,
		write: func(s *conversation.Snapshot) any { return bytesOf(s.ID) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { s.ID = r.id("id", v) },
	},
	{
		name: "number", field: filter.ConversationNumber.Field, fixed: true,
		write: func(s *conversation.Snapshot) any { return s.Number },
		read:  func(r *reader, s *conversation.Snapshot, v any) { s.Number = r.int("number", v) },
	},
	{
		name:  "version",
		write: func(s *conversation.Snapshot) any { return int64(s.Version) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { s.Version = uint64(r.int("version", v)) },
	},
	{
		name:  "previous",
		write: func(s *conversation.Snapshot) any { return bytesOf(s.Previous) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { s.Previous = r.id("previous", v) },
	},
	texts("open_channel_id", filter.OpenChannelID.Field, func(s *conversation.Snapshot) *conversation.OpenChannelID { return &s.OpenChannelID }),
	texts("open_channel", filter.OpenChannel.Field, func(s *conversation.Snapshot) *string { return &s.OpenChannel }),
	folded("open_channel_folded", filter.OpenChannel.Field, func(s *conversation.Snapshot) string { return s.OpenChannel }),
	forGood(numbers("direction", filter.Direction.Field, func(s *conversation.Snapshot) *conversation.Direction { return &s.Direction })),
	derived("general", filter.General.Field, func(s *conversation.Snapshot) any { return int64(s.General) }),
	numbers("detailed", filter.Detailed.Field, func(s *conversation.Snapshot) *status.Detailed { return &s.Detailed }),
	derived("active", filter.Field{}, func(s *conversation.Snapshot) any { return truth(s.Detailed.Active()) }),
	derived("spam", filter.Spam.Field, func(s *conversation.Snapshot) any { return truth(s.Spam) }),
	texts("source", filter.Source.Field, func(s *conversation.Snapshot) *conversation.Source { return &s.Source }),
	texts("customer_id", filter.CustomerID.Field, func(s *conversation.Snapshot) *conversation.CustomerID { return &s.CustomerID }),
	texts("customer", filter.Customer.Field, func(s *conversation.Snapshot) *string { return &s.Customer }),
	folded("customer_folded", filter.Customer.Field, func(s *conversation.Snapshot) string { return s.Customer }),
	texts("agent", filter.Agent.Field, func(s *conversation.Snapshot) *conversation.AgentID { return &s.Agent }),
	derived("assigned", filter.Assigned.Field, func(s *conversation.Snapshot) any { return truth(s.Assigned) }),
	{
		name:  "participants",
		write: func(s *conversation.Snapshot) any { return jsonOf(s.Participants) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { s.Participants = r.agents("participants", v) },
	},
	derived("has_links", filter.HasLinks.Field, func(s *conversation.Snapshot) any { return truth(len(s.Links) > 0) }),
	{
		name:  "links",
		write: func(s *conversation.Snapshot) any { return jsonOf(s.Links) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { r.json("links", v, &s.Links) },
	},
	texts("site_page", filter.SitePage.Field, func(s *conversation.Snapshot) *string { return &s.SitePage }),
	folded("site_page_folded", filter.SitePage.Field, func(s *conversation.Snapshot) string { return s.SitePage }),
	flags("form_submitted", filter.FormSubmitted.Field, func(s *conversation.Snapshot) *bool { return &s.FormSubmitted }),
	flags("history_requested", filter.HistoryRequested.Field, func(s *conversation.Snapshot) *bool { return &s.HistoryRequested }),
	{
		name: "customer_rating", field: filter.CustomerRating.Field,
		write: func(s *conversation.Snapshot) any { return score(s.CustomerRating.Rating) },
		read:  func(r *reader, _ *conversation.Snapshot, v any) { r.score = r.int("customer_rating", v) },
	},
	{
		name:  "customer_rating_scale",
		write: func(s *conversation.Snapshot) any { return positive(int64(s.CustomerRating.Rating.Scale())) },
		read: func(r *reader, s *conversation.Snapshot, v any) {
			s.CustomerRating.Rating = r.rating("customer_rating", conversation.Scale(r.int("customer_rating_scale", v)), r.score)
		},
	},
	texts("rated_by", filter.Field{}, func(s *conversation.Snapshot) *conversation.CustomerID { return &s.CustomerRating.By }),
	instants("rated_at", filter.Field{}, func(s *conversation.Snapshot) *time.Time { return &s.CustomerRating.At }),
	texts("rated_agent", filter.RatedAgent.Field, func(s *conversation.Snapshot) *conversation.AgentID { return &s.CustomerRating.Agent }),
	texts("review_comment", filter.ReviewComment.Field, func(s *conversation.Snapshot) *string { return &s.Review.Comment }),
	folded("review_comment_folded", filter.ReviewComment.Field, func(s *conversation.Snapshot) string { return s.Review.Comment }),
	{
		name: "review_rating", field: filter.ReviewRating.Field,
		write: func(s *conversation.Snapshot) any { return score(s.Review.Rating) },
		read: func(r *reader, s *conversation.Snapshot, v any) {
			s.Review.Rating = r.rating("review_rating", conversation.Stars, r.int("review_rating", v))
		},
	},
	texts("review_by", filter.Field{}, func(s *conversation.Snapshot) *conversation.AgentID { return &s.Review.By }),
	instants("review_at", filter.Field{}, func(s *conversation.Snapshot) *time.Time { return &s.Review.At }),
	forGood(instants("created_at", filter.CreatedAt.Field, func(s *conversation.Snapshot) *time.Time { return &s.CreatedAt })),
	instants("queued_at", filter.QueuedAt.Field, func(s *conversation.Snapshot) *time.Time { return &s.QueuedAt }),
	instants("first_reply_at", filter.FirstReplyAt.Field, func(s *conversation.Snapshot) *time.Time { return &s.FirstReplyAt }),
	instants("accepted_at", filter.AcceptedAt.Field, func(s *conversation.Snapshot) *time.Time { return &s.AcceptedAt }),
	instants("last_message_at", filter.LastMessageAt.Field, func(s *conversation.Snapshot) *time.Time { return &s.LastMessageAt }),
	instants("agent_finished_at", filter.AgentFinishedAt.Field, func(s *conversation.Snapshot) *time.Time { return &s.AgentFinishedAt }),
	instants("closed_at", filter.ClosedAt.Field, func(s *conversation.Snapshot) *time.Time { return &s.ClosedAt }),
	instants("modified_at", filter.ModifiedAt.Field, func(s *conversation.Snapshot) *time.Time { return &s.ModifiedAt }),
	instants("waiting_since", filter.WaitingSince.Field, func(s *conversation.Snapshot) *time.Time { return &s.WaitingSince }),
	measured(metrics.FirstReplyWait, filter.FirstReplyWait.Field),
	measured(metrics.AcceptTime, filter.AcceptTime.Field),
	measured(metrics.AgentFinishTime, filter.AgentFinishTime.Field),
	measured(metrics.Duration, filter.Duration.Field),
	measured(metrics.InitialReaction, filter.InitialReaction.Field),
	measured(metrics.BotTime, filter.BotTime.Field),
	measured(metrics.TotalReaction, filter.TotalReaction.Field),
	measured(metrics.MeanReaction, filter.MeanReaction.Field),
	measured(metrics.MaxReaction, filter.MaxReaction.Field),
	numbers("message_count", filter.MessageCount.Field, func(s *conversation.Snapshot) *int { return &s.MessageCount }),
	{
		name:  "state",
		write: func(s *conversation.Snapshot) any { return s.State },
		read:  func(r *reader, s *conversation.Snapshot, v any) { s.State = r.bytes("state", v) },
	},
}

// sets are the fields with many values, which are kept in the table of members.
// The numbers are stored: do not renumber.
var sets = []struct {
	number int64
	field  filter.Field
}{
	{1, filter.Participants.Field},
	{2, filter.LinkKinds.Field},
	{3, filter.Links.Field},
}

func texts[T ~string](name string, f filter.Field, at func(*conversation.Snapshot) *T) column {
	return column{
		name: name, field: f,
		write: func(s *conversation.Snapshot) any { return text(string(*at(s))) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { *at(s) = T(r.text(name, v)) },
	}
}

func folded(name string, f filter.Field, of func(*conversation.Snapshot) string) column {
	return column{name: name, field: f, folded: true, write: func(s *conversation.Snapshot) any { return text(filter.Fold(of(s))) }}
}

func numbers[T ~uint8 | ~int](name string, f filter.Field, at func(*conversation.Snapshot) *T) column {
	return column{
		name: name, field: f,
		write: func(s *conversation.Snapshot) any { return int64(*at(s)) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { *at(s) = T(r.int(name, v)) },
	}
}

func flags(name string, f filter.Field, at func(*conversation.Snapshot) *bool) column {
	return column{
		name: name, field: f,
		write: func(s *conversation.Snapshot) any { return truth(*at(s)) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { *at(s) = r.int(name, v) != 0 },
	}
}

func instants(name string, f filter.Field, at func(*conversation.Snapshot) *time.Time) column {
	return column{
		name: name, field: f,
		write: func(s *conversation.Snapshot) any { return instant(*at(s)) },
		read:  func(r *reader, s *conversation.Snapshot, v any) { *at(s) = r.instant(name, v) },
	}
}

func measured(m metrics.Metric, f filter.Field) column {
	return derived(m.String(), f, func(s *conversation.Snapshot) any {
		if ms, ok := s.Metrics.Of(m).Millis(); ok {
			return ms
		}
		return nil
	})
}

func derived(name string, f filter.Field, write func(*conversation.Snapshot) any) column {
	return column{name: name, field: f, write: write}
}

func forGood(c column) column {
	c.fixed = true
	return c
}

func bytesOf(id conversation.ID) any {
	if id.IsZero() {
		return nil
	}
	b := id.Bytes()
	return b[:]
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func truth(b bool) any {
	if b {
		return int64(1)
	}
	return int64(0)
}

func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// jsonOf writes a list that is kept whole; what is asked of it is in the table of
// members.
func jsonOf[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	b, err := json.Marshal(list)
	if err != nil {
		panic(err) // strings only
	}
	return string(b)
}

func score(r conversation.Rating) any { return positive(int64(r.Score())) }

func positive(n int64) any {
	if n <= 0 {
		return nil
	}
	return n
}

// reader turns what a driver gives into what a snapshot holds. It keeps the first
// error: a column with a value of another type, or one that cannot be.
type reader struct {
	err   error
	score int64 // of the rating whose scale comes next
}

func (r *reader) fail(column string, cause any) {
	if r.err == nil {
		r.err = fmt.Errorf("column %s: %v", column, cause)
	}
}

func (r *reader) int(column string, v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case nil:
		return 0
	}
	r.fail(column, fmt.Sprintf("is a %T", v))
	return 0
}

func (r *reader) text(column string, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case nil:
		return ""
	case []byte:
		return string(v)
	}
	r.fail(column, fmt.Sprintf("is a %T", v))
	return ""
}

func (r *reader) bytes(column string, v any) []byte {
	switch v := v.(type) {
	case []byte:
		return v
	case nil:
		return nil
	}
	r.fail(column, fmt.Sprintf("is a %T", v))
	return nil
}

func (r *reader) id(column string, v any) conversation.ID {
	b := r.bytes(column, v)
	if b == nil {
		return conversation.ID{}
	}
	id, err := conversation.IDFromBytes(b)
	if err != nil {
		r.fail(column, err)
	}
	return id
}

func (r *reader) instant(column string, v any) time.Time {
	if v == nil {
		return time.Time{}
	}
	return time.UnixMilli(r.int(column, v)).UTC()
}

func (r *reader) rating(column string, scale conversation.Scale, score int64) conversation.Rating {
	if score == 0 {
		return conversation.Rating{}
	}
	rating, err := conversation.NewRating(scale, int(score))
	if err != nil {
		r.fail(column, err)
	}
	return rating
}

func (r *reader) json(column string, v any, to any) {
	if v == nil {
		return
	}
	if err := json.Unmarshal([]byte(r.text(column, v)), to); err != nil {
		r.fail(column, err)
	}
}

// agents reads a JSON list of strings. Nearly all have nothing to unescape and
// nobody is in a hurry for the others.
func (r *reader) agents(column string, v any) (agents []conversation.AgentID) {
	list := r.text(column, v)
	inner, begins := strings.CutPrefix(list, `["`)
	inner, ends := strings.CutSuffix(inner, `"]`)
	if !begins || !ends || strings.Contains(inner, `\`) {
		r.json(column, v, &agents)
		return agents
	}
	for id := range strings.SplitSeq(inner, `","`) {
		agents = append(agents, conversation.AgentID(id))
	}
	return agents
}
