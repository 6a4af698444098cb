package policy

import (
	"errors"
	"fmt"
	"strings"
)

// maxElements bounds what one document may grow to when its fragments are inlined.
const maxElements = 20_000

// maxProblems is how many problems are told at once.
const maxProblems = 100

// compiling is the work on one document. It goes on after a problem, so that a save reports all of them at once.
type compiling struct {
	engine   *Engine
	src      Source
	section  Section
	problems []Problem
	count    int
	stores   int // cache-store elements so far
	growth   int // bytes that named values have added
	errors   int // problems of severity error, those beyond maxProblems included
	facts    facts
	// include is the include-fragment element whose fragment is being inlined: problems inside are reported there.
	include *Node
}

// facts are what a section needs from outside.
type facts struct{ readsRequest, readsResponse bool }

func (c *compiling) problem(n *Node, severity Severity, message string) {
	c.report(Problem{Line: n.Line, Column: n.Column, Element: n.Name, Message: message, Severity: severity})
}

func (c *compiling) report(p Problem) {
	if p.Severity == SeverityError {
		c.errors++
	}
	if len(c.problems) >= maxProblems {
		return
	}
	if c.include != nil {
		id := c.include.Attr("fragment-id").Value.Text()
		p.Message = fmt.Sprintf("in fragment '%s', line %d, column %d, element '%s': %s", id, p.Line, p.Column, p.Element, p.Message)
		p.Line, p.Column, p.Element = c.include.Line, c.include.Column, c.include.Name
	}
	c.problems = append(c.problems, p)
}

func (c *compiling) failed() bool { return c.errors > 0 }

// sequence compiles policies that stand one after another below path. A nil instruction's place marks where <base/> stood.
func (c *compiling) sequence(nodes []*Node, path string, direct bool) Block {
	var out Block
	seen := map[string]int{}
	for _, n := range nodes {
		if c.count > maxElements {
			break
		}
		seen[n.Name]++
		at := fmt.Sprintf("%s%s[%d]", path, n.Name, seen[n.Name])
		switch {
		case n.Name == "base":
			if c.base(n, direct, seen[n.Name]) {
				out = append(out, Instruction{})
			}
		case n.Name == "include-fragment":
			out = append(out, c.fragment(n, at)...)
		default:
			if in, ok := c.policy(n, at, nil); ok {
				out = append(out, in)
			}
			c.once(n, seen[n.Name])
		}
	}
	return out
}

func (c *compiling) base(n *Node, direct bool, nth int) bool {
	switch {
	case !direct || c.include != nil:
		c.problem(n, SeverityError, "<base/> may only stand directly in a section")
	case nth > 1:
		c.problem(n, SeverityError, "<base/> stands more than once in this section; keep one")
	case len(n.Attrs)+len(n.Children) > 0 || !n.Text.Blank():
		c.problem(n, SeverityError, "<base/> takes no attributes and no content")
	default:
		return true
	}
	return false
}

// once enforces Spec.Once among siblings.
func (c *compiling) once(n *Node, nth int) {
	spec := c.engine.specs[n.Name]
	if nth == 2 && spec != nil && spec.Once != AnyNumber {
		c.problem(n, SeverityError, "this policy may be used only once here; remove the second one or put it into a branch of choose")
	}
}

// fragment inlines the policies of a fragment of the document's home.
func (c *compiling) fragment(n *Node, path string) Block {
	doc := c.included(n)
	if doc == nil {
		return nil
	}
	c.include = n
	defer func() { c.include = nil }()
	return c.sequence(doc.Root.Children, path+"/", false)
}

// fragmentInSlots inlines a fragment among the slots of a shape: it may hold what they are for.
func (c *compiling) fragmentInSlots(n *Node, path string, s *Shape) (out Block) {
	doc := c.included(n)
	if doc == nil {
		return nil
	}
	c.include = n
	defer func() { c.include = nil }()
	for i, child := range doc.Root.Children {
		if s.slot(child.Name) == nil || child.Name == includeFragment.Name {
			c.problem(child, SeverityError, fmt.Sprintf("The element '%s' is not allowed here; %s", child.Name, s.expected()))
			continue
		}
		if in, ok := c.policy(child, fmt.Sprintf("%s/%s[%d]", path, child.Name, i+1), s); ok {
			out = append(out, in)
		}
	}
	return out
}

