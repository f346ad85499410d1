package filter_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/colloquy-go/colloquy/filter"
)

func TestEverybodyGetsLabelsHeCanRead(t *testing.T) {
	for _, tt := range []struct{ who, prefers, gets string }{
		{"a Pole", "pl", "pl"},
		{"a Pole in Poland", "pl-PL", "pl"},
		{"a German in Austria", "de-AT", "de"},
		{"a Spaniard of Mexico", "es-MX", "es"},
		{"a reader of Latin American Spanish", "es-419", "es"},
		{"a Russian in Kazakhstan", "ru-KZ", "ru"},
		{"an American", "en-US", "en"},
		{"a browser that likes Polish most", "pl-PL,pl;q=0.9,en-US;q=0.8", "pl"},
		{"a browser that likes English most", "en-GB, de;q=0.5", "en"},
		{"a Czech who reads German", "cs, de;q=0.7, en;q=0.3", "de"},
		{"a Ukrainian, who is not given Russian", "uk", "en"},
		{"a Ukrainian who reads Polish", "uk-UA, pl;q=0.5", "pl"},
		{"a Belarusian, who is not given Russian", "be", "en"},
		{"a Kazakh who reads Russian", "kk, ru;q=0.8", "ru"},
		{"a Galician, who is not given Spanish", "gl", "en"},
		{"a Luxembourger who reads German better than English", "lb, de;q=0.8, en;q=0.6", "de"},
		{"a Spaniard, by three letters", "spa", "es"},
		{"a Frenchman", "fr-FR, fr;q=0.9", "en"},
		{"a Japanese", "ja", "en"},
		{"somebody who says nothing", "", "en"},
		{"somebody of no language", "und", "en"},
		{"somebody who takes anything", "*", "en"},
	} {
		t.Run(tt.who, func(t *testing.T) {
			tags, _, err := language.ParseAcceptLanguage(tt.prefers)
			require.NoError(t, err)
			require.Equal(t, tt.gets, filter.LabelsIn(tags...).Language().String())
		})
	}
}

func TestZeroLabelsAreEnglish(t *testing.T) {
	require.Equal(t, filter.LabelsIn(language.English), filter.Labels{})
	require.Equal(t, language.English, filter.Languages()[0])
	require.Equal(t, "Customer", filter.Labels{}.Column("customer"))
	require.NotEqual(t, filter.LabelsIn(language.Polish), filter.Labels{})
}

func TestLanguagesBelongToTheCaller(t *testing.T) {
	clear(filter.Languages())
	require.Equal(t, []language.Tag{language.English, language.Polish, language.German, language.Spanish, language.Russian}, filter.Languages())
}

// The labels of the product whose list this is, in its order. It shows no label
// over the actions and has no column of the number of messages.
var polish = []string{
	"Nr", "Otwarty kanał", "Typ", "Status", "Status (szczegółowy)", "Spam", "Kanał", "Klient", "Pracownik", "Rekord w CRM",
	"Strona witryny", "Działania", "Wysłany formularz", "Wysłano prośbę o historię", "Przypisano", "Ocena klienta",
	"Komentarz przełożonego", "Ocena przełożonego", "Utworzono", "Żądanie przekazano do konsultanta", "Konsultant odpowiedział",
	"Konsultant zaakceptował żądanie", "Wysłanie ostatniej wiadomości", "Konsultant zamknął", "Zamknięto", "Zmodyfikowano",
	"Oczekiwanie na reakcję konsultanta", "Czas reakcji konsultanta", "Czas do zamknięcia przez konsultanta",
	"Czas trwania rozmowy", "Czas początkowej reakcji", "Czas pracy chatbota", "Łączny czas reakcji", "Średni czas reakcji",
	"Maksymalny czas reakcji", "Liczba wiadomości",
}

func TestPolishColumnsHaveTheLabelsPeopleKnow(t *testing.T) {
	var labels []string
	for _, c := range filter.NewRegistry(filter.LabelsIn(language.Polish)).Columns {
		if c.Number != 0 {
			labels = append(labels, c.Label)
		}
	}
	require.Equal(t, polish, labels)
}

