package oas

import "fmt"

// block reads the value that begins further right than parent, on this line or a later one; null when there is none. A list may stand
// right below the name it belongs to (dashes).
func (r *yamlReader) block(parent, depth int, dashes bool) (*node, error) {
	line, column := r.line, r.column()+1
	if err := r.next(); err != nil {
		return nil, err
	}
	if !r.ended() {
		switch {
		case r.column() > parent:
			return r.content(parent, depth, false)
		case dashes && r.column() == parent && r.isDash():
			return r.sequence(parent, depth)
		}
	}
	n, err := r.make(null)
	if err != nil {
		return nil, err
	}
	n.line, n.column = line, column
	return n, nil
}

func (r *yamlReader) isDash() bool { return r.at(0) == '-' && r.ends(1) }

// content reads the value that begins here. After a name on its line (inline), no list or object in block style can begin.
func (r *yamlReader) content(parent, depth int, inline bool) (*node, error) {
	if depth > maxDepth {
		return nil, r.fault("the document is nested deeper than %d levels", maxDepth)
	}
	column := r.column()
	p, err := r.properties()
	if err != nil {
		return nil, err
	}
	if p != (property{}) && r.lineDone() {
		n, err := r.block(parent, depth, inline)
		if err != nil {
			return nil, err
		}
		return r.apply(p, n), nil
	}
	n, isKey, err := r.head(parent, depth)
	if err != nil {
		return nil, err
	}
	if !isKey {
		return r.apply(p, n), nil
	}
	if inline {
		return nil, errorAt(n, "an object cannot begin on the line of its own name; is a quote missing, or the indentation wrong?")
	}
	if p.anchor != "" {
		r.anchors[p.anchor] = n // it names the first name of the object, not the object
	}
	return r.mapping(column, depth, n)
}

// head reads a whole value, or, when a colon follows, the name that begins an object. A list is read whole too.
func (r *yamlReader) head(parent, depth int) (n *node, isKey bool, err error) {
	switch c := r.at(0); {
	case r.isDash():
		n, err = r.sequence(r.column(), depth)
		return n, false, err
	case c == '?' && r.ends(1):
		return nil, false, r.fault("a name in an object must be a plain text before a colon")
	case c == '|' || c == '>':
		n, err = r.blockText(parent)
		return n, false, err
	case c == '[' || c == '{' || c == '*':
		n, err = r.flow(depth)
	case c == '"' || c == '\'':
		n, err = r.quoted()
	default:
		if n, err = r.plainKey(); n == nil && err == nil {
			n, err = r.plainText(parent)
			return n, false, err
		}
	}
	if err != nil {
		return nil, false, err
	}
	if n.line == r.line || n.kind == text {
		r.blanks()
		if r.at(0) == ':' && r.ends(1) {
			return n, true, nil
		}
	}
	if !r.lineDone() {
		return nil, false, r.fault("nothing may follow this value on its line; is a quote missing?")
	}
	return n, false, nil
}

// mapping reads the object whose names stand in the column. The first name is read already; its colon is next.
func (r *yamlReader) mapping(column, depth int, key *node) (*node, error) {
	o := &objectUnderWay{node: &node{kind: object, line: key.line, column: key.column}, taken: map[string]bool{}}
	for {
		r.pos++ // the colon
		value, err := r.valueOf(column, depth)
		if err != nil {
			return nil, err
		}
		if err := o.add(key, value); err != nil {
			return nil, err
		}
		if err := r.next(); err != nil {
			return nil, err
		}
		if r.ended() || r.column() < column {
			break
		}
		if r.column() > column {
			return nil, r.fault("this is indented further than the names of the object it belongs to")
		}
		if r.isDash() {
			return nil, r.fault("an item of a list stands among the names of an object")
		}
		if key, err = r.key(); err != nil {
			return nil, err
		}
	}
	n, err := o.done()
	if err != nil {
		return nil, err
	}
	return n, r.bound(n)
}

// valueOf reads the value after a name and its colon.
func (r *yamlReader) valueOf(column, depth int) (*node, error) {
	if r.lineDone() {
		return r.block(column, depth+1, true)
	}
	if r.isDash() {
		return nil, r.fault("a list cannot begin on the line of its own name; begin it on the next")
	}
	return r.content(column, depth+1, true)
}

// key reads a name up to its colon.
func (r *yamlReader) key() (*node, error) {
	p, err := r.properties()
	if err != nil {
		return nil, err
	}
	line := r.line
	n, isKey, err := r.head(maxDepth*MaxDocument, maxDepth) // no text continues further right than that
	if err != nil {
		return nil, err
	}
	if !isKey || r.line != line {
		return nil, errorAt(n, "a colon and a space are missing after this name")
	}
	return r.apply(p, n), nil
}

// sequence reads the list whose dashes stand in the column.
func (r *yamlReader) sequence(column, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, r.fault("the document is nested deeper than %d levels", maxDepth)
	}
	n, err := r.make(list)
	if err != nil {
		return nil, err
	}
	for {
		r.pos++ // the dash
		var item *node
		if r.lineDone() {
			item, err = r.block(column, depth+1, false)
		} else {
			item, err = r.content(column, depth+1, false)
		}
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
		if err := r.next(); err != nil {
			return nil, err
		}
		switch {
		case r.ended() || r.column() < column || r.column() == column && !r.isDash():
			n.seal()
			return n, r.bound(n)
		case r.column() > column:
			return nil, r.fault("this is indented further than the dashes of the list it belongs to")
		}
	}
}

// objectUnderWay collects the members of an object, with merge keys.
type objectUnderWay struct {
	node   *node
	taken  map[string]bool
	merged []*node
}

func (o *objectUnderWay) add(key, value *node) error {
	if key.kind == list || key.kind == object {
		return errorAt(key, "a name in an object must be a plain text")
	}
	if key.kind == text && key.value == "<<" {
		o.merged = append(o.merged, value)
		return nil
	}
	if o.taken[key.value] {
		return errorAt(key, "%q occurs twice in this object", shorten(key.value, 80))
	}
	o.taken[key.value] = true
	o.node.members = append(o.node.members, member{key.value, key.line, key.column, value})
	return nil
}

// done adds what merge keys bring and completes the object.
func (o *objectUnderWay) done() (*node, error) {
	for _, source := range o.merged {
		if err := o.merge(source); err != nil {
			return nil, err
		}
	}
	return o.node.seal(), nil
}

// merge adds the members of source, an object or a list of objects, that the object does not have.
func (o *objectUnderWay) merge(source *node) error {
	sources := []*node{source}
	if source.kind == list {
		sources = source.items
	}
	for _, s := range sources {
		if s.kind != object {
			return errorAt(s, "a merge key takes an object or a list of objects, and this is neither")
		}
		for _, m := range s.members {
			if !o.taken[m.key] {
				o.taken[m.key] = true
				o.node.members = append(o.node.members, m)
			}
		}
	}
	if len(o.node.members) > maxNodes {
		return errorAt(source, "%s", fmt.Sprintf("the document has more than %d values", maxNodes))
	}
	return nil
}
