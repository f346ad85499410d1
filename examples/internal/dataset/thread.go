package dataset

import (
	"cmp"
	"slices"
	"strconv"
)

// Thread is one conversation as it lies in a set: its rows in the order they happened.
type Thread[R any] struct {
	Key  string // foreign id of the conversation
	Rows []R    // at least one
}

// MessageThreads groups chat messages by conversation, each by time and then by
// log line: where the clock of the log steps back, the clock is believed.
func MessageThreads(rows []Message) []Thread[Message] {
	return threads(rows, func(m Message) string { return m.ConversationID }, func(a, b Message) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.LogLine, b.LogLine))
	})
}

// IncidentThreads groups updates by incident, each by time, then by update
// counter, then as they lie in the file.
func IncidentThreads(rows []IncidentUpdate) []Thread[IncidentUpdate] {
	return threads(rows, func(u IncidentUpdate) string { return u.Number }, func(a, b IncidentUpdate) int {
		return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), cmp.Compare(a.ModCount, b.ModCount), cmp.Compare(a.Line, b.Line))
	})
}

// TweetThreads joins tweets that reply to each other, directly or through others
// in the file. The key of a thread is its smallest tweet id; its rows go by time
// and then by id, for ids are not in the order of time.
func TweetThreads(rows []Tweet) []Thread[Tweet] {
	place := make(map[int64]int, len(rows)) // tweet -> index in rows
	for i, t := range rows {
		place[t.ID] = i
	}
	// Each tweet points to another of its thread; the one that points to itself,
	// the smallest, stands for all.
	root := make([]int, len(rows))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for i, t := range rows {
		parent, ok := place[t.InResponseTo]
		if !ok {
			continue
		}
		a, b := find(i), find(parent)
		if rows[a].ID > rows[b].ID {
			a, b = b, a
		}
		root[b] = a
	}
	key := func(t Tweet) string { return strconv.FormatInt(rows[find(place[t.ID])].ID, 10) }
	return threads(rows, key, func(a, b Tweet) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
}

// threads groups rows by key and orders each group. Threads come in the order
// their first rows lie in the file; rows of one need not lie together.
func threads[R any](rows []R, key func(R) string, order func(a, b R) int) []Thread[R] {
	var (
		all   []Thread[R]
		place = map[string]int{}
	)
	for _, row := range rows {
		k := key(row)
		i, ok := place[k]
		if !ok {
			i = len(all)
			place[k] = i
			all = append(all, Thread[R]{Key: k})
		}
		all[i].Rows = append(all[i].Rows, row)
	}
	for _, t := range all {
		slices.SortStableFunc(t.Rows, order)
	}
	return all
}
