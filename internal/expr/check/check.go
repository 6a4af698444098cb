package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Options say what an expression may refer to and should give.
type Options struct {
	Library *types.Library
	Context *types.Type // the type of "context"; nil when there is none
	Want    *types.Type // the type to convert to; nil keeps the expression's own
}

// Program is a bound expression.
type Program struct {
	Func    *Func
	Context *Var   // the first parameter of Func; nil without a context
	Const   *Const // set when the expression is a constant
	Source  *syntax.Source
	Library *types.Library
	// Type is the type the expression has before conversion to Want; nil for a
	// statement block.
	Type *types.Type

	uses map[string]int // paths from context, see path.go
}

// maxDepth bounds the height of an expression: chains of operators are as high
// as they are long, and everything after the parser recurses over them.
const maxDepth = 3000

// maxWork bounds the nodes bound, repetition for overload resolution included.
const maxWork = 400_000

// Check binds a source. The error is a *syntax.Error, with C#'s or APIM's code.
func Check(src *syntax.Source, opt Options) (p *Program, err error) {
	b := &binder{src: src.Text, lib: opt.Library, lambdas: map[lambdaKey]*boundLambda{}, paths: map[*Var]string{}}
	b.natural = opt.Want == nil
	b.fn = &Func{Result: opt.Want}
	if b.fn.Result == nil {
		b.fn.Result = types.Object
	}
	defer func() {
		if r := recover(); r != nil {
			if t, ok := r.(tooMuch); ok {
				p, err = nil, t.Error
				return
			}
			e, ok := r.(*syntax.Error)
			if !ok {
				panic(r)
			}
			p, err = nil, e
		}
	}()
	p = &Program{Func: b.fn, Source: src, Library: opt.Library, uses: map[string]int{}}
	b.uses = p.uses
	b.push()
	if opt.Context != nil {
		p.Context = b.declare("context", opt.Context, 0)
		b.paths[p.Context] = "context"
		p.Context.ReadOnly = "it is read-only"
		b.fn.Params = []*Var{p.Context}
	}
	if src.Expr != nil {
		b.program(src.Expr, p)
		b.assigned(b.fn, state{})
		return p, nil
	}
	blk := b.block(src.Body)
	if b.flow(blk) {
		b.fail(src.Body.End, "CS1643", "Not all code paths return a value in lambda expression of type 'Func<%s, %s>'", "IContext", b.fn.Result)
	}
	b.fn.Body = blk
	b.assigned(b.fn, state{})
	return p, nil
}

// program binds @(expr). Its variables (out var, patterns) belong to it.
func (b *binder) program(x syntax.Expr, p *Program) {
	e := b.value(x)
	p.Type = e.Type()
	if c, ok := e.(*Const); ok {
		p.Const = c
	}
	if b.natural && p.Type != nil && p.Type.Kind != types.KindVoid && p.Type.Kind != types.KindNull {
		b.fn.Result = p.Type
	}
	e = b.implicit(e, b.fn.Result)
	if c, ok := e.(*Const); ok {
		p.Const = c
	}
	b.fn.Body = &Block{Place: Place(x.Pos()), Vars: b.scope.captured(), Stmts: []Stmt{&Return{Place(x.Pos()), e}}}
}

// binder holds the state of one check. A defect panics with a *syntax.Error.
type binder struct {
	src     string
	lib     *types.Library
	fn      *Func
	scope   *scope
	natural bool // the root keeps the type of its expression
	checked bool
	// unchecked is set inside unchecked(…), where constants may overflow.
	unchecked bool
	work      int
	depth     int
	holes     []*Var // receivers of the ?. around
	uses      map[string]int
	paths     map[*Var]string // of the holes that stand for a path
	jumps     []jump
	lambdas   map[lambdaKey]*boundLambda
	returns   *[]*Return // of the lambda in hand, when its result is inferred
	catches   int        // nested catch blocks, for throw;
}

// scope is a set of names; a nested scope may not redeclare a local of an
// enclosing one in the same function.
type scope struct {
	outer *scope
	fn    *Func
	vars  map[string]*Var
	funcs map[string]*LocalFunc
	list  []*Var
	local []*LocalFunc
	decls map[string]*syntax.LocalFunc
	types map[string]*types.Type // type parameters of a local function
	alias []string               // range variables of a query, see query.go
}

// push opens a scope in the function in hand.
func (b *binder) push() { b.scope = &scope{outer: b.scope, fn: b.fn} }

// pop closes it.
func (b *binder) pop() { b.scope = b.scope.outer }

// captured lists the variables of the scope; eval makes cells for those that
// are captured.
func (s *scope) captured() []*Var { return s.list }

// declare adds a variable to the scope; _ is a discard and no name.
func (b *binder) declare(name string, t *types.Type, pos int) *Var {
	if name == "_" {
		return b.temp(t)
	}
	return b.declareLocal(name, t, pos)
}

// declareLocal adds what a declaration statement or foreach declares: there _ is a name like any other.
func (b *binder) declareLocal(name string, t *types.Type, pos int) *Var {
	for s := b.scope; s != nil && s.fn == b.fn; s = s.outer {
		_, isVar := s.vars[name]
		_, isFunc := s.decls[name]
		if isVar || isFunc {
			code, text := "CS0136", "A local or parameter named '%s' cannot be declared in this scope because that name is used in an enclosing local scope to define a local or parameter"
			if s == b.scope {
				code, text = "CS0128", "A local variable or function named '%s' is already defined in this scope"
			}
			b.fail(pos, code, text, name)
		}
	}
	v := b.temp(t)
	v.Name = name
	if b.scope.vars == nil {
		b.scope.vars = map[string]*Var{}
	}
	b.scope.vars[name] = v
	return v
}

// temp makes a variable without a name.
func (b *binder) temp(t *types.Type) *Var {
	v := &Var{Type: t, Func: b.fn, Slot: b.fn.Slots}
	b.fn.Slots++
	b.scope.list = append(b.scope.list, v)
	return v
}

// lookup finds a variable by name.
func (b *binder) lookup(name string) *Var {
	for s := b.scope; s != nil; s = s.outer {
		if v, ok := s.vars[name]; ok {
			return v
		}
	}
	return nil
}

// use makes a read of v from the function in hand, capturing it where needed.
func (b *binder) use(v *Var, pos int) Expr {
	if v.Const != nil {
		c := *v.Const
		c.At = pos
		return &c
	}
	b.capture(v)
	return &Local{Typed{v.Type, pos}, v}
}

// capture makes every function between the use and the owner of v take it along.
func (b *binder) capture(v *Var) {
	for f := b.fn; f != nil && f != v.Func; f = f.Outer {
		v.Captured, v.Func.OwnCells = true, true
		if !containsVar(f.Captures, v) {
			f.Captures = append(f.Captures, v)
		}
	}
}

// containsVar reports whether v is among vs.
func containsVar(vs []*Var, v *Var) bool {
	for _, u := range vs {
		if u == v {
			return true
		}
	}
	return false
}

// attempt runs f and reports whether it bound without a defect.
func (b *binder) attempt(f func()) (err *syntax.Error) {
	saved := *b
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*syntax.Error)
			if !ok {
				panic(r) // a tooMuch, or a defect of ours
			}
			err = e
			work := b.work
			*b = saved
			b.work = work
		}
	}()
	f()
	return nil
}
