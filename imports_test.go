package colloquy_test

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// arrow says what of ours a package may import. Moving an arrow is a decision: it changes this table and docs/design.md.
type arrow struct {
	pkg   string
	may   []string // in every file
	tests []string // in test files besides
	why   string
}

var arrows = []arrow{
	{
		pkg:   ".",
		tests: []string{"status", "metrics", "conversation", "filter", "access", "store", "store/memory"},
		why:   "the root package is documentation and one complete example",
	},
	{
		pkg: "status",
		why: "status is a leaf: the table of statuses knows nothing of conversations",
	},
	{
		pkg: "metrics",
		why: "metrics is a leaf: durations are computed from marks, whatever they were made of",
	},
	{
		pkg:   "conversation",
		may:   []string{"status", "metrics"},
		tests: []string{"conversation/conversationtest"},
		why:   "a conversation knows its statuses and durations, never who asks for it or where it is kept",
	},
	{
		pkg: "conversation/conversationtest",
		may: []string{"conversation", "status", "metrics"},
		why: "conversationtest builds scenarios for people who test their own logic: they need no store",
	},
	{
		pkg:   "filter",
		may:   []string{"conversation", "status", "metrics"},
		tests: []string{"conversation/conversationtest"},
		why:   "a filter is a question about conversations, the same in memory and in a database",
	},
	{
		pkg:   "access",
		may:   []string{"conversation", "filter", "status"},
		tests: []string{"conversation/conversationtest"},
		why:   "access decides on a row or narrows a list; it reads no store",
	},
	{
		pkg:   "store",
		may:   []string{"status", "metrics", "conversation", "filter", "access"},
		tests: []string{"conversation/conversationtest", "store/memory"},
		why:   "store is the contract of every adapter and knows none of them",
	},
	{
		pkg:   "store/memory",
		may:   []string{"status", "metrics", "conversation", "filter", "access", "store"},
		tests: []string{"conversation/conversationtest", "store/storetest"},
		why:   "an adapter stands on the contract, beside the other adapters and not on them",
	},
	{
		pkg:   "store/sqlstore",
		may:   []string{"status", "metrics", "conversation", "filter", "access", "store"},
		tests: []string{"conversation/conversationtest", "store/memory", "store/storetest"},
		why:   "an adapter stands on the contract, beside the other adapters and not on them",
	},
	{
		pkg: "store/storetest",
		may: []string{"status", "metrics", "conversation", "conversation/conversationtest", "filter", "access", "store"},
		// The suite is tried on the memory store.
		tests: []string{"store/memory"},
		why:   "the suite asks any store the same questions and so knows none of them",
	},
}

// inheritance says which packages may import a module that is not ours, outside their tests. Whoever imports the
// package inherits the module, so each is here for a reason.
type inheritance struct {
	module string
	by     []string
	why    string
}

var (
	core = []string{"status", "metrics", "conversation", "filter", "access", "store", "store/memory"}
	sql  = []string{"store/sqlstore"}

	inherited = []inheritance{
		{"github.com/google/uuid", slices.Concat(core, sql), "identifiers of our own are UUIDs"},
		{"github.com/shopspring/decimal", slices.Concat(core, sql), "means are exact decimals"},
		{"golang.org/x/exp", slices.Concat(core, sql), "constraints for generic code"},
		{"golang.org/x/text", slices.Concat(core, sql), "text is folded for every script"},
		{"github.com/looplab/fsm", []string{"status"}, "the machine is a view of the status table and stays beside it"},
		{"github.com/pressly/goose", sql, "migrations are the SQL store's own affair"},
	}

	// testOnly are the modules that only test files may import, everywhere but in the published suites.
	testOnly = []string{
		"github.com/google/go-cmp",
		"github.com/santhosh-tekuri/jsonschema",
		"github.com/stretchr/testify",
		"go.uber.org/goleak",
		"golang.org/x/mod",
		"pgregory.net/rapid",
	}

	// drivers are chosen by the host: only the tests of the SQL store bring some.
	drivers = []string{
		"github.com/go-sql-driver/mysql",
		"github.com/jackc/pgx",
		"github.com/lib/pq",
		"github.com/mattn/go-sqlite3",
		"modernc.org/sqlite",
	}

	// standardOnly are published for the tests of adopters, who inherit nothing by them.
	standardOnly = []string{"conversation/conversationtest", "store/storetest"}
)

