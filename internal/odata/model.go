package odata

import "strings"

// Model is what a metadata document says. It is immutable.
type Model struct {
	Version    string // of the document: "4.0" or "4.01"
	Sets       []*Source
	Singletons []*Source
	Functions  []*Import
	Actions    []*Import

	types   map[string]*Type     // entity and complex types, by qualified name
	other   map[string]bool      // enumerations and type definitions, by qualified name
	aliases map[string]string    // of namespaces
	bound   map[string]*Callable // functions and actions by unqualified name; of overloads the parameters of all
	all     map[string][]*Callable
	sources map[string]*Source
	imports map[string]*Import
}

// Source is an entity set or a singleton.
type Source struct {
	Name string
	Type *Type
	Set  bool
}

// Type is an entity type or a complex type.
type Type struct {
	Name   string // qualified
	Entity bool
	Open   bool     // it takes properties that aren't declared
	Keys   []string // of an entity type, inherited ones included

	base       string
	properties map[string]*Property
	parent     *Type
}

// Property is a structural or a navigation property.
type Property struct {
	Name       string
	Type       string // qualified, without Collection(…)
	Many       bool
	Navigation bool
}

// Callable is a function or an action, of one overload.
type Callable struct {
	Name       string // qualified
	Action     bool
	Bound      bool
	Parameters []string // the binding one left out
	Returns    string   // "" for nothing
	Many       bool
}

// Import is a function or an action of the service itself.
type Import struct {
	Name      string
	Overloads []*Callable
}

// Property finds a property of the type or of those it derives from; nil for none.
func (t *Type) Property(name string) *Property {
	for ; t != nil; t = t.parent {
		if p := t.properties[name]; p != nil {
			return p
		}
	}
	return nil
}

// open says whether the type or one that it derives from is open.
func (t *Type) open() bool {
	for ; t != nil; t = t.parent {
		if t.Open {
			return true
		}
	}
	return false
}

// derives says whether t is the other type or derives from it.
func (t *Type) derives(from *Type) bool {
	for ; t != nil; t = t.parent {
		if t == from {
			return true
		}
	}
	return false
}

// navigates says whether there is somewhere to go from an entity of the type.
func (m *Model) navigates(t *Type) bool {
	for at := t; at != nil; at = at.parent {
		for _, p := range at.properties {
			if p.Navigation || m.types[p.Type] != nil {
				return true
			}
		}
	}
	return len(m.bound) > 0
}

// qualified is a name with its namespace's alias written out.
func (m *Model) qualified(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if ns, ok := m.aliases[name[:i]]; ok {
			return ns + name[i:]
		}
	}
	return name
}

// typeOf finds a type by its name, nil for a primitive or unknown one.
func (m *Model) typeOf(name string) *Type { return m.types[m.qualified(name)] }

// cutCollection takes Collection(…) off a type's name.
func cutCollection(name string) (inner string, many bool) {
	if rest, ok := strings.CutPrefix(name, "Collection("); ok {
		return strings.TrimSuffix(rest, ")"), true
	}
	return name, false
}