// included is the fragment that an element names; nil when there is none, which is reported.
func (c *compiling) included(n *Node) *Document {
	a := c.read(n, includeFragment.Shape, &Place{Element: n.Name}, nil)
	if a == nil {
		return nil
	}
	id := a.Literal("fragment-id")
	if c.include != nil {
		c.problem(n, SeverityError, "a fragment can't include another fragment; put the policies into this one")
		return nil
	}
	doc := lookup(c.src.Home.Fragments, id)
	if doc == nil && !c.src.Home.Unknown {
		c.problem(n, SeverityError, fmt.Sprintf("Policy fragment '%s' could not be found; create it where this policy lives", id))
	}
	return doc
}

// lookup finds an entity by its id, which ignores case.
func lookup[T any](all map[string]*T, id string) *T {
	if v := all[id]; v != nil {
		return v
	}
	for name, v := range all {
		if strings.EqualFold(name, id) {
			return v
		}
	}
	return nil
}

// policy compiles one use. in is the shape whose slot it fills, nil where any policy of the section may stand.
func (c *compiling) policy(n *Node, path string, in *Shape) (Instruction, bool) {
	if c.count++; c.count > maxElements {
		if c.count == maxElements+1 {
			c.problem(n, SeverityError, fmt.Sprintf("the document has more than %d policies with its fragments", maxElements))
		}
		return Instruction{}, false
	}
	spec := c.engine.specs[n.Name]
	switch {
	case spec == nil:
		c.problem(n, SeverityError, c.engine.unknown(n.Name))
		return Instruction{}, false
	case spec.Resolves:
		c.problem(n, SeverityError, "Policy is not allowed here; it is the root element of a GraphQL resolver's policy")
		return Instruction{}, false
	case in == nil && spec.Sections == 0:
		c.problem(n, SeverityError, "Policy is not allowed here; it stands inside of policies that say so, such as the data sources of GraphQL resolvers")
		return Instruction{}, false
	case in == nil && !spec.Sections.Has(c.section):
		c.problem(n, SeverityError, fmt.Sprintf("Policy is not allowed in the section '%s'; it may stand in %s", c.section, strings.Join(spec.Sections.Names(), ", ")))
		return Instruction{}, false
	case !spec.Scopes.Has(c.src.Scope) && c.src.Scope != ResolverScope: // whose slots alone decide
		c.problem(n, SeverityError, fmt.Sprintf("Policy is not allowed in the scope '%s'; it may stand in %s", c.src.Scope, strings.Join(spec.Scopes.Names(), ", ")))
		return Instruction{}, false
	}
	instruction, ok := c.use(n, spec, path)
	if ok && spec.HTTPOnly && in == nil {
		instruction.Run = httpOnly(instruction.Run)
	}
	return instruction, ok
}

// use compiles a policy where it may stand.
func (c *compiling) use(n *Node, spec *Spec, path string) (Instruction, bool) {
	place := &Place{Element: n.Name, Scope: c.src.Scope, Section: c.section, Path: path, Line: n.Line, Column: n.Column, DocumentID: n.doc.ID}
	if id := n.Attr("id"); id != nil {
		place.PolicyID = id.Value.Text()
	}
	before := c.stores
	a := c.read(n, spec.Shape, place, nil)
	if a == nil {
		return Instruction{}, false
	}
	step, err := spec.Compile(a)
	if a.Stores {
		c.stores++
	}
	if err != nil && c.src.Home.Unknown && open(n) {
		return Instruction{}, false // what stands there isn't known
	}
	var mistakes *foreignError
	if errors.As(err, &mistakes) {
		for _, p := range mistakes.problems {
			c.report(p)
		}
		return Instruction{}, false
	}
	if err != nil {
		at := n
		var inner *elementError
		if errors.As(err, &inner) {
			at = inner.node
		}
		if inner != nil && inner.within {
			c.reportAt(at, inner.offset, inner.message)
			return Instruction{}, false
		}
		c.problem(at, SeverityError, err.Error())
		return Instruction{}, false
	}
	return Instruction{Run: c.counted(n, CoverPolicy, step), Place: place, Preflight: c.counted(n, CoverPolicy, a.Preflight), PolicyFile: c.counted(n, CoverPolicy, a.PolicyFile), Stores: c.stores > before}, true
}

// httpOnly passes over a step in the handshake of a WebSocket API.
func httpOnly(step Step) Step {
	return func(x *Exchange) error {
		if x.API != nil && x.API.WebSocket {
			return nil
		}
		return step(x)
	}
}
