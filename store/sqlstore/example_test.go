package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the host chooses the driver

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/sqlstore"
)

// Conversations are kept in a file. What opens and closes it is database/sql.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	file := filepath.Join(dir, "conversations.db")
	pool, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	db, err := sqlstore.New(pool, sqlstore.SQLite)
	if err != nil {
		log.Fatal(err)
	}
	if err := db.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	st, err := db.Account("acme")
	if err != nil {
		log.Fatal(err)
	}

	for i, customer := range []string{"Łukasz", "Zoë", "Bob"} {
		if _, err := st.Create(ctx, chat(fmt.Sprint("chat ", i+1), customer)); err != nil {
			log.Fatal(err)
		}
	}
	q := store.NewQuery(access.System()).Where(filter.Active).OrderBy(filter.Customer.Asc()).Limit(2)
	for q, more := q, true; more; {
		page, err := st.List(ctx, q)
		if err != nil {
			log.Fatal(err)
		}
		for _, c := range page.Conversations {
			fmt.Println(c.Number(), c.Customer().Name, c.Detailed())
		}
		q, more = q.After(page.Next), page.Next != ""
		if more {
			fmt.Println("the next page:")
		}
	}

	if err := errors.Join(pool.Close(), os.RemoveAll(dir)); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 3 Bob new
	// 2 Zoë new
	// the next page:
	// 1 Łukasz new
}

// Whoever lets no program change tables reads what Migrate would run.
func ExampleDB_MigrationSQL() {
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	db, err := sqlstore.New(pool, sqlstore.SQLite, sqlstore.TablePrefix("support_"))
	if err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(db.MigrationSQL()) {
		if strings.HasPrefix(line, "CREATE TABLE") {
			fmt.Print(line)
		}
	}
	if err := pool.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// CREATE TABLE IF NOT EXISTS support_accounts (
	// CREATE TABLE IF NOT EXISTS support_conversations (
	// CREATE TABLE IF NOT EXISTS support_members (
	// CREATE TABLE IF NOT EXISTS support_events (
}

// chat returns a conversation that a customer has begun.
func chat(key, customer string) conversation.Conversation {
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	c, err := conversation.Start(conversation.DeriveEventID(key), at, conversation.ByCustomer(), conversation.Started{
		Conversation: conversation.DeriveID(key), Direction: conversation.Incoming,
		OpenChannel: conversation.OpenChannel{ID: "sales", Name: "Sales"}, Source: "telegram",
		Customer: conversation.Customer{ID: conversation.CustomerID(customer), Name: customer},
	})
	if err != nil {
		log.Fatal(err)
	}
	return c
}