func TestEverythingHasItsLabelInEveryLanguage(t *testing.T) {
	for _, tag := range filter.Languages() {
		t.Run(tag.String(), func(t *testing.T) {
			l := filter.LabelsIn(tag)
			r := filter.NewRegistry(l)
			check := func(key, label string) {
				require.NotEmpty(t, label, key)
				require.NotEqual(t, key, label, "forgotten?")
			}
			for _, c := range r.Columns {
				check(string(c.Key), c.Label)
				require.Equal(t, c.Label, l.Column(c.Key))
				for _, f := range c.Fields {
					check(f.Key, f.Label)
					for _, w := range f.Words {
						check(w.Key, w.Label)
					}
				}
			}
			for _, w := range append(r.Units, r.Times...) {
				check(w.Key, w.Label)
			}
			checkWord := check
			if tag == language.English { // the keys are English words
				checkWord = func(key, label string) { require.NotEmpty(t, label, key) }
			}
			for _, w := range r.Terms {
				checkWord(w.Key, w.Label)
			}
			for _, o := range r.Operators {
				checkWord(o.Key, o.Label)
			}
			for _, v := range filter.BuiltInViews(l) {
				check(string(v.ID), v.Name)
			}
		})
	}
}

func TestNothingIsCalledAsSomethingElseBesideIt(t *testing.T) {
	for _, tag := range filter.Languages() {
		t.Run(tag.String(), func(t *testing.T) {
			r := filter.NewRegistry(filter.LabelsIn(tag))
			distinct := func(what string) func(key, label string) {
				first := map[string]string{}
				return func(key, label string) {
					require.Emptyf(t, first[label], "%s %s is called %q like another", what, key, label)
					first[label] = key
				}
			}
			column, field, operator, term, time := distinct("column"), distinct("field"), distinct("operator"), distinct("term"), distinct("unit")
			for _, c := range r.Columns {
				column(string(c.Key), c.Label)
				for _, f := range c.Fields {
					field(f.Key, f.Label)
					word := distinct("word of " + f.Key)
					for _, w := range f.Words {
						word(w.Key, w.Label)
					}
				}
			}
			for _, w := range r.Operators {
				operator(w.Key, w.Label)
			}
			for _, w := range r.Terms {
				term(w.Key, w.Label)
			}
			for _, w := range r.Times {
				time(w.Key, w.Label)
			}
			view := distinct("view")
			for _, v := range filter.BuiltInViews(filter.LabelsIn(tag)) {
				view(string(v.ID), v.Name)
			}
		})
	}
}

func TestWordsOfClosedSetsHaveLabels(t *testing.T) {
	pl := filter.LabelsIn(language.Polish)
	require.Equal(t, "W kolejce", pl.Word(filter.Detailed.Field, "queued"))
	require.Equal(t, "Oczekuje", pl.Word(filter.General.Field, "waiting"))
	require.Equal(t, "Oczekuje na odpowiedź", pl.Word(filter.Detailed.Field, "waiting"))
	require.Equal(t, "Tak", pl.Word(filter.Spam.Field, "true"))
	for _, word := range []string{"", "sold", "detailed queued", "true"} {
		require.Empty(t, pl.Word(filter.Detailed.Field, word))
		require.Empty(t, pl.Word(filter.Source.Field, word), "an open set")
	}
	require.Empty(t, pl.Word(filter.Field{}, "queued"))
}

func TestFieldsOfOneColumnAreToldApart(t *testing.T) {
	de := filter.LabelsIn(language.German)
	require.Equal(t, "Kunde", de.Field(filter.CustomerID.Field))
	require.Equal(t, "Name des Kunden", de.Field(filter.Customer.Field))
	require.Equal(t, "Kunde", de.Column(filter.Customer.Column()))
	require.Equal(t, "Erstellt", de.Field(filter.CreatedAt.Field), "as its column, where that is enough")
	require.Empty(t, de.Field(filter.Field{}))
}
