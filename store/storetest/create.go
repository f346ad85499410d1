package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

var createRules = []rule{
	{
		"Create/returns what is stored",
		"Create stores new conversations with all their events and returns them as stored, in the order given",
		createReturnsWhatIsStored,
	},
	{
		"Create/gives numbers in a row",
		"numbers rise in the order of the conversations given and have no gaps",
		numbersRiseInOrder,
	},
	{
		"Create/gives parallel calls numbers in a row",
		"numbers have no gaps and are not given twice, however many calls run at once",
		numbersOfParallelCalls,
	},
	{
		"Create/gives no number to what it does not store",
		"numbers have no gaps, also when a creation fails or finds what was there",
		numbersAfterFailures,
	},
	{
		"Create/twice is once",
		"a conversation that is there already, begun by the same event, is returned as it is stored and not changed",
		createTwice,
	},
	{
		"Create/twice in one call is once",
		"a conversation that comes twice in one call is created once",
		createTwiceInOneCall,
	},
	{
		"Create/twice at once is once",
		"a conversation created by several calls at once is created once, and each gets it",
		createTwiceAtOnce,
	},
	{
		"Create/refuses an id that is taken",
		"a conversation begun by another event under the same id is an *ExistsError, and the call changes nothing",
		createRefusesTakenID,
	},
	{
		"Create/refuses what is not new",
		"what was read from a store is ErrBase, as is the zero Conversation, and the call changes nothing",
		createRefusesStored,
	},
	{
		"Create/takes none and many",
		"Create takes any number of conversations in one call",
		createNoneAndMany,
	},
}

func createReturnsWhatIsStored(c *check) {
	st := c.store()
	first := c.apply(begin("first"), asks("q", 1), accepts("a", 2, "ann"), replies("r", 3, "ann"))
	second := begin("second")
	stored := c.create(st, first, second)
	for i, want := range []conversation.Conversation{first, second} {
		if stored[i].Number() < 1 {
			c.Errorf("conversation %d has the number %d", i+1, stored[i].Number())
		}
		c.same(stored[i], want.Saved(stored[i].Number()), fmt.Sprintf("conversation %d that Create returns", i+1))
		c.isStored(st, want, stored[i].Number())
	}
}

func numbersRiseInOrder(c *check) {
	st := c.store()
	var ns []int64
	for _, call := range [][]conversation.Conversation{several(7, "a"), several(1, "b"), several(5, "c")} {
		ns = append(ns, numbersOf(c.create(st, call...))...)
	}
	c.inARow(ns)
}

func numbersOfParallelCalls(c *check) {
	st := c.store()
	var mu sync.Mutex
	var ns []int64
	errs := atOnce(50, func(i int) error {
		created, err := st.Create(c.Context(), begin(fmt.Sprint(i)))
		mu.Lock()
		defer mu.Unlock()
		ns = append(ns, numbersOf(created)...)
		return err
	})
	c.ok(errors.Join(errs...), "50 creations at once")
	if len(ns) != 50 {
		c.Fatalf("50 creations at once gave %d numbers", len(ns))
	}
	slices.Sort(ns)
	c.inARow(ns)
}

func numbersAfterFailures(c *check) {
	st := c.store()
	a := c.createOne(st, begin("a"))
	_, err := st.Create(c.Context(), begin("b"), beginAs("a", "another start"), begin("c"))
	c.fails(err, store.ErrExists, "creating under an id that is taken")
	again := c.create(st, begin("d"), begin("a"), begin("e"))
	c.inARow([]int64{a.Number(), again[0].Number(), again[2].Number()})
}

func createTwice(c *check) {
	st := c.store()
	v := c.apply(begin("a"), asks("q", 1))
	number := c.createOne(st, v).Number()
	c.update(st, v.ID(), replies("r", 2, "ann"))
	want := c.apply(v, replies("r", 2, "ann"))

	again := c.createOne(st, c.apply(v, asks("another", 9)))
	c.same(again, want.Saved(number), "what the second Create returns")
	c.isStored(st, want, number)
}

