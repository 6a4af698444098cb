package apim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Policy is a policy document at one of the five scopes.
type Policy struct {
	Value  string `json:"value" rule:"required"`
	Format string `json:"format,omitempty" rule:"enum=xml|rawxml|xml-link|rawxml-link"`
}

func (c *Catalogue) policy() *kind.Kind {
	return kind.Entity[Policy]{
		Type: "policies", Noun: "Policy", Under: []string{kind.Service, kind.Workspace, "products", "apis", "operations"},
		Shape: kind.Single, Names: kind.Names{Fixed: "policy"}, PutOnly: true, Publish: true, Slow: true,
		View: kind.View{One: "Policy", Many: "Policies", Summary: "What a gateway does with requests and replies in this scope."},
		Prepare: func(ctx context.Context, w *kind.Typed[Policy]) error {
			return fetchLinked(ctx, w.Write, &w.New.Value, &w.New.Format)
		},
		Default: func(w *kind.Typed[Policy]) error {
			w.New.Format = cmp.Or(w.New.Format, "xml")
			return nil
		},
		Validate: func(w *kind.Typed[Policy]) error {
			doc, err := parsePolicy(w.New.Value, w.New.Format)
			if err != nil {
				return err
			}
			if err := refuse(c.Policies.Check(doc, scopeOfPolicy(w.ID), c.homeOf(w.Lookup, homeOf(w.ID), doc))); err != nil {
				return err
			}
			if err := c.refuseOnHandshake(w, doc); err != nil {
				return err
			}
			return restricted(w.Lookup, w.ID, doc)
		},
		Refs: func(w *kind.Typed[Policy]) []kind.Ref {
			return policyRefs(w.Lookup, homeOf(w.ID), w.New.Value, w.New.Format)
		},
		Render: func(r *kind.Rendering, v *Policy) {
			v.Value, v.Format = inFormat(v.Value, v.Format, r.Query.Get("format"))
		},
	}.Kind()
}

// fetchLinked replaces a link by what it points at: "xml-link" by text of format "xml".
func fetchLinked(ctx context.Context, w *kind.Write, value, format *string) error {
	plain, isLink := strings.CutSuffix(strings.ToLower(*format), "-link")
	if !isLink {
		return nil
	}
	body, err := w.Fetch(ctx, strings.TrimSpace(*value))
	if err != nil {
		return arm.InvalidField("value", "value: the document can't be fetched: %s.", err)
	}
	*value, *format = string(body), plain
	return nil
}

// inFormat is a stored document in the format that a reader asks for; "xml" when it asks for none.
func inFormat(value, stored, asked string) (text, format string) {
	asked = strings.ToLower(cmp.Or(asked, "xml"))
	if asked == stored || (asked != "xml" && asked != "rawxml") {
		return value, stored
	}
	convert := policy.ToXML
	if asked == "rawxml" {
		convert = policy.ToRaw
	}
	out, err := convert(value)
	if err != nil {
		return value, stored
	}
	return out, asked
}

// parsePolicy reads a document; the error says where it stops being one.
func parsePolicy(value, format string) (*policy.Document, error) {
	doc, err := policy.Parse(value, policy.Format(strings.ToLower(format)))
	var syntax *policy.SyntaxError
	switch {
	case err == nil:
		return doc, nil
	case errors.As(err, &syntax):
		return nil, refuse([]policy.Problem{syntax.Problem()})
	}
	return nil, arm.InvalidField("representation", "%s", err)
}

// refuse makes a validation error of the problems that are errors; nil when there are none.
func refuse(problems []policy.Problem) error {
	var details []arm.Detail
	for _, p := range problems {
		if p.Severity == policy.SeverityError && len(details) < 50 {
			details = append(details, arm.Detail{Target: p.Element, Message: p.Error()})
		}
	}
	if details == nil {
		return nil
	}
	return arm.Invalid(details...)
}

// scopeOfPolicy is the scope of a document by what it is attached to.
func scopeOfPolicy(id arm.ID) policy.Scope {
	switch strings.ToLower(lastWord(id.Parent().Type())) {
	case "resolvers":
		return policy.ResolverScope
	case "operations":
		return policy.OperationScope
	case "apis":
		return policy.APIScope
	case "products":
		return policy.ProductScope
	case "workspaces":
		return policy.WorkspaceScope
	}
	return policy.Global
}

