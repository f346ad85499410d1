package filter_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/filter"
)

func TestFoldMakesEqualWhatDiffersInCaseOnly(t *testing.T) {
	for _, tt := range []struct{ script, one, other, folded string }{
		{"nothing", "", "", ""},
		{"ASCII", "LUKASZ", "lukasz", "lukasz"},
		{"Polish", "ŁUKASZ ŻÓŁĆ", "łukasz żółć", "łukasz żółć"},
		{"German, ß and SS", "STRASSE", "straße", "strasse"},
		{"German, capital ẞ", "STRAẞE", "straße", "strasse"},
		{"Greek, final sigma", "ΣΊΣΥΦΟΣ", "σίσυφος", "σίσυφοσ"},
		{"Greek, iota subscript", "ᾼ", "αι", "αι"},
		{"Greek, two marks on one letter", "Ϊ\u0301", "ΐ", "ΐ"},
		{"Greek, iota subscript before the accent", "Α\u0345\u0301", "ᾴ", "άι"},
		{"Turkish, dotted capital", "İSTANBUL", "i\u0307stanbul", "i\u0307stanbul"},
		{"Cyrillic", "МАРИЯ ЁЛКИНА", "мария ёлкина", "мария ёлкина"},
		{"Cyrillic outside of Russian", "ҐУЛЯ", "ґуля", "ґуля"},
		{"Armenian, ligature", "ՄԵՒ", "մև", "մեւ"},
		{"Georgian", "ᲗᲑᲘᲚᲘᲡᲘ", "თბილისი", "თბილისი"},
		{"Cherokee folds to capitals", "Ꭰᏸ", "ꭰᏰ", "ᎠᏰ"},
		{"Czech, letter taken apart by folding", "J\u030c", "ǰ", "ǰ"},
		{"composed and combining", "E\u0301ric", "éric", "éric"},
		{"several marks in any order", "q\u0307\u0323", "Q\u0323\u0307", "q\u0323\u0307"},
		{"ligature", "ﬁsh", "FISH", "fish"},
		{"long s", "ſ", "S", "s"},
		{"Kelvin sign", "\u212a", "K", "k"},
		{"full width", "ＡＢＣ", "ａｂｃ", "ａｂｃ"},
		{"Hangul, from its parts", "\u1112\u1161\u11ab", "한", "한"},
		{"scripts without case", "李雷 محمد דוד", "李雷 محمد דוד", "李雷 محمد דוד"},
		{"what is no letter", `100% a_b 'x' \ 👩‍🚀`, `100% A_B 'X' \ 👩‍🚀`, `100% a_b 'x' \ 👩‍🚀`},
	} {
		t.Run(tt.script, func(t *testing.T) {
			require.Equal(t, tt.folded, filter.Fold(tt.one))
			require.Equal(t, tt.folded, filter.Fold(tt.other))
		})
	}
}

func TestFoldKeepsApartWhatOnlyLooksAlike(t *testing.T) {
	for _, tt := range []struct{ rule, one, other string }{
		{"a letter without its stroke", "łukasz", "lukasz"},
		{"a letter without its accent", "é", "e"},
		{"the dotless ı of Turkish, lower case", "ı", "i"},
		{"the dotted İ of Turkish, upper case", "İ", "I"},
		{"a letter of full width", "Ａ", "A"},
		{"a letter of another script", "А", "A"},
		{"a wide ligature", "㎏", "kg"},
		{"no-break and plain space", "\u00a0", " "},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.NotEqual(t, filter.Fold(tt.one), filter.Fold(tt.other))
		})
	}
}

func TestFoldReplacesBytesThatAreNoCharacter(t *testing.T) {
	for in, out := range map[string]string{
		"\xff":       "\ufffd",
		"A\xffB":     "a\ufffdb",
		"\xc5Ł":      "\ufffdł", // the first byte of a letter
		"ß\xed\xa0":  "ss\ufffd\ufffd",
		"A\x00B":     "a\x00b", // a character, if an odd one
		"\ufffd was": "\ufffd was",
	} {
		require.Equal(t, out, filter.Fold(in), "%+q", in)
	}
}

func TestFoldDoesNotAllocateForWhatIsFolded(t *testing.T) {
	for _, s := range []string{"", "lukasz", "łukasz wiśniewski", "müller", "мария иванова", "100% a_b"} {
		require.Zero(t, testing.AllocsPerRun(10, func() { filter.Fold(s) }), s)
	}
}

// Every character there is, alone and before a character that only the full
// algorithm takes: the way that names take must not differ from it.
func TestFoldOfEveryCharacter(t *testing.T) {
	const beyond = "☃"
	for r := range unicode.MaxRune + 1 {
		if !unicode.IsGraphic(r) {
			continue // a surrogate, or nothing yet
		}
		s, folded := string(r), filter.Fold(string(r))
		switch {
		case filter.Fold(folded) != folded:
			t.Errorf("%U: folding again gives %+q, not %+q", r, filter.Fold(folded), folded)
		case filter.Fold(s+beyond) != folded+beyond:
			t.Errorf("%U: %+q before a snowman, %+q alone", r, filter.Fold(s+beyond), folded)
		case filter.Fold(norm.NFD.String(s)) != folded:
			t.Errorf("%U: %+q when typed in parts, not %+q", r, filter.Fold(norm.NFD.String(s)), folded)
		case filter.Fold(string(unicode.SimpleFold(r))) != folded:
			t.Errorf("%U and %U differ in case, but also as %+q and %+q",
				r, unicode.SimpleFold(r), folded, filter.Fold(string(unicode.SimpleFold(r))))
		}
		// The two letters of Turkish have another partner in every other language.
		if upper, lower := strings.ToUpper(s), strings.ToLower(s); r != 'İ' && r != 'ı' && filter.Fold(upper) != filter.Fold(lower) {
			t.Errorf("%U: %+q in capitals, %+q in small letters", r, filter.Fold(upper), filter.Fold(lower))
		}
	}
}

func TestFoldDoesNotCareForCaseAndComposition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someText().Draw(t, "text")
		folded := filter.Fold(s)
		require.True(t, utf8.ValidString(folded))
		require.Equal(t, folded, filter.Fold(folded), "again")
		require.Equal(t, folded, filter.Fold(norm.NFD.String(s)), "decomposed")
		require.Equal(t, folded, filter.Fold(norm.NFC.String(s)), "composed")
	})
}

// someText draws texts that are hard to fold and to search.
func someText() *rapid.Generator[string] {
	parts := rapid.SampledFrom([]string{
		"a", "A", "ł", "Ł", "ß", "SS", "İ", "ı", "i", "I", "σ", "ς", "Σ", "α", "ᾳ", "ΐ", "й", "Й", "ꭰ", "Ꭰ", "Ａ",
		"\u0301", "\u0307", "\u0323", "\u0345", "\u1112", "\u1161", "\u11ab", "한", "李", "👩‍🚀", "%", "_", "'", `\`, " ",
	})
	return rapid.OneOf(
		rapid.Map(rapid.SliceOfN(parts, 0, 8), func(ss []string) string { return strings.Join(ss, "") }),
		rapid.String(),
	)
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "lukasz", "ŁUKASZ", "straße", "ΣΊΣΥΦΟΣ", "İı", "E\u0301", "Α\u0345\u0301", "ꭰ", "\xff\xc5", strings.Repeat("\u0301", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := filter.Fold(s)
		require.True(t, utf8.ValidString(folded))
		require.Equal(t, folded, filter.Fold(folded))
		if utf8.ValidString(s) {
			require.Equal(t, folded, filter.Fold(norm.NFD.String(s)))
		}
	})
}
