package dataset_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/examples/internal/dataset"
)

const (
	messageHeader  = "conversation_id,seq,line_no,created_at,side,author,reply_to,truncated_start,text\n"
	tweetHeader    = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
	incidentHeader = "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by," +
		"opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory," +
		"u_symptom,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify," +
		"problem_id,rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at\n"
)

// collect separates rows from errors.
func collect[R any](rows iter.Seq2[R, error]) (good []R, failed []error) {
	for row, err := range rows {
		if err != nil {
			failed = append(failed, err)
		} else {
			good = append(good, row)
		}
	}
	return good, failed
}

func messages(text string) ([]dataset.Message, []error) {
	return collect(dataset.Messages("m.csv", strings.NewReader(text)))
}

func TestMessagesReadsEveryColumn(t *testing.T) {
	rows, failed := messages(messageHeader +
		"d.a#1,2,17,2015-12-28T15:57:00Z,operator,u1_2,15;16,1,\"so, \"\"yes\"\"\nsecond line\"\n")
	require.Empty(t, failed)
	require.Equal(t, []dataset.Message{{
		Line: 2, ConversationID: "d.a#1", Seq: 2, LogLine: 17,
		CreatedAt: time.Date(2015, 12, 28, 15, 57, 0, 0, time.UTC),
		Side:      dataset.AgentSide, Author: "u1_2", ReplyTo: []int64{15, 16}, TruncatedStart: true,
		Text: "so, \"yes\"\nsecond line",
	}}, rows)
}

func TestTweetsReadsEveryColumn(t *testing.T) {
	rows, failed := collect(dataset.Tweets("t.csv", strings.NewReader(tweetHeader+
		"4,sprintcare,False,Sun Oct  1 21:54:49 +0200 2017,hi,\"3,9\",5\n"+
		"5,115712,True,Tue Oct 31 21:54:50 +0000 2017,,,\n")))
	require.Empty(t, failed)
	require.Equal(t, []dataset.Tweet{
		{
			Line: 2, ID: 4, Author: "sprintcare", CreatedAt: time.Date(2017, 10, 1, 19, 54, 49, 0, time.UTC),
			Text: "hi", Responses: []int64{3, 9}, InResponseTo: 5,
		},
		{Line: 3, ID: 5, Author: "115712", Inbound: true, CreatedAt: time.Date(2017, 10, 31, 21, 54, 50, 0, time.UTC)},
	}, rows)
}

func TestIncidentsReadsTheColumnsThatMatter(t *testing.T) {
	rows, failed := collect(dataset.Incidents("i.csv", strings.NewReader(incidentHeader+
		"INC0000045,Awaiting User Info,true,0,0,7,true,2403,8,29/2/2016 01:16,6,29/2/2016 01:23,21,5/12/2016 01:23,Phone,143,55,"+
		"170,72,?,2,2,3,56,?,true,false,Do Not Notify,?,?,?,?,5,149,29/2/2016 11:29,?\n")))
	require.Empty(t, failed)
	require.Equal(t, []dataset.IncidentUpdate{{
		Line: 2, Number: "INC0000045", State: dataset.StateAwaitingUserInfo, ModCount: 7, Caller: "2403",
		OpenedAt: time.Date(2016, 2, 29, 1, 16, 0, 0, time.UTC), UpdatedBy: "21",
		UpdatedAt: time.Date(2016, 12, 5, 1, 23, 0, 0, time.UTC), ContactType: "Phone", Group: "56",
		ResolvedAt: time.Date(2016, 2, 29, 11, 29, 0, 0, time.UTC),
	}}, rows)
}

