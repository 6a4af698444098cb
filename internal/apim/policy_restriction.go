package apim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// PolicyRestriction demands of the documents at and below a scope that they keep what is above them. Scope is the path of an entity or of its
// policy, relative to the service ("/apis/orders", "/workspaces/payments") or full; empty or "/" for the whole service.
type PolicyRestriction struct {
	Scope       string `json:"scope,omitempty" rule:"max=1000"`
	RequireBase string `json:"requireBase,omitempty" rule:"enum=true|false"`
}

func policyRestriction() *kind.Kind {
	return kind.Entity[PolicyRestriction]{
		Type: "policyRestrictions", Noun: "Policy restriction", Under: []string{kind.Service}, Names: named(80), Filters: "name",
		View: kind.View{One: "Policy restriction", Many: "Policy restrictions", Summary: "Demands that policies keep what is above them.", Columns: []string{"scope", "requireBase"}},
		Default: func(w *kind.Typed[PolicyRestriction]) error {
			w.New.RequireBase = cmp.Or(w.New.RequireBase, "false")
			return nil
		},
		Validate: func(w *kind.Typed[PolicyRestriction]) error {
			if _, err := w.New.at(w.ID.Parent()); err != nil {
				return arm.InvalidField("scope", "scope: %s. Use the path of an entity below the service, such as /apis/orders or /workspaces/payments; leave it out for the whole service.", err)
			}
			return nil
		},
	}.Kind()
}

// at is the scope that a restriction holds for.
func (p *PolicyRestriction) at(service arm.ID) (arm.ID, error) {
	text := strings.Trim(p.Scope, "/")
	if text == "" {
		return service, nil
	}
	if !strings.HasPrefix(strings.ToLower(text), "subscriptions/") {
		text = service.String()[1:] + "/" + text
	}
	id, err := arm.ParseID("/" + text)
	switch {
	case err != nil:
		return arm.Root, fmt.Errorf("'%s' is not a path", p.Scope)
	case !id.Within(service):
		return arm.Root, fmt.Errorf("'%s' is not below the service", p.Scope)
	case strings.EqualFold(lastWord(id.Type()), "policies"):
		return id.Parent(), nil
	}
	return id, nil
}

// breach is a section that drops what is above it although a restriction forbids that.
type breach struct {
	restriction arm.ID
	section     string
}

// breaches finds the restrictions that a document at id breaks. The service's own document has nothing above it.
func breaches(l kind.Lookup, id arm.ID, doc *policy.Document) []breach {
	owner, service := id.Parent(), serviceOf(id)
	if owner.Equal(service) {
		return nil
	}
	var out []breach
	for _, r := range l.Children(service, "policyRestrictions") {
		v, ok := r.Value.(*PolicyRestriction)
		if !ok || !strings.EqualFold(v.RequireBase, "true") {
			continue
		}
		if scope, err := v.at(service); err != nil || !owner.Within(scope) {
			continue
		}
		for _, s := range doc.Root.Children {
			if s.Child("base") == nil { // a section that is absent inherits
				out = append(out, breach{r.ID, s.Name})
			}
		}
	}
	return out
}

// restricted refuses a document that breaks a restriction.
func restricted(l kind.Lookup, id arm.ID, doc *policy.Document) error {
	var details []arm.Detail
	for _, b := range breaches(l, id, doc) {
		details = append(details, arm.Detail{
			Code: "ValidationError", Target: b.section,
			Message: fmt.Sprintf("%s must contain <base />: the policy restriction '%s' of the service demands it.", b.section, b.restriction.Name()),
		})
	}
	if details == nil {
		return nil
	}
	return arm.Invalid(details...)
}

// policyTypes are the full types of policy documents of a service and its workspaces.
func policyTypes() []string {
	out := []string{kind.Service + "/policies"}
	for _, home := range serviceAndWorkspaces {
		for _, at := range []string{"/products", "/apis", "/apis/operations"} {
			out = append(out, home+at+"/policies")
		}
	}
	return append(out, kind.Workspace+"/policies")
}

// AllPolicies is one policy document in the list of all of a service, with whether it keeps to the restrictions.
type AllPolicies struct {
	ReferencePolicyID string `json:"referencePolicyId"`
	ComplianceState   string `json:"complianceState"` // Compliant, NonCompliant
}

func allPolicies() *kind.Kind {
	return kind.Entity[AllPolicies]{
		Type: "allPolicies", Noun: "Policy", Under: []string{kind.Service}, ReadOnly: true, Mirror: true, Virtual: everyPolicy{},
	}.Kind()
}

type everyPolicy struct{}

func (everyPolicy) Get(kind.Lookup, arm.ID) (*kind.Resource, bool) { return nil, false }

func (everyPolicy) List(l kind.Lookup, service arm.ID, _ kind.ListQuery) []kind.Listed {
	var out []kind.Listed
	for i, p := range documentsOf(l, service) {
		v := &AllPolicies{ReferencePolicyID: p.id.String(), ComplianceState: "Compliant"}
		if len(p.broken) > 0 {
			v.ComplianceState = "NonCompliant"
		}
		out = append(out, kind.Listed{Resource: &kind.Resource{ID: service.Child("allPolicies", fmt.Sprintf("policy-%d", i+1)), Value: v}})
	}
	return out
}

// document is a stored policy document with the restrictions that it breaks.
type document struct {
	id     arm.ID
	broken []breach
}

// documentsOf are the policy documents of a service and its workspaces in order of their ids.
func documentsOf(l kind.Lookup, service arm.ID) []document {
	var out []document
	for _, t := range policyTypes() {
		for _, r := range l.Below(service, t) {
			d := document{id: r.ID}
			if v, ok := r.Value.(*Policy); ok {
				if doc, err := parsePolicy(v.Value, v.Format); err == nil {
					d.broken = breaches(l, r.ID, doc)
				}
			}
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b document) int { return strings.Compare(a.id.Key(), b.id.Key()) })
	return out
}

// validatePolicies says which documents break the restrictions: they may have been saved before these were.
func validatePolicies() kind.Action {
	type step struct {
		Action     string `json:"action"`
		ObjectType string `json:"objectType"`
		ObjectKey  string `json:"objectKey"`
	}
	return kind.Action{Name: "validatePolicies", Do: func(c *kind.ActionCall) (any, error) {
		begun := time.Now().UTC().Truncate(time.Millisecond)
		all, steps := documentsOf(c.Lookup, c.ID), []step{}
		for _, d := range all {
			if len(d.broken) > 0 {
				steps = append(steps, step{"NonCompliant: " + d.broken[0].section + " lacks <base /> (" + d.broken[0].restriction.Name() + ")", "Policy", d.id.String()})
			}
		}
		name := fmt.Sprintf("validatePolicies-%d", begun.UnixMilli())
		id := c.ID.String() + "/operationresults/" + name
		return map[string]any{
			"id": id, "type": kind.Service + "/operationresults", "name": name,
			"properties": map[string]any{
				"id": name, "status": "Succeeded", "started": begun, "updated": time.Now().UTC().Truncate(time.Millisecond), "error": nil, "actionLog": steps,
				"resultInfo": fmt.Sprintf("%d policies, %d of them break a restriction.", len(all), len(steps)),
			},
		}, nil
	}}
}
