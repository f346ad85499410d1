package colloquy_test

import (
	"go/ast"
	"strings"
	"testing"
)

// The library does what it is told with what it is given: whoever imports it decides the clock, the log and when
// anything happens. Programs may do as they like.
func TestTheLibraryReadsNoClockWritesNoLogAndDoesNothingWhenImported(t *testing.T) {
	repo := readAll(t)
	for _, file := range repo.sources {
		if file.test || isExample(file) || strings.HasPrefix(file.path, "tools/") {
			continue
		}
		for _, i := range file.syntax.Imports {
			if i.Path.Value == `"log"` {
				t.Errorf("%s imports log: a library writes to no log it was not given", file.path)
			}
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					t.Errorf("%s has an init function: importing a library does nothing", file.path)
				}
			case *ast.SelectorExpr:
				of, ok := n.X.(*ast.Ident)
				if ok && of.Name == "time" && (n.Sel.Name == "Now" || n.Sel.Name == "Since" || n.Sel.Name == "Until") {
					t.Errorf("%s calls time.%s: instants come from outside", file.path, n.Sel.Name)
				}
			}
			return true
		})
	}
}
