package dataset

import (
	"fmt"
	"io"
	"iter"
	"time"
)

// Side is who wrote a chat message.
type Side uint8

// The sides of a chat. The set derives them: the customer is the first person of
// a conversation, bots are known by name, and everybody else is an agent.
const (
	CustomerSide Side = iota + 1
	AgentSide
	BotSide
)

var sides = map[string]Side{"client": CustomerSide, "operator": AgentSide, "bot": BotSide}

// Message is one row of irc_ubuntu.
type Message struct {
	Line           int    // line of the file where the row begins
	ConversationID string // "<date>.<part>#<first line>"
	Seq            int    // position in the conversation by the order of the log, from 1
	LogLine        int    // line of the chat log
	CreatedAt      time.Time
	Side           Side
	Author         string
	ReplyTo        []int64 // log lines it replies to
	TruncatedStart bool    // the conversation may have begun before the log
	Text           string  // may be empty
}

// Messages reads the rows of irc_ubuntu in file order. See the package comment
// for what the errors mean.
func Messages(file string, src io.Reader) iter.Seq2[Message, error] {
	type key struct {
		conversation string
		seq          int
	}
	seen := map[key]int{}
	return rows(IRCUbuntu, file, src, func(v *values) Message {
		m := Message{
			Line:           v.record.line,
			ConversationID: v.word("conversation_id"),
			Seq:            int(v.number("seq", 1)),
			LogLine:        int(v.number("line_no", 0)),
			CreatedAt:      v.instant("created_at", time.RFC3339),
			Side:           sides[v.word("side")],
			Author:         v.key("author"),
			ReplyTo:        v.numbers("reply_to", ";", 0),
			TruncatedStart: v.word("truncated_start") == "1",
			Text:           v.text("text"),
		}
		if m.Side == 0 {
			v.fail("side", fmt.Errorf("%.40q: %w", v.word("side"), errUnknown))
		}
		if flag := v.word("truncated_start"); flag != "0" && flag != "1" {
			v.fail("truncated_start", fmt.Errorf("%.40q: %w", flag, errUnknown))
		}
		once(v, seen, key{m.ConversationID, m.Seq}, "seq")
		return m
	})
}
