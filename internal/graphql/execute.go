package graphql

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// Field is one field that a resolver is asked for. A resolver doesn't change it.
type Field struct {
	Type, Name string
	Arguments  map[string]any
	Parent     any  // the object that the field is of: what its own resolver got; nil at the root
	List       bool // its type is a list

	of    *executing
	group *fieldGroup
}

// Resolver gets the data of a field: JSON as DecodeValue gives it. Its error is told to the caller, as a sentence.
type Resolver func(ctx context.Context, f *Field) (any, error)

// Resolvers finds the resolver of a field, nil for none: the field is then the property of its name of the parent.
type Resolvers func(typ, field string) Resolver

// Budget bounds one execution.
type Budget struct {
	Calls    int // of resolvers
	Parallel int // calls at once
	Fields   int // of the answer
	Output   int // bytes of the answer
}

// executing is one execution on its way. Sibling fields of queries, and the items of lists, may be worked on at once.
type executing struct {
	op      *Operation
	ctx     context.Context
	find    Resolvers
	budget  Budget
	waiting chan struct{} // holds a token for each call in flight

	mu       sync.Mutex
	problems []Problem
	calls    int
	fields   int
}

// ErrTooLarge says that an answer outgrew its budget.
var ErrTooLarge = errors.New("the answer is larger than a gateway makes one")

// Execute runs the operation and returns the body of the answer: data, and errors where there are some. It ends early, with errors, when the
// context does.
func (o *Operation) Execute(ctx context.Context, find Resolvers, b Budget) ([]byte, error) {
	root := o.root()
	if root == nil {
		return Failure([]Problem{{Message: fmt.Sprintf("Operations of type %s are not executed but subscribed to.", o.op.Operation)}}), nil
	}
	return o.execute(ctx, find, b, root, nil)
}

// execute works out the operation's selection of an object of the type.
func (o *Operation) execute(ctx context.Context, find Resolvers, b Budget, root *ast.Definition, of any) ([]byte, error) {
	e := &executing{op: o, ctx: ctx, find: find, budget: b, waiting: make(chan struct{}, max(b.Parallel, 1))}
	data, failed := e.object(root, []ast.SelectionSet{o.op.SelectionSet}, of, nil, o.op.Operation == ast.Mutation)
	w := &answerWriter{most: b.Output}
	w.text(`{"data":`)
	if failed {
		data = nil
	}
	w.value(data)
	if len(e.problems) > 0 {
		slices.SortStableFunc(e.problems, byPlace) // fields that were worked on at once have failed in any order
		w.text(`,"errors":`)
		w.value(e.problems)
	}
	w.text("}")
	if w.err != nil {
		return nil, w.err
	}
	return w.b, nil
}

func byPlace(a, b Problem) int {
	if len(a.Locations) == 0 || len(b.Locations) == 0 {
		return len(a.Locations) - len(b.Locations)
	}
	x, y := a.Locations[0], b.Locations[0]
	return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column), cmp.Compare(fmt.Sprint(a.Path), fmt.Sprint(b.Path)))
}

// Failure is the body of an answer to a request that was not executed.
func Failure(problems []Problem) []byte {
	b, err := marshal(map[string]any{"errors": problems})
	if err != nil {
		return []byte(`{"errors":[{"message":"The request failed."}]}`)
	}
	return b
}

// object works out the fields of an object; failed says that it is null because a field that can't be null is.
func (e *executing) object(def *ast.Definition, sets []ast.SelectionSet, parent any, at *path, inOrder bool) (out any, failed bool) {
	fields := e.collect(def, sets)
	made := &object{names: make([]string, len(fields)), values: make([]any, len(fields))}
	failures := make([]bool, len(fields))
	var wg sync.WaitGroup
	for i, f := range fields {
		made.names[i] = f.key
		do := func() { made.values[i], failures[i] = e.field(def, f, parent, at.below(f.key)) }
		if inOrder || len(fields) == 1 || e.find(def.Name, f.name()) == nil {
			do()
			if failures[i] && inOrder {
				break
			}
			continue
		}
		wg.Go(func() { e.guarded(f, at.below(f.key), do, &failures[i]) })
	}
	wg.Wait()
	for _, failed := range failures {
		if failed {
			return nil, true
		}
	}
	return made, false
}

