package publish

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/store"
)

// Sink takes what gateways are to serve. A gateway set of this process is one.
type Sink interface {
	// Put puts a gateway's snapshot in force before it returns.
	Put(s *snapshot.Snapshot) (snapshot.Report, error)
	// Remove ends a gateway.
	Remove(id string)
}

// Options are what a Publisher is made of.
type Options struct {
	Registry *kind.Registry
	// Open reads a stored row with its secrets.
	Open func(store.Row) (*kind.Resource, error)
	// View reads the state, for what a publisher doesn't keep: schemas. Without it there are none.
	View func(func(store.Reader) error) error
	// Tenant and Issuer are the organisation and who signs the tokens of its principals.
	Tenant, Issuer string
	// Domain is the suffix of gateway host names.
	Domain string
	Sink   Sink
	// Problem is told what a gateway could not compile; nil to say nothing.
	Problem func(gateway string, p snapshot.Problem)
}

// Publisher follows the change log and keeps gateways in step. As a control.Listener it is called by one goroutine at a time.
type Publisher struct {
	registry *kind.Registry
	open     func(store.Row) (*kind.Resource, error)
	domain   string
	tenant   string
	issuer   string
	sink     Sink
	problem  func(string, snapshot.Problem)
	tree     *tree
	last     map[string]*snapshot.Snapshot // what each gateway was given, by lower-case id
	view     func(func(store.Reader) error) error
	loading  store.Reader             // while Load runs
	naming   map[*node]map[*node]bool // by home, the documents that name schemas of it
	unread   []error                  // what could not be opened since the last delivery
	words    words
}

// New makes a Publisher; Load gives it its state.
func New(o Options) *Publisher {
	if o.Problem == nil {
		o.Problem = func(string, snapshot.Problem) {}
	}
	return &Publisher{
		registry: o.Registry, open: o.Open, domain: o.Domain, tenant: o.Tenant, issuer: o.Issuer, sink: o.Sink, problem: o.Problem, tree: newTree(),
		last: map[string]*snapshot.Snapshot{}, view: o.View, naming: map[*node]map[*node]bool{}, words: newWords(),
	}
}

// Load takes the whole published state and starts the gateways.
func (p *Publisher) Load(r store.Reader) error {
	for _, m := range p.registry.All() {
		if !m.Publish {
			continue
		}
		if err := p.loadKind(r, m); err != nil {
			return fmt.Errorf("publish %s: %w", m.FullType, err)
		}
	}
	p.loading = r
	defer func() { p.loading = nil }()
	p.settleAll()
	return p.deliver(r.Version())
}

func (p *Publisher) loadKind(r store.Reader, m *kind.Mount) error {
	return r.Each(m.FullType, func(row store.Row) error { return p.take(row, m) })
}

// Apply takes changes and puts what they mean in force.
func (p *Publisher) Apply(changes []store.Change) error {
	touched, homes := false, map[*node]bool{}
	for _, c := range changes {
		m, ok := p.registry.Mount(c.Kind)
		schema := ok && m.Type == "schemas"
		if !ok || !m.Publish && c.Verb != store.VerbDelete && !schema {
			continue
		}
		id, err := arm.ParseID(c.ID)
		if err != nil {
			return fmt.Errorf("publish change %d: %w", c.Seq, err)
		}
		if schema {
			touched = p.schemaChanged(id) || touched
			if !m.Publish || p.tree.find(id) == nil && (c.Verb == store.VerbDelete || !apim.MayDescribe(c.Body)) {
				continue
			}
		}
		touched = true
		if m.Type == "policies" || m.Type == "policyFragments" || c.Verb == store.VerbDelete {
			homes[p.homeAround(id)] = true
		}
		p.shared(id, m)
		if c.Verb == store.VerbDelete {
			p.tree.remove(id)
			continue
		}
		if err := p.take(store.Row{ID: id, Kind: c.Kind, Body: c.Body}, m); err != nil {
			return fmt.Errorf("publish change %d: %w", c.Seq, err)
		}
	}
	if !touched {
		return nil
	}
	for home := range homes {
		p.settle(home)
	}
	return p.deliver(changes[len(changes)-1].Seq)
}

// take puts a resource into the tree, unless gateways have no use for it: most schemas are for people and documents only, and large.
func (p *Publisher) take(row store.Row, m *kind.Mount) error {
	if m.Type == "schemas" && !apim.MayDescribe(row.Body) {
		p.tree.remove(row.ID)
		return nil
	}
	return p.keep(row, m)
}

// shared forgets what homes below a service were made from when something that they all draw on changes: its users and groups. APIs draw
// on the version sets beside them.
func (p *Publisher) shared(id arm.ID, m *kind.Mount) {
	if m.Type == "apiVersionSets" {
		if home := p.tree.find(id.Parent()); home != nil {
			home.each("apis", (*node).forget)
		}
		return
	}
	if m.Type != "users" && m.Type != "groups" {
		return
	}
	service, ok := id.Ancestor(kind.Service)
	n := p.tree.find(service)
	if !ok || n == nil {
		return
	}
	forget := func(home *node) {
		home.built, home.own.users = nil, nil
		home.each("products", (*node).forget)
	}
	forget(n)
	n.each("workspaces", forget)
}

// deliver hands every gateway whose snapshot differs its new one, and ends those that are gone.
func (p *Publisher) deliver(version uint64) error {
	now := map[string]*snapshot.Snapshot{}
	selection := p.selection(version)
	errs := p.unread
	p.unread = nil
	for _, s := range selection {
		key := strings.ToLower(s.Gateway.ID)
		now[key] = s
		if old := p.last[key]; old != nil && same(old, s) {
			now[key] = old
			continue
		}
		report, err := p.sink.Put(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("gateway %s: %w", s.Gateway.ID, err))
			continue
		}
		for _, problem := range report.Problems {
			p.problem(s.Gateway.ID, problem)
		}
	}
	for key := range p.last {
		if now[key] == nil {
			p.sink.Remove(key)
		}
	}
	p.last = now
	return errors.Join(errs...)
}

// same says whether two snapshots are made of the same parts.
func same(a, b *snapshot.Snapshot) bool {
	g, h := a.Gateway, b.Gateway
	hosts := slices.Equal(g.Hosts, h.Hosts)
	g.Hosts, h.Hosts = nil, nil
	trust := slices.EqualFunc(a.Authorities, b.Authorities, func(a, b snapshot.Authority) bool { return a.Root == b.Root && bytes.Equal(a.DER, b.DER) })
	return hosts && trust && g.AsksForCertificate == h.AsksForCertificate && g.ID == h.ID && g.Default == h.Default && g.Region == h.Region && g.ServiceID == h.ServiceID &&
		a.Settings == b.Settings && a.Service == b.Service && slices.Equal(a.Others, b.Others)
}
