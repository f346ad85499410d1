// Quickstart imports real support conversations into an embedded SQLite file and
// shows the conversation list.
//
//	go run ./examples/quickstart              # the conversations that come with it
//	go run ./examples/quickstart -data DIR    # a public data set in its own layout
//
// It can be run again: what is there already is not imported twice.
package main

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver is the program's choice, not the library's

	"github.com/colloquy-go/colloquy/examples/internal/dataset"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/sqlstore"
)

//go:embed data
var shipped embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(progress)
	data := flags.String("data", "", "a file or folder of the data sets irc_ubuntu, twcs or uci_incidents (default: the conversations that come with the program)")
	file := flags.String("db", "", "the database file (default: quickstart.db, with -data quickstart-data.db)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	sources, err := find(*data)
	if err != nil {
		return err
	}
	if *file == "" {
		*file = "quickstart.db"
		if *data != "" {
			*file = "quickstart-data.db"
		}
	}
	db, st, err := open(ctx, *file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	for _, source := range sources {
		if err := importSource(ctx, st, source, out, progress); err != nil {
			return err
		}
	}
	path, err := filepath.Abs(*file)
	if err != nil {
		return err
	}
	var text strings.Builder
	if err := show(ctx, st, &text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\nThe database is %s\n", text.String(), path)
	return err
}

func find(data string) ([]dataset.Source, error) {
	if data != "" {
		return dataset.Find(data)
	}
	files, err := fs.Sub(shipped, "data")
	if err != nil {
		return nil, err
	}
	return dataset.FindFS(files, "examples/quickstart/data")
}

// open opens the database file and brings its schema up to date. The program owns
// the handle; the store only uses it.
func open(ctx context.Context, file string) (*sql.DB, store.Store, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, nil, err
	}
	st, err := openStore(ctx, db)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: %w", file, err), db.Close())
	}
	return db, st, nil
}

func openStore(ctx context.Context, db *sql.DB) (store.Store, error) {
	s, err := sqlstore.New(db, sqlstore.SQLite)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	return s.Account("quickstart")
}
