package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// localFunc finds a local function by name.
func (b *binder) localFunc(name string) *LocalFunc {
	for s := b.scope; s != nil; s = s.outer {
		if f, ok := s.funcs[name]; ok {
			return f
		}
	}
	return nil
}

// declareFunc puts the name and signature of a local function in scope.
func (b *binder) declareFunc(f *syntax.LocalFunc) {
	if _, ok := b.scope.funcs[f.Name]; ok {
		b.fail(f.Pos(), "CS0128", "A local variable or function named '%s' is already defined in this scope", f.Name)
	}
	fn := &Func{Outer: b.fn}
	m := &types.Method{Owner: types.Object, Name: f.Name, Static: true}
	b.push()
	b.typeParams(f, m)
	m.Result = b.typ(f.Result)
	for _, p := range f.Params {
		m.Params = append(m.Params, b.funcParam(p))
		fn.Modes = append(fn.Modes, m.Params[len(m.Params)-1].Mode)
	}
	b.pop()
	fn.Result = m.Result
	v := b.temp(types.Object)
	v.ReadOnly = "it is a local function"
	lf := &LocalFunc{Var: v, Func: fn, method: m}
	if b.scope.funcs == nil {
		b.scope.funcs = map[string]*LocalFunc{}
		b.scope.decls = map[string]*syntax.LocalFunc{}
	}
	b.scope.funcs[f.Name] = lf
	b.scope.decls[f.Name] = f
	b.scope.local = append(b.scope.local, lf)
}

// typeParams puts the type parameters of a local function in scope.
func (b *binder) typeParams(f *syntax.LocalFunc, m *types.Method) {
	if len(f.TypeParams) == 0 {
		return
	}
	b.scope.types = map[string]*types.Type{}
	for _, n := range f.TypeParams {
		t := &types.Type{Kind: types.KindParam, Name: n}
		b.scope.types[n] = t
		m.TypeParams = append(m.TypeParams, t)
	}
}

// funcParam binds a parameter; its default must be constant.
func (b *binder) funcParam(p syntax.FuncParam) types.Param {
	out := types.Param{Name: p.Name, Type: b.typ(p.Type), Params: p.Mode == "params"}
	switch p.Mode {
	case "ref":
		out.Mode = types.ByRef
	case "out":
		out.Mode = types.ByOut
	}
	if p.Default != nil {
		c, ok := b.implicit(b.value(p.Default), out.Type).(*Const)
		if !ok {
			b.fail(p.Default.Pos(), "CS1736", "Default parameter value for '%s' must be a compile-time constant", p.Name)
		}
		out.Default = &types.Default{V: c.Value}
	}
	return out
}

// localFuncBody binds the body of a declared local function.
func (b *binder) localFuncBody(f *syntax.LocalFunc) {
	lf := b.scope.funcs[f.Name]
	fn := lf.Func
	scope, outer, jumps, catches, returns := b.scope, b.fn, b.jumps, b.catches, b.returns
	defer func() { b.scope, b.fn, b.jumps, b.catches, b.returns = scope, outer, jumps, catches, returns }()
	b.fn, b.jumps, b.catches, b.returns = fn, nil, 0, nil
	b.push()
	if len(f.TypeParams) > 0 {
		b.scope.types = map[string]*types.Type{}
		for i, n := range f.TypeParams {
			b.scope.types[n] = lf.method.TypeParams[i]
		}
	}
	for i, p := range lf.method.Params {
		fn.Params = append(fn.Params, b.param(p.Name, p.Type, f.Params[i].Pos()))
	}
	if f.Expr != nil {
		x := b.value(f.Expr)
		at := Place(f.Expr.Pos())
		var s Stmt = &Eval{at, x}
		if fn.Result.Kind != types.KindVoid {
			s = &Return{at, b.implicit(x, fn.Result)}
		}
		fn.Body = &Block{Place: at, Stmts: []Stmt{s}, Vars: b.scope.captured()}
		return
	}
	blk := b.block(f.Body)
	if fn.Result.Kind != types.KindVoid && b.flow(blk) {
		b.fail(f.Pos(), "CS0161", "'%s': not all code paths return a value", f.Name)
	}
	fn.Body = &Block{Place: blk.Place, Stmts: []Stmt{blk}, Vars: b.scope.captured()}
}
