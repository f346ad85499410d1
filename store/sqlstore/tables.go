package sqlstore

import (
	"context"
	"database/sql"
	"strings"
)

// tables are the names of the tables, and the statements that are always the same.
type tables struct {
	accounts, conversations, members, events string

	selectRows string // of conversations, which are named c; the condition follows
	updateRow  string // of one; the values are those of the columns that can change, then account, id, number and version

	insertAccount, insertRow, insertMember, insertEvent insertion
}

func newTables(prefix string, d *dialect) tables {
	t := tables{
		accounts: prefix + "accounts", conversations: prefix + "conversations",
		members: prefix + "members", events: prefix + "events",
	}
	names, read := []string{"account"}, []string(nil)
	update := statement{dialect: d}
	for _, c := range columns {
		names = append(names, c.name)
		if c.read != nil {
			read = append(read, "c."+c.name)
		}
		if !c.fixed {
			separator := ", "
			if len(update.values) == 0 {
				separator = "UPDATE " + t.conversations + " SET "
			}
			update.write(separator, c.name, " = ")
			update.bind(nil)
		}
	}
	for _, key := range []string{" WHERE account = ", " AND id = ", " AND number = ", " AND version = "} {
		update.write(key)
		update.bind(nil)
	}
	t.updateRow = update.String()
	t.selectRows = "SELECT " + strings.Join(read, ", ") + " FROM " + t.conversations + " AS c"
	t.insertAccount = newInsertion(d, t.accounts, "account", "last_number")
	t.insertRow = newInsertion(d, t.conversations, names...)
	t.insertMember = newInsertion(d, t.members, "account", "conversation_id", "field", "value")
	t.insertEvent = newInsertion(d, t.events, "account", "conversation_id", "at", "seq", "event_id", "kind", "event")
	return t
}

// maxInsert is how many values one insert has: more do not make it faster.
const maxInsert = 5000

// insertion inserts rows into a table, several with one statement.
type insertion struct {
	dialect *dialect
	head    string
	width   int // columns
	rows    int // in one statement, at most
}

func newInsertion(d *dialect, table string, columns ...string) insertion {
	return insertion{
		dialect: d, width: len(columns), rows: max(1, maxInsert/len(columns)),
		head: d.insert + table + " (" + strings.Join(columns, ", ") + ") VALUES ",
	}
}

// of returns the statement for a number of rows.
func (i insertion) of(rows int) string {
	s := statement{dialect: i.dialect}
	s.write(i.head)
	for row := range rows {
		if row > 0 {
			s.write(", ")
		}
		for column := range i.width {
			if column == 0 {
				s.write("(")
			} else {
				s.write(", ")
			}
			s.bind(nil)
		}
		s.write(")")
	}
	return s.String()
}

// inserter collects rows and inserts them when there are enough.
type inserter struct {
	insertion
	tx     *sql.Tx
	stmt   *sql.Stmt // for a full one, once there was one; it ends with tx
	values []any
}

// add inserts a row, now or later.
func (i *inserter) add(ctx context.Context, row ...any) error {
	i.values = append(i.values, row...)
	if len(i.values) < i.rows*i.width {
		return nil
	}
	if i.stmt == nil {
		var err error
		if i.stmt, err = i.tx.PrepareContext(ctx, i.of(i.rows)); err != nil {
			return err
		}
	}
	_, err := i.stmt.ExecContext(ctx, i.values...)
	i.empty()
	return err
}

// flush inserts what was not inserted yet.
func (i *inserter) flush(ctx context.Context) error {
	if len(i.values) == 0 {
		return nil
	}
	_, err := i.tx.ExecContext(ctx, i.of(len(i.values)/i.width), i.values...)
	i.empty()
	return err
}

func (i *inserter) empty() {
	clear(i.values)
	i.values = i.values[:0]
}
