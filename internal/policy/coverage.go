package policy

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// Coverage counts what ran of documents: each policy, each branch (an element that holds policies), each expression. It may be used by many
// exchanges at once.
type Coverage struct {
	mu    sync.Mutex
	marks map[*Document]map[markKey]*CoverMark
}

// CoverMark is one thing that can run.
type CoverMark struct {
	Line, Column int
	What         CoverKind
	Name         string // of the element; the text of an expression
	runs         atomic.Uint64
}

// Runs is how often it has run.
func (m *CoverMark) Runs() uint64 { return m.runs.Load() }

// CoverKind is what a mark stands for.
type CoverKind string

// The kinds of marks.
const (
	CoverPolicy     CoverKind = "policy"
	CoverBranch     CoverKind = "branch"
	CoverExpression CoverKind = "expression"
)

type markKey struct {
	line, column int
	what         CoverKind
}

// Observed is the engine with a coverage that plans of documents compiled from now on count in. Observed plans are slower.
func (e *Engine) Observed(c *Coverage) *Engine {
	return &Engine{table: e.table, specs: e.specs, coverage: c}
}

// Marks are those of a document, in its order.
func (c *Coverage) Marks(d *Document) []*CoverMark {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]*CoverMark, 0, len(c.marks[d]))
	for _, m := range c.marks[d] {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *CoverMark) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.What, b.What))
	})
	return out
}

// mark is the counter of a place, the same however often its document is compiled.
func (c *Coverage) mark(d *Document, line, column int, what CoverKind, name string) *CoverMark {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.marks == nil {
		c.marks = map[*Document]map[markKey]*CoverMark{}
	}
	if c.marks[d] == nil {
		c.marks[d] = map[markKey]*CoverMark{}
	}
	key := markKey{line, column, what}
	if c.marks[d][key] == nil {
		c.marks[d][key] = &CoverMark{Line: line, Column: column, What: what, Name: name}
	}
	return c.marks[d][key]
}

// counted is a step that counts its runs when somebody observes.
func (c *compiling) counted(n *Node, what CoverKind, step Step) Step {
	if c.engine.coverage == nil || step == nil {
		return step
	}
	m := c.engine.coverage.mark(n.doc, n.Line, n.Column, what, n.Name)
	return func(x *Exchange) error {
		m.runs.Add(1)
		return step(x)
	}
}

// branch puts a step that counts before the policies of an element when somebody observes.
func (c *compiling) branch(n *Node, place *Place, body Block) Block {
	if c.engine.coverage == nil {
		return body
	}
	count := Instruction{Run: c.counted(n, CoverBranch, func(*Exchange) error { return nil }), Place: place}
	return append(Block{count}, body...)
}
