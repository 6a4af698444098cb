package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// jump is a statement that break, continue or goto case may refer to.
type jump struct {
	loop   bool
	labels []switchLabel // of a switch
}

// block binds { … } in a scope of its own. Its local functions are known from
// its beginning.
func (b *binder) block(x *syntax.Block) *Block {
	b.push()
	defer b.pop()
	return b.statements(x.Stmts, x.Pos())
}

// statements binds a list in the scope in hand: first the names of its local
// functions, then everything in order.
func (b *binder) statements(list []syntax.Stmt, pos int) *Block {
	out := &Block{Place: Place(pos)}
	for _, s := range list {
		if f, ok := s.(*syntax.LocalFunc); ok {
			b.declareFunc(f)
		}
	}
	for _, s := range list {
		if f, ok := s.(*syntax.LocalFunc); ok {
			b.localFuncBody(f)
			continue
		}
		out.Stmts = append(out.Stmts, b.statement(s))
	}
	out.Vars = b.scope.captured()
	out.Funcs = b.scope.local
	return out
}

// statement binds one statement.
func (b *binder) statement(s syntax.Stmt) Stmt {
	b.spend(s.Pos())
	at := Place(s.Pos())
	switch s := s.(type) {
	case *syntax.Block:
		return b.block(s)
	case *syntax.Local:
		return b.local(s)
	case *syntax.ExprStmt:
		return &Eval{at, b.effect(s.X)}
	case *syntax.If:
		cond := b.implicit(b.value(s.Cond), types.Bool)
		out := &If{Place: at, Cond: cond, Then: b.embedded(s.Then)}
		if s.Else != nil {
			out.Else = b.embedded(s.Else)
		}
		return out
	case *syntax.Return:
		return b.returnStatement(s)
	case *syntax.ThrowStmt:
		if s.X == nil {
			if b.catches == 0 {
				b.fail(s.Pos(), "CS0156", "A throw statement with no arguments is not allowed outside of a catch clause")
			}
			return &ThrowStmt{at, nil}
		}
		return &ThrowStmt{at, b.thrown(s.X)}
	case *syntax.Empty:
		return &Block{Place: at}
	case *syntax.Try:
		return b.try(s)
	case *syntax.Using:
		return b.using(s)
	case *syntax.CheckedStmt:
		old, oldUn := b.checked, b.unchecked
		b.checked, b.unchecked = s.On, !s.On
		blk := b.block(s.Body)
		b.checked, b.unchecked = old, oldUn
		return blk
	}
	return b.control(s)
}

// effect binds an expression whose value is dropped.
func (b *binder) effect(x syntax.Expr) Expr {
	e := b.rvalue(b.bind(x))
	switch e := e.(type) {
	case *group:
		b.settle(e)
	case *Const:
		// new T() of a struct, evaluated for nothing.
	}
	return e
}

// embedded binds the body of if, for …, which is a scope of its own.
func (b *binder) embedded(s syntax.Stmt) Stmt {
	b.push()
	defer b.pop()
	inner := b.statement(s)
	return &Block{Place: Place(s.Pos()), Stmts: []Stmt{inner}, Vars: b.scope.captured()}
}

// control binds the statements that jump or repeat.
func (b *binder) control(s syntax.Stmt) Stmt {
	at := Place(s.Pos())
	switch s := s.(type) {
	case *syntax.For:
		return b.forLoop(s)
	case *syntax.Foreach:
		return b.foreach(s)
	case *syntax.While:
		b.push()
		defer b.pop()
		cond := b.implicit(b.value(s.Cond), types.Bool)
		body := b.loopBody(s.Body)
		return &Loop{Place: at, Cond: cond, Body: body, Vars: b.scope.captured()}
	case *syntax.Do:
		body := b.loopBody(s.Body)
		return &Loop{Place: at, Cond: b.implicit(b.value(s.Cond), types.Bool), Body: body, CondAfter: true}
	case *syntax.Switch:
		return b.switchStatement(s)
	case *syntax.Break:
		if len(b.jumps) == 0 {
			b.fail(s.Pos(), "CS0139", "No enclosing loop out of which to break or continue")
		}
		return &Break{at}
	case *syntax.Continue:
		for i := len(b.jumps) - 1; i >= 0; i-- {
			if b.jumps[i].loop {
				return &Continue{at}
			}
		}
		b.fail(s.Pos(), "CS0139", "No enclosing loop out of which to break or continue")
	case *syntax.Goto:
		return b.gotoCase(s)
	}
	b.fail(s.Pos(), "CS1525", "unexpected statement")
	return nil
}