func createTwiceInOneCall(c *check) {
	st := c.store()
	v := begin("a")
	stored := c.create(st, v, begin("b"), c.apply(v, asks("q", 1)))
	c.same(stored[2], v.Saved(stored[0].Number()), "the third conversation returned, which is the first again,")
	c.inARow(numbersOf(stored[:2]))
	c.isStored(st, v, stored[0].Number())

	_, err := st.Create(c.Context(), begin("c"), beginAs("c", "another start"))
	c.fails(err, store.ErrExists, "creating under an id that comes twice")
	c.missing(st, idOf("c"))
}

func createTwiceAtOnce(c *check) {
	st := c.store()
	v := c.apply(begin("a"), asks("q", 1))
	numbers := make([]int64, 8)
	errs := atOnce(len(numbers), func(i int) error {
		created, err := st.Create(c.Context(), v)
		if err == nil {
			numbers[i] = created[0].Number()
		}
		return err
	})
	c.ok(errors.Join(errs...), "creating one conversation eight times at once")
	if slices.Min(numbers) != slices.Max(numbers) {
		c.Errorf("one conversation has got the numbers %d", numbers)
	}
	c.isStored(st, v, numbers[0])
}

func createRefusesTakenID(c *check) {
	st := c.store()
	v := begin("a")
	number := c.createOne(st, v).Number()
	_, err := st.Create(c.Context(), begin("b"), c.apply(beginAs("a", "another start"), asks("q", 1)), begin("c"))
	c.fails(err, store.ErrExists, "creating under an id that is taken")
	var exists *store.ExistsError
	if errors.As(err, &exists) && exists.ID != v.ID() {
		c.Errorf("the error names %s, want %s", exists.ID, v.ID())
	}
	c.isStored(st, v, number)
	c.missing(st, idOf("b"))
	c.missing(st, idOf("c"))
}

func createRefusesStored(c *check) {
	st := c.store()
	stored := c.createOne(st, begin("a"))
	for _, test := range []struct {
		what  string
		value row
	}{
		{"a stored conversation", stored},
		{"a stored conversation with changes", c.apply(stored, asks("q", 1))},
		{"the zero Conversation", row{}},
	} {
		_, err := st.Create(c.Context(), begin("b"), test.value)
		c.fails(err, store.ErrBase, "creating %s", test.what)
		c.missing(st, idOf("b"))
	}
	c.isStored(st, begin("a"), stored.Number())
}

func createNoneAndMany(c *check) {
	st := c.store()
	c.create(st)
	const many = 1200
	cs := several(many, "many")
	for i := range cs {
		cs[i] = c.apply(cs[i], asks(fmt.Sprint("q", i), 1), notes(fmt.Sprint("n", i), 2))
	}
	stored := c.create(st, cs...)
	c.inARow(numbersOf(stored))
	for i := 0; i < many; i += many / 8 {
		c.isStored(st, cs[i], stored[i].Number())
	}
}

// inARow reports when numbers do not rise by one each.
func (c *check) inARow(ns []int64) {
	c.Helper()
	for i := 1; i < len(ns); i++ {
		if ns[i] != ns[i-1]+1 {
			c.Errorf("the numbers are %d", ns)
			return
		}
	}
}

// missing reports when a conversation is there that must not be.
func (c *check) missing(st store.Store, id conversation.ID) {
	c.Helper()
	c.notFound(st, access.System(), id)
}

// notFound reports when a conversation can be seen that must not be.
func (c *check) notFound(st store.Store, scope access.Scope, id conversation.ID) {
	c.Helper()
	_, err := st.Get(c.Context(), scope, id)
	c.fails(err, store.ErrNotFound, "Get")
	c.names(err, id)
	_, err = st.Timeline(c.Context(), scope, id, store.Range{})
	c.fails(err, store.ErrNotFound, "Timeline")
	c.names(err, id)
}

// names reports when a NotFoundError is of another conversation.
func (c *check) names(err error, id conversation.ID) {
	c.Helper()
	if !errors.Is(err, store.ErrNotFound) {
		return // reported already
	}
	var e *store.NotFoundError
	if !errors.As(err, &e) || e.ID != id {
		c.Errorf("the error is %q, want a *store.NotFoundError of %s", err, id)
	}
}

func numbersOf(cs []conversation.Conversation) []int64 {
	ns := make([]int64, len(cs))
	for i, v := range cs {
		ns[i] = v.Number()
	}
	return ns
}

// atOnce runs do for 0 to n-1 at the same time and returns what each returned.
func atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}
