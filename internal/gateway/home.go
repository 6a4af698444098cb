package gateway

import (
	"fmt"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// home is the service or a workspace as documents see it: names resolve in it and nowhere else. It is the same object for as long as its
// parts are, so that what was compiled with it can be kept.
type home struct {
	shard     *snapshot.Shard
	workspace *policy.Workspace // nil for the service
	document  *document         // its all-APIs policy, nil without one

	once     sync.Once
	resolved *policy.Home
}

func newHome(s *snapshot.Shard) *home {
	h := &home{shard: s}
	scope := policy.Global
	if s.Workspace != "" {
		scope = policy.WorkspaceScope
		h.workspace = &policy.Workspace{ID: s.Workspace, Name: s.DisplayName}
	}
	h.document = newDocument(scope, h, s.Policy)
	return h
}

// serves says whether the home stands for a shard as well: what documents see of both is the same.
func (h *home) serves(s *snapshot.Shard) bool {
	o := h.shard
	return o.ID == s.ID && o.Workspace == s.Workspace && o.DisplayName == s.DisplayName && o.Policy == s.Policy &&
		same(o.NamedValues, s.NamedValues) && same(o.Fragments, s.Fragments) && same(o.Backends, s.Backends)
}

// same compares lists by their parts. Named values are plain data, all others are pointers that stay while nothing changes.
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

// policyHome parses what documents of the home refer to, when the first of them is compiled.
func (h *home) policyHome() *policy.Home {
	h.once.Do(func() {
		s := h.shard
		r := &policy.Home{
			ID: strings.ToLower(s.ID), Workspace: s.Workspace,
			NamedValues: make(map[string]string, len(s.NamedValues)),
			Fragments:   make(map[string]*policy.Document, len(s.Fragments)),
			Backends:    make(map[string]*policy.Backend, len(s.Backends)),
		}
		for _, v := range s.NamedValues {
			r.NamedValues[v.DisplayName] = v.Value
		}
		for _, f := range s.Fragments {
			// A fragment that can't be parsed is missing to the documents that include it; their error names it.
			if doc, err := parse(&f.Policy); err == nil {
				r.Fragments[f.Name] = doc
			}
		}
		for _, b := range s.Backends {
			r.Backends[b.Name] = backendFacts(b)
		}
		h.resolved = r
	})
	return h.resolved
}

func backendFacts(b *snapshot.Backend) *policy.Backend {
	f := &policy.Backend{ID: b.Name, URL: b.URL, Title: b.Title, SkipVerify: b.SkipVerify, SkipVerifyName: b.SkipVerifyName}
	for _, name := range sortedKeys(b.Header) {
		for _, v := range b.Header[name] {
			f.Header.Add(name, v)
		}
	}
	if b.Authorization != "" {
		f.Header.Set("Authorization", b.Authorization)
	}
	for _, name := range sortedKeys(b.Query) {
		for _, v := range b.Query[name] {
			f.Query = append(f.Query, policy.Param{Name: name, Value: v})
		}
	}
	return f
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
			d.prepared, err = e.Prepare(policy.Source{Scope: d.scope, Doc: doc, Home: d.home.policyHome()})
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