// loopBody binds a body that break and continue refer to.
func (b *binder) loopBody(s syntax.Stmt) Stmt {
	b.jumps = append(b.jumps, jump{loop: true})
	defer func() { b.jumps = b.jumps[:len(b.jumps)-1] }()
	return b.embedded(s)
}

// local binds a declaration of one or more variables.
func (b *binder) local(s *syntax.Local) Stmt {
	var t *types.Type
	if s.Type != nil {
		if t = b.typ(s.Type); t.Kind == types.KindVoid {
			b.fail(s.Pos(), "CS1547", "Keyword 'void' cannot be used in this context")
		}
		if t.Static {
			b.fail(s.Pos(), "CS0723", "Cannot declare a variable of static type '%s'", t)
		}
	}
	if len(s.Vars) == 1 {
		return b.localVar(s, s.Vars[0], t)
	}
	if t == nil {
		b.fail(s.Pos(), "CS0819", "Implicitly-typed variables cannot have multiple declarators")
	}
	out := &Block{Place: Place(s.Pos())}
	for _, v := range s.Vars {
		out.Stmts = append(out.Stmts, b.localVar(s, v, t))
	}
	return out
}

// localVar binds one declarator. A const adds a name and no code.
func (b *binder) localVar(s *syntax.Local, v syntax.LocalVar, t *types.Type) Stmt {
	at := Place(v.Pos())
	if init, ok := v.X.(*syntax.ArrayInit); ok {
		if t == nil || t.Kind != types.KindArray {
			b.fail(v.Pos(), "CS0622", "Can only use array initializer expressions to assign to array types. Try using a new expression instead.")
		}
		x := b.arrayInit(init, t)
		return &Set{at, b.declareLocal(v.Name, t, v.Pos()), x}
	}
	if t == nil {
		return b.varLocal(v)
	}
	if v.X == nil {
		return &Set{at, b.declareLocal(v.Name, t, v.Pos()), nil}
	}
	if s.Const {
		x := b.implicit(b.value(v.X), t)
		c, ok := x.(*Const)
		if !ok {
			b.fail(v.X.Pos(), "CS0133", "The expression being assigned to '%s' must be constant", v.Name)
		}
		dv := b.declareLocal(v.Name, t, v.Pos())
		dv.Const = c
		return &Block{Place: at}
	}
	// The variable is in scope in its own initialiser: a lambda may call itself.
	if _, isLambda := v.X.(*syntax.Lambda); isLambda {
		dv := b.declareLocal(v.Name, t, v.Pos())
		return &Set{at, dv, b.implicit(b.value(v.X), t)}
	}
	x := b.implicit(b.value(v.X), t)
	return &Set{at, b.declareLocal(v.Name, t, v.Pos()), x}
}

// varLocal infers the type from the value, which must have one.
func (b *binder) varLocal(v syntax.LocalVar) Stmt {
	if v.X == nil {
		b.fail(v.Pos(), "CS0818", "Implicitly-typed variables must be initialized")
	}
	x := b.value(v.X)
	switch x.(type) {
	case *unbound:
		b.fail(v.Pos(), "CS0815", "Cannot assign lambda expression to an implicitly-typed variable")
	case *group:
		b.fail(v.Pos(), "CS0815", "Cannot assign method group to an implicitly-typed variable")
	}
	b.settle(x)
	if t := x.Type(); t == nil || t.Kind == types.KindNull {
		b.fail(v.Pos(), "CS0815", "Cannot assign <null> to an implicitly-typed variable")
	}
	return &Set{Place(v.Pos()), b.declareLocal(v.Name, x.Type(), v.Pos()), x}
}

// returnStatement converts to the result of the function. In a lambda whose
// result is being inferred the value is kept as it is for now.
func (b *binder) returnStatement(s *syntax.Return) Stmt {
	r := &Return{Place: Place(s.Pos())}
	if s.X != nil {
		r.X = b.value(s.X)
	}
	if b.returns != nil {
		*b.returns = append(*b.returns, r)
		return r
	}
	result := b.fn.Result
	switch {
	case result.Kind == types.KindVoid && r.X != nil:
		b.fail(s.Pos(), "CS0127", "Since the function returns void, a return keyword must not be followed by an object expression")
	case result.Kind == types.KindVoid:
	case r.X == nil:
		b.fail(s.Pos(), "CS0126", "An object of a type convertible to '%s' is required", result)
	default:
		r.X = b.implicit(r.X, result)
	}
	return r
}

