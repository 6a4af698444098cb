package policy

import (
	"fmt"
	"sort"
	"strings"
)

// dataSource compiles a resolver's document, whose root is the policy itself.
func (c *compiling) dataSource() *Prepared {
	root := c.src.Doc.Root
	spec := c.engine.specs[root.Name]
	if spec == nil || !spec.Resolves {
		c.problem(root, SeverityError, fmt.Sprintf("The root element of a resolver's policy is a data source: %s; '%s' is not supported", strings.Join(c.engine.dataSources(), " or "), root.Name))
		return nil
	}
	p := &Prepared{scope: ResolverScope}
	c.section = BackendSection
	p.source, _ = c.use(root, spec, root.Name+"[1]")
	p.facts = c.facts
	return p
}

// dataSources are the names that a resolver's document may begin with.
func (e *Engine) dataSources() (names []string) {
	for i := range e.table {
		if e.table[i].Resolves {
			names = append(names, "'"+e.table[i].Name+"'")
		}
	}
	sort.Strings(names)
	return names
}

// Resolver is the policy of a resolver, ready to run. It is immutable.
type Resolver struct{ source Instruction }

// PrepareResolver compiles the document of a resolver. The error joins all its problems.
func (e *Engine) PrepareResolver(doc *Document, home *Home) (*Resolver, error) {
	p, err := e.Prepare(Source{Scope: ResolverScope, Doc: doc, Home: home})
	if err != nil {
		return nil, err
	}
	return p.Resolver(), nil
}

// Resolver is the policy of a resolver's document; of any other it does nothing.
func (p *Prepared) Resolver() *Resolver { return &Resolver{p.source} }

// Run gets the data of a field: x is an exchange of the resolver's own, with x.GraphQL, and has its response afterwards.
func (r *Resolver) Run(x *Exchange) error { return Block{r.source}.Run(x) }
