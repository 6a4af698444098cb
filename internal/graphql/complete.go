package graphql

import (
	"fmt"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// complete makes of data what the field's type promises. failed says that a value which can't be null is, so that what holds it is null instead.
func (e *executing) complete(typ *ast.Type, def *ast.Definition, f *fieldGroup, value any, at *path) (out any, failed bool) {
	out, failed = e.completeNullable(typ, def, f, value, at)
	if typ.NonNull && !failed && out == nil {
		e.fail(f, at, fmt.Sprintf("Cannot return null for non-nullable field %s.%s.", def.Name, f.name()))
		failed = true
	}
	if failed {
		return nil, typ.NonNull
	}
	return out, false
}

func (e *executing) completeNullable(typ *ast.Type, def *ast.Definition, f *fieldGroup, value any, at *path) (out any, failed bool) {
	if value == nil {
		return nil, false
	}
	if typ.Elem != nil {
		items, ok := value.([]any)
		if !ok {
			e.fail(f, at, fmt.Sprintf("Expected a list for field %s.%s.", def.Name, f.name()))
			return nil, true
		}
		return e.list(typ.Elem, def, f, items, at)
	}
	of := e.op.schema.ast.Types[typ.NamedType]
	switch {
	case of == nil:
		return nil, true
	case of.IsLeafType():
		out, err := leaf(of, value)
		if err != nil {
			e.fail(f, at, fmt.Sprintf("Field %s.%s: %s.", def.Name, f.name(), err))
			return nil, true
		}
		return out, false
	}
	concrete, err := e.concrete(of, value)
	if err != nil {
		e.fail(f, at, fmt.Sprintf("Field %s.%s: %s.", def.Name, f.name(), err))
		return nil, true
	}
	return e.object(concrete, f.sets(), value, at, false)
}

// list completes the items of a list, several at once when they ask resolvers.
func (e *executing) list(elem *ast.Type, def *ast.Definition, f *fieldGroup, items []any, at *path) (out any, failed bool) {
	made, failures := make([]any, len(items)), make([]bool, len(items))
	do := func(i int) { made[i], failures[i] = e.complete(elem, def, f, items[i], at.item(i)) }
	if len(items) < 2 || !e.asks(elem, f) {
		for i := range items {
			do(i)
		}
	} else {
		var wg sync.WaitGroup
		for worker := range min(cap(e.waiting), len(items)) {
			wg.Go(func() {
				for i := worker; i < len(items); i += cap(e.waiting) {
					e.guarded(f, at.item(i), func() { do(i) }, &failures[i])
				}
			})
		}
		wg.Wait()
	}
	return made, slices.Contains(failures, true)
}

// asks says whether objects of the type have a field among the selected ones whose data a resolver gets.
func (e *executing) asks(typ *ast.Type, f *fieldGroup) bool {
	of := e.op.schema.ast.Types[typ.Name()]
	if of == nil || !of.IsCompositeType() {
		return false
	}
	for _, object := range e.op.schema.possible(of) {
		for _, g := range e.collect(object, f.sets()) {
			if e.find(object.Name, g.name()) != nil {
				return true
			}
		}
	}
	return false
}

// concrete is the object type of data: that of the field, or the one that __typename says.
func (e *executing) concrete(of *ast.Definition, value any) (*ast.Definition, error) {
	if _, introspection := value.(meta); introspection {
		return of, nil
	}
	props, ok := value.(map[string]any)
	if s, given := value.(shaped); given {
		props, ok = s, true
	}
	if !ok {
		return nil, fmt.Errorf("an object of type %s is expected", of.Name)
	}
	if of.Kind == ast.Object {
		return of, nil
	}
	possible := e.op.schema.possible(of)
	name, _ := props["__typename"].(string)
	for _, p := range possible {
		if p.Name == name || name == "" && len(possible) == 1 {
			return p, nil
		}
	}
	if name == "" {
		return nil, fmt.Errorf("__typename must say which type of %s the object is", of.Name)
	}
	return nil, fmt.Errorf("'%s' is no type of %s", clip(name), of.Name)
}

// possible are the object types that a type stands for.
func (s *Schema) possible(of *ast.Definition) []*ast.Definition {
	if of.Kind == ast.Object {
		return []*ast.Definition{of}
	}
	return slices.DeleteFunc(slices.Clone(s.ast.PossibleTypes[of.Name]), func(d *ast.Definition) bool { return d == nil || d.Kind != ast.Object })
}