// One good row before and two after: the broken one must cost only itself.
func TestBrokenRowIsReportedAndTheRestGoesOn(t *testing.T) {
	const (
		before = "c,1,1,2015-12-28T15:57:00Z,client,u,,0,one\n"
		after  = "c,3,3,2015-12-28T15:57:00Z,client,u,,0,\"three,\nwith \"\"quotes\"\"\"\nc,4,4,2015-12-28T15:57:00Z,client,u,,0,four\n"
	)
	tests := map[string]struct {
		row    string
		line   int
		column string
		cause  string
	}{
		"too few fields":           {"c,2,2,2015-12-28T15:57:00Z,client,u,,0\n", 3, "", "wrong number of fields: 8 instead of 9"},
		"too many fields":          {"c,2,2,2015-12-28T15:57:00Z,client,u,,0,two,2\n", 3, "", "wrong number of fields: 10 instead of 9"},
		"quote never closed":       {"c,2,2,2015-12-28T15:57:00Z,client,u,,0,\"two\n", 3, "", "quoted-field"},
		"quote inside a value":     {"c,2,2,2015-12-28T15:57:00Z,client,u,,0,tw\"o\n", 3, "", `bare " in non-quoted-field`},
		"quoted value goes on":     {"c,2,2,2015-12-28T15:57:00Z,client,u,,0,\"two\" \n", 3, "", "quoted-field"},
		"many lines, too few":      {"c,2,2,2015-12-28T15:57:00Z,client,u,\"two\nthree\n\nfour\"\n", 3, "", "wrong number of fields: 7 instead of 9"},
		"no conversation":          {",2,2,2015-12-28T15:57:00Z,client,u,,0,two\n", 3, "conversation_id", "must not be empty"},
		"sequence is no number":    {"c,two,2,2015-12-28T15:57:00Z,client,u,,0,two\n", 3, "seq", `"two": invalid syntax`},
		"sequence is zero":         {"c,0,2,2015-12-28T15:57:00Z,client,u,,0,two\n", 3, "seq", "less than 1"},
		"number too large":         {"c,99999999999999999999,2,2015-12-28T15:57:00Z,client,u,,0,two\n", 3, "seq", "value out of range"},
		"sequence used before":     {"c,1,2,2015-12-28T15:57:00Z,client,u,,0,two\n", 3, "seq", "1 appears twice, first in line 2"},
		"time of another layout":   {"c,2,2,28/12/2015 15:57,client,u,,0,two\n", 3, "created_at", "not a time like"},
		"side nobody has":          {"c,2,2,2015-12-28T15:57:00Z,robot,u,,0,two\n", 3, "side", `"robot": unknown value`},
		"no author":                {"c,2,2,2015-12-28T15:57:00Z,client,,,0,two\n", 3, "author", "must not be empty"},
		"reply to nothing":         {"c,2,2,2015-12-28T15:57:00Z,client,u,1;,0,two\n", 3, "reply_to", "invalid syntax"},
		"flag is a word":           {"c,2,2,2015-12-28T15:57:00Z,client,u,,yes,two\n", 3, "truncated_start", `"yes": unknown value`},
		"text in another encoding": {"c,2,2,2015-12-28T15:57:00Z,client,u,,0,\xb3\xf3d\n", 3, "text", "not valid UTF-8"},
		"text with a NUL":          {"c,2,2,2015-12-28T15:57:00Z,client,u,,0,t\x00o\n", 3, "text", "NUL"},
		"time before 1970":         {"c,2,2,1969-12-28T15:57:00Z,client,u,,0,two\n", 3, "created_at", "not in the years 1970 to 9999"},
		"author too long for us":   {"c,2,2,2015-12-28T15:57:00Z,client," + strings.Repeat("u", 101) + ",,0,two\n", 3, "author", "too long"},
		"value after a line break": {"c,2,2,2015-12-28T15:57:00Z,client,\"u\nv\",,2,two\n", 4, "truncated_start", "unknown value"},
		"endless value":            {"c,2,2,2015-12-28T15:57:00Z,client,u,,0," + strings.Repeat("x", 1<<20) + "\n", 3, "", "too long"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rows, failed := messages(messageHeader + before + test.row + after)
			require.Len(t, failed, 1, "%v", failed)
			var broken *dataset.RowError
			require.ErrorAs(t, failed[0], &broken)
			require.Equal(t, "m.csv", broken.File)
			require.Equal(t, test.line, broken.Line)
			require.Equal(t, test.column, broken.Column)
			require.ErrorContains(t, broken, test.cause)

			var seqs []int
			for _, m := range rows {
				seqs = append(seqs, m.Seq)
			}
			require.Equal(t, []int{1, 3, 4}, seqs)
			require.Equal(t, "three,\nwith \"quotes\"", rows[1].Text)
		})
	}
}