// guarded keeps a panic in one field's work from ending the process.
func (e *executing) guarded(f *fieldGroup, at *path, do func(), failed *bool) {
	defer func() {
		if recover() != nil {
			e.fail(f, at, "The field can't be resolved.")
			*failed = true
		}
	}()
	do()
}

// field works out one field.
func (e *executing) field(def *ast.Definition, f *fieldGroup, parent any, at *path) (value any, failed bool) {
	name := f.name()
	if name == "__typename" {
		return def.Name, false
	}
	typ := e.typeOf(def, f)
	if typ == nil {
		return nil, false // validation has refused it
	}
	if !e.may(f, at) {
		return nil, typ.NonNull
	}
	value, err := e.resolve(def, f, parent)
	if err != nil {
		e.fail(f, at, Sentence(err))
		return nil, typ.NonNull
	}
	return e.complete(typ, def, f, value, at)
}

func (e *executing) typeOf(def *ast.Definition, f *fieldGroup) *ast.Type {
	if d := f.nodes[0].Definition; d != nil && f.nodes[0].ObjectDefinition == def {
		return d.Type
	}
	if d := def.Fields.ForName(f.name()); d != nil {
		return d.Type
	}
	return nil
}

// resolve gets the data of a field.
func (e *executing) resolve(def *ast.Definition, f *fieldGroup, parent any) (any, error) {
	name := f.name()
	args, err := e.arguments(def, f)
	if err != nil {
		return nil, err
	}
	if m, ok := parent.(meta); ok {
		return m(name, args), nil
	}
	if def == e.op.schema.ast.Query && (name == "__schema" || name == "__type") {
		return e.op.schema.introspect(name, args), nil
	}
	if r := e.find(def.Name, name); r != nil {
		typ := e.typeOf(def, f)
		return e.call(r, &Field{Type: def.Name, Name: name, Arguments: args, Parent: parent, List: typ != nil && typ.Elem != nil, of: e, group: f})
	}
	return property(parent, f), nil
}

// property is the data of a field that its parent has.
func property(parent any, f *fieldGroup) any {
	if s, ok := parent.(shaped); ok {
		return s[f.key]
	}
	props, _ := parent.(map[string]any)
	return props[f.name()]
}

var (
	errCalls = errors.New("the request needs more calls of resolvers than one request may make")
	errTime  = errors.New("the request took too long")
)

// call calls a resolver when it is its turn.
func (e *executing) call(r Resolver, f *Field) (any, error) {
	e.mu.Lock()
	e.calls++
	over := e.calls > e.budget.Calls
	e.mu.Unlock()
	if over {
		return nil, errCalls
	}
	select {
	case e.waiting <- struct{}{}:
		defer func() { <-e.waiting }()
	case <-e.ctx.Done():
		return nil, errTime
	}
	if e.ctx.Err() != nil {
		return nil, errTime
	}
	return r(e.ctx, f)
}

// may says whether one field more may be worked out.
func (e *executing) may(f *fieldGroup, at *path) bool {
	e.mu.Lock()
	e.fields++
	n := e.fields
	e.mu.Unlock()
	if n > e.budget.Fields {
		if n == e.budget.Fields+1 {
			e.fail(f, at, fmt.Sprintf("The answer has more than %d fields.", e.budget.Fields))
		}
		return false
	}
	if n%256 == 0 && e.ctx.Err() != nil {
		e.fail(f, at, Sentence(errTime))
		return false
	}
	return true
}

func (e *executing) fail(f *fieldGroup, at *path, message string) {
	p := Problem{Message: message, Path: at.list()}
	if pos := f.nodes[0].Position; pos != nil {
		p.Locations = []Location{{pos.Line, pos.Column}}
	}
	e.report(p)
}

func (e *executing) report(p Problem) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.problems) < maxProblems {
		e.problems = append(e.problems, p)
	}
}
