package oas

func isFlowMark(c byte) bool { return c == ',' || c == '[' || c == ']' || c == '{' || c == '}' }

// flow reads a value in flow style: [a, b], {a: b}, a text, an alias.
func (r *yamlReader) flow(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, r.fault("the document is nested deeper than %d levels", maxDepth)
	}
	p, err := r.properties()
	if err != nil {
		return nil, err
	}
	if p != (property{}) {
		if err := r.flowSpace(); err != nil {
			return nil, err
		}
	}
	var n *node
	switch c := r.at(0); c {
	case '[':
		n, err = r.flowList(depth)
	case '{':
		n, err = r.flowObject(depth)
	case '*':
		n, err = r.alias()
	case '"', '\'':
		n, err = r.quoted()
	default:
		n, err = r.flowPlain()
	}
	if err != nil {
		return nil, err
	}
	return r.apply(p, n), nil
}

// flowSpace goes to the next content inside brackets, where lines and indentation mean nothing.
func (r *yamlReader) flowSpace() error {
	for r.pos < len(r.s) {
		switch {
		case r.ended():
			return errorAt(r.opener, "what begins here has no closing bracket or brace")
		case r.at(0) == ' ' || r.at(0) == '\t':
			r.pos++
		case r.at(0) == '\n':
			r.newLine()
		case r.at(0) == '#' && r.commentMayBegin():
			r.skipLine()
		default:
			return nil
		}
	}
	return errorAt(r.opener, "what begins here has no closing bracket or brace")
}

func (r *yamlReader) flowList(depth int) (*node, error) {
	n, err := r.make(list)
	if err != nil {
		return nil, err
	}
	defer func(outer *node) { r.opener = outer }(r.opener)
	r.opener = n
	r.pos++
	for {
		if err := r.flowSpace(); err != nil {
			return nil, err
		}
		if r.at(0) == ']' {
			break
		}
		item, err := r.flow(depth + 1)
		if err != nil {
			return nil, err
		}
		pair, err := r.flowColon(item)
		if err != nil {
			return nil, err
		}
		if pair { // [a: b] is a list of one object
			o := &objectUnderWay{node: &node{kind: object, line: item.line, column: item.column}, taken: map[string]bool{}}
			value, err := r.flowValue(depth + 1)
			if err != nil {
				return nil, err
			}
			if err := o.add(item, value); err != nil {
				return nil, err
			}
			if item, err = o.done(); err != nil {
				return nil, err
			}
		}
		n.items = append(n.items, item)
		if err := r.separator(']'); err != nil {
			return nil, err
		}
	}
	r.pos++
	n.seal()
	return n, r.bound(n)
}

func (r *yamlReader) flowObject(depth int) (*node, error) {
	n, err := r.make(object)
	if err != nil {
		return nil, err
	}
	defer func(outer *node) { r.opener = outer }(r.opener)
	r.opener = n
	o := &objectUnderWay{node: n, taken: map[string]bool{}}
	r.pos++
	for {
		if err := r.flowSpace(); err != nil {
			return nil, err
		}
		if r.at(0) == '}' {
			break
		}
		key, err := r.flow(depth + 1)
		if err != nil {
			return nil, err
		}
		value, err := r.make(null)
		if err != nil {
			return nil, err
		}
		pair, err := r.flowColon(key)
		if err != nil {
			return nil, err
		}
		if pair {
			if value, err = r.flowValue(depth + 1); err != nil {
				return nil, err
			}
		}
		if err := o.add(key, value); err != nil {
			return nil, err
		}
		if err := r.separator('}'); err != nil {
			return nil, err
		}
	}
	r.pos++
	if n, err = o.done(); err != nil {
		return nil, err
	}
	return n, r.bound(n)
}

// flowColon takes the colon after a name and says whether there is one. After a quoted name it needs no space behind it, as in JSON.
func (r *yamlReader) flowColon(key *node) (bool, error) {
	if err := r.flowSpace(); err != nil {
		return false, err
	}
	if r.at(0) != ':' {
		return false, nil
	}
	r.pos++
	return true, nil
}

// flowValue reads the value after a colon, which may be missing.
func (r *yamlReader) flowValue(depth int) (*node, error) {
	if err := r.flowSpace(); err != nil {
		return nil, err
	}
	if c := r.at(0); c == ',' || c == '}' || c == ']' {
		return r.make(null)
	}
	return r.flow(depth)
}

// separator takes a comma, or leaves the closing mark to be seen next.
func (r *yamlReader) separator(closing byte) error {
	if err := r.flowSpace(); err != nil {
		return err
	}
	switch r.at(0) {
	case ',':
		r.pos++
		return nil
	case closing:
		return nil
	}
	return r.fault("a comma or %q is missing here", closing)
}
