package filter_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

func ExampleParseJSON() {
	q, err := filter.ParseJSON([]byte(`{
	  "v": 1,
	  "where": {"and": [
	    {"field": "detailed", "op": "in", "values": ["waiting", "waiting_again"]},
	    {"field": "agent", "op": "in", "term": "me"},
	    {"field": "max_reaction", "op": "greater", "value": 45000}
	  ]},
	  "sort": ["-last_message_at"],
	  "limit": 50
	}`))
	fmt.Println(q.Limit, q.Order, err)
	// Output: 50 -last_message_at <nil>
}

// Every mistake is reported, with its place.
func ExampleParseJSON_mistakes() {
	_, err := filter.ParseJSON([]byte(`{
	  "v": 1,
	  "where": {"and": [
	    {"field": "detailed", "op": "in", "values": ["busy"]},
	    {"field": "agent", "op": "contains", "value": "ann"}
	  ]},
	  "limit": 5000
	}`))
	fmt.Println(err)
	// Output:
	// filter: invalid form of a question: $.where.and[0].values[0]: it is none of new, queued, accepted, waiting, waiting_again, replied, closing, closed, spam
	// filter: invalid form of a question: $.where.and[1].op: agent is not compared by contains
	// filter: invalid form of a question: $.limit: the size of a page is a whole number from 1 to 1000
}

func ExampleQuestion_MarshalJSON() {
	text, err := json.Marshal(filter.Question{
		Where: filter.And(filter.IsMe(filter.Agent), filter.CreatedAt.During(filter.Last(7, filter.Day))),
		Limit: 50,
	})
	fmt.Println(string(text), err)
	// Output: {"v":1,"where":{"and":[{"field":"agent","op":"in","term":"me"},{"field":"created_at","op":"in","term":"last 7 days"}]},"limit":50} <nil>
}

func ExampleParseURL() {
	address, err := url.Parse("/conversations?status=waiting,waiting_again&agent=me&created=>2026-01-01&wait=>5m&sort=-last_message&limit=50")
	if err != nil {
		fmt.Println(err)
		return
	}
	q, err := filter.ParseURL(address.Query())
	fmt.Println(q.Limit, q.Order, err)
	// Output: 50 -last_message_at <nil>
}

func ExampleQuestion_URL() {
	v, err := filter.Question{
		Where: filter.And(
			filter.Not(filter.Detailed.In(status.Closed, status.Spam)),
			filter.Customer.Contains("Kowalski"),
			filter.MaxReaction.Greater(90*time.Second),
			filter.FirstReplyAt.Absent(),
		),
		Order: filter.Order{filter.LastMessageAt.Desc()},
	}.URL()
	readable, _ := url.QueryUnescape(v.Encode())
	fmt.Println(readable, err)
	// Output: customer=kowalski&max_reaction=>1m30s&no=first_reply&sort=-last_message&status=!closed,spam <nil>
}

// A question of a saved view is resolved each time it is asked, for whoever asks.
func ExampleResolve() {
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		fmt.Println(err)
		return
	}
	today, err := filter.Resolve(filter.CreatedAt.During(filter.Today), filter.Asking{
		Now:  time.Date(2026, time.October, 25, 12, 0, 0, 0, time.UTC),
		Zone: warsaw,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var borders []time.Time
	for _, p := range today.(filter.Conjunction) {
		borders = append(borders, time.UnixMilli(p.(filter.Condition).Values()[0].Num).UTC())
	}
	fmt.Println(borders[0], borders[1], borders[1].Sub(borders[0]))
	// Output: 2026-10-24 22:00:00 +0000 UTC 2026-10-25 23:00:00 +0000 UTC 25h0m0s
}
