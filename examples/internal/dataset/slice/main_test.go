package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/examples/internal/dataset"
)

// Row by row and not byte by byte: another release of Go may compress differently.
func TestShippedSlicesAreWhatThisProgramCuts(t *testing.T) {
	full := os.Getenv("COLLOQUY_DATA")
	if full == "" {
		full = filepath.FromSlash("../../../../../shared/data")
		if _, err := os.Stat(full); err != nil {
			t.Skip("SKIPPED, NOT CHECKED: the full data sets are absent; set COLLOQUY_DATA to their folder")
		}
	}
	again := t.TempDir()
	require.NoError(t, run(full, again))
	cut, err := dataset.Find(again)
	require.NoError(t, err)
	require.Len(t, cut, 2)
	for _, source := range cut {
		shipped, err := dataset.Find(filepath.Join("../../../quickstart/data", source.Layout.String()))
		require.NoError(t, err)
		want, err := readRows(source)
		require.NoError(t, err)
		have, err := readRows(shipped[0])
		require.NoError(t, err)
		require.Equal(t, want, have)
	}
}

func TestCutFailsLoudly(t *testing.T) {
	header := dataset.UCIIncidents.Header()
	row := make([]string, len(header))
	_, err := cutIncidents([][]string{header, row})
	require.ErrorContains(t, err, `parsing time ""`)

	header = dataset.IRCUbuntu.Header()
	_, err = cutMessages([][]string{header, {"2015-01-01.train-a#1", "", "", "", "", "", "", "", ""}})
	require.ErrorContains(t, err, "only 1 conversations")
}
