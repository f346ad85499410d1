package filter

import (
	"slices"

	"golang.org/x/text/language"
)

// labelLanguage is a language that there are labels in. Zero is English, which
// everybody gets for whom there is no better one.
type labelLanguage uint8

const (
	english labelLanguage = iota
	polish
	german
	spanish
	russian
)

var labelTags = [...]language.Tag{
	english: language.English, polish: language.Polish, german: language.German, spanish: language.Spanish, russian: language.Russian,
}

// Languages returns the languages that there are labels in, English first.
func Languages() []language.Tag { return slices.Clone(labelTags[:]) }

// Labels are what people read instead of keys, in one language. They compare with
// ==. The zero Labels are English.
type Labels struct{ in labelLanguage }

// LabelsIn returns the labels for somebody who prefers these languages, the best
// one first: those of the first that there are labels in, or else in English. A
// regional form gets the labels of its language: pl-PL those of pl. No language is
// replaced by another that its speakers may know, as [language.Matcher] would.
//
// For a request from a browser, package language reads the preferences:
//
//	tags, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
//	labels := filter.LabelsIn(tags...)
func LabelsIn(preferred ...language.Tag) Labels {
	for _, tag := range preferred {
		base, _ := tag.Base()
		for i, own := range labelTags {
			if b, _ := own.Base(); b == base {
				return Labels{labelLanguage(i)}
			}
		}
	}
	return Labels{}
}

// Language returns the language of the labels.
func (l Labels) Language() language.Tag { return labelTags[l.in] }

// Column returns what stands above a column. It is empty for an unknown one.
func (l Labels) Column(c Column) string { return columnLabels[string(c)][l.in] }

// Field returns what names a field among others: the label of the column that
// shows it, or a more exact one if the column has several fields. It is empty for
// the zero Field.
func (l Labels) Field(f Field) string {
	if label, ok := fieldLabels[f.Key()]; ok {
		return label[l.in]
	}
	return columnLabels[f.Key()][l.in]
}

// Word returns what stands for a value of a closed set: for one of the stored
// texts of an enumeration, and for "true" and "false" of a field of yes and no. It
// is empty for other fields and unknown words.
func (l Labels) Word(f Field, word string) string {
	switch f.Type() {
	case Enum:
		return wordLabels[f.Key()+" "+word][l.in]
	case Bool:
		return wordLabels[word][l.in]
	case Key, Text, Instant, Span, Number, Set: // open sets
	}
	return ""
}

func (l Labels) operator(word string) string { return operatorLabels[word][l.in] }
func (l Labels) term(term string) string     { return termLabels[term][l.in] }
func (l Labels) time(u string) string        { return timeLabels[u][l.in] }
func (l Labels) unit(u string) string        { return unitLabels[u][l.in] }
