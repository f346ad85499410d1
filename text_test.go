package colloquy_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// private are the things of one machine or one person's way of working, which mean nothing to a reader elsewhere.
// A bracket around one letter keeps each pattern from finding itself here.
var private = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`(?:^|[\s"'=(:])/(?:wor[k]|hom[e]|roo[t]|User[s])/`), "a path of one machine: name files from the root of the repository"},
	{regexp.MustCompile(`\b(?:prox[y]|su[m])\.golang\.org\b|\bregistr[y]\.npmjs\.org\b|\bde[b]\.debian\.org\b`), "a registry's host: every machine has its own settings"},
	{regexp.MustCompile(`(?i)\b(?:cop[i]lot|chatg[p]t|cla[u]de[. -](?:code|md|ai)|co-auth[o]red-by)\b`), "a tool that somebody wrote with: the text stands for itself"},
}

func TestTextsNameNothingPrivate(t *testing.T) {
	for name, text := range readAll(t).texts {
		if isQuoted(name) {
			continue
		}
		for _, rule := range private {
			if found := rule.pattern.FindString(text); found != "" {
				t.Errorf("%s has %q: %s", name, found, rule.why)
			}
		}
	}
}

// isQuoted tells whether a file holds what other people wrote: customers name paths and hosts too.
func isQuoted(name string) bool {
	folders := strings.Split(name, "/")
	return slices.Contains(folders, "data") || slices.Contains(folders, "testdata")
}
