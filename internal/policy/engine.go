package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Engine knows the policies. It is immutable; a gateway makes its own from a table that holds its counters and clock, the control plane one
// to check documents with.
type Engine struct {
	table []Spec
	specs map[string]*Spec

	coverage *Coverage // nil: nobody observes
}

// includeFragment is a matter of the compiler: the fragment's policies take its place.
var includeFragment = Spec{
	Name: "include-fragment", Doc: "Inserts the policies of a fragment in place of itself.",
	Sections: AnySection, Scopes: AnyScope,
	Shape: Element(Attr("fragment-id", Text).Required().Doc("Name of the fragment, of the service or workspace that the policy lives in.")),
}

// NewEngine makes an engine of a table of policies; the error is a defect of the table.
func NewEngine(table []Spec) (*Engine, error) {
	e := &Engine{table: append(append([]Spec{}, table...), includeFragment), specs: map[string]*Spec{}}
	for i := range e.table {
		s := &e.table[i]
		switch {
		case s.Name == "" || s.Shape == nil || s.Compile == nil && s.Name != includeFragment.Name:
			return nil, fmt.Errorf("policy %q is declared without name, shape or compile", s.Name)
		case e.specs[s.Name] != nil:
			return nil, fmt.Errorf("policy %q is declared twice", s.Name)
		}
		e.specs[s.Name] = s
	}
	return e, nil
}

// HTTPOnly names the policies of a document that have no meaning for a WebSocket connection, in the order in which they stand.
func (e *Engine) HTTPOnly(doc *Document) []*Node {
	var out []*Node
	var walk func([]*Node)
	walk = func(nodes []*Node) {
		for _, n := range nodes {
			if spec := e.specs[n.Name]; spec != nil && spec.HTTPOnly {
				out = append(out, n)
			}
			if n.Name != "return-response" && n.Name != "send-request" && n.Name != "send-one-way-request" { // which put together messages of their own
				walk(n.Children)
			}
		}
	}
	walk(doc.Root.Children)
	return out
}

// unknown is the message for an element that is no policy, with the nearest name.
func (e *Engine) unknown(name string) string {
	best, distance := "", 3
	for known := range e.specs {
		if d := editDistance(name, known); d < distance || d == distance && best != "" && known < best {
			best, distance = known, d
		}
	}
	if best != "" {
		return fmt.Sprintf("The element '%s' is not a known policy; did you mean '%s'?", name, best)
	}
	return fmt.Sprintf("The element '%s' is not a known policy", name)
}

// editDistance counts the letters to insert, delete or replace between two names.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// Prepared is one document compiled for its place, before it is joined with others. It is immutable and may be part of many plans.
type Prepared struct {
	scope    Scope
	present  [sections]bool
	sections [sections]Block // an instruction without Run stands for <base/>
	source   Instruction     // of a resolver's document, instead of sections
	facts    facts
}

// Check finds everything wrong with a document at a scope of a home; no error among the problems means that it may be saved.
func (e *Engine) Check(doc *Document, scope Scope, home *Home) []Problem {
	src := Source{Scope: scope, Doc: doc, Home: home}
	_, problems := e.prepare(src)
	return inOrder(append(problems, e.advise(src)...))
}

// CheckFragment finds what is wrong with a fragment wherever it might be included. What depends on section and scope is only wrong when the
// policy could stand in none, and is checked again in each document that includes it.
func (e *Engine) CheckFragment(doc *Document, home *Home) []Problem {
	if !doc.Fragment() {
		return []Problem{rootProblem(doc, "a fragment has the root element fragment")}
	}
	if home == nil {
		home = &Home{}
	}
	var best []Problem
	for _, scope := range []Scope{APIScope, ProductScope, Global} {
		for s := range Section(sections) {
			problems, failed := e.checkFragmentIn(Source{Scope: scope, Doc: doc, Home: home}, s)
			if !failed {
				return inOrder(append(problems, e.advise(Source{Scope: scope, Doc: doc, Home: home})...))
			}
			if best == nil || len(problems) < len(best) {
				best = problems
			}
		}
	}
	return best
}

// checkFragmentIn checks a fragment as if it were included in one section.
func (e *Engine) checkFragmentIn(src Source, s Section) (problems []Problem, failed bool) {
	c := &compiling{engine: e, src: src, section: s}
	root := src.Doc.Root
	for _, n := range root.Children {
		if n.Name == includeFragment.Name {
			c.problem(n, SeverityError, "a fragment can't include another fragment; put the policies into this one")
		}
	}
	if !root.Text.Blank() {
		c.reportAt(root, root.Text.raw.start, "a fragment holds policies and no text")
	}
	c.sequence(root.Children, "", false)
	return c.sorted(), c.failed()
}

func rootProblem(doc *Document, message string) Problem {
	return Problem{Line: doc.Root.Line, Column: doc.Root.Column, Element: doc.Root.Name, Message: message, Severity: SeverityError}
}

func (c *compiling) sorted() []Problem { return inOrder(c.problems) }

// inOrder sorts problems by their places.
func inOrder(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return problems
}

// Prepare compiles one document. The error joins all its problems.
func (e *Engine) Prepare(src Source) (*Prepared, error) {
	p, problems := e.prepare(src)
	var errs []error
	for _, problem := range problems {
		if problem.Severity == SeverityError {
			errs = append(errs, problem)
		}
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("policy of scope %s: %w", src.Scope, errors.Join(errs...))
	}
	return p, nil
}

func (e *Engine) prepare(src Source) (*Prepared, []Problem) {
	if src.Home == nil {
		src.Home = &Home{}
	}
	c := &compiling{engine: e, src: src}
	root := src.Doc.Root
	if src.Scope == ResolverScope {
		return c.dataSource(), c.sorted()
	}
	if root.Name != "policies" {
		return nil, []Problem{rootProblem(src.Doc, fmt.Sprintf("the root element is 'policies', not '%s'", root.Name))}
	}
	if len(root.Attrs) > 0 {
		c.problem(root, SeverityError, "'policies' takes no attributes")
	}
	if !root.Text.Blank() {
		c.reportAt(root, root.Text.raw.start, "'policies' cannot contain text; expected are "+strings.Join(sectionNames[:], ", "))
	}
	p := &Prepared{scope: src.Scope}
	for _, n := range root.Children {
		s, ok := sectionNamed(n.Name)
		switch {
		case !ok:
			c.problem(n, SeverityError, fmt.Sprintf("'%s' is not a section; expected are %s", n.Name, strings.Join(sectionNames[:], ", ")))
		case p.present[s]:
			c.problem(n, SeverityError, fmt.Sprintf("the section '%s' stands twice", n.Name))
		default:
			p.present[s] = true
			p.sections[s] = c.sectionOf(n, s)
		}
	}
	p.facts = c.facts
	return p, c.sorted()
}

func sectionNamed(name string) (Section, bool) {
	for s, n := range sectionNames {
		if n == name {
			return Section(s), true
		}
	}
	return 0, false
}

func (c *compiling) sectionOf(n *Node, s Section) Block {
	c.section = s
	if len(n.Attrs) > 0 {
		c.problem(n, SeverityError, fmt.Sprintf("the section '%s' takes no attributes", n.Name))
	}
	if !n.Text.Blank() {
		c.reportAt(n, n.Text.raw.start, fmt.Sprintf("the section '%s' cannot contain text; it holds policies", n.Name))
	}
	if s == BackendSection && len(n.Children) > 1 {
		c.problem(n.Children[1], SeverityError, "the section 'backend' may hold only one policy; put several into choose or retry, or move this one to inbound")
	}
	return c.sequence(n.Children, "", true)
}
