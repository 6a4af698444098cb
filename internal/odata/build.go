package odata

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isSimpleName says whether a text is a SimpleIdentifier of OData's CSDL: 128 characters at most.
func isSimpleName(text string) bool {
	n := 0
	for _, ch := range text {
		if n == 0 && !unicode.In(ch, unicode.L, unicode.Nl) && ch != '_' || n == 128 {
			return false
		}
		if !unicode.In(ch, unicode.L, unicode.Nl, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc, unicode.Cf) {
			return false
		}
		n++
	}
	return n > 0 && utf8.ValidString(text)
}

// building makes a model of a document's elements.
type building struct {
	*Model
	containers []*element
}

func newModel(root *element) (*Model, error) {
	b := &building{Model: &Model{
		types: map[string]*Type{}, other: map[string]bool{}, aliases: map[string]string{}, bound: map[string]*Callable{}, all: map[string][]*Callable{},
		sources: map[string]*Source{}, imports: map[string]*Import{},
	}}
	if root.name != "Edmx" {
		return nil, root.fail("the root element of metadata is edmx:Edmx, not '%s'", clip(root.name))
	}
	switch b.Version = root.attrs["Version"]; b.Version {
	case "4.0", "4.01":
	default:
		return nil, root.fail("metadata of version '%s' is not supported; use that of OData 4.0 or 4.01", clip(b.Version))
	}
	var schemas []*element
	err := root.each("DataServices", func(d *element) error {
		return d.each("Schema", func(s *element) error { schemas = append(schemas, s); return nil })
	})
	for _, step := range []func(*element) error{b.names, b.bases, b.members, b.callables, b.container} {
		for _, s := range schemas {
			if err == nil {
				err = step(s)
			}
		}
	}
	switch {
	case err != nil:
		return nil, err
	case len(b.containers) == 0:
		return nil, root.fail("the metadata has no EntityContainer, so there is nothing that requests can ask for")
	}
	return b.Model, nil
}

// names notes which types there are.
func (b *building) names(s *element) error {
	ns := s.attrs["Namespace"]
	if ns == "" {
		return s.fail("a Schema needs a Namespace")
	}
	if alias := s.attrs["Alias"]; alias != "" {
		b.aliases[alias] = ns
	}
	for _, c := range s.children {
		name := ns + "." + c.attrs["Name"]
		switch c.name {
		case "EntityType", "ComplexType":
			if !isSimpleName(c.attrs["Name"]) {
				return c.fail("'%s' is no name of a type", clip(c.attrs["Name"]))
			}
			if b.types[name] != nil || b.other[name] {
				return c.fail("the type '%s' is declared twice", name)
			}
			b.types[name] = &Type{Name: name, Entity: c.name == "EntityType", Open: c.attrs["OpenType"] == "true", base: c.attrs["BaseType"], properties: map[string]*Property{}}
		case "EnumType", "TypeDefinition":
			b.other[name] = true
		}
	}
	return nil
}

// bases ties types to those that they derive from.
func (b *building) bases(s *element) error {
	return b.eachType(s, func(c *element, t *Type) error {
		if t.base == "" {
			return nil
		}
		t.parent = b.typeOf(t.base)
		if t.parent == nil || t.parent.Entity != t.Entity {
			return c.fail("the base type '%s' of '%s' is not declared", clip(t.base), t.Name)
		}
		at := t
		for range maxBases {
			if at = at.parent; at == nil {
				return nil
			}
			if at == t {
				return c.fail("the type '%s' derives from itself", t.Name)
			}
		}
		return c.fail("the type '%s' derives from more than %d others", t.Name, maxBases)
	})
}

func (b *building) eachType(s *element, f func(*element, *Type) error) error {
	for _, c := range s.children {
		if c.name != "EntityType" && c.name != "ComplexType" {
			continue
		}
		if err := f(c, b.types[s.attrs["Namespace"]+"."+c.attrs["Name"]]); err != nil {
			return err
		}
	}
	return nil
}