func TestBrokenTweet(t *testing.T) {
	const good = "7,acme,False,Tue Oct 31 22:10:47 +0000 2017,hi,,\n"
	tests := map[string]struct{ row, column string }{
		"id is zero":            {"0,acme,False,Tue Oct 31 22:10:47 +0000 2017,hi,,\n", "tweet_id"},
		"id used before":        {good, "tweet_id"},
		"id with a decimal":     {"8.0,acme,False,Tue Oct 31 22:10:47 +0000 2017,hi,,\n", "tweet_id"},
		"inbound in lower case": {"8,acme,false,Tue Oct 31 22:10:47 +0000 2017,hi,,\n", "inbound"},
		"no such day":           {"8,acme,False,Tue Oct 32 22:10:47 +0000 2017,hi,,\n", "created_at"},
		"responses in a list":   {"8,acme,False,Tue Oct 31 22:10:47 +0000 2017,hi,[9],\n", "response_tweet_id"},
		"reply to a decimal":    {"8,acme,False,Tue Oct 31 22:10:47 +0000 2017,hi,,9.0\n", "in_response_to_tweet_id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rows, failed := collect(dataset.Tweets("t.csv", strings.NewReader(tweetHeader+good+test.row)))
			require.Len(t, rows, 1)
			require.Len(t, failed, 1)
			var broken *dataset.RowError
			require.ErrorAs(t, failed[0], &broken)
			require.Equal(t, test.column, broken.Column)
			require.Equal(t, 3, broken.Line)
		})
	}
}

func TestBrokenIncident(t *testing.T) {
	const good = "INC1,New,true,0,0,7,true,2403,8,29/2/2016 01:16,6,29/2/2016 01:23,21,5/12/2016 01:23,Phone,143,55," +
		"170,72,?,2,2,3,56,?,true,false,Do Not Notify,?,?,?,?,5,149,29/2/2016 11:29,?\n"
	tests := map[string]struct{ old, changed, column string }{
		"number of something else": {"INC1", "REQ1", "number"},
		"state nobody knows":       {"New", "Paused", "incident_state"},
		"negative counter":         {",7,", ",-7,", "sys_mod_count"},
		"opened at an unknown day": {"29/2/2016 01:16", "?", "opened_at"},
		"month first":              {"29/2/2016 01:16", "2/29/2016 01:16", "opened_at"},
		"resolved in words":        {"29/2/2016 11:29", "yesterday", "resolved_at"},
		"no contact type":          {"Phone", "", "contact_type"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, test.old, test.changed, 1)
			rows, failed := collect(dataset.Incidents("i.csv", strings.NewReader(incidentHeader+bad+good)))
			require.Len(t, rows, 1)
			require.Len(t, failed, 1)
			var broken *dataset.RowError
			require.ErrorAs(t, failed[0], &broken)
			require.Equal(t, test.column, broken.Column)
			require.Equal(t, 2, broken.Line)
		})
	}
}

func TestRowErrorSaysWhere(t *testing.T) {
	cause := errors.New("too sad")
	require.EqualError(t, &dataset.RowError{File: "m.csv", Line: 3, Column: "text", Err: cause}, "dataset: m.csv:3: text: too sad")
	require.EqualError(t, &dataset.RowError{File: "m.csv", Line: 3, Err: cause}, "dataset: m.csv:3: too sad")
	require.ErrorIs(t, &dataset.RowError{Err: cause}, cause)
}

func TestForeignHeaderEndsTheFile(t *testing.T) {
	for name, text := range map[string]string{
		"another layout":     tweetHeader + "1,a,True,Tue Oct 31 22:10:47 +0000 2017,hi,,\n",
		"column renamed":     strings.Replace(messageHeader, "author", "nick", 1),
		"column missing":     strings.Replace(messageHeader, ",text", "", 1),
		"no header":          "c,1,1,2015-12-28T15:57:00Z,client,u,,0,one\n",
		"nothing at all":     "",
		"header half quoted": `"` + messageHeader,
	} {
		t.Run(name, func(t *testing.T) {
			rows, failed := messages(text)
			require.Empty(t, rows)
			require.Len(t, failed, 1)
			require.ErrorIs(t, failed[0], dataset.ErrHeader)
		})
	}
}

func TestLastRowNeedsNoLineFeedAndBlankLinesDoNotCount(t *testing.T) {
	rows, failed := messages(strings.ReplaceAll(messageHeader+"\nc,1,1,2015-12-28T15:57:00Z,client,u,,0,one\n\n"+
		"c,2,2,2015-12-28T15:57:00Z,client,u,,0,two", "\n", "\r\n"))
	require.Empty(t, failed)
	require.Len(t, rows, 2)
	require.Equal(t, 3, rows[0].Line)
	require.Equal(t, "two", rows[1].Text)
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return packed.Bytes()
}

