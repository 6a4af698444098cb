package main

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/access"
	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// registryOfAll mounts everything that the product serves.
func registryOfAll(t *testing.T) *kind.Registry {
	t.Helper()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	x, err := authz.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	catalogue := &apim.Catalogue{Policies: engine, GatewayDomain: "localhost", GatewayURL: func(h string) string { return h }}
	reg, err := kind.NewRegistry(append(catalogue.Kinds(), access.Kinds(authz.NewLive(x), nil)...)...)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// TestDerivedActionsAreThoseOfAzure holds what the declarations derive against Azure's list of role actions: a misspelt kind would be guarded by an action that
// no role can name. Actions that Azure doesn't list stand in testdata/actions.tsv with the reason.
func TestDerivedActionsAreThoseOfAzure(t *testing.T) {
	t.Parallel()
	explained := actionsExplained(t)
	for _, a := range registryOfAll(t).Actions() {
		if strings.HasPrefix(a, "Microsoft.Resources/") {
			continue // the catalogue at hand holds API Management, Authorization and Insights
		}
		op, ok := authz.FindOperation(a)
		switch {
		case !ok && explained[a] == "":
			t.Errorf("%s is no action of Azure's, and testdata/actions.tsv does not say why it is there", a)
		case ok && !strings.EqualFold(op.Name, a):
			t.Errorf("%s is written %s in Azure's catalogue", a, op.Name)
		case ok && op.Derived && explained[a] == "":
			t.Errorf("%s is not in Azure's list, and testdata/actions.tsv does not say why it is there", a)
		}
	}
}

// TestRequestsAskForAzuresActions holds the action that guards each operation of the management API against the one that Azure's reference names for it. An
// operation of which the kind isn't mounted is not judged.
func TestRequestsAskForAzuresActions(t *testing.T) {
	t.Parallel()
	reg, explained, judged := registryOfAll(t), actionsExplained(t), 0
	for _, line := range linesOf(t, "../../internal/authz/testdata/matrix/operations.tsv") {
		parts := strings.Split(line, "\t")
		method, want := parts[0], parts[2]
		got := guard(t, reg, method, parts[1])
		if got == "" {
			continue
		}
		judged++
		if !strings.EqualFold(got, want) && explained[got] == "" {
			t.Errorf("%s %s asks for %s, Azure for %s", method, parts[1], got, want)
		}
	}
	if judged < 200 {
		t.Errorf("%d operations judged, want at least 200", judged)
	}
	t.Logf("%d of 613 operations judged", judged)
}

// guard is the role action that a request needs by the declarations; "" when nothing of it is mounted.
func guard(t *testing.T, reg *kind.Registry, method, path string) string {
	t.Helper()
	text := strings.NewReplacer("{sub}", "/subscriptions/s/providers/Microsoft.ApiManagement", "{rg}", "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement",
		"{tenant}", "/providers/Microsoft.ApiManagement", "{", "", "}", "").Replace(path)
	p, err := arm.ParsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	verb := map[string]string{"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}[method]
	if m, _, ok := reg.Endpoint(p); ok && m.Methods[method] != nil && m.Methods[method].As == nil {
		return m.MethodAction(method)
	}
	if method == "POST" {
		if m, ok := reg.Placed(p.ID); ok && m.Kind.Actions[strings.ToLower(p.Collection)] != nil {
			return m.PostAction(m.Kind.Actions[strings.ToLower(p.Collection)])
		}
		return ""
	}
	if p.Collection != "" {
		if m, ok := reg.Mount(p.CollectionType()); ok {
			return m.Action(verb)
		}
		return ""
	}
	if m, ok := reg.Placed(p.ID); ok {
		return m.Action(verb)
	}
	return ""
}

// actionsExplained are actions of ours that Azure doesn't list, or lists for something else, with the reason.
func actionsExplained(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, line := range linesOf(t, "testdata/actions.tsv") {
		action, reason, ok := strings.Cut(line, "\t")
		if !ok || reason == "" {
			t.Errorf("testdata/actions.tsv: %q has no reason", line)
		}
		out[action] = reason
	}
	return out
}

func linesOf(t *testing.T, file string) (lines []string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}
