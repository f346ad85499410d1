package colloquy_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// workspace is where the modules stand that are released together.
var workspace = []string{".", "examples", "store/sqlstore"}

func TestWorkspaceHoldsExactlyOurModules(t *testing.T) {
	work := goWork(t)
	var used []string
	for _, use := range work.Use {
		used = append(used, path.Clean(use.Path))
	}
	require.ElementsMatch(t, workspace, used, "go.work ties the three modules and no others: tools stay outside")
	require.Empty(t, work.Replace, "go.work replaces nothing: users of the modules do not see it")
}

func TestModulesAgreeOnTheGoVersion(t *testing.T) {
	want := goMod(t, ".").Go.Version
	require.Equal(t, want, goWork(t).Go.Version, "go.work")
	for _, dir := range workspace {
		require.Equal(t, want, goMod(t, dir).Go.Version, "%s/go.mod: one Go version for all modules", dir)
	}
}

func TestModulesReplaceOnlyOneAnother(t *testing.T) {
	require.Empty(t, goMod(t, ".").Replace, "go.mod of the root replaces nothing: users of the library do not see it")
	for _, dir := range workspace {
		for _, replace := range goMod(t, dir).Replace {
			require.True(t, isWithin(replace.Old.Path, ours), "%s/go.mod replaces %s: only our own modules are replaced", dir, replace.Old.Path)
			want := path.Clean(strings.TrimPrefix(strings.TrimPrefix(replace.Old.Path, ours), "/"))
			require.Equal(t, want, path.Join(dir, replace.New.Path), "%s/go.mod replaces %s by something else", dir, replace.Old.Path)
		}
	}
}

func TestRootModuleRequiresNoDriver(t *testing.T) {
	for _, required := range goMod(t, ".").Require {
		within := func(driver string) bool { return isWithin(required.Mod.Path, driver) }
		require.False(t, slices.ContainsFunc(drivers, within), "go.mod requires %s: a driver is chosen by the host", required.Mod.Path)
	}
}

func TestSQLiteAndItsCLibraryAreThePairThatWorks(t *testing.T) {
	// The SQLite in pure Go is generated for one version of its C library and breaks with others.
	pair := map[string]string{"modernc.org/sqlite": "v1.60.1", "modernc.org/libc": "v1.77.1"}
	for _, dir := range workspace {
		for _, required := range goMod(t, dir).Require {
			if want, ok := pair[required.Mod.Path]; ok {
				require.Equal(t, want, required.Mod.Version, "%s/go.mod: %s goes with the other of %v only", dir, required.Mod.Path, pair)
			}
		}
	}
}

func goMod(t *testing.T, dir string) *modfile.File {
	t.Helper()
	name := path.Join(dir, "go.mod")
	text, ok := readAll(t).texts[name]
	require.True(t, ok, "%s is missing", name)
	file, err := modfile.Parse(name, []byte(text), nil)
	require.NoError(t, err)
	return file
}

func goWork(t *testing.T) *modfile.WorkFile {
	t.Helper()
	text, ok := readAll(t).texts["go.work"]
	require.True(t, ok, "go.work is missing")
	file, err := modfile.ParseWork("go.work", []byte(text), nil)
	require.NoError(t, err)
	return file
}
