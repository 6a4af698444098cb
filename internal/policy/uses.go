package policy

import "slices"

// each calls f for every element of the document, parents first.
func (d *Document) each(f func(*Node)) { d.Root.each(f) }

func (n *Node) each(f func(*Node)) {
	f(n)
	for _, c := range n.Children {
		c.each(f)
	}
}

// literal is the text of an attribute, with named values in their places; "" when it isn't there, is an expression, or can't be resolved.
func (n *Node) literal(attr string, values map[string]string) string {
	a := n.Attr(attr)
	if a == nil || a.Value.Expr {
		return ""
	}
	v, err := substitute(a.Value, values, false)
	if err != nil {
		return ""
	}
	return v.s
}

// addOnce adds a name to a list that lacks it; "" is no name.
func addOnce(list *[]string, name string) {
	if name != "" && !slices.Contains(*list, name) {
		*list = append(*list, name)
	}
}

// SchemaUses lists the schemas that a document refers to by name, each once. values are the named values that may stand for a name; what can't be
// resolved is left out.
func SchemaUses(d *Document, values map[string]string) (names []string) {
	d.each(func(n *Node) {
		if n.Name == "content" {
			addOnce(&names, n.literal("schema-id", values))
		}
	})
	return names
}

// backendAttrs are the attributes that name a backend, whatever the policy.
var backendAttrs = [...]string{"backend-id", "embeddings-backend-id"}

// BackendUses lists the backends that a document refers to by name, each once; values are as for SchemaUses.
func BackendUses(d *Document, values map[string]string) (names []string) {
	d.each(func(n *Node) {
		for _, attr := range backendAttrs {
			addOnce(&names, n.literal(attr, values))
		}
	})
	return names
}

// Uses lists what a document refers to by literal names, each once and in order of appearance: named values by display name, fragments and
// backends by id. The control plane records these references.
func Uses(d *Document) (namedValues, fragments, backends []string) {
	once := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	inValue := func(v Value) {
		for at := 0; ; {
			_, end, name, ok := reference(v.s, at)
			if !ok {
				return
			}
			once(&namedValues, name)
			at = end
		}
	}
	literalAttr := func(n *Node, element, attr string, list *[]string) {
		if n.Name != element {
			return
		}
		if a := n.Attr(attr); a != nil && !a.Value.Expr {
			if _, _, _, isReference := reference(a.Value.s, 0); !isReference {
				once(list, a.Value.s)
			}
		}
	}
	d.each(func(n *Node) {
		literalAttr(n, "include-fragment", "fragment-id", &fragments)
		for _, attr := range backendAttrs {
			literalAttr(n, n.Name, attr, &backends)
		}
		for i := range n.Attrs {
			inValue(n.Attrs[i].Value)
		}
		inValue(n.Text)
	})
	return namedValues, fragments, backends
}
