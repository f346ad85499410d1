package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/examples/internal/dataset"
	"github.com/colloquy-go/colloquy/store"
)

// batch is how many conversations are stored in one transaction.
const batch = 500

// importSource stores the conversations of one file. What cannot be read is
// reported with file and line, and the rest goes on.
func importSource(ctx context.Context, st store.Store, source dataset.Source, out, progress io.Writer) error {
	broken := 0
	log := log.New(progress, "left out: ", 0)
	report := func(err error) {
		broken++
		log.Println(err)
	}
	set, err := dataset.Load(source, func(e *dataset.RowError) { report(e) })
	if err != nil {
		return err
	}
	before, err := st.Count(ctx, store.NewQuery(access.System()), 0)
	if err != nil {
		return err
	}
	bar := progressbar.NewOptions(set.Len(),
		progressbar.OptionSetWriter(progress), progressbar.OptionSetDescription(source.Layout.String()),
		progressbar.OptionSetVisibility(isTerminal(progress)), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(40))

	messages := 0
	var pending []conversation.Conversation
	save := func() error {
		if _, err := st.Create(ctx, pending...); err != nil {
			return fmt.Errorf("import %s: %w", source.Name, err)
		}
		_ = bar.Add(len(pending)) // a bar that cannot be drawn stops nothing
		pending = pending[:0]
		return nil
	}
	for c, err := range set.Conversations() {
		if err != nil {
			report(err)
			continue
		}
		messages += c.MessageCount()
		if pending = append(pending, c); len(pending) == batch {
			if err := save(); err != nil {
				return err
			}
		}
	}
	if err := save(); err != nil {
		return err
	}
	_ = bar.Finish()

	after, err := st.Count(ctx, store.NewQuery(access.System()), 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d rows, %d conversations with %d messages: %d new, %d known, %d rows left out\n",
		source.Name, set.Rows(), set.Len(), messages, after.N-before.N, set.Len()-(after.N-before.N), broken)
	return err
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
