package conversation_test

import (
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

func TestAValueComesBackFromItsSnapshot(t *testing.T) {
	for seed := range uint64(300) {
		c, err := conversation.Rebuild(conversationtest.Generate(seed))
		require.NoError(t, err)
		c = c.Saved(int64(seed) + 1)

		read, err := conversation.FromSnapshot(c.Snapshot())
		require.NoError(t, err)
		require.Equal(t, c.Snapshot(), read.Snapshot())
		require.Equal(t, c.Version(), read.Base())
		require.Empty(t, read.Changes())

		data, err := json.Marshal(c)
		require.NoError(t, err)
		var fromJSON conversation.Conversation
		require.NoError(t, json.Unmarshal(data, &fromJSON))
		require.Equal(t, c.Snapshot(), fromJSON.Snapshot())
	}
}

func TestASnapshotFollowsTheValueNotItsHistory(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 1 link deal/7, 2 unlink deal/7")
	require.Nil(t, c.Snapshot().Links, "no links look the same whether there were some or not")

	s := c.Snapshot()
	s.Links, s.Participants = []conversation.Link{}, []conversation.AgentID{}
	warsaw := time.FixedZone("Warsaw", 3600)
	s.CreatedAt, s.ModifiedAt = s.CreatedAt.In(warsaw), s.ModifiedAt.In(warsaw).Add(999*time.Microsecond)
	read, err := conversation.FromSnapshot(s)
	require.NoError(t, err)
	require.Equal(t, c.Snapshot(), read.Snapshot(), "nor does it matter how a store writes none, or its zone")
}

func TestAReviewComesBackInUTC(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 5 review eve 4")
	s := c.Snapshot()
	s.Review.At = s.Review.At.In(time.FixedZone("Warsaw", 3600)).Add(time.Microsecond)
	read, err := conversation.FromSnapshot(s)
	require.NoError(t, err)
	require.Equal(t, c.Review(), read.Review())
}

func TestWhatFollowsFromTheRestIsNotRead(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 5 agent ann")
	s := c.Snapshot()
	s.General, s.Spam, s.Assigned, s.Metrics = status.GeneralClosed, true, false, metrics.Values{}
	read, err := conversation.FromSnapshot(s)
	require.NoError(t, err)
	require.Equal(t, c.Snapshot(), read.Snapshot())
}

func TestSnapshotsThatContradictThemselvesAreRefused(t *testing.T) {
	const (
		replied  = "0 customer, 5 accept ann, 6 agent ann, 7 link b/2, 8 link a/1, 9 rate 4, 10 review eve 3, 11 note bob"
		waiting  = "0 customer"
		closing  = "0 customer, 5 agent ann, 6 rating-request"
		closed   = "0 customer, 5 agent ann, 6 finish"
		outgoing = "0 outgoing ann, 5 agent ann"
	)
	at := conversationtest.At
	for _, row := range []struct {
		line   string
		change func(*conversation.Snapshot)
		want   string
	}{
		{replied, func(s *conversation.Snapshot) { s.ID = conversation.ID{} }, "id is missing"},
		{replied, func(s *conversation.Snapshot) { s.Version = 0 }, "version is 0"},
		{replied, func(s *conversation.Snapshot) { s.Number = -1 }, "number is negative"},
		{replied, func(s *conversation.Snapshot) { s.Previous = s.ID }, "previous is the conversation itself"},
		{replied, func(s *conversation.Snapshot) { s.Direction = 0 }, "direction is missing or unknown"},
		{replied, func(s *conversation.Snapshot) { s.Direction = 3 }, "direction is missing or unknown"},
		{replied, func(s *conversation.Snapshot) { s.Detailed = 0 }, "detailed is missing or unknown"},
		{replied, func(s *conversation.Snapshot) { s.Detailed = 10 }, "detailed is missing or unknown"},
		{replied, func(s *conversation.Snapshot) { s.OpenChannelID = "" }, "open_channel.id is missing"},
		{replied, func(s *conversation.Snapshot) { s.OpenChannel = "\xff" }, "open_channel.name is not UTF-8"},
		{replied, func(s *conversation.Snapshot) { s.Source = "" }, "source is missing"},
		{replied, func(s *conversation.Snapshot) { s.CustomerID = "" }, "customer_id is missing"},
		{replied, func(s *conversation.Snapshot) { s.Customer = "a\x00" }, "customer contains a NUL character"},
		{replied, func(s *conversation.Snapshot) {
			s.Agent = conversation.AgentID(strings.Repeat("x", 129))
			s.Participants = append(s.Participants, s.Agent)
		}, "agent has 129 bytes, more than 128"},
		{replied, func(s *conversation.Snapshot) { s.SitePage = strings.Repeat("x", 4097) }, "site_page has 4097 bytes, more than 4096"},
		{replied, func(s *conversation.Snapshot) { s.Links = make([]conversation.Link, 1001) }, "links are too many"},
		{replied, func(s *conversation.Snapshot) { s.Links[0].ID = "" }, "links.id is missing"},
		{replied, func(s *conversation.Snapshot) { s.Links[0], s.Links[1] = s.Links[1], s.Links[0] }, "links are not sorted or not distinct"},
		{replied, func(s *conversation.Snapshot) { s.Links[1] = s.Links[0] }, "links are not sorted or not distinct"},
		{replied, func(s *conversation.Snapshot) { s.Participants[1] = "" }, "participants is missing"},
		{replied, func(s *conversation.Snapshot) { s.Participants[1] = "ann" }, "participants are not distinct"},
		{replied, func(s *conversation.Snapshot) { s.Participants = s.Participants[1:] }, "participants lack the agent"},
		{replied, func(s *conversation.Snapshot) { s.Agent = "" }, "agent is missing though somebody accepted"},
		{waiting, func(s *conversation.Snapshot) { s.Agent, s.Participants = "ann", []conversation.AgentID{"ann"} }, "agent is given though nobody accepted"},
		{replied, func(s *conversation.Snapshot) { s.CustomerRating.By = "\xff" }, "customer_rating.by is not UTF-8"},
		{replied, func(s *conversation.Snapshot) { s.CustomerRating.Agent = "a\x00" }, "customer_rating.agent contains a NUL character"},
		{replied, func(s *conversation.Snapshot) { s.CustomerRating.At = time.Time{} }, "customer_rating and its instant do not belong together"},
		{replied, func(s *conversation.Snapshot) { s.CustomerRating.Rating = conversation.Rating{} }, "customer_rating and its instant do not belong together"},
		{waiting, func(s *conversation.Snapshot) { s.CustomerRating.Agent = "ann" }, "customer_rating is missing though it was given"},
		{replied, func(s *conversation.Snapshot) { s.Review.Rating = conversation.Like }, "review.rating is not on the scale stars"},
		{replied, func(s *conversation.Snapshot) { s.Review.Comment = "\xff" }, "review.comment is not UTF-8"},
		{replied, func(s *conversation.Snapshot) { s.Review.By = "\xff" }, "review.by is not UTF-8"},
		{replied, func(s *conversation.Snapshot) { s.Review.By = "" }, "review.by does not belong to the review"},
		{replied, func(s *conversation.Snapshot) { s.Review.At = time.Time{} }, "review.at does not belong to the review"},
		{waiting, func(s *conversation.Snapshot) { s.Review.Comment = "good" }, "review.at does not belong to the review"},
		{replied, func(s *conversation.Snapshot) { s.MessageCount = -1 }, "message_count is negative"},
		{replied, func(s *conversation.Snapshot) { s.MessageCount = 0 }, "last_message_at does not fit the number of messages"},
		{replied, func(s *conversation.Snapshot) { s.LastMessageAt = time.Time{} }, "last_message_at does not fit the number of messages"},
		{replied, func(s *conversation.Snapshot) { s.CreatedAt = time.Time{} }, "created_at is missing"},
		{replied, func(s *conversation.Snapshot) { s.ModifiedAt = at(-time.Second) }, "modified_at is before created_at"},
		{replied, func(s *conversation.Snapshot) { s.QueuedAt = at(-time.Second) }, "queued_at is not between created_at and modified_at"},
		{replied, func(s *conversation.Snapshot) { s.FirstReplyAt = at(-time.Second) }, "first_reply_at is not between created_at and modified_at"},
		{replied, func(s *conversation.Snapshot) { s.AcceptedAt = at(time.Hour) }, "accepted_at is not between created_at and modified_at"},
		{replied, func(s *conversation.Snapshot) { s.LastMessageAt = at(time.Hour) }, "last_message_at is not between created_at and modified_at"},
		{replied, func(s *conversation.Snapshot) { s.AgentFinishedAt = at(time.Hour) }, "agent_finished_at is not between created_at and modified_at"},
		{closed, func(s *conversation.Snapshot) { s.ClosedAt = at(time.Hour) }, "closed_at is not between created_at and modified_at"},
		{waiting, func(s *conversation.Snapshot) { s.WaitingSince = at(time.Hour) }, "waiting_since is not between created_at and modified_at"},
		{replied, func(s *conversation.Snapshot) { s.CustomerRating.At = at(time.Hour) }, "customer_rating.at is not between created_at and modified_at"},
		{replied, func(s *conversation.Snapshot) { s.Review.At = at(time.Hour) }, "review.at is not between created_at and modified_at"},
		{closing, func(s *conversation.Snapshot) { s.State = stateOf(t, "0 customer, 99 rating-request") }, "state is not between created_at and modified_at"},
		{replied, func(s *conversation.Snapshot) { s.State = stateOf(t, "0 customer, 99 agent ann") }, "state is not between created_at and modified_at"},
		{outgoing, func(s *conversation.Snapshot) { s.AcceptedAt = at(0) }, "accepted_at is given for an outgoing conversation"},
		{replied, func(s *conversation.Snapshot) { s.ClosedAt = at(0) }, "closed_at does not fit the status"},
		{closed, func(s *conversation.Snapshot) { s.ClosedAt = time.Time{} }, "closed_at does not fit the status"},
		{replied, func(s *conversation.Snapshot) { s.WaitingSince = at(0) }, "waiting_since does not fit the status"},
		{waiting, func(s *conversation.Snapshot) { s.WaitingSince = time.Time{} }, "waiting_since does not fit the status"},
		{waiting, func(s *conversation.Snapshot) { s.State = stateOf(t, "0 customer, 0 rating-request") }, "state does not fit the status"},
		{closing, func(s *conversation.Snapshot) { s.State = stateOf(t, waiting) }, "state does not fit the status"},
		{replied, func(s *conversation.Snapshot) { s.State = stateOf(t, waiting) }, "state does not fit the status"},
		{waiting, func(s *conversation.Snapshot) { clear(s.State[lastEvent(s):][:16]) }, "state names no event"},
		{waiting, func(s *conversation.Snapshot) { s.State[lastEvent(s)+16] |= 1 }, "state does not fit the status"}, // a rating is pending
		{closing, func(s *conversation.Snapshot) { s.State[lastEvent(s)+17] = 99 }, "state does not fit the status"}, // nobody began it
		{closing, func(s *conversation.Snapshot) { replaceNumber(s, 0) }, "state does not fit the status"},           // since never
		{closing, func(s *conversation.Snapshot) {
			replaceNumber(s, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
		}, "state is cut short"},
		{closing, func(s *conversation.Snapshot) {
			replaceNumber(s, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1)
		}, "state is cut short"},
		{waiting, func(s *conversation.Snapshot) { s.State = nil }, "state is missing or of another version"},
		{waiting, func(s *conversation.Snapshot) { s.State[0]++ }, "state is missing or of another version"},
		{waiting, func(s *conversation.Snapshot) { s.State = s.State[:lastEvent(s)+10] }, "state is cut short"},
		{waiting, func(s *conversation.Snapshot) { s.State = s.State[:len(s.State)-1] }, "unreadable accumulator state"},
		{waiting, func(s *conversation.Snapshot) { s.State = append(s.State, 0) }, "unreadable accumulator state"},
		{waiting, func(s *conversation.Snapshot) { s.CreatedAt = time.Unix(-1, 0) }, "created_at: instant is missing or out of range"},
		{waiting, func(s *conversation.Snapshot) { s.QueuedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, "queued_at: instant is missing or out of range"},
		{replied, func(s *conversation.Snapshot) { s.Review.At = time.Unix(0, 0) }, "review.at: instant is missing or out of range"},
	} {
		t.Run(row.want, func(t *testing.T) {
			s := conversationtest.Play(t, row.line).Snapshot()
			row.change(&s)
			c, err := conversation.FromSnapshot(s)
			require.ErrorIs(t, err, conversation.ErrSnapshot)
			require.ErrorContains(t, err, ": "+row.want)
			require.True(t, c.IsZero())
		})
	}
}

// stateOf returns the state of the conversation of a line.
func stateOf(t *testing.T, line string) []byte {
	t.Helper()
	return conversationtest.Play(t, line).Snapshot().State
}

// lastEvent returns where the id of the latest event stands in the state.
func lastEvent(s *conversation.Snapshot) int {
	return 2 + int(s.State[1]) // a version, and the name of the rules with its length
}

// replaceNumber replaces the instant since when it is in Closing, which stands
// behind the id of the latest event, the switches and who began it.
func replaceNumber(s *conversation.Snapshot, with ...byte) {
	at := lastEvent(s) + 16 + 2
	_, n := binary.Uvarint(s.State[at:])
	s.State = slices.Concat(s.State[:at], with, s.State[at+n:])
}

func TestJSONOfNoSnapshotIsRefused(t *testing.T) {
	c := conversationtest.Play(t, "0 customer")
	before := c
	for _, wrong := range []string{`[]`, `{}`, `{"id":"no"}`, `null`, `{"detailed":"open"}`} {
		err := c.UnmarshalJSON([]byte(wrong))
		require.ErrorIs(t, err, conversation.ErrSnapshot, wrong)
		require.Equal(t, before, c, "unchanged")
	}
}

func FuzzStateOfASnapshot(f *testing.F) {
	lines := []string{"0 customer", "0 customer, 5 agent ann", "0 start bot, 1 customer, 5 rating-request bot", "0 outgoing ann, 5 spam"}
	var rows []conversation.Snapshot
	for i, line := range lines {
		c, err := conversationtest.Apply(conversation.Conversation{}, line)
		require.NoError(f, err)
		rows = append(rows, c.Snapshot())
		f.Add(uint8(i), rows[i].State)
	}
	f.Fuzz(func(t *testing.T, row uint8, state []byte) {
		s := rows[int(row)%len(rows)]
		s.State = state
		c, err := conversation.FromSnapshot(s)
		if err != nil {
			require.ErrorIs(t, err, conversation.ErrSnapshot)
			return
		}
		again, err := conversation.FromSnapshot(c.Snapshot())
		require.NoError(t, err)
		require.Equal(t, c.Snapshot(), again.Snapshot())
		c.Due(conversationtest.At(time.Hour))
		c.Live(conversationtest.At(time.Hour))
		for _, line := range []string{"10 customer", "10 agent ann", "10 accept ann", "10 rate 5", "10 finish ann", "10 spam ann", "10 timeout"} {
			if next, err := conversationtest.Apply(c, line); err == nil {
				require.Equal(t, c.Version()+1, next.Version())
			}
		}
	})
}
