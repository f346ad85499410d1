package filter

import (
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which texts are searched and sorted: canonically
// composed (Unicode NFC) and case-folded, so that "ŁUKASZ" finds "łukasz", and
// "é" typed as one character finds "é" typed as two. Every store keeps this form
// beside the text; SQL's own lower-casing differs from database to database.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	// Folding can decompose (İ), composing can leave what folds further; twice
	// is enough for the form to be stable.
	f := cases.Fold()
	return norm.NFC.String(f.String(norm.NFC.String(s)))
}

// isFolded reports whether s is plain lower-case ASCII, which is its own folded form.
func isFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}