// homeOf gathers what a document refers to by name in its home: nothing else of it is read.
func (c *Catalogue) homeOf(l kind.Lookup, home arm.ID, docs ...*policy.Document) *policy.Home {
	h := &policy.Home{
		ID: home.Key(), NamedValues: map[string]string{}, Secrets: map[string]bool{}, Fragments: map[string]*policy.Document{}, Backends: map[string]*policy.Backend{},
		Certificates: map[string]*policy.Certificate{}, Schemas: map[string]*policy.SchemaDocument{}, Loggers: map[string]*policy.Logger{},
	}
	if isWorkspace(home) {
		h.Workspace, h.Connections = home.Name(), map[string]bool{}
	}
	for _, doc := range docs {
		gather(l, home, h, doc, 0)
	}
	return h
}

func gather(l kind.Lookup, home arm.ID, h *policy.Home, doc *policy.Document, depth int) {
	values, fragments, _ := policy.Uses(doc)
	for _, name := range values {
		id, ok := namedValueID(l, home, name)
		if !ok {
			continue
		}
		if v, ok := kind.Of[NamedValue](l, id); ok {
			h.NamedValues[v.DisplayName] = v.Value
			h.Secrets[v.DisplayName] = v.Secret
		}
	}
	for _, name := range policy.BackendUses(doc, h.NamedValues) {
		if v, ok := kind.Of[Backend](l, home.Child("backends", name)); ok {
			h.Backends[name] = &policy.Backend{ID: name, URL: v.URL, Title: v.Title}
		}
	}
	for _, name := range policy.CertificatesOf(doc) {
		if v, ok := kind.Of[Certificate](l, home.Child("certificates", name)); ok {
			if data, err := CertificateBytes(v); err == nil {
				h.Certificates[name] = policy.NewCertificate(data, v.Password)
			}
		}
	}
	for _, r := range byThumbprint(l, home, policy.ThumbprintsOf(doc)) {
		if v, ok := r.Value.(*Certificate); ok {
			if data, err := CertificateBytes(v); err == nil {
				h.Certificates[r.ID.Name()] = policy.NewCertificate(data, v.Password)
			}
		}
	}
	gatherLoggers(l, home, h, doc)
	gatherConnections(l, home, h, doc)
	for _, name := range policy.SchemaUses(doc, h.NamedValues) {
		if v, ok := kind.Of[GlobalSchema](l, home.Child("schemas", name)); ok {
			kind, text := v.Text()
			h.Schemas[strings.ToLower(name)] = &policy.SchemaDocument{Kind: kind, Text: text}
		}
	}
	for _, name := range fragments {
		v, ok := kind.Of[PolicyFragment](l, home.Child("policyFragments", name))
		if !ok || h.Fragments[name] != nil || depth > 0 {
			continue
		}
		if f, err := parsePolicy(v.Value, v.Format); err == nil {
			h.Fragments[name] = f
			gather(l, home, h, f, depth+1)
		}
	}
}

// gatherLoggers reads the loggers that a document sends to, with the named values that the home has.
func gatherLoggers(l kind.Lookup, home arm.ID, h *policy.Home, doc *policy.Document) {
	for _, name := range policy.LoggersOf(doc, h.NamedValues) {
		if v, ok := kind.Of[Logger](l, home.Child("loggers", name)); ok {
			h.Loggers[name] = &policy.Logger{ID: name, Type: v.LoggerType}
		}
	}
}

// namedValueID finds a named value of a home by its display name.
func namedValueID(l kind.Lookup, home arm.ID, displayName string) (arm.ID, bool) {
	return l.Claimed(home.Key()+"|namedValues|displayName", strings.ToLower(displayName))
}

