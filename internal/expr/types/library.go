package types

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// imports are the namespaces whose types need no qualification. System.Net is
// included because refusing the short name would help nobody.
var imports = []string{
	"", "System.", "System.Collections.Generic.", "System.Linq.", "System.Text.", "System.Text.RegularExpressions.",
	"System.Security.Cryptography.", "System.Security.Cryptography.X509Certificates.", "System.IO.", "System.Net.",
	"System.Xml.", "System.Xml.Linq.", "Newtonsoft.Json.", "Newtonsoft.Json.Linq.", "System.Collections.",
}

// Library is an immutable set of declared types. It answers what names mean,
// what members a type has and how types relate.
type Library struct {
	names      map[string]*Type     // key(full, arity) → definition
	entries    map[*Type]*entry     // by definition
	extensions map[string][]*Method // by method name
	namespaces map[string]bool
	order      []*Type // in order of declaration, for generated pages
}

// entry is a resolved Decl.
type entry struct {
	decl    Decl
	bases   []*Type // direct: base class, then interfaces
	members map[string][]*Method
	denied  map[string]bool
	all     []*Method
}

// NewLibrary resolves declarations on top of base, which may be nil and is not
// changed. The error lists every row that does not resolve: an unknown type, a
// bad signature, a Go function that does not match its signature.
func NewLibrary(base *Library, decls ...Decl) (*Library, error) {
	l := &Library{
		names: map[string]*Type{}, entries: map[*Type]*entry{},
		extensions: map[string][]*Method{}, namespaces: map[string]bool{},
	}
	l.inherit(base)
	for _, d := range decls {
		if d.Type == nil {
			return nil, errors.New("a declaration without a type")
		}
		if l.entries[d.Type] != nil {
			return nil, fmt.Errorf("%s is declared twice", d.Type.Full())
		}
		l.name(d.Type)
		l.entries[d.Type] = &entry{decl: d, members: map[string][]*Method{}, denied: map[string]bool{}}
		l.order = append(l.order, d.Type)
	}
	var errs []error
	for i := range decls {
		errs = append(errs, l.fill(&decls[i])...)
	}
	return l, errors.Join(errs...)
}

func (l *Library) inherit(base *Library) {
	if base == nil {
		for _, t := range builtins() {
			l.name(t)
		}
		return
	}
	for k, v := range base.names {
		l.names[k] = v
	}
	for k, v := range base.entries {
		l.entries[k] = v
	}
	for k, v := range base.extensions {
		l.extensions[k] = v
	}
	for k, v := range base.namespaces {
		l.namespaces[k] = v
	}
	l.order = append(l.order, base.order...)
}

func (l *Library) name(t *Type) {
	l.names[key(t.Full(), len(t.Params))] = t
	if t.Keyword != "" {
		l.names[key(t.Keyword, 0)] = t
	}
	for ns := t.Namespace; ns != ""; {
		l.namespaces[ns] = true
		i := strings.LastIndexByte(ns, '.')
		ns = ns[:max(i, 0)]
	}
}

func (l *Library) fill(d *Decl) (errs []error) {
	e := l.entries[d.Type]
	for _, name := range append([]string{d.Base}, d.Interfaces...) {
		if name == "" {
			continue
		}
		t, err := l.Parse(name, d.Type.Params)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: base %w", d.Type, err))
			continue
		}
		e.bases = append(e.bases, t)
	}
	for _, name := range d.Denied {
		e.denied[name] = true
	}
	rows := append(slices.Clip(d.Members), implied(d)...)
	for i := range rows {
		m, err := l.resolve(d.Type, &rows[i])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		e.members[m.Name] = append(e.members[m.Name], m)
		e.all = append(e.all, m)
		if m.Extension {
			// A fresh slice: the one inherited from base must not change.
			l.extensions[m.Name] = append(append([]*Method{}, l.extensions[m.Name]...), m)
		}
	}
	return errs
}

// Parse reads a type written in C#, with scope naming type parameters.
func (l *Library) Parse(text string, scope []*Type) (t *Type, err error) {
	p := &signature{lib: l, scope: scope, toks: words(text)}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(tableError)
			if !ok {
				panic(r)
			}
			err = fmt.Errorf("%q: %s", text, string(e))
		}
	}()
	return p.typ(), nil
}

// Lookup finds a type definition by short or full name and number of type
// arguments; nil when there is none.
func (l *Library) Lookup(name string, arity int) *Type {
	name = strings.TrimPrefix(name, "global::")
	k := key(name, arity)
	for _, ns := range imports {
		if t := l.names[ns+k]; t != nil {
			return t
		}
	}
	return nil
}

// IsNamespace reports whether name is a namespace with declared types.
func (l *Library) IsNamespace(name string) bool { return l.namespaces[name] }

// Declared reports whether the type has a declaration in this library.
func (l *Library) Declared(t *Type) bool { return l.entries[t.Definition()] != nil }

// Refused reports whether the allow-list refuses members of t (APIM0001).
func (l *Library) Refused(t *Type) bool {
	e := l.entries[t.Definition()]
	return e != nil && e.decl.Refused
}

// Denied reports whether t or a base of it has a member of that name which the
// allow-list refuses, and names the declaring type (APIM0002).
func (l *Library) Denied(t *Type, name string) (*Type, bool) {
	for _, b := range l.Bases(t) {
		if e := l.entries[l.declKey(b)]; e != nil && e.denied[name] {
			return b, true
		}
	}
	return nil, false
}

// declKey is the type under which the members of t are declared.
func (l *Library) declKey(t *Type) *Type {
	switch t.Kind {
	case KindArray:
		return ArrayT
	case KindNullable:
		return Nullable
	}
	return t.Definition()
}

// Members finds members of that name on t and its bases, nearest first, with
// type arguments put in. Extension methods are not among them.
func (l *Library) Members(t *Type, name string) []*Method {
	var out []*Method
	bases := l.Bases(t)
	if t.Kind == KindArray {
		bases = []*Type{t, Object} // arrays implement their interfaces explicitly
	}
	for _, b := range bases {
		e := l.entries[l.declKey(b)]
		if e == nil {
			continue
		}
		for _, m := range e.members[name] {
			if !m.Extension {
				out = append(out, m.On(b))
			}
		}
	}
	return out
}

// Declares finds members of that name declared by t itself: constructors
// (".ctor"), operators, conversions, statics called through the type.
func (l *Library) Declares(t *Type, name string) []*Method {
	e := l.entries[l.declKey(t)]
	if e == nil {
		return nil
	}
	out := make([]*Method, len(e.members[name]))
	for i, m := range e.members[name] {
		out[i] = m.On(t)
	}
	return out
}

// Extensions finds extension methods by name.
func (l *Library) Extensions(name string) []*Method { return l.extensions[name] }

// All lists the types in order of declaration with their methods, for tests
// and generated pages.
func (l *Library) All(yield func(d Decl, methods []*Method) bool) {
	for _, t := range l.order {
		if e := l.entries[t]; !yield(e.decl, e.all) {
			return
		}
	}
}

// Format writes v under a format string; types without formats ignore it.
func (l *Library) Format(v Value, format string) (string, error) {
	if v == nil {
		return "", nil
	}
	if w, ok := v.(Wrapper); ok {
		if inner, ok := w.NetWrapped(); ok {
			return l.Format(inner, format)
		}
	}
	if format != "" {
		if e := l.entries[l.declKey(l.TypeOf(v))]; e != nil && e.decl.Format != nil {
			return e.decl.Format(v, format)
		}
		if e, ok := v.(Enum); ok {
			return FormatEnum(e, format)
		}
	}
	return ToString(v), nil
}
