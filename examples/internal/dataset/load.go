package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
)

// Set is one file, read and grouped into conversations. It is immutable and safe
// for concurrent use.
type Set struct {
	source  Source
	rows    int
	threads []foreign
}

// foreign is a conversation that is not mapped yet.
type foreign struct {
	began time.Time
	key   string
	line  int // of its first row
	build func([]conversation.Option) (conversation.Conversation, error)
}

// Load reads the file of a source. Each broken row is given to broken and left
// out; a file that cannot be read to its end is an error.
func Load(source Source, broken func(*RowError)) (*Set, error) {
	f, err := source.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	set := &Set{source: source}
	switch source.Layout {
	case IRCUbuntu:
		err = load(set, Messages(source.Name, f), broken, MessageThreads, MessageConversation,
			func(m Message) (time.Time, int) { return m.CreatedAt, m.Line })
	case TWCS:
		err = load(set, Tweets(source.Name, f), broken, TweetThreads, TweetConversation,
			func(t Tweet) (time.Time, int) { return t.CreatedAt, t.Line })
	case UCIIncidents:
		err = load(set, Incidents(source.Name, f), broken, IncidentThreads, IncidentConversation,
			func(u IncidentUpdate) (time.Time, int) { return u.OpenedAt, u.Line })
	default:
		err = fmt.Errorf("dataset: %s: %w", source.Name, ErrLayout)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(set.threads, func(a, b foreign) int {
		return cmp.Or(a.began.Compare(b.began), cmp.Compare(a.key, b.key))
	})
	return set, nil
}

func load[R any](
	set *Set, rows iter.Seq2[R, error], broken func(*RowError),
	group func([]R) []Thread[R],
	build func(Thread[R], ...conversation.Option) (conversation.Conversation, error),
	place func(R) (began time.Time, line int),
) error {
	var good []R
	for row, err := range rows {
		bad := (*RowError)(nil)
		switch {
		case err == nil:
			good = append(good, row)
		case errors.As(err, &bad):
			broken(bad)
		default:
			return err
		}
	}
	set.rows = len(good)
	for _, thread := range group(good) {
		began, line := place(thread.Rows[0])
		set.threads = append(set.threads, foreign{
			began: began, key: thread.Key, line: line,
			build: func(options []conversation.Option) (conversation.Conversation, error) {
				return build(thread, options...)
			},
		})
	}
	return nil
}

// Source returns what the set was read from.
func (s *Set) Source() Source { return s.source }

// Rows returns how many rows were read, without the broken ones.
func (s *Set) Rows() int { return s.rows }

// Len returns how many conversations the rows make.
func (s *Set) Len() int { return len(s.threads) }

// Conversations maps the conversations one by one, in the order they began. Each
// knows its whole timeline. One whose rows cannot be told as events is a
// *[RowError] at its first row, and the others still follow.
func (s *Set) Conversations(options ...conversation.Option) iter.Seq2[conversation.Conversation, error] {
	return func(yield func(conversation.Conversation, error) bool) {
		for _, t := range s.threads {
			c, err := t.build(options)
			if err != nil {
				c = conversation.Conversation{}
				err = &RowError{File: s.source.Name, Line: t.line, Err: fmt.Errorf("conversation %s: %w", t.key, err)}
			}
			if !yield(c, err) {
				return
			}
		}
	}
}
