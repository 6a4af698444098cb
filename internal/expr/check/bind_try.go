package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// try binds the clauses in order; a clause that can never run is an error.
func (b *binder) try(s *syntax.Try) Stmt {
	out := &Try{Place: Place(s.Pos()), Body: b.block(s.Body)}
	for i, c := range s.Catches {
		if i > 0 && s.Catches[i-1].Type == nil && s.Catches[i-1].When == nil {
			b.fail(c.Pos(), "CS1017", "Catch clauses cannot follow the general catch clause of a try statement")
		}
		out.Catches = append(out.Catches, b.catch(c, out.Catches))
	}
	if s.Finally != nil {
		jumps := b.jumps
		b.jumps = nil
		out.Finally = b.block(s.Finally)
		b.jumps = jumps
		b.noReturn(out.Finally)
	}
	return out
}

// catch binds one clause; its filter sees the exception.
func (b *binder) catch(c syntax.Catch, before []Catch) Catch {
	b.push()
	defer b.pop()
	out := Catch{Type: types.ExceptionT}
	if c.Type != nil {
		out.Type = b.typ(c.Type)
		if !b.lib.Subtype(out.Type, types.ExceptionT) {
			b.fail(c.Pos(), "CS0155", "The type caught or thrown must be derived from System.Exception")
		}
		for _, p := range before {
			if p.When == nil && b.lib.Subtype(out.Type, p.Type) {
				b.fail(c.Pos(), "CS0160", "A previous catch clause already catches all exceptions of this or of a super type ('%s')", p.Type)
			}
		}
	}
	if c.Name != "" {
		out.Var = b.declare(c.Name, out.Type, c.Pos())
	}
	if c.When != nil {
		out.When = b.implicit(b.value(c.When), types.Bool)
	}
	b.catches++
	out.Body = b.block(c.Body)
	b.catches--
	out.Vars = b.scope.captured()
	return out
}

// noReturn refuses to leave a finally block by return.
func (b *binder) noReturn(s Stmt) {
	walk(s, func(s Stmt) {
		if _, ok := s.(*Return); ok {
			b.fail(s.Pos(), "CS0157", "Control cannot leave the body of a finally clause")
		}
	})
}

// using binds resources that are read-only inside the body.
func (b *binder) using(s *syntax.Using) Stmt {
	b.push()
	defer b.pop()
	out := &Using{Place: Place(s.Pos())}
	var vars []*Var
	if s.Decl != nil {
		for _, v := range s.Decl.Vars {
			if v.X == nil {
				b.fail(v.Pos(), "CS0210", "You must provide an initializer in a fixed or using statement declaration")
			}
		}
		n := len(b.scope.list)
		st := b.local(s.Decl)
		out.Sets = []Stmt{st}
		for _, v := range b.scope.list[n:] {
			if v.Name != "" {
				v.ReadOnly = "it is a 'using variable'"
				vars = append(vars, v)
			}
		}
	} else {
		x := b.typed(s.X)
		v := b.temp(x.Type())
		out.Sets = []Stmt{&Set{Place(s.Pos()), v, x}}
		vars = []*Var{v}
	}
	for _, v := range vars {
		if v.Type.Kind != types.KindNull && !b.lib.Subtype(v.Type, types.IDisposable) {
			b.fail(s.Pos(), "CS1674", "'%s': type used in a using statement must be implicitly convertible to 'System.IDisposable'", v.Type)
		}
		out.Dispose = append(out.Dispose, &Local{Typed{v.Type, s.Pos()}, v})
	}
	out.Body = b.embedded(s.Body)
	out.Vars = b.scope.captured()
	return out
}
