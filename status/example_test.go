package status_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/looplab/fsm"

	"github.com/colloquy-go/colloquy/status"
)

func ExampleNext() {
	now := status.New
	for _, happened := range []status.Trigger{
		status.CustomerMessage, status.Accept, status.AgentMessage, status.CustomerMessage, status.Finish, status.AgentMessage,
	} {
		next, err := status.Next(now, happened)
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%s: %s (%s)\n", happened, next, next.General())
		now = next
	}
	// Output:
	// customer_message: new (waiting)
	// accept: accepted (waiting)
	// agent_message: replied (replied)
	// customer_message: waiting_again (waiting)
	// finish: closed (closed)
	// status: agent_message from closed: transition not allowed
}

func ExampleNext_refused() {
	_, err := status.Next(status.Replied, status.Accept)

	fmt.Println(errors.Is(err, status.ErrTransition))
	var refusal *status.TransitionError
	if errors.As(err, &refusal) {
		fmt.Println("cannot", refusal.Trigger, "what is", refusal.From)
	}
	// Output:
	// true
	// cannot accept what is replied
}

func ExampleAllowed() {
	for trigger := range status.Allowed(status.Closing) {
		fmt.Println(trigger)
	}
	// Output:
	// customer_message
	// agent_message
	// finish
	// force_finish
}

func ExampleFromCode() {
	for _, code := range []int{25, 75, 30} {
		fmt.Println(status.FromCode(code))
	}
	// Output:
	// waiting_again <nil>
	// closed <nil>
	// Detailed(0) status: from code: invalid value 30
}

func ExampleMachine() {
	ctx := context.Background()
	errNoTopic := errors.New("choose a topic first")
	hasTopic := false

	m, err := status.NewMachine(status.Replied, fsm.Callbacks{
		"before_finish": func(_ context.Context, e *fsm.Event) {
			if !hasTopic {
				e.Cancel(errNoTopic)
			}
		},
		"enter_closed": func(_ context.Context, e *fsm.Event) {
			fmt.Println("closed, was", e.Src)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	err = m.Fire(ctx, status.Finish)
	fmt.Println(errors.Is(err, errNoTopic), m.Current())

	hasTopic = true
	err = m.Fire(ctx, status.Finish)
	fmt.Println(err, m.Current())
	// Output:
	// true replied
	// closed, was replied
	// <nil> closed
}

func ExampleMermaid() {
	for line := range strings.Lines(status.Mermaid()) {
		if strings.Contains(line, "-->") {
			fmt.Print(line)
		}
	}
	// Output:
	//     [*] --> new: incoming
	//     [*] --> accepted: outgoing
	//     active --> queued: queue
	//     active --> replied: agent_message
	//     active --> closing: start_closing
	//     active --> closed: finish
	//     active --> spam: force_finish
	//     new --> accepted: accept, forward
	//     queued --> accepted: accept, forward
	//     accepted --> waiting: customer_message
	//     replied --> waiting_again: customer_message
	//     closing --> waiting_again: customer_message
	//     closing --> closed: finish
	//     closing --> spam: force_finish
	//     closed --> [*]
	//     spam --> [*]
}
