package dataset

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrHeader says that the first line of a file is not the header of its layout.
var ErrHeader = errors.New("unknown header")

// ErrLayout says that a file or folder holds none of the known layouts.
var ErrLayout = errors.New("no known data set")

var (
	errFields  = errors.New("wrong number of fields")
	errQuotes  = errors.New("quotes do not end")
	errTooLong = errors.New("too long")
	errEmpty   = errors.New("must not be empty")
	errUTF8    = errors.New("not valid UTF-8")
	errNUL     = errors.New("contains a NUL character")
	errEra     = errors.New("not in the years 1970 to 9999")
	errTwice   = errors.New("appears twice")
	errUnknown = errors.New("unknown value")
)

// RowError reports one row that could not be read. The rows after it are
// delivered all the same.
type RowError struct {
	File   string
	Line   int    // line of the uncompressed text where the broken value begins, from 1
	Column string // name in the header; empty when the row as a whole is broken
	Err    error
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("dataset: %s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("dataset: %s:%d: %s: %v", e.File, e.Line, e.Column, e.Err)
}

func (e *RowError) Unwrap() error { return e.Err }

// A row larger than this is a quote that was never closed, not a message.
const (
	maxRowBytes = 256 << 10
	maxRowLines = 1000
)

// maxKey leaves room for a prefix in an id of at most conversation.MaxIDLen bytes.
const maxKey = 100

// record is one row of a file before its values are looked at.
type record struct {
	line   int // where the row begins
	values []string
	lines  []int // where each value begins
}

// recordReader splits a text into records. It works on whole lines instead of
// handing the stream to csv.Reader, because there a quote that is opened by
// mistake swallows the good rows up to the next quote. Here the swallowed lines
// are given back, and reading goes on at the first of them that begins a row.
type recordReader struct {
	file   string
	width  int
	src    *bufio.Reader
	line   int      // number of the line that is read next
	given  [][]byte // lines given back, to be read before src
	quiet  int      // broken rows that begin before this line are already reported
	failed error    // error of src, met after its last line

	row    bytes.Reader
	rowBuf *bufio.Reader
}

func newRecordReader(file string, src io.Reader) (*recordReader, error) {
	buffered := bufio.NewReader(src)
	if magic, _ := buffered.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("dataset: %s: %w", file, err)
		}
		buffered = bufio.NewReader(unzipped)
	}
	r := &recordReader{file: file, src: buffered, line: 1}
	r.rowBuf = bufio.NewReader(&r.row)
	return r, nil
}

// next returns the next record, a *RowError for one that is broken, io.EOF at
// the end, and any other error when the text cannot be read further.
func (r *recordReader) next() (record, error) {
	for {
		lines, err := r.gather()
		if len(lines) == 0 {
			return record{}, err
		}
		start := r.line - len(lines)
		if len(lines) == 1 && err == nil && isBlank(lines[0]) {
			continue
		}
		var rec record
		if err == nil {
			rec, err = r.parse(start, lines)
		}
		if err == nil {
			return rec, nil
		}
		quiet := start < r.quiet
		if len(lines) > 1 {
			r.given = append(slices.Clone(lines[1:]), r.given...)
			r.quiet = max(r.quiet, r.line)
			r.line = start + 1
		}
		if !quiet {
			return record{}, err
		}
	}
}

// gather reads the lines of one row: as many as it takes until every quote that
// is opened is closed. Without lines the error says why there are none; with
// lines it is a *RowError about them.
func (r *recordReader) gather() ([][]byte, error) {
	var (
		lines [][]byte
		size  int
		open  bool
	)
	for {
		line, whole, err := r.readLine()
		if err != nil && len(lines) == 0 {
			return nil, err
		}
		start := r.line - len(lines)
		if err != nil {
			return lines, &RowError{File: r.file, Line: start, Err: errQuotes}
		}
		r.line++
		lines = append(lines, line)
		size += len(line)
		if bytes.Count(line, []byte{'"'})%2 == 1 {
			open = !open
		}
		switch {
		case !whole || size > maxRowBytes || len(lines) > maxRowLines:
			return lines, &RowError{File: r.file, Line: start, Err: errTooLong}
		case !open:
			return lines, nil
		}
	}
}

// readLine returns one line with its line feed; whole is false when the line was
// longer than a row may be and its rest was skipped.
func (r *recordReader) readLine() (line []byte, whole bool, err error) {
	if len(r.given) > 0 {
		line, r.given = r.given[0], r.given[1:]
		return line, len(line) <= maxRowBytes, nil
	}
	if r.failed != nil {
		return nil, false, r.failed
	}
	for {
		part, err := r.src.ReadSlice('\n')
		if len(line) <= maxRowBytes {
			line = append(line, part...)
		}
		switch {
		case err == nil:
			return line, len(line) <= maxRowBytes, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			r.failed = io.EOF
		default:
			r.failed = fmt.Errorf("dataset: %s:%d: %w", r.file, r.line, err)
			// What was read of a line that breaks off is not a row.
			return nil, false, r.failed
		}
		if len(line) == 0 {
			return nil, false, r.failed
		}
		return line, len(line) <= maxRowBytes, nil
	}
}

