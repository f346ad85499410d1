package colloquy_test

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/status"
)

// fencedGo finds the Go blocks of a Markdown text.
var fencedGo = regexp.MustCompile("(?ms)^```go\n(.*?)^```")

func TestGoInTheReadmeIsTakenFromExamples(t *testing.T) {
	repo := readAll(t)
	readme, ok := repo.texts["README.md"]
	require.True(t, ok, "README.md is missing: it is what a newcomer reads first")
	blocks := fencedGo.FindAllStringSubmatch(readme, -1)
	require.NotEmpty(t, blocks, "README.md shows no Go: a newcomer wants to see the library used")

	var examples []string
	for _, file := range repo.sources {
		if isExample(file) || file.test && strings.HasPrefix(path.Base(file.path), "example") {
			examples = append(examples, spaced(repo.texts[file.path]))
		}
	}
	all := strings.Join(examples, "\n")
	for _, block := range blocks {
		if !strings.Contains(all, spaced(block[1])) {
			t.Errorf("README.md shows code that stands in no example, so nothing compiles it:\n%s", block[1])
		}
	}
}

func TestTheDiagramInTheReadmeIsThatOfTheTable(t *testing.T) {
	repo := readAll(t)
	require.Contains(t, repo.texts["README.md"], "```mermaid\n"+strings.TrimSpace(status.Mermaid())+"\n```",
		"README.md shows another diagram than the table of transitions gives")
}

// spaced makes every run of white space one space: the README indents less than the function that it quotes.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }
