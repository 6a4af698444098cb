package graphql

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// Verdict is what becomes of a field that a request asks for. A later one outweighs those before it.
type Verdict uint8

// The verdicts.
const (
	Allow  Verdict = iota
	Remove         // ask for the rest without it
	Reject         // refuse the request
)

// Judge decides on a field of an object type. Fields of introspection are those of the type "".
type Judge func(typ, field string) (Verdict, error)

// Authorized is what judging has come to.
type Authorized struct {
	Rejected *Problem  // the request is refused
	Removed  []Problem // one for each field that was taken out
	Request  *Request  // without the removed fields; nil when there are none left
}

// Authorize judges every field that the document asks for. A field of an interface is judged for each type that it may turn out to be of.
func (o *Operation) Authorize(judge Judge, r *Request) (*Authorized, error) {
	a := &authorizing{op: o, judge: judge}
	for _, op := range o.doc.Operations {
		op.SelectionSet = a.set(op.SelectionSet)
	}
	for _, f := range o.doc.Fragments {
		f.SelectionSet = a.set(f.SelectionSet)
	}
	switch {
	case a.err != nil:
		return nil, a.err
	case a.out.Rejected != nil || len(a.out.Removed) == 0:
		a.out.Request = r
		return &a.out, nil
	}
	a.tidy()
	if len(o.op.SelectionSet) == 0 {
		return &a.out, nil
	}
	var b bytes.Buffer
	formatter.NewFormatter(&b).FormatQueryDocument(o.doc)
	a.out.Request = &Request{Query: b.String(), Operation: r.Operation, Variables: a.variables(r.Variables)}
	return &a.out, nil
}

type authorizing struct {
	op    *Operation
	judge Judge
	out   Authorized
	err   error
}

// set is a selection without what may not be asked.
func (a *authorizing) set(in ast.SelectionSet) ast.SelectionSet {
	return slices.DeleteFunc(in, func(sel ast.Selection) bool {
		switch sel := sel.(type) {
		case *ast.Field:
			return a.field(sel)
		case *ast.InlineFragment:
			sel.SelectionSet = a.set(sel.SelectionSet)
			return len(sel.SelectionSet) == 0
		}
		return false
	})
}

// field judges a field and what is below it, and says whether it goes.
func (a *authorizing) field(f *ast.Field) bool {
	if f.Name == "__typename" || f.ObjectDefinition == nil {
		return false
	}
	verdict := a.verdict(f)
	switch verdict {
	case Reject:
		if a.out.Rejected == nil {
			p := problemAt(f, "Access to the field '%s' is denied.")
			a.out.Rejected = &p
		}
		return false
	case Remove:
		a.out.Removed = append(a.out.Removed, problemAt(f, "Access to the field '%s' is denied; it was removed from the request."))
		return true
	}
	if strings.HasPrefix(f.Name, "__") || len(f.SelectionSet) == 0 {
		return false // introspection is judged as a whole
	}
	f.SelectionSet = a.set(f.SelectionSet)
	return len(f.SelectionSet) == 0
}

func (a *authorizing) verdict(f *ast.Field) (worst Verdict) {
	types := []string{""}
	if !strings.HasPrefix(f.Name, "__") {
		types = types[:0]
		for _, t := range a.op.schema.possible(f.ObjectDefinition) {
			types = append(types, t.Name)
		}
		if f.ObjectDefinition.Kind != ast.Object {
			types = append(types, f.ObjectDefinition.Name)
		}
	}
	for _, t := range types {
		v, err := a.judge(t, f.Name)
		if err != nil && a.err == nil {
			a.err = err
		}
		worst = max(worst, v)
	}
	return worst
}

func problemAt(f *ast.Field, message string) Problem {
	name := f.Name
	if !strings.HasPrefix(name, "__") {
		name = f.ObjectDefinition.Name + "/" + f.Name
	}
	p := Problem{Message: fmt.Sprintf(message, name)}
	if f.Position != nil {
		p.Locations = []Location{{f.Position.Line, f.Position.Column}}
	}
	return p
}

