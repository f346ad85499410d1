package filter

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Inside the package, because nobody outside can ask for a label that nothing has.
func TestNoTranslationIsLeftOver(t *testing.T) {
	var columns, words, operators []string
	for c := range Columns() {
		columns = append(columns, string(c))
	}
	for f := range Fields() {
		for _, w := range f.def.words[min(1, len(f.def.words)):] {
			words = append(words, f.Key()+" "+w)
		}
	}
	for key := range fieldLabels {
		_, err := FieldByKey(key)
		require.NoError(t, err)
	}
	require.ElementsMatch(t, columns, keysOf(columnLabels))
	require.ElementsMatch(t, append(words, "true", "false"), keysOf(wordLabels))
	for _, o := range operatorTable {
		operators = append(operators, o.Key)
	}
	require.ElementsMatch(t, operators, keysOf(operatorLabels))
	require.ElementsMatch(t, slices.Concat(agentTerms, instantTerms), keysOf(termLabels))
	require.ElementsMatch(t, unitTexts[Second:], keysOf(timeLabels))
	require.ElementsMatch(t, measures, keysOf(unitLabels))
}

func keysOf(table map[string]translation) []string { return slices.Collect(maps.Keys(table)) }
