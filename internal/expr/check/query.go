package check

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
)

// Query expressions are translated to calls of Select, Where and the rest, as
// C# defines them. When more than one range variable is in sight they travel as
// the properties of one anonymous object, and their names become aliases.

// transparent is the name of the parameter that carries several variables.
const transparent = "<>q"

// aliased is the body of a lambda in which names stand for properties of the
// transparent parameter. It takes the place of a syntax.Expr.
type aliased struct {
	syntax.At
	names []string
	x     syntax.Expr
}

// translation is a query in the making.
type translation struct {
	src  syntax.Expr
	vars []string
}

// query binds the calls a query stands for.
func (b *binder) query(x *syntax.Query) Expr {
	t := &translation{}
	for i, c := range x.Clauses {
		t.clause(c, i == 0)
	}
	return b.bind(t.src)
}

// clause adds one clause.
func (t *translation) clause(c syntax.Clause, first bool) {
	at := c.At
	source := c.X
	if c.Type != nil && (c.Kind == "from" || c.Kind == "join") {
		source = &syntax.Call{At: at, Fun: &syntax.Member{At: at, X: c.X, Name: "Cast", Args: []*syntax.TypeExpr{c.Type}}}
	}
	switch c.Kind {
	case "from":
		if first {
			t.src, t.vars = source, []string{c.Name}
			return
		}
		t.call(at, "SelectMany", t.lambda(at, source), t.pair(at, c.Name))
		t.vars = append(t.vars, c.Name)
	case "let":
		t.call(at, "Select", t.lambda(at, t.object(at, c.Name, c.X)))
		t.vars = append(t.vars, c.Name)
	case "where":
		t.call(at, "Where", t.lambda(at, c.X))
	case "orderby", "thenby":
		name := map[string]string{"orderby": "OrderBy", "thenby": "ThenBy"}[c.Kind]
		if c.Desc {
			name += "Descending"
		}
		t.call(at, name, t.lambda(at, c.X))
	case "join":
		t.join(c, source)
	case "select":
		t.call(at, "Select", t.lambda(at, c.X))
	case "group":
		t.call(at, "GroupBy", t.lambda(at, c.Y), t.lambda(at, c.X))
	}
	if c.Into != "" && c.Kind != "join" {
		t.vars = []string{c.Into}
	}
}

// join adds a join, or a group join when it goes into a name.
func (t *translation) join(c syntax.Clause, source syntax.Expr) {
	inner := &syntax.Lambda{At: c.At, Params: []syntax.LambdaParam{{At: c.At, Name: c.Name}}, Expr: c.Y}
	name, method := c.Name, "Join"
	if c.Into != "" {
		name, method = c.Into, "GroupJoin"
	}
	t.call(c.At, method, source, t.lambda(c.At, c.On), inner, t.pair(c.At, name))
	t.vars = append(t.vars, name)
}

// call makes the source so far the receiver of the next method.
func (t *translation) call(at syntax.At, method string, args ...syntax.Expr) {
	call := &syntax.Call{At: at, Fun: &syntax.Member{At: at, X: t.src, Name: method}}
	for _, a := range args {
		call.Args = append(call.Args, syntax.Arg{At: at, X: a})
	}
	t.src = call
}

// lambda makes a function of the variables in sight.
func (t *translation) lambda(at syntax.At, body syntax.Expr) syntax.Expr {
	name := t.carrier()
	if len(t.vars) > 1 {
		body = &aliased{At: syntax.At(body.Pos()), names: t.vars, x: body}
	}
	return &syntax.Lambda{At: at, Params: []syntax.LambdaParam{{At: at, Name: name}}, Expr: body}
}

// carrier is the parameter that holds the variables in sight.
func (t *translation) carrier() string {
	if len(t.vars) == 1 {
		return t.vars[0]
	}
	return transparent
}

// pair makes the function that adds a variable to those in sight.
func (t *translation) pair(at syntax.At, name string) syntax.Expr {
	body := t.object(at, name, &syntax.Name{At: at, Name: name})
	if len(t.vars) > 1 {
		body = &aliased{At: at, names: t.vars, x: body}
	}
	params := []syntax.LambdaParam{{At: at, Name: t.carrier()}, {At: at, Name: name}}
	return &syntax.Lambda{At: at, Params: params, Expr: body}
}

// object makes the anonymous object that carries one variable more.
func (t *translation) object(at syntax.At, name string, value syntax.Expr) syntax.Expr {
	o := &syntax.NewAnonymous{At: at}
	for _, v := range t.vars {
		o.Names = append(o.Names, v)
		o.Values = append(o.Values, &syntax.Name{At: at, Name: v})
	}
	o.Names, o.Values = append(o.Names, name), append(o.Values, value)
	return o
}

// aliases binds the body of a lambda whose parameter carries several variables.
// The names belong to the scope of that lambda.
func (b *binder) aliases(x *aliased) Expr {
	b.scope.alias = x.names
	return b.rvalue(b.bind(x.x))
}

// alias finds the property a name stands for; nil when a nearer variable hides
// it or there is none.
func (b *binder) alias(x *syntax.Name) Expr {
	for s := b.scope; s != nil; s = s.outer {
		for _, n := range s.alias {
			if n == x.Name && !strings.HasPrefix(x.Name, "<") {
				return b.bind(&syntax.Member{At: x.At, X: &syntax.Name{At: x.At, Name: transparent}, Name: n})
			}
		}
		if _, ok := s.vars[x.Name]; ok {
			return nil
		}
	}
	return nil
}