func TestPackagesImportOnlyAlongTheArrows(t *testing.T) {
	for _, file := range readAll(t).sources {
		if isExample(file) {
			continue // a program that a user would write imports what it likes
		}
		row := slices.IndexFunc(arrows, func(a arrow) bool { return a.pkg == file.dir() })
		if row < 0 {
			t.Errorf("%s: package %s is not in the table of arrows: say here what it may import, and why", file.path, file.dir())
			continue
		}
		for _, imported := range importsOf(t, file) {
			target, isOurs := ourPackage(imported)
			if !isOurs || target == file.dir() && file.test {
				continue
			}
			rule := arrows[row]
			if slices.Contains(rule.may, target) || file.test && slices.Contains(rule.tests, target) {
				continue
			}
			t.Errorf("%s imports %s, but %s", file.path, target, rule.why)
		}
	}
}

func TestUsersInheritNoDriverAndNoFramework(t *testing.T) {
	for _, file := range readAll(t).sources {
		if isExample(file) {
			continue
		}
		for _, imported := range importsOf(t, file) {
			if _, isOurs := ourPackage(imported); isOurs || isStandard(imported) {
				continue
			}
			if broken := brokenInheritance(file, imported); broken != "" {
				t.Errorf("%s imports %s, but %s", file.path, imported, broken)
			}
		}
	}
}

// brokenInheritance returns the sentence that forbids the import, or "".
func brokenInheritance(file sourceFile, imported string) string {
	within := func(module string) bool { return isWithin(imported, module) }
	switch {
	case slices.Contains(standardOnly, file.dir()) && !file.test:
		return "it is published for the tests of adopters: the standard library and ours are all they shall need"
	case slices.ContainsFunc(drivers, within):
		if file.test && file.dir() == "store/sqlstore" {
			return ""
		}
		return "a driver is chosen by the host: only tests of the SQL store bring one"
	case slices.ContainsFunc(testOnly, within):
		if file.test {
			return ""
		}
		return "it is for tests: users do not inherit it"
	}
	row := slices.IndexFunc(inherited, func(i inheritance) bool { return within(i.module) })
	if row < 0 {
		return "it is not in the table of what users inherit: say here which package needs it, and why"
	}
	if rule := inherited[row]; !slices.Contains(rule.by, file.dir()) && !file.test {
		return "it belongs to " + strings.Join(rule.by, ", ") + ": " + rule.why
	}
	return ""
}

func TestArrowsRunOneWay(t *testing.T) {
	var above []string
	for _, row := range arrows {
		for _, target := range row.may {
			require.Contains(t, above, target, "%s may import %s, which must stand before it in the table", row.pkg, target)
		}
		above = append(above, row.pkg)
	}
}

func importsOf(t *testing.T, file sourceFile) []string {
	t.Helper()
	var paths []string
	for _, spec := range file.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err, file.path)
		paths = append(paths, imported)
	}
	return paths
}

// ourPackage returns the folder of an import path of ours.
func ourPackage(imported string) (dir string, ok bool) {
	if !isWithin(imported, ours) {
		return "", false
	}
	return path.Clean(strings.TrimPrefix(strings.TrimPrefix(imported, ours), "/")), true
}

// isStandard relies on what the go command relies on: only paths outside the standard library begin with a domain.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

func isWithin(imported, module string) bool {
	return imported == module || strings.HasPrefix(imported, module+"/")
}

func isExample(file sourceFile) bool { return strings.HasPrefix(file.path, "examples/") }
