package check

// Paths from the context object are counted: how often one is mentioned, and
// how often it is only looked through to a member. What is mentioned more often
// than looked through is used as a value, and may be read in hidden ways.

// Reads reports whether the member that path names may be read.
func (p *Program) Reads(path string) bool {
	if p.uses[path] > 0 {
		return true
	}
	for i, c := range path {
		if c == '.' && p.uses[path[:i]] > p.uses[path[:i]+"→"] {
			return true
		}
	}
	return false
}

// path is the path an expression stands for, or empty.
func (b *binder) path(e Expr) string {
	switch e := e.(type) {
	case *Local:
		return b.paths[e.Var]
	case *Call:
		if e.Recv != nil && len(e.Args) == 0 {
			if p := b.path(e.Recv); p != "" {
				return p + "." + e.Method.Name
			}
		}
	case *Access:
		if p := b.path(e.Rest); p != "" {
			return p
		}
	}
	return ""
}

// mention notes that a path occurs.
func (b *binder) mention(path string) {
	if path != "" {
		b.uses[path]++
	}
}

// follow notes that recv was looked through to the member e.
func (b *binder) follow(recv Expr, e Expr) {
	b.peek(recv)
	b.mention(b.path(e))
}

// peek notes a use of e that reads nothing else of it.
func (b *binder) peek(e Expr) {
	if e == nil {
		return
	}
	if p := b.path(e); p != "" {
		b.uses[p+"→"]++
	}
}
