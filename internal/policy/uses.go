package policy

import "slices"

// SchemaUses lists the schemas that a document refers to by name, each once. values are the named values that may stand for a name; what can't be
// resolved is left out.
func SchemaUses(d *Document, values map[string]string) (names []string) {
	var walk func(*Node)
	walk = func(n *Node) {
		if a := n.Attr("schema-id"); n.Name == "content" && a != nil && !a.Value.Expr {
			if v, err := substitute(a.Value, values, false); err == nil && v.s != "" && !slices.Contains(names, v.s) {
				names = append(names, v.s)
			}
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(d.Root)
	return names
}

// backendAttrs are the attributes that name a backend, whatever the policy.
var backendAttrs = [...]string{"backend-id", "embeddings-backend-id"}

// BackendUses lists the backends that a document refers to by name, each once; values are as for SchemaUses.
func BackendUses(d *Document, values map[string]string) (names []string) {
	var walk func(*Node)
	walk = func(n *Node) {
		for _, attr := range backendAttrs {
			a := n.Attr(attr)
			if a == nil || a.Value.Expr {
				continue
			}
			if v, err := substitute(a.Value, values, false); err == nil && v.s != "" && !slices.Contains(names, v.s) {
				names = append(names, v.s)
			}
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(d.Root)
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
	var walk func(*Node)
	walk = func(n *Node) {
		literalAttr(n, "include-fragment", "fragment-id", &fragments)
		for _, attr := range backendAttrs {
			literalAttr(n, n.Name, attr, &backends)
		}
		for i := range n.Attrs {
			inValue(n.Attrs[i].Value)
		}
		inValue(n.Text)
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(d.Root)
	return namedValues, fragments, backends
}
