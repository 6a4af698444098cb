package policy

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrOvertaken ends a branch of a wait whose result nobody waits for any more. A policy that gets it goes no further and returns it.
var ErrOvertaken = errors.New("policy: another branch of wait was first")

// maxBranches is how many branches of an exchange may be under way at once.
const maxBranches = 64

// turn lets branches share an exchange: whoever has it works on the exchange, and lets go of it while it waits for others (Away). So calls are made at
// once, and still one goroutine at a time touches variables, messages and the budget of expressions.
type turn struct {
	mu       sync.Mutex
	branches int
}

// local is what each branch has for itself.
type local struct {
	ctx       context.Context
	draft     *Response
	outgoing  *Outgoing
	lastError *Error
}

// Sharer is a Host some of whose exchanges take turns with others: those of resolvers.
type Sharer interface {
	// Aside runs f while others have their turn.
	Aside(f func())
}

func (x *Exchange) local() local { return local{x.Context, x.draft, x.outgoing, x.LastError} }

func (x *Exchange) enter(l local) {
	x.Context, x.draft, x.outgoing, x.LastError = l.ctx, l.draft, l.outgoing, l.lastError
}

// Away runs f, which waits for somebody and touches nothing of the exchange that changes, while other branches have their turn. The error is nil or
// ErrOvertaken.
func (x *Exchange) Away(f func(context.Context)) error {
	t := x.turn
	if t == nil {
		if host, ok := x.Host.(Sharer); ok {
			host.Aside(func() { f(x.Context) })
			return nil
		}
		f(x.Context)
		return nil
	}
	own := x.local()
	func() {
		t.mu.Unlock()
		defer func() {
			t.mu.Lock()
			x.enter(own)
		}()
		f(own.ctx)
	}()
	if errors.Is(context.Cause(own.ctx), ErrOvertaken) {
		return ErrOvertaken
	}
	return nil
}

// RunAtOnce runs the instructions of a block as branches beside each other. It ends when all have ended, or, with first, when one has without an error. A
// reply ends it as well, and so does an error when all are waited for; what goes on then is broken off. No branch outlives it.
func (b Block) RunAtOnce(x *Exchange, first bool) error {
	if x.turn == nil {
		x.turn = &turn{}
		x.turn.mu.Lock()
		defer func() {
			x.turn.mu.Unlock()
			x.turn = nil
		}()
	}
	t := x.turn
	t.branches += len(b)
	defer func() { t.branches -= len(b) }()
	if t.branches > maxBranches {
		return &Error{Reason: "TooManyBranches", Message: fmt.Sprintf("at most %d policies may run beside each other for one request", maxBranches), Status: 500}
	}
	r := &race{first: first, before: x.local(), cancel: make([]context.CancelCauseFunc, len(b))}
	if gone := x.Away(func(ctx context.Context) { r.run(x, t, b, ctx) }); gone != nil {
		return gone
	}
	if r.panicked != nil {
		panic(r.panicked) // where it is dealt with
	}
	return r.outcome
}

// race is one run of branches. Who has the turn may change it.
type race struct {
	first  bool
	before local
	cancel []context.CancelCauseFunc // of those that run; nil for others

	over     bool
	outcome  error
	panicked any
}

func (r *race) run(x *Exchange, t *turn, b Block, ctx context.Context) {
	contexts := make([]context.Context, len(b))
	for i := range b {
		contexts[i], r.cancel[i] = context.WithCancelCause(ctx)
	}
	var all sync.WaitGroup
	for i := range b {
		all.Go(func() {
			t.mu.Lock()
			defer t.mu.Unlock()
			r.branch(x, b[i:i+1], contexts[i], i)
		})
	}
	all.Wait()
}

// branch runs one branch in its turn.
func (r *race) branch(x *Exchange, b Block, ctx context.Context, i int) {
	defer func() {
		if p := recover(); p != nil {
			r.panicked = p
			r.stop()
		}
	}()
	if r.over {
		return
	}
	own := r.before
	own.ctx = ctx
	x.enter(own)
	err := b.Run(x)
	// A backend's answer that the branch has brought is still to be read: its context ends with the exchange.
	release := r.cancel[i]
	x.Afterwards = append(x.Afterwards, func(*Exchange) { release(nil) })
	r.cancel[i] = nil
	r.end(err)
}

// end takes the result of a branch.
func (r *race) end(err error) {
	switch {
	case r.over:
	case errors.Is(err, ErrReplied), err != nil && !r.first:
		r.outcome = err
		r.stop()
	case err == nil && r.first:
		r.outcome = nil
		r.stop()
	case err != nil && r.outcome == nil:
		r.outcome = err // unless another one does better
	}
}

// stop breaks off the branches that have not ended.
func (r *race) stop() {
	r.over = true
	for _, cancel := range r.cancel {
		if cancel != nil {
			cancel(ErrOvertaken)
		}
	}
}