// forLoop has one variable for all rounds, which lambdas share.
func (b *binder) forLoop(s *syntax.For) Stmt {
	b.push()
	defer b.pop()
	out := &Loop{Place: Place(s.Pos())}
	for _, i := range s.Init {
		out.Init = append(out.Init, b.statement(i))
	}
	if s.Cond != nil {
		out.Cond = b.implicit(b.value(s.Cond), types.Bool)
	}
	for _, p := range s.Post {
		out.Post = append(out.Post, b.effect(p))
	}
	out.Body = b.loopBody(s.Body)
	out.Vars = b.scope.captured()
	return out
}

// foreach binds the loop: an array, a string, or anything enumerable.
func (b *binder) foreach(s *syntax.Foreach) Stmt {
	x := b.walked(b.typed(s.X), s.X.Pos())
	if c, ok := x.(*Const); ok && c.Value == nil {
		b.fail(s.X.Pos(), "CS0186", "Use of null is not valid in this context")
	}
	elem := b.element(x, s.X.Pos())
	b.push()
	defer b.pop()
	raw := b.temp(elem)
	out := &Foreach{Place: Place(s.Pos()), X: x, Raw: raw}
	item := Expr(&Local{Typed{elem, s.Pos()}, raw})
	switch {
	case s.Names != nil:
		b.foreachNames(out, s, item)
	case s.Type != nil:
		t := b.typ(s.Type)
		v := b.declareLocal(s.Name, t, s.Pos())
		v.ReadOnly = "it is a 'foreach iteration variable'"
		out.Sets = []Stmt{&Set{Place(s.Pos()), v, b.cast(item, t, s.Pos())}}
	default:
		v := b.declareLocal(s.Name, elem, s.Pos())
		v.ReadOnly = "it is a 'foreach iteration variable'"
		out.Sets = []Stmt{&Set{Place(s.Pos()), v, item}}
	}
	out.Body = b.loopBody(s.Body)
	out.Vars = b.scope.captured()
	return out
}

// foreachNames takes each item apart.
func (b *binder) foreachNames(out *Foreach, s *syntax.Foreach, item Expr) {
	t := item.Type()
	if t.Kind != types.KindTuple || len(t.Args) != len(s.Names) {
		b.fail(s.Pos(), "CS8129", "No suitable 'Deconstruct' instance or extension method was found for type '%s', with %d out parameters and a void return type.", t, len(s.Names))
	}
	for i, n := range s.Names {
		v := b.declare(n, t.Args[i], s.Pos())
		out.Sets = append(out.Sets, &Set{Place(s.Pos()), v, &Field{Typed{t.Args[i], s.Pos()}, item, i}})
	}
}

// walked is x, or what its own GetEnumerator gives: a class that is several
// sequences (JObject) says there which one foreach walks.
func (b *binder) walked(x Expr, pos int) Expr {
	if x.Type().Kind != types.KindClass {
		return x
	}
	for _, m := range b.lib.Declares(x.Type(), "GetEnumerator") {
		if len(m.Params) == 0 && m.Result.Def == types.IEnumeratorOf {
			return b.invoke([]*types.Method{m}, x, nil, nil, pos, m.Name)
		}
	}
	return x
}

// element is what foreach over x gives.
func (b *binder) element(x Expr, pos int) *types.Type {
	t := x.Type()
	if t.Kind == types.KindArray || t.Def == types.IEnumeratorOf {
		return t.Args[0]
	}
	for _, base := range b.lib.Bases(t) {
		if base.Def == types.IEnumerableOf {
			return base.Args[0]
		}
	}
	if b.lib.Subtype(t, types.IEnumerable) && t.Kind != types.KindNull {
		return types.Object
	}
	if t.Kind == types.KindDynamic {
		b.noMember(t, "GetEnumerator", false, pos)
	}
	b.fail(pos, "CS1579", "foreach statement cannot operate on variables of type '%s' because '%s' does not contain a public instance definition for 'GetEnumerator'", t, t)
	return nil
}
