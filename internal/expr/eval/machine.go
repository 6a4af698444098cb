package eval

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// slot holds a variable in the representation of its type: n for bool, integer
// and float bits, s for a string (n is 1 when it is not null), o for the rest.
type slot struct {
	n int64
	s string
	o any
}

// frame is one call of a function.
type frame struct {
	slots []slot
	cells []*slot // captured variables: own ones by slot number, then those of outer functions
	outer []*slot // cells captured when the closure was made
	ret   slot
	exc   *types.Exception // of the catch clause in hand, for throw;
	m     *machine
	env   *types.Env
	call  types.Call // for typed library functions, which never keep it
	args  [6]any
	next  *frame
}

// machine is the state of one evaluation: its free frames.
type machine struct {
	env     *types.Env
	free    *frame
	escaped bool // a delegate may outlive the evaluation
}

// push takes a frame for a call of p. Frames go back with pop; one that an
// exception skipped is left to the garbage collector.
func (m *machine) push(p *proc, outer []*slot) *frame {
	f := m.free
	if f == nil {
		f = &frame{}
	} else {
		m.free = f.next
	}
	if cap(f.slots) < p.slots {
		f.slots = make([]slot, p.slots)
	}
	f.slots = f.slots[:p.slots]
	f.outer, f.m, f.env = outer, m, m.env
	if p.cells {
		f.cells = make([]*slot, p.slots)
	}
	return f
}

// pop gives a frame back, without references to values of the call.
func (m *machine) pop(f *frame) {
	clear(f.slots)
	f.cells, f.outer, f.ret, f.exc = nil, nil, slot{}, nil
	f.next = m.free
	m.free = f
}

// thrown carries an exception or a limit through closures.
type thrown struct{ err error }

// throw leaves the closures up to the nearest handler.
func throw(err error) { panic(&thrown{err}) }

// throwNew throws an exception of a full type name.
func throwNew(typ, message string) { throw(types.Throw(typ, message)) }

// nullReference throws what using null throws.
func nullReference() {
	throwNew(types.NullReference, "Object reference not set to an instance of an object.")
}

// step spends a step of the budget.
func (f *frame) step() {
	if err := f.env.Step(1); err != nil {
		throw(err)
	}
}

// scan spends the steps of reading n bytes of text.
func (f *frame) scan(n int) {
	if err := f.env.Scan(n); err != nil {
		throw(err)
	}
}

// tick brings the next look at the clock nearer by n bytes.
func (f *frame) tick(n int) {
	if err := f.env.Tick(n); err != nil {
		throw(err)
	}
}

// charge spends memory.
func (f *frame) charge(n int) {
	if err := f.env.Charge(n); err != nil {
		throw(err)
	}
}
