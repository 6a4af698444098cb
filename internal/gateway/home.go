package gateway

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// home is the service or a workspace as documents see it: names resolve in it and nowhere else. It is the same object for as long as its
// parts are, so that what was compiled with it can be kept. Named values that no compiled document has asked for may change under it.
type home struct {
	shard     *snapshot.Shard   // the first that it stood for; its named values may be older than those of the home
	workspace *policy.Workspace // nil for the service
	document  *document         // its all-APIs policy, nil without one
	memory    *policy.Memory    // shared by the expressions of its calls

	circuits map[string]*circuit       // of backends that have one, by name
	turns    map[string]*atomic.Uint64 // of pools, by name

	parsed    sync.Once // of the parts that the home is made anew for
	fragments map[string]*policy.Document
	backends  map[string]*policy.Backend
	certs     map[string]*policy.Certificate

	mu     sync.Mutex
	values snapshot.List[snapshot.NamedValue]
	asked  map[string]bool // named values that compiled documents refer to, whether they exist or not
	facts  *policy.Home    // made of values when a document is compiled
}

// newHome is what a shard is to documents. What calls may hold at once stays the same object whatever else of the home changes: nil makes it.
func newHome(s *snapshot.Shard, memory *policy.Memory) *home {
	if memory == nil {
		memory = policy.NewMemory()
	}
	h := &home{shard: s, values: s.NamedValues, asked: map[string]bool{}, memory: memory}
	scope := policy.Global
	if s.Workspace != "" {
		scope = policy.WorkspaceScope
		h.workspace = &policy.Workspace{ID: s.Workspace, Name: s.DisplayName}
	}
	h.document = newDocument(scope, h, s.Policy)
	return h
}

// serves says whether the home stands for a shard as well: what documents see of both is the same. When they differ only in named values that no
// compiled document has asked for, the home takes these over, and documents compiled from now on see them.
func (h *home) serves(s *snapshot.Shard) bool {
	o := h.shard
	if o.ID != s.ID || o.Workspace != s.Workspace || o.DisplayName != s.DisplayName || o.Policy != s.Policy ||
		!same(o.Fragments, s.Fragments) || !same(o.Backends, s.Backends) || !same(o.Certificates, s.Certificates) || !same(o.Loggers, s.Loggers) {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.values.Shares(s.NamedValues) {
		return true
	}
	for name := range changedValues(h.values, s.NamedValues) {
		if h.asked[name] {
			return false
		}
	}
	h.values, h.facts = s.NamedValues, nil
	return true
}

// changedValues are the names of values that are not the same in both lists.
func changedValues(before, after snapshot.List[snapshot.NamedValue]) map[string]bool {
	names := map[string]bool{}
	if len(before) != len(after) {
		before, after = snapshot.ListOf(slices.Collect(before.All())...), snapshot.ListOf(slices.Collect(after.All())...)
	}
	for i := range before {
		if snapshot.SameChunk(before[i], after[i]) {
			continue
		}
		was := make(map[string]snapshot.NamedValue, len(before[i]))
		for _, v := range before[i] {
			was[v.DisplayName] = v
		}
		for _, v := range after[i] {
			if old, known := was[v.DisplayName]; !known || old != v {
				names[v.DisplayName] = true
			}
			delete(was, v.DisplayName)
		}
		for name := range was {
			names[name] = true
		}
	}
	return names
}

// same compares lists by their members, which are pointers that stay while nothing changes.
func same[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	if len(a) == 0 || &a[0] == &b[0] {
		return true
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// parse reads what documents of the home refer to, when the first of them is compiled or asks for a backend.
func (h *home) parse() {
	h.parsed.Do(func() {
		h.fragments = make(map[string]*policy.Document, len(h.shard.Fragments))
		for _, f := range h.shard.Fragments {
			// A fragment that can't be parsed is missing to the documents that include it; their error names it.
			if doc, err := parse(&f.Policy); err == nil {
				h.fragments[f.Name] = doc
			}
		}
		h.certs = make(map[string]*policy.Certificate, len(h.shard.Certificates))
		for _, c := range h.shard.Certificates {
			h.certs[c.Name] = policy.NewCertificate(c.Data, c.Password)
		}
		h.makeBackends()
	})
}

// policyHome is what a document that is about to be compiled may refer to. From here on the home remembers what named values that are.
func (h *home) policyHome(doc *policy.Document) *policy.Home {
	h.parse()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ask(doc)
	if h.facts == nil {
		for _, f := range h.fragments {
			h.ask(f)
		}
		h.facts = &policy.Home{
			ID: strings.ToLower(h.shard.ID), Workspace: h.shard.Workspace,
			NamedValues: make(map[string]string), Fragments: h.fragments, Backends: h.backends, Certificates: h.certs,
		}
		for v := range h.values.All() {
			h.facts.NamedValues[v.DisplayName] = v.Value
		}
		h.facts.Loggers = h.loggers(h.facts.NamedValues)
	}
	return h.facts
}

func (h *home) ask(doc *policy.Document) {
	names, _, _ := policy.Uses(doc)
	for _, name := range names {
		h.asked[name] = true
	}
}

// document is a stored policy at its place. It is compiled once, when the first plan needs it; all plans share the result.
type document struct {
	scope  policy.Scope
	home   *home
	source *snapshot.Policy

	once     sync.Once
	prepared *policy.Prepared
	err      error
}

// newDocument is nil without a policy.
func newDocument(scope policy.Scope, h *home, p *snapshot.Policy) *document {
	if p == nil {
		return nil
	}
	return &document{scope: scope, home: h, source: p}
}

func (d *document) prepare(e *policy.Engine) (*policy.Prepared, error) {
	d.once.Do(func() {
		doc, err := parse(d.source)
		if err == nil {
			d.prepared, err = e.Prepare(policy.Source{Scope: d.scope, Doc: doc, Home: d.home.withSchemas(d.home.policyHome(doc), d.source)})
		}
		if err != nil {
			d.err = fmt.Errorf("policy %s: %w", d.source.ID, err)
		}
	})
	return d.prepared, d.err
}

func parse(p *snapshot.Policy) (*policy.Document, error) {
	format := policy.Format(p.Format)
	if format == "" {
		format = policy.FormatXML
	}
	doc, err := policy.Parse(p.Text, format)
	if err != nil {
		return nil, err
	}
	doc.ID = p.ID
	return doc, nil
}
