package status_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/status"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestDiagramsAsStored(t *testing.T) {
	for name, text := range map[string]string{
		"status.mmd": status.Mermaid(),
		"status.dot": status.Graphviz(),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name)
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
			}
			golden, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, strings.ReplaceAll(string(golden), "\r\n", "\n"), text)
		})
	}
}

// Read back, the diagram must give every row of the table and no other.
func TestMermaidShowsTheWholeTable(t *testing.T) {
	var (
		rows   = map[status.Transition]bool{}
		active []status.Detailed
	)
	add := func(from status.Detailed, to, labels string) {
		for label := range strings.SplitSeq(labels, ", ") {
			trigger, err := status.ParseTrigger(label)
			require.NoError(t, err)
			row := status.Transition{Trigger: trigger, From: from}
			row.To, err = status.ParseDetailed(to)
			require.NoError(t, err)
			require.NotContains(t, rows, row, "drawn twice")
			rows[row] = true
		}
	}
	for line := range strings.Lines(status.Mermaid()) {
		subject, labels, _ := strings.Cut(strings.TrimSpace(line), ": ")
		from, to, isArrow := strings.Cut(subject, " --> ")
		switch {
		case subject == "active":
			for text := range strings.SplitSeq(labels, ", ") {
				d, err := status.ParseDetailed(text)
				require.NoError(t, err)
				active = append(active, d)
			}
		case isArrow && from == "active":
			for _, d := range active {
				add(d, to, labels)
			}
		case isArrow && from != "[*]" && to != "[*]":
			d, err := status.ParseDetailed(from)
			require.NoError(t, err)
			add(d, to, labels)
		default:
			if stays, ok := strings.CutPrefix(labels, "stays on "); ok {
				d, err := status.ParseDetailed(subject)
				require.NoError(t, err)
				add(d, subject, stays)
			}
		}
	}
	want := slices.Collect(status.Transitions())
	for _, row := range want {
		require.Contains(t, rows, row)
	}
	require.Len(t, rows, len(want))
}
