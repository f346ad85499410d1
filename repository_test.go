package colloquy_test

// The tests of this folder are about the repository itself: they read its files and fail with the sentence of
// the rule that was broken. The tests of what the library does stand beside its packages.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// ours is the path of the root module and the prefix of the two others.
const ours = "github.com/colloquy-go/colloquy"

// sourceFile is one Go file of the repository.
type sourceFile struct {
	path   string // from the root, with slashes
	test   bool
	syntax *ast.File
}

// dir returns the folder, which is also the package's path below ours; "." is the root package.
func (f sourceFile) dir() string { return path.Dir(f.path) }

// repository is everything that the tests read, read once.
type repository struct {
	fileSet *token.FileSet
	sources []sourceFile
	texts   map[string]string // path -> content, of every file that is text
}

var readRepository = sync.OnceValues(func() (repository, error) {
	repo := repository{fileSet: token.NewFileSet(), texts: map[string]string{}}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipForeign(name)
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		text := string(content)
		if strings.ContainsRune(text, 0) {
			return nil
		}
		repo.texts[name] = text
		if path.Ext(name) != ".go" || slices.Contains(strings.Split(name, "/"), "testdata") {
			return nil
		}
		syntax, err := parser.ParseFile(repo.fileSet, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		repo.sources = append(repo.sources, sourceFile{name, strings.HasSuffix(name, "_test.go"), syntax})
		return nil
	})
	return repo, err
})

// skipForeign leaves out what is not of the repository: hidden folders of git and editors, and what .gitignore names.
func skipForeign(dir string) error {
	hidden := strings.HasPrefix(path.Base(dir), ".") && dir != "." && dir != ".ci"
	if hidden || dir == "bin" || dir == "tmp" {
		return fs.SkipDir
	}
	return nil
}

// readAll returns the repository. It skips the test in the archive that Go makes of a module, for example when an
// adopter runs "go test all": the other two modules, their sources and the workspace are left out there.
func readAll(t *testing.T) repository {
	t.Helper()
	if _, err := os.Stat("examples/go.mod"); os.IsNotExist(err) {
		t.Skip("a single module, not a checkout of the repository")
	}
	repo, err := readRepository()
	require.NoError(t, err)
	return repo
}