// tidy takes out what nothing refers to any more: a server would refuse it. Fragments that came to nothing go with their uses.
func (a *authorizing) tidy() {
	doc := a.op.doc
	for {
		empty := map[string]bool{}
		for _, f := range doc.Fragments {
			if len(f.SelectionSet) == 0 {
				empty[f.Name] = true
			}
		}
		if len(empty) == 0 {
			break
		}
		doc.Fragments = slices.DeleteFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool { return empty[f.Name] })
		for _, op := range doc.Operations {
			op.SelectionSet = withoutSpreads(op.SelectionSet, empty)
		}
		for _, f := range doc.Fragments {
			f.SelectionSet = withoutSpreads(f.SelectionSet, empty)
		}
	}
	doc.Operations = slices.DeleteFunc(doc.Operations, func(op *ast.OperationDefinition) bool { return len(op.SelectionSet) == 0 })
	used := uses{doc: doc, fragments: map[string]bool{}}
	for _, op := range doc.Operations {
		used.variables = map[string]bool{}
		clear(used.fragments)
		used.directives(op.Directives)
		used.set(op.SelectionSet)
		op.VariableDefinitions = slices.DeleteFunc(op.VariableDefinitions, func(v *ast.VariableDefinition) bool { return !used.variables[v.Variable] })
		for name := range used.fragments {
			used.all = append(used.all, name)
		}
	}
	doc.Fragments = slices.DeleteFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool { return !slices.Contains(used.all, f.Name) })
}

// withoutSpreads drops the uses of fragments, and what is left without any selection by that.
func withoutSpreads(in ast.SelectionSet, gone map[string]bool) ast.SelectionSet {
	return slices.DeleteFunc(in, func(sel ast.Selection) bool {
		switch sel := sel.(type) {
		case *ast.Field:
			if len(sel.SelectionSet) == 0 {
				return false
			}
			sel.SelectionSet = withoutSpreads(sel.SelectionSet, gone)
			return len(sel.SelectionSet) == 0
		case *ast.InlineFragment:
			sel.SelectionSet = withoutSpreads(sel.SelectionSet, gone)
			return len(sel.SelectionSet) == 0
		case *ast.FragmentSpread:
			return gone[sel.Name]
		}
		return false
	})
}

// uses are the variables and fragments that an operation still refers to.
type uses struct {
	doc                  *ast.QueryDocument
	variables, fragments map[string]bool
	all                  []string
}

func (u *uses) set(set ast.SelectionSet) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			for _, a := range sel.Arguments {
				u.value(a.Value)
			}
			u.directives(sel.Directives)
			u.set(sel.SelectionSet)
		case *ast.InlineFragment:
			u.directives(sel.Directives)
			u.set(sel.SelectionSet)
		case *ast.FragmentSpread:
			u.directives(sel.Directives)
			if f := u.doc.Fragments.ForName(sel.Name); f != nil && !u.fragments[sel.Name] {
				u.fragments[sel.Name] = true
				u.set(f.SelectionSet)
			}
		}
	}
}

func (u *uses) directives(list ast.DirectiveList) {
	for _, d := range list {
		for _, a := range d.Arguments {
			u.value(a.Value)
		}
	}
}

func (u *uses) value(v *ast.Value) {
	if v == nil {
		return
	}
	if v.Kind == ast.Variable {
		u.variables[v.Raw] = true
	}
	for _, c := range v.Children {
		u.value(c.Value)
	}
}

// variables are the values that the operation still takes.
func (a *authorizing) variables(all map[string]any) map[string]any {
	out := map[string]any{}
	for _, v := range a.op.op.VariableDefinitions {
		if value, there := all[v.Variable]; there {
			out[v.Variable] = value
		}
	}
	return out
}
