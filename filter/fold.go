package filter

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which texts are searched and sorted: canonically
// composed (Unicode NFC) and fully case-folded, the same for every language.
// "ŁUKASZ" gives "łukasz", "STRASSE" and "straße" give "strasse", and "é" is one
// character even if it was typed as two. What only looks alike stays apart:
// full-width letters, "l" and "ł", the Turkish "ı" and "i". "İ" becomes "i" with
// a dot above, so that "istanbul" finds "ISTANBUL" but not "İSTANBUL". Bytes that
// are not UTF-8 become U+FFFD. Folding again changes nothing.
//
// Every store keeps this form beside the text, because SQL's own lower-casing
// differs from database to database. It is stored: do not change it without a
// migration.
func Fold(s string) string {
	switch plain, folded := inspect(s); {
	case folded:
		return s
	case plain:
		return strings.Map(unicode.ToLower, s)
	}
	// Composed first, because texts that are canonically equal may fold apart: a
	// Greek iota subscript becomes a letter of its own and keeps the marks behind
	// it. And composed again, because folding takes some letters apart ("ΐ").
	f := cases.Fold()
	return norm.NFC.String(strings.Map(foldCherokee, f.String(norm.NFC.String(s))))
}

// inspect reports whether s is plain: whether its characters never compose and
// fold to their lower case, as those of most names in Latin and Cyrillic script
// do. The rest of Fold gives the same for them, several times slower. If s is
// plain and in lower case it is folded already.
func inspect(s string) (plain, folded bool) {
	folded = true
	for _, r := range s {
		switch {
		case r < 0x80: // ASCII
			folded = folded && (r < 'A' || r > 'Z')
		case 'À' <= r && r <= 'ž' && r != 'ß' && r != 'İ' && r != 'ŉ', // Latin-1, Latin Extended-A
			'Ѐ' <= r && r <= 'џ': // Cyrillic
			folded = folded && r == unicode.ToLower(r)
		default:
			return false, false
		}
	}
	return true, folded
}

// foldCherokee gives a Cherokee letter the case that Unicode folds it to, the
// upper one. Package cases swaps the two.
func foldCherokee(r rune) rune {
	if 'ꭰ' <= r && r <= 'ꮿ' || 'ᏸ' <= r && r <= 'ᏽ' {
		return unicode.ToUpper(r)
	}
	return r
}
