package filter_test

import (
	"fmt"
	"log"
	"strings"

	"golang.org/x/text/language"

	"github.com/colloquy-go/colloquy/filter"
)

// A front end gets the registry as JSON, in its reader's language, and builds the
// column chooser and the filter panel from it.
func ExampleNewRegistry() {
	browser, _, err := language.ParseAcceptLanguage("pl-PL,pl;q=0.9,en;q=0.5")
	if err != nil {
		log.Fatal(err)
	}
	r := filter.NewRegistry(filter.LabelsIn(browser...))

	fmt.Println(r.Language)
	for _, c := range r.Columns {
		if !c.Default {
			continue
		}
		fmt.Printf("%s: sorted by %s\n", c.Label, c.SortBy)
		for _, f := range c.Fields {
			fmt.Printf("  %s (%s): %s\n", f.Label, f.Type, strings.Join(f.Operators, ", "))
			for _, w := range f.Words {
				fmt.Printf("    %s: %s\n", w.Key, w.Label)
			}
		}
	}
	// Output:
	// pl
	// Status: sorted by general
	//   Status (enum): is, is_not, in, not_in
	//     waiting: Oczekuje
	//     replied: Odpowiedziano
	//     closed: Zamknięta
	// Klient: sorted by customer
	//   Nazwa klienta (text): is, is_not, in, not_in, contains, starts_with, present, absent
	//   Klient (key): is, is_not, in, not_in
	// Pracownik: sorted by agent
	//   Pracownik (key): is, is_not, in, not_in, present, absent
}

// A program that writes the list itself asks for the labels one by one.
func ExampleLabels() {
	for _, tag := range filter.Languages() {
		l := filter.LabelsIn(tag)
		fmt.Printf("%s | %s: %s\n", l.Column("customer"), l.Column("detailed"), l.Word(filter.Detailed.Field, "queued"))
	}
	// Output:
	// Customer | Status (detailed): In queue
	// Klient | Status (szczegółowy): W kolejce
	// Kunde | Status (detailliert): In der Warteschlange
	// Cliente | Estado (detallado): En cola
	// Клиент | Статус (подробно): В очереди
}

// What is offered depends on the language asked for, never on one alike: a reader
// of Belarusian is not given Russian.
func ExampleLabelsIn() {
	for _, tag := range []string{"de-AT", "es-419", "be", "ja"} {
		fmt.Println(tag, filter.LabelsIn(language.Make(tag)).Language())
	}
	// Output:
	// de-AT de
	// es-419 es
	// be en
	// ja en
}
