package dataset

import (
	"fmt"
	"io"
	"iter"
	"time"
)

// Tweet is one row of twcs.
type Tweet struct {
	Line         int // line of the file where the row begins
	ID           int64
	Author       string // handle of a company, or the number of a customer
	Inbound      bool   // a customer wrote it
	CreatedAt    time.Time
	Text         string
	Responses    []int64 // tweets that reply to it; may name some that are not in the file
	InResponseTo int64   // the tweet it replies to, perhaps not in the file; 0 means none
}

const tweetTime = "Mon Jan _2 15:04:05 -0700 2006"

// Tweets reads the rows of twcs in file order. See the package comment for what
// the errors mean.
func Tweets(file string, src io.Reader) iter.Seq2[Tweet, error] {
	seen := map[int64]int{}
	return rows(TWCS, file, src, func(v *values) Tweet {
		t := Tweet{
			Line:      v.record.line,
			ID:        v.number("tweet_id", 1),
			Author:    v.key("author_id"),
			CreatedAt: v.instant("created_at", tweetTime),
			Text:      v.text("text"),
			Responses: v.numbers("response_tweet_id", ",", 1),
		}
		switch side := v.word("inbound"); side {
		case "True":
			t.Inbound = true
		case "False":
		default:
			v.fail("inbound", fmt.Errorf("%.40q: %w", side, errUnknown))
		}
		if v.text("in_response_to_tweet_id") != "" {
			t.InResponseTo = v.number("in_response_to_tweet_id", 1)
		}
		once(v, seen, t.ID, "tweet_id")
		return t
	})
}
