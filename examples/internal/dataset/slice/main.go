// Slice cuts the small sets that the quickstart ships out of the full ones.
//
//	go run ./internal/dataset/slice -from DIR -to quickstart/data
//
// DIR holds irc_ubuntu and uci_incidents; -to gets a folder for each. The same
// input gives the same bytes. What is selected, and why:
//
//   - irc_ubuntu: whole stretches of the log, the latest ones before the incidents
//     begin, going back until there are 1,000 conversations. Whole stretches keep
//     conversations interleaved as they were.
//   - uci_incidents: the log of a service desk as it stood at one instant: every
//     incident opened in the week before it, every update until then. Values that
//     the full set knows from later (who resolved, when it was closed) are "?" again,
//     so many incidents are still open. At this instant they take every status of
//     ours but spam.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/colloquy-go/colloquy/examples/internal/dataset"
)

// The service desk is seen at seenAt; the incidents are those opened since openedFrom.
var (
	openedFrom = time.Date(2016, time.May, 4, 0, 0, 0, 0, time.UTC)
	seenAt     = time.Date(2016, time.May, 10, 18, 0, 0, 0, time.UTC)
)

const chatsWanted = 1000

func main() {
	from := flag.String("from", "", "folder that holds the full sets")
	to := flag.String("to", "", "folder that gets the slices")
	flag.Parse()
	if *from == "" || *to == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "slice:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	sources, err := dataset.Find(from)
	if err != nil {
		return err
	}
	for _, source := range sources {
		file, cut := cutter(source.Layout)
		if cut == nil {
			continue
		}
		rows, err := readRows(source)
		if err != nil {
			return err
		}
		kept, err := cut(rows)
		if err != nil {
			return fmt.Errorf("%s: %w", source.Name, err)
		}
		packed, err := pack(kept)
		if err != nil {
			return err
		}
		target := filepath.Join(to, source.Layout.String(), file)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, packed, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// cutter returns the name of a slice and what makes it; nil for a layout that is
// not shipped.
func cutter(layout dataset.Layout) (string, func([][]string) ([][]string, error)) {
	switch layout {
	case dataset.IRCUbuntu:
		return "messages.csv.gz", cutMessages
	case dataset.UCIIncidents:
		return "incidents.csv.gz", cutIncidents
	case dataset.TWCS: // its licence does not allow it
	}
	return "", nil
}

// readRows returns all rows of a file, the header first.
func readRows(source dataset.Source) ([][]string, error) {
	f, err := source.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	buffered := bufio.NewReader(f)
	var text io.Reader = buffered
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		if text, err = gzip.NewReader(buffered); err != nil {
			return nil, fmt.Errorf("%s: %w", source.Name, err)
		}
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source.Name, err)
	}
	return rows, nil
}

// pack writes rows as compressed CSV without a time stamp.
func pack(rows [][]string) ([]byte, error) {
	var packed bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if err := csv.NewWriter(zipped).WriteAll(rows); err != nil {
		return nil, err
	}
	if err := zipped.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func cutMessages(rows [][]string) ([][]string, error) {
	conversation := slices.Index(rows[0], "conversation_id")
	// "2015-12-28.train-b#1004" is a conversation of the stretch "2015-12-28.train-b".
	stretch := func(row []string) string {
		name, _, _ := strings.Cut(row[conversation], "#")
		return name
	}
	chats := map[string]map[string]bool{} // stretch -> its conversations
	for _, row := range rows[1:] {
		s := stretch(row)
		if chats[s] == nil {
			chats[s] = map[string]bool{}
		}
		chats[s][row[conversation]] = true
	}
	var names []string
	for name := range chats {
		if name < seenAt.Format(time.DateOnly) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	oldest, count := len(names), 0
	for count < chatsWanted {
		if oldest == 0 {
			return nil, fmt.Errorf("only %d conversations before %s", count, seenAt.Format(time.DateOnly))
		}
		oldest--
		count += len(chats[names[oldest]])
	}
	wanted := names[oldest:]
	kept := [][]string{rows[0]}
	for _, row := range rows[1:] {
		if slices.Contains(wanted, stretch(row)) {
			kept = append(kept, row)
		}
	}
	return kept, nil
}

const minutes = "2/1/2006 15:04"

func cutIncidents(rows [][]string) ([][]string, error) {
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var (
		kept   = [][]string{rows[0]}
		last   = map[string][]string{} // incident -> its last update until seenAt
		failed error
	)
	at := func(row []string, name string) time.Time {
		t, err := time.Parse(minutes, row[column[name]])
		failed = errors.Join(failed, err)
		return t
	}
	for _, row := range rows[1:] {
		opened, updated := at(row, "opened_at"), at(row, "sys_updated_at")
		if opened.Before(openedFrom) || opened.After(seenAt) || updated.After(seenAt) {
			continue
		}
		kept = append(kept, row)
		number := row[column["number"]]
		if last[number] == nil || !updated.Before(at(last[number], "sys_updated_at")) {
			last[number] = row
		}
	}
	// These columns hold the final values in every row of an incident.
	for _, row := range kept[1:] {
		final := last[row[column["number"]]]
		closed := final[column["incident_state"]] == string(dataset.StateClosed)
		if closed {
			row[column["closed_at"]] = final[column["sys_updated_at"]]
		} else {
			row[column["closed_at"]] = "?"
			row[column["closed_code"]] = "?"
		}
		resolved := row[column["resolved_at"]]
		if resolved == "?" && !closed || resolved != "?" && at(row, "resolved_at").After(seenAt) {
			row[column["resolved_at"]] = "?"
			row[column["resolved_by"]] = "?"
		}
	}
	return kept, failed
}