func (r *recordReader) parse(start int, lines [][]byte) (record, error) {
	text := lines[0]
	if len(lines) > 1 {
		text = bytes.Join(lines, nil)
	}
	r.row.Reset(text)
	r.rowBuf.Reset(&r.row)
	split := csv.NewReader(r.rowBuf) // takes over a bufio.Reader, so costs no new buffer
	split.FieldsPerRecord = -1
	values, err := split.Read()
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		return record{}, &RowError{File: r.file, Line: start, Err: parse.Err}
	}
	if err != nil {
		return record{}, &RowError{File: r.file, Line: start, Err: err}
	}
	if r.width != 0 && len(values) != r.width {
		return record{}, &RowError{
			File: r.file, Line: start,
			Err: fmt.Errorf("%w: %d instead of %d", errFields, len(values), r.width),
		}
	}
	rec := record{line: start, values: values, lines: make([]int, len(values))}
	for i := range values {
		line, _ := split.FieldPos(i)
		rec.lines[i] = start + line - 1
	}
	return rec, nil
}

func isBlank(line []byte) bool {
	return len(bytes.TrimRight(line, "\r\n")) == 0
}

// rows reads the rows of one layout; parse takes the values of one of them.
func rows[R any](layout Layout, file string, src io.Reader, parse func(*values) R) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		var none R
		records, err := newRecordReader(file, src)
		if err != nil {
			yield(none, err)
			return
		}
		header := layout.Header()
		if err := records.header(header); err != nil {
			yield(none, err)
			return
		}
		columns := make(map[string]int, len(header))
		for i, name := range header {
			columns[name] = i
		}
		for {
			rec, err := records.next()
			broken := (*RowError)(nil)
			switch {
			case err == nil:
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &broken):
				if !yield(none, err) {
					return
				}
				continue
			default:
				yield(none, err)
				return
			}
			taken := values{file: file, record: rec, columns: columns}
			row := parse(&taken)
			if taken.err != nil {
				row = none
			}
			if !yield(row, taken.err) {
				return
			}
		}
	}
}

// header reads the first row and compares it with the header of a layout.
func (r *recordReader) header(want []string) error {
	rec, err := r.next()
	broken := (*RowError)(nil)
	if errors.Is(err, io.EOF) || errors.As(err, &broken) {
		return fmt.Errorf("dataset: %s: %w: %w", r.file, ErrHeader, err)
	}
	if err != nil {
		return err
	}
	if !slices.Equal(rec.values, want) {
		return fmt.Errorf("dataset: %s: %w: want %q, have %.200q",
			r.file, ErrHeader, strings.Join(want, ","), strings.Join(rec.values, ","))
	}
	r.width = len(want)
	return nil
}

// values hands out the values of one record by column and type. The first value
// that is not what its column promises is kept as the row's error; what is
// returned then is the zero value.
type values struct {
	file    string
	record  record
	columns map[string]int
	err     error
}

func (v *values) fail(column string, err error) {
	if v.err != nil {
		return
	}
	v.err = &RowError{File: v.file, Line: v.record.lines[v.columns[column]], Column: column, Err: err}
}

// text is any text, the empty one too.
func (v *values) text(column string) string {
	s := v.record.values[v.columns[column]]
	switch {
	case !utf8.ValidString(s):
		v.fail(column, errUTF8)
	case strings.Contains(s, "\x00"):
		v.fail(column, errNUL)
	}
	return s
}

// word is a text that must not be empty.
func (v *values) word(column string) string {
	s := v.text(column)
	if s == "" {
		v.fail(column, errEmpty)
	}
	return s
}

// key is a word that can become part of one of our ids.
func (v *values) key(column string) string {
	s := v.word(column)
	if len(s) > maxKey {
		v.fail(column, errTooLong)
	}
	return s
}

// known is a key; "?", which stands for "not known", becomes "".
func (v *values) known(column string) string {
	s := v.key(column)
	if s == "?" {
		return ""
	}
	return s
}

// number is an integer of at least least.
func (v *values) number(column string, least int64) int64 {
	n, err := parseNumber(v.word(column), least)
	if err != nil {
		v.fail(column, err)
	}
	return n
}

// numbers are the integers of a list, which may be empty.
func (v *values) numbers(column, separator string, least int64) []int64 {
	s := v.text(column)
	if s == "" {
		return nil
	}
	var list []int64
	for part := range strings.SplitSeq(s, separator) {
		n, err := parseNumber(part, least)
		if err != nil {
			v.fail(column, err)
			return nil
		}
		list = append(list, n)
	}
	return list
}

// parseNumber reads a decimal integer of at least least.
func parseNumber(s string, least int64) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%.40q: %w", s, errors.Unwrap(err))
	}
	if n < least {
		return 0, fmt.Errorf("%d: less than %d", n, least)
	}
	return n, nil
}

// instant is a time in the given layout, in UTC.
func (v *values) instant(column, layout string) time.Time {
	s := v.word(column)
	t, err := time.Parse(layout, s)
	if err != nil {
		v.fail(column, fmt.Errorf("%.40q: not a time like %q", s, layout))
		return time.Time{}
	}
	if t = t.UTC(); t.Unix() <= 0 || t.Year() > 9999 {
		v.fail(column, errEra)
	}
	return t
}

// knownInstant is an instant; "?", which stands for "not known", becomes the zero time.
func (v *values) knownInstant(column, layout string) time.Time {
	if v.record.values[v.columns[column]] == "?" {
		return time.Time{}
	}
	return v.instant(column, layout)
}

// once fails the row when the key was seen in an earlier row, and else notes it.
func once[K comparable](v *values, seen map[K]int, key K, column string) {
	if v.err != nil {
		return
	}
	if first, ok := seen[key]; ok {
		v.fail(column, fmt.Errorf("%v %w, first in line %d", v.record.values[v.columns[column]], errTwice, first))
		return
	}
	seen[key] = v.record.line
}