// policyRefs are the references that a document makes by name, so that what it uses can't be deleted under it.
func policyRefs(l kind.Lookup, home arm.ID, value, format string) []kind.Ref {
	doc, err := parsePolicy(value, format)
	if err != nil {
		return nil // Validate has refused it
	}
	values, fragments, backends := policy.Uses(doc)
	var refs []kind.Ref
	for _, name := range values {
		if id, ok := namedValueID(l, home, name); ok {
			refs = append(refs, kind.Ref{To: id, Field: "value", Soft: true})
		}
	}
	for _, name := range fragments {
		refs = append(refs, kind.Ref{To: home.Child("policyFragments", name), Field: "value", Soft: true})
	}
	for _, name := range policy.SchemaUses(doc, nil) {
		if id := home.Child("schemas", name); exists(l, id) {
			refs = append(refs, kind.Ref{To: id, Field: "value", Soft: true})
		}
	}
	for _, name := range backends {
		if id := home.Child("backends", name); exists(l, id) {
			refs = append(refs, kind.Ref{To: id, Field: "value", Soft: true})
		}
	}
	for _, name := range policy.LoggersOf(doc, namedValuesOf(l, home, values)) {
		if id := home.Child("loggers", name); exists(l, id) {
			refs = append(refs, kind.Ref{To: id, Field: "value", Soft: true})
		}
	}
	refs = append(refs, connectionRefs(home, doc, namedValuesOf(l, home, values))...)
	for _, name := range policy.CertificatesOf(doc) {
		if id := home.Child("certificates", name); exists(l, id) {
			refs = append(refs, kind.Ref{To: id, Field: "value", Soft: true})
		}
	}
	for _, r := range byThumbprint(l, home, policy.ThumbprintsOf(doc)) {
		refs = append(refs, kind.Ref{To: r.ID, Field: "value", Soft: true})
	}
	return refs
}

// byThumbprint are the certificates of a home with one of the thumbprints.
func byThumbprint(l kind.Lookup, home arm.ID, thumbprints []string) (out []*kind.Resource) {
	if len(thumbprints) == 0 {
		return nil
	}
	for _, r := range l.Children(home, "certificates") {
		if v, ok := r.Value.(*Certificate); ok && slices.Contains(thumbprints, policy.Thumbprint(v.Thumbprint)) {
			out = append(out, r)
		}
	}
	return out
}

// namedValuesOf are the named values of a home that have these display names.
func namedValuesOf(l kind.Lookup, home arm.ID, names []string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		if id, ok := namedValueID(l, home, name); ok {
			if v, ok := kind.Of[NamedValue](l, id); ok {
				out[v.DisplayName] = v.Value
			}
		}
	}
	return out
}

func exists(l kind.Lookup, id arm.ID) bool {
	_, ok := l.Get(id)
	return ok
}

// recheck compiles every document that uses the resource id, directly or through a fragment, with what change makes of its home. The first problem
// found is returned in the words of wrap.
func (c *Catalogue) recheck(l kind.Lookup, home, id arm.ID, change func(*policy.Home), wrap func(problem string) error) error {
	for _, user := range l.Referrers(id) {
		if err := c.recheckOne(l, home, user, change); err != nil {
			return wrap(fmt.Sprintf("%s: %s", user, err))
		}
	}
	return nil
}

func (c *Catalogue) recheckOne(l kind.Lookup, home, user arm.ID, change func(*policy.Home)) error {
	if p, ok := kind.Of[Policy](l, user); ok {
		doc, err := parsePolicy(p.Value, p.Format)
		if err != nil {
			return err
		}
		h := c.homeOf(l, home, doc)
		change(h)
		gatherLoggers(l, home, h, doc)
		gatherConnections(l, home, h, doc)
		return refuse(c.Policies.Check(doc, scopeOfPolicy(user), h))
	}
	if v, ok := kind.Of[Logger](l, user); ok {
		h := c.homeOf(l, home)
		gatherLogger(l, home, h, v)
		change(h)
		return v.missing(h)
	}
	if f, ok := kind.Of[PolicyFragment](l, user); ok {
		doc, err := parsePolicy(f.Value, f.Format)
		if err != nil {
			return err
		}
		h := c.homeOf(l, home, doc)
		change(h)
		gatherLoggers(l, home, h, doc)
		gatherConnections(l, home, h, doc)
		if err := refuse(c.Policies.CheckFragment(doc, h)); err != nil {
			return err
		}
		return c.recheck(l, home, user, change, func(problem string) error { return errors.New(problem) })
	}
	return nil
}
