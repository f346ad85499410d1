package filter_test

import (
	"encoding/json"
	"fmt"
	"log"
	"time"

	"golang.org/x/text/language"

	"github.com/colloquy-go/colloquy/filter"
)

// A supervisor saves what he looks at every morning, for all supervisors.
func ExampleView() {
	v := filter.View{
		ID:      "slow-this-week",
		Name:    "Slow this week",
		Columns: []filter.Column{"general", "customer", "agent", filter.MaxReaction.Column()},
		Question: filter.Question{
			Where: filter.And(filter.CreatedAt.During(filter.ThisWeek), filter.MaxReaction.Greater(10*time.Minute)),
			Order: filter.Order{filter.MaxReaction.Desc()},
		},
		Audience: filter.EverybodyWith("supervisor"),
	}
	if err := v.Validate(); err != nil {
		log.Fatal(err)
	}
	kept, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(kept))
	// Output:
	// {
	//   "v": 1,
	//   "id": "slow-this-week",
	//   "name": "Slow this week",
	//   "columns": [
	//     "general",
	//     "customer",
	//     "agent",
	//     "max_reaction"
	//   ],
	//   "question": {
	//     "v": 1,
	//     "where": {
	//       "and": [
	//         {
	//           "field": "created_at",
	//           "op": "in",
	//           "term": "this week"
	//         },
	//         {
	//           "field": "max_reaction",
	//           "op": "greater",
	//           "value": 600000
	//         }
	//       ]
	//     },
	//     "sort": [
	//       "-max_reaction"
	//     ]
	//   },
	//   "audience": {
	//     "kind": "role",
	//     "id": "supervisor"
	//   }
	// }
}

// What a front end sends is reported with its place, all of it at once, and the view
// that was there stays as it was.
func ExampleView_UnmarshalJSON() {
	mine := filter.BuiltInViews(filter.Labels{})[2]

	fmt.Println(json.Unmarshal([]byte(`{
		"v": 1, "id": "mine-2", "name": "Mine", "columns": ["customer", "colour"],
		"question": {"v": 1, "where": {"field": "agent", "op": "like", "value": "a"}},
		"audience": {"kind": "agent", "id": "ann"}
	}`), &mine))
	fmt.Println(mine.ID, mine.Columns)
	// Output:
	// filter: invalid view: question.where.op: unknown operator "like"
	// filter: invalid view: columns[1]: unknown column: "colour"
	// mine [general customer agent]
}

// The views that every list has ask for the reader: what is mine depends on who
// looks.
func ExampleBuiltInViews() {
	cs := day()
	for _, v := range filter.BuiltInViews(filter.LabelsIn(language.German), "sales") {
		asked, err := v.Question.Resolve(filter.Asking{Me: "bob"})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s (%s):", v.ID, v.Name)
		for i := range cs {
			if asked.Where.Match(&cs[i]) {
				fmt.Print(" ", cs[i].Number())
			}
		}
		fmt.Println()
	}
	// Output:
	// all (Alle): 1 2 3 4 5
	// active (Aktive): 1 2 3 4
	// mine (Meine): 4
	// my_active (Meine aktiven): 4
	// unassigned (Nicht zugewiesen): 1
	// waiting_longest (Am längsten wartend): 1 2 3
	// my_inbox (Mein Posteingang): 1 4
}
