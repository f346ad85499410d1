package conversationtest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
)

// Expect compares columns of a conversation with a list such as
//
//	detailed=waiting_again agent=ann accepted_at=20 first_reply_wait=50s closed_at=-
//
// A column has the name it has in the JSON of [conversation.Snapshot], those of
// the metrics without a prefix, the parts of a rating or a review with one:
// customer_rating.agent. Columns that are not named may have any value. An absent
// value is "-". Values are written so:
//
//   - an instant as its offset, a metric as its length: 20, 1.5, 2h as in a line, or 1m40s as in Go
//   - a rating as 4/5, like or dislike
//   - links as kind/id and participants as names, joined by commas: contact/7,deal/1
//   - a value with spaces in quotes, as in Go: open_channel="Sales and more"
//
// Each difference is reported, followed by the timeline; the test goes on. A
// list that cannot be read ends the test.
func Expect(t testing.TB, c conversation.Conversation, columns string) {
	t.Helper()
	wants, err := parseColumns(columns)
	if err != nil {
		t.Fatalf("conversationtest: %v", err)
	}
	all := columnsOf(c.Snapshot())
	var differences []string
	for _, want := range wants {
		i := slices.IndexFunc(all, func(col column) bool { return col.name == want.name })
		if i < 0 {
			t.Fatalf("conversationtest: there is no column %q; there are%s", want.name, names(all))
		}
		same, err := all[i].is(want.value)
		if err != nil {
			t.Fatalf("conversationtest: column %s: %v", want.name, err)
		}
		if !same {
			differences = append(differences, fmt.Sprintf("\t%s: got %q, want %q\n", want.name, all[i].value, want.value))
		}
	}
	if differences != nil {
		t.Errorf("%d of %d columns differ\n%s%s", len(differences), len(wants), strings.Join(differences, ""), story(c))
	}
}

// column is a column of a snapshot and its value as text. What is a length of
// time can be written in several ways, so that is compared by length.
type column struct {
	name, value string
	timed       bool
	length      time.Duration // of what is timed: an offset or a metric
}

const absent = "-"

// is reports whether the column has the value that is written so.
func (c column) is(written string) (bool, error) {
	if written == absent || c.value == absent || !c.timed {
		return c.value == written, nil
	}
	want, err := parseOffset(written)
	if err != nil {
		want, err = time.ParseDuration(written)
	}
	return want == c.length, err
}

func parseColumns(list string) ([]column, error) {
	var columns []column
	for rest := strings.TrimSpace(list); rest != ""; rest = strings.TrimSpace(rest) {
		name, value, ok := strings.Cut(rest, "=")
		if !ok || strings.ContainsAny(name, " \t\n") {
			return nil, fmt.Errorf("expected name=value, found %q", strings.Fields(rest)[0])
		}
		n := strings.IndexAny(value, " \t\n")
		if n < 0 {
			n = len(value)
		}
		c := column{name: name, value: value[:n]}
		if quoted, err := strconv.QuotedPrefix(value); err == nil {
			n = len(quoted)
			c.value, _ = strconv.Unquote(quoted) // it is a quoted text
		}
		if c.value == "" {
			return nil, fmt.Errorf("column %s: an absent value is written %q", name, absent)
		}
		columns, rest = append(columns, c), value[n:]
	}
	return columns, nil
}

// columnsOf reads the columns off the fields of a snapshot, so that a new one
// needs nothing here.
func columnsOf(s conversation.Snapshot) []column {
	return fields("", reflect.ValueOf(s))
}

func fields(prefix string, v reflect.Value) []column {
	var columns []column
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		name = prefix + name
		if name == "state" {
			continue // private to package conversation
		}
		if c, ok := fieldColumn(name, v.Field(i)); ok {
			columns = append(columns, c)
			continue
		}
		if name == "metrics" {
			name = ""
		} else {
			name += "."
		}
		columns = append(columns, fields(name, v.Field(i))...)
	}
	return columns
}

// fieldColumn reports with ok whether a field is one column, not several.
func fieldColumn(name string, field reflect.Value) (c column, ok bool) {
	c = column{name: name, value: absent}
	switch value := field.Interface().(type) {
	case time.Time:
		c.timed = true
		if !value.IsZero() {
			c.value, c.length = seconds(value), value.Sub(epoch)
		}
	case interface{ Duration() (time.Duration, bool) }: // a metric
		c.timed = true
		if d, ok := value.Duration(); ok {
			c.value, c.length = d.String(), d
		}
	case []conversation.Link:
		c.value = joined(value, func(l conversation.Link) string { return l.Kind + "/" + l.ID })
	case []conversation.AgentID:
		c.value = joined(value, func(a conversation.AgentID) string { return string(a) })
	case fmt.Stringer: // an id, a status, a rating
		if !field.IsZero() {
			c.value = value.String()
		}
	default:
		if field.Kind() == reflect.Struct {
			return column{}, false
		}
		if v := fmt.Sprint(value); v != "" {
			c.value = v
		}
	}
	return c, true
}

func joined[T any](all []T, written func(T) string) string {
	if len(all) == 0 {
		return absent
	}
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = written(one)
	}
	return strings.Join(texts, ",")
}

func names(columns []column) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString(" " + c.name)
	}
	return b.String()
}

// seconds returns the offset of an instant, exact to the millisecond.
func seconds(at time.Time) string {
	s := strconv.FormatFloat(float64(at.Sub(epoch).Milliseconds())/1000, 'f', 3, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// story returns the timeline of c for a person.
func story(c conversation.Conversation) string {
	events, known := c.Timeline()
	if !known {
		return "the timeline is not known\n"
	}
	var b strings.Builder
	b.WriteString("the timeline is\n")
	for _, e := range events {
		fmt.Fprintf(&b, "\t%8s  %s %s by %s", seconds(e.At), e.ID.String()[:8], e.Kind(), e.By)
		if body, err := json.Marshal(e.Body); err == nil && string(body) != "{}" {
			fmt.Fprintf(&b, " %s", body)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
