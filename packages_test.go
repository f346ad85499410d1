package colloquy_test

import (
	"go/ast"
	"go/doc"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestEveryPackageIntroducesItself(t *testing.T) {
	const enough = 2 // sentences: what the package is, and what to know before using it
	sentenceEnd := regexp.MustCompile(`[.!?]\s`)

	packages := readAll(t).packages()
	require.NotEmpty(t, packages["."], "the root package is the documentation of the library: it needs a doc.go")
	for dir, files := range packages {
		introductions := slices.DeleteFunc(files, func(f sourceFile) bool { return f.syntax.Doc == nil })
		if len(introductions) != 1 {
			t.Errorf("%s: %d package comments: exactly one file introduces a package", dir, len(introductions))
			continue
		}
		intro := introductions[0]
		if n := len(sentenceEnd.FindAllString(intro.syntax.Doc.Text(), -1)); n < enough {
			t.Errorf("%s: the package comment has %d sentences: say what the package is and what to know before using it", intro.path, n)
		}
	}
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	repo := readAll(t)
	for dir, files := range repo.packages() {
		for _, name := range exportedNames(repo.doc(t, dir, files)) {
			if !name.documented {
				t.Errorf("%s: %s has no comment: an exported name says what it promises", dir, name.text)
			}
		}
	}
}

func TestNamesDoNotRepeatTheirPackage(t *testing.T) {
	repo := readAll(t)
	for dir, files := range repo.packages() {
		pkg := repo.doc(t, dir, files)
		for _, name := range exportedNames(pkg) {
			if repeats(pkg.Name, name.text) {
				t.Errorf("%s: %s.%s repeats its package: the reader has just read that word", dir, pkg.Name, name.text)
			}
		}
	}
}

func TestFilesAreNamedAfterWhatTheyHold(t *testing.T) {
	vague := []string{"base", "common", "helper", "helpers", "misc", "shared", "type", "types", "util", "utils"}
	for _, file := range readAll(t).sources {
		name := strings.TrimSuffix(strings.TrimSuffix(path.Base(file.path), ".go"), "_test")
		if slices.Contains(vague, name) || slices.Contains(vague, path.Base(file.dir())) {
			t.Errorf("%s: files and packages are named after what they hold", file.path)
		}
	}
}

// packages returns the files of every package, without those of tests.
func (r repository) packages() map[string][]sourceFile {
	packages := map[string][]sourceFile{}
	for _, file := range r.sources {
		if !file.test {
			packages[file.dir()] = append(packages[file.dir()], file)
		}
	}
	return packages
}

func (r repository) doc(t *testing.T, dir string, files []sourceFile) *doc.Package {
	t.Helper()
	var syntax []*ast.File
	for _, file := range files {
		syntax = append(syntax, file.syntax)
	}
	// PreserveAST, because every test reads the same trees.
	pkg, err := doc.NewFromFiles(r.fileSet, syntax, path.Join(ours, dir), doc.PreserveAST)
	require.NoError(t, err)
	return pkg
}

// exportedName is a name as a user writes it after the package's: Parse, Span.String, Store.Get.
type exportedName struct {
	text       string
	documented bool
}

func exportedNames(pkg *doc.Package) []exportedName {
	names := slices.Concat(ofValues(pkg.Consts), ofValues(pkg.Vars), ofFuncs("", pkg.Funcs))
	for _, typ := range pkg.Types {
		names = append(names, exportedName{typ.Name, typ.Doc != ""})
		names = slices.Concat(names, ofValues(typ.Consts), ofValues(typ.Vars), ofFuncs("", typ.Funcs),
			ofFuncs(typ.Name+".", typ.Methods), ofInterface(typ))
	}
	return names
}

func ofFuncs(prefix string, funcs []*doc.Func) []exportedName {
	var names []exportedName
	for _, f := range funcs {
		// What these two promise is the same for every error: the comment stands on the type.
		ofError := prefix != "" && (f.Name == "Error" || f.Name == "Unwrap")
		names = append(names, exportedName{prefix + f.Name, f.Doc != "" || ofError})
	}
	return names
}

// ofValues takes a comment on the whole declaration for a comment on each of its names.
func ofValues(groups []*doc.Value) []exportedName {
	var names []exportedName
	for _, group := range groups {
		for _, spec := range group.Decl.Specs {
			value := spec.(*ast.ValueSpec)
			for _, name := range value.Names {
				if name.IsExported() {
					names = append(names, exportedName{name.Name, group.Doc != "" || value.Doc != nil || value.Comment != nil})
				}
			}
		}
	}
	return names
}

// ofInterface returns the methods of an interface: the contract of its implementations stands on them.
func ofInterface(typ *doc.Type) []exportedName {
	var names []exportedName
	for _, spec := range typ.Decl.Specs {
		contract, ok := spec.(*ast.TypeSpec).Type.(*ast.InterfaceType)
		if !ok {
			continue
		}
		for _, method := range contract.Methods.List {
			for _, name := range method.Names {
				if name.IsExported() {
					names = append(names, exportedName{typ.Name + "." + name.Name, method.Doc != nil || method.Comment != nil})
				}
			}
		}
	}
	return names
}

// repeats tells whether a name begins with its package's as a word of its own: filter.FilterOrder, not store.Storey.
func repeats(pkg, name string) bool {
	if len(name) <= len(pkg) || !strings.EqualFold(name[:len(pkg)], pkg) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(name[len(pkg):])
	return unicode.IsUpper(next)
}