// members notes properties and keys.
func (b *building) members(s *element) error {
	return b.eachType(s, func(c *element, t *Type) error {
		for _, p := range c.children {
			if p.name == "Key" {
				_ = p.each("PropertyRef", func(r *element) error { t.Keys = append(t.Keys, r.attrs["Name"]); return nil })
			}
			if p.name != "Property" && p.name != "NavigationProperty" {
				continue
			}
			made := &Property{Name: p.attrs["Name"], Navigation: p.name == "NavigationProperty"}
			made.Type, made.Many = cutCollection(p.attrs["Type"])
			made.Type = b.qualified(made.Type)
			if !isSimpleName(made.Name) {
				return p.fail("'%s' is no name of a property", clip(made.Name))
			}
			if !b.known(made.Type) || made.Navigation && b.types[made.Type] == nil {
				return p.fail("the type '%s' of property '%s' is not declared", clip(made.Type), made.Name)
			}
			if t.properties[made.Name] != nil {
				return p.fail("the property '%s' of '%s' is declared twice", made.Name, t.Name)
			}
			t.properties[made.Name] = made
		}
		return nil
	})
}

// known says whether a type is declared or built in.
func (b *building) known(name string) bool {
	return strings.HasPrefix(name, "Edm.") || b.types[name] != nil || b.other[name]
}

// callables notes functions and actions.
func (b *building) callables(s *element) error {
	for _, c := range s.children {
		if c.name != "Function" && c.name != "Action" {
			continue
		}
		name := c.attrs["Name"]
		if !isSimpleName(name) {
			return c.fail("'%s' is no name of a function or action", clip(name))
		}
		made := &Callable{Name: s.attrs["Namespace"] + "." + name, Action: c.name == "Action", Bound: c.attrs["IsBound"] == "true"}
		for _, p := range c.children {
			switch p.name {
			case "Parameter":
				if !isSimpleName(p.attrs["Name"]) {
					return p.fail("'%s' is no name of a parameter", clip(p.attrs["Name"]))
				}
				made.Parameters = append(made.Parameters, p.attrs["Name"])
			case "ReturnType":
				made.Returns, made.Many = cutCollection(p.attrs["Type"])
				made.Returns = b.qualified(made.Returns)
			}
		}
		if made.Bound && len(made.Parameters) > 0 {
			made.Parameters = made.Parameters[1:]
		}
		b.all[made.Name] = append(b.all[made.Name], made)
		if made.Bound {
			b.bound[name] = made
		}
	}
	return nil
}

// container notes what requests can begin with.
func (b *building) container(s *element) error {
	return s.each("EntityContainer", func(c *element) error {
		if b.containers = append(b.containers, c); len(b.containers) > 1 {
			return c.fail("the metadata has more than one EntityContainer")
		}
		for _, m := range c.children {
			name := m.attrs["Name"]
			if !isSimpleName(name) {
				return m.fail("'%s' is no name of a %s", clip(name), m.name)
			}
			if b.sources[name] != nil || b.imports[name] != nil {
				return m.fail("the name '%s' stands twice in the EntityContainer", name)
			}
			if err := b.member(m, name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *building) member(m *element, name string) error {
	switch m.name {
	case "EntitySet", "Singleton":
		word := map[string]string{"EntitySet": "EntityType", "Singleton": "Type"}[m.name]
		t := b.typeOf(m.attrs[word])
		if t == nil || !t.Entity {
			return m.fail("the entity type '%s' of '%s' is not declared", clip(m.attrs[word]), name)
		}
		made := &Source{name, t, m.name == "EntitySet"}
		b.sources[name] = made
		if made.Set {
			b.Sets = append(b.Sets, made)
		} else {
			b.Singletons = append(b.Singletons, made)
		}
	case "FunctionImport", "ActionImport":
		word := strings.TrimSuffix(m.name, "Import")
		made := &Import{Name: name}
		for _, c := range b.all[b.qualified(m.attrs[word])] {
			if !c.Bound && c.Action == (word == "Action") {
				made.Overloads = append(made.Overloads, c)
			}
		}
		if len(made.Overloads) == 0 {
			return m.fail("the %s '%s' of '%s' is not declared", strings.ToLower(word), clip(m.attrs[word]), name)
		}
		b.imports[name] = made
		if word == "Action" {
			b.Actions = append(b.Actions, made)
		} else {
			b.Functions = append(b.Functions, made)
		}
	}
	return nil
}

// clip keeps a message that quotes its document short.
func clip(s string) string {
	if len(s) <= 80 {
		return s
	}
	return strings.ToValidUTF8(s[:80], "") + "…"
}