func TestCompressedTextIsRecognised(t *testing.T) {
	packed := zipped(t, messageHeader+"c,1,1,2015-12-28T15:57:00Z,client,u,,0,one\n")
	rows, failed := collect(dataset.Messages("m.csv.gz", bytes.NewReader(packed)))
	require.Empty(t, failed)
	require.Len(t, rows, 1)
}

func TestReadingThatFailsEndsTheFile(t *testing.T) {
	const row = "c,1,1,2015-12-28T15:57:00Z,client,u,,0,one\n"
	t.Run("compressed file cut short", func(t *testing.T) {
		packed := zipped(t, messageHeader+row)
		_, failed := collect(dataset.Messages("m.csv.gz", bytes.NewReader(packed[:len(packed)-12])))
		require.NotEmpty(t, failed)
		require.ErrorIs(t, failed[len(failed)-1], io.ErrUnexpectedEOF)
	})
	t.Run("not really compressed", func(t *testing.T) {
		_, failed := collect(dataset.Messages("m.csv.gz", strings.NewReader("\x1f\x8b nonsense")))
		require.Len(t, failed, 1)
		require.ErrorIs(t, failed[0], gzip.ErrHeader)
	})
	t.Run("device gives up", func(t *testing.T) {
		gone := errors.New("device gone")
		src := io.MultiReader(strings.NewReader(messageHeader+row+"c,2,"), iotest.ErrReader(gone))
		rows, failed := collect(dataset.Messages("m.csv", src))
		require.Len(t, rows, 1)
		require.Len(t, failed, 1)
		require.ErrorIs(t, failed[0], gone)
		require.NotErrorAs(t, failed[0], new(*dataset.RowError))
	})
}

func TestReadingCanStopEarly(t *testing.T) {
	text := messageHeader + strings.Repeat("broken\n", 3)
	for _, err := range dataset.Messages("m.csv", strings.NewReader(text)) {
		require.Error(t, err)
		break
	}
}

// A row that is read keeps its promises, errors name a line, and lines only grow.
func fuzzReader[R any](f *testing.F, header string, read func(string, io.Reader) iter.Seq2[R, error], line func(R) int) {
	f.Add([]byte(header))
	f.Add([]byte(header + "\"\n\"\n\"a\",\"\n"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if !bytes.HasPrefix(text, []byte("\x1f\x8b")) {
			text = append([]byte(header), text...)
		}
		last, lines := 0, bytes.Count(text, []byte("\n"))+1
		for row, err := range read("f", bytes.NewReader(text)) {
			at := 0
			broken := (*dataset.RowError)(nil)
			switch {
			case err == nil:
				at = line(row)
			case errors.As(err, &broken):
				at = broken.Line
			default:
				return
			}
			if at <= 1 || at > lines {
				t.Fatalf("line %d of %d: %v", at, lines, err)
			}
			if err == nil && at <= last {
				t.Fatalf("row of line %d after line %d", at, last)
			}
			if err == nil {
				last = at
			}
		}
	})
}

func FuzzMessages(f *testing.F) {
	f.Add([]byte("c,1,1,2015-12-28T15:57:00Z,client,u,1;2,0,\"a\nb\"\n"))
	fuzzReader(f, messageHeader, dataset.Messages, func(m dataset.Message) int { return m.Line })
}

func FuzzTweets(f *testing.F) {
	f.Add([]byte("4,sprintcare,False,Tue Oct 31 21:54:49 +0000 2017,hi,\"3,9\",5\n"))
	fuzzReader(f, tweetHeader, dataset.Tweets, func(w dataset.Tweet) int { return w.Line })
}

func FuzzIncidents(f *testing.F) {
	f.Add([]byte("INC1,New,true,0,0,7,true,2403,8,29/2/2016 01:16,6,29/2/2016 01:23,21,5/12/2016 01:23,Phone,143,55," +
		"170,72,?,2,2,3,56,?,true,false,Do Not Notify,?,?,?,?,5,149,29/2/2016 11:29,?\n"))
	fuzzReader(f, incidentHeader, dataset.Incidents, func(u dataset.IncidentUpdate) int { return u.Line })
}

// readAll reads a file in which no row may be broken.
func readAll[R any](t *testing.T, source dataset.Source, read func(string, io.Reader) iter.Seq2[R, error]) []R {
	t.Helper()
	f, err := source.Open()
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	rows, failed := collect(read(source.Name, f))
	require.Empty(t, failed)
	return rows
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
