package authz

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
)

// TestGoldenMatrixOfRoles decides every operation of the management API for every built-in role, assigned at a subscription, a service and a
// workspace, and compares with an expectation that is worked out apart: from Azure's own role definitions, by regular expressions, with the role action that
// Azure's reference names for the operation. What each role may do in number is kept in testdata/matrix/totals.golden.
func TestGoldenMatrixOfRoles(t *testing.T) {
	t.Parallel()
	roles, calls := azureRoles(t), azureCalls(t)
	if len(roles) != 16 || len(calls) != 613 {
		t.Fatalf("%d roles and %d operations, want 16 and 613", len(roles), len(calls))
	}
	var totals strings.Builder
	fmt.Fprintf(&totals, "# role\tallowed of %d at its subscription\tat its service\tat its workspace\n", len(calls))
	for _, role := range roles {
		totals.WriteString(role.RoleName)
		for _, at := range []string{"{sub}", "{svc}", "{svc}/workspaces/w"} {
			x, err := New(nil, []Assignment{{Name: "a", Scope: scope(at), RoleDefinitionID: arm.Root.Provider(Namespace, "roleDefinitions", role.Name), PrincipalID: "p"}})
			if err != nil {
				t.Fatal(err)
			}
			allowed := 0
			for _, c := range calls {
				got := x.Decide(Principal{ID: "p"}, c.action, c.at).Allowed
				if want := strings.HasPrefix(c.at.Key()+"/", scope(at).Key()+"/") && role.grants(c.action); got != want {
					t.Errorf("%s at %s: %s %s (%s) is allowed: %v, want %v", role.RoleName, at, c.method, c.path, c.action, got, want)
				}
				if got {
					allowed++
				}
			}
			fmt.Fprintf(&totals, "\t%d", allowed)
		}
		totals.WriteByte('\n')
	}
	golden(t, "testdata/matrix/totals.golden", totals.String())
}

// azureRole is a role as Azure's export says it.
type azureRole struct {
	Name        string       `json:"name"`
	RoleName    string       `json:"roleName"`
	Permissions []Permission `json:"permissions"`
}

// grants is the naive matcher: a pattern is a regular expression in which a star is any run of characters.
func (r azureRole) grants(action string) bool {
	matches := func(patterns []string) bool {
		var any []string
		for _, p := range patterns {
			any = append(any, strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, ".*"))
		}
		return len(any) > 0 && expression(strings.Join(any, "|")).MatchString(action)
	}
	for _, p := range r.Permissions {
		if matches(p.Actions) && !matches(p.NotActions) {
			return true
		}
	}
	return false
}

var compiled = map[string]*regexp.Regexp{}

func expression(any string) *regexp.Regexp {
	if compiled[any] == nil {
		compiled[any] = regexp.MustCompile("(?is)^(?:" + any + ")$")
	}
	return compiled[any]
}

func azureRoles(t *testing.T) (roles []azureRole) {
	t.Helper()
	for _, line := range linesOf(t, "testdata/matrix/roles.jsonl") {
		var r azureRole
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		roles = append(roles, r)
	}
	return roles
}

// azureCall is one operation of the management API.
type azureCall struct {
	method, path, action string
	at                   arm.ID // the resource that decides: for lists and actions what they stand in
}

func azureCalls(t *testing.T) (calls []azureCall) {
	t.Helper()
	names := strings.NewReplacer(
		"{tenant}", "/providers/Microsoft.ApiManagement", "{sub}", scopeNames["{sub}"]+"/providers/Microsoft.ApiManagement", "{rg}", scopeNames["{rg}"]+"/providers/Microsoft.ApiManagement",
		"{serviceName}", "contoso", "{workspaceId}", "w", "{", "", "}", "")
	for _, line := range linesOf(t, "testdata/matrix/operations.tsv") {
		parts := strings.Split(line, "\t")
		p, err := arm.ParsePath(names.Replace(parts[1]))
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, azureCall{parts[0], parts[1], parts[2], p.ID})
	}
	return calls
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

var update = flag.Bool("update", false, "rewrite golden files; commit only what you can explain")

// golden compares with a committed file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
