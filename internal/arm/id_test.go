package arm

import (
	"strings"
	"testing"
)

const ws = "/subscriptions/s/resourceGroups/RG/providers/Microsoft.ApiManagement/service/contoso/workspaces/payments"

func TestAnIDNamesAResourceItsTypeAndWhatItLiesIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ id, typ, name, parent string }{
		{"/", "", "", "/"},
		{"/subscriptions/s", "Microsoft.Resources/subscriptions", "s", "/"},
		{"/subscriptions/s/resourceGroups/RG", "Microsoft.Resources/subscriptions/resourceGroups", "RG", "/subscriptions/s"},
		{ws, "Microsoft.ApiManagement/service/workspaces", "payments", "/subscriptions/s/resourceGroups/RG/providers/Microsoft.ApiManagement/service/contoso"},
		{ws + "/apis/a;rev=2/operations/get", "Microsoft.ApiManagement/service/workspaces/apis/operations", "get", ws + "/apis/a;rev=2"},
		{ws + "/providers/Microsoft.Authorization/roleAssignments/g", "Microsoft.Authorization/roleAssignments", "g", ws},
		{"/providers/Microsoft.Authorization/roleDefinitions/g", "Microsoft.Authorization/roleDefinitions", "g", "/"},
	} {
		id, err := ParseID(c.id)
		if err != nil {
			t.Errorf("ParseID(%q): %v", c.id, err)
			continue
		}
		if id.Type() != c.typ || id.Name() != c.name || id.Parent().String() != c.parent {
			t.Errorf("ParseID(%q) = type %q, name %q, parent %q; want %q, %q, %q", c.id, id.Type(), id.Name(), id.Parent(), c.typ, c.name, c.parent)
		}
	}
}

func TestATypeIsComparedWithoutCaseAndWhole(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"/", "/subscriptions/s", "/subscriptions/s/resourceGroups/RG", ws, ws + "/apis/a", "/tenants/t/more/m/still/s",
		ws + "/providers/Microsoft.Authorization/roleAssignments/g", "/providers/Microsoft.Authorization/roleDefinitions/g", "/subscriptions/providers/x/y",
	} {
		id := MustID(text)
		typ := id.Type()
		if !id.IsType(typ) || !id.IsType(strings.ToUpper(typ)) {
			t.Errorf("%s is not of type %q, which it has", id, typ)
		}
		for _, other := range []string{typ + "/x", "x/" + typ, typ + "x", "x", strings.TrimSuffix(typ, "s")} {
			if other != typ && id.IsType(other) {
				t.Errorf("%s is of type %q, and is taken for %q", id, typ, other)
			}
		}
		if got := string(id.AppendTypeKey(nil)); got != strings.ToLower(typ) {
			t.Errorf("the key of type %q is %q", typ, got)
		}
	}
}

func TestIDsIgnoreCaseAndDuplicateSlashesButKeepTheCasing(t *testing.T) {
	t.Parallel()
	a, b := MustID("//subscriptions/S//resourcegroups/Rg/"), MustID("/subscriptions/s/resourceGroups/rG")
	if !a.Equal(b) || a.Key() != b.Key() {
		t.Errorf("%s and %s are the same scope", a, b)
	}
	for _, text := range []string{"//subscriptions/S//resourcegroups/Rg/", "subscriptions/S/resourcegroups/Rg", "subscriptions//S/resourcegroups/Rg", "/subscriptions/S/resourcegroups/Rg"} {
		if got, want := MustID(text).String(), "/subscriptions/S/resourcegroups/Rg"; got != want {
			t.Errorf("the text of %s is %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "/", "//"} {
		if !MustID(text).IsRoot() {
			t.Errorf("%q is not the root", text)
		}
	}
}

func TestAScopeHoldsWhatLiesBeneathItByWholeSegments(t *testing.T) {
	t.Parallel()
	w := MustID(ws)
	for text, want := range map[string]bool{
		ws: true, strings.ToUpper(ws): true, ws + "/apis/a": true, ws + "2": false, ws + "-x/apis/a": false, "/subscriptions/s": false,
	} {
		if got := MustID(text).Within(w); got != want {
			t.Errorf("%s within %s: %v, want %v", text, w, got, want)
		}
	}
	if !w.Within(Root) {
		t.Error("everything lies within the root")
	}
}

func TestAPathMayEndInACollectionOrAnAction(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/subscriptions":                                             TypeSubscription,
		"/subscriptions/s/resourcegroups":                            TypeResourceGroup,
		"/subscriptions/s/providers/Microsoft.ApiManagement/service": "Microsoft.ApiManagement/service",
		ws + "/apis":                        "Microsoft.ApiManagement/service/workspaces/apis",
		ws + "/subscriptions/k/listSecrets": "Microsoft.ApiManagement/service/workspaces/subscriptions/listSecrets",
		ws + "/apis/a/providers/Microsoft.Authorization/roleAssignments": "Microsoft.Authorization/roleAssignments",
	} {
		p, err := ParsePath(text)
		if err != nil {
			t.Errorf("ParsePath(%q): %v", text, err)
			continue
		}
		if got := p.CollectionType(); got != want {
			t.Errorf("ParsePath(%q).CollectionType() = %q, want %q", text, got, want)
		}
	}
}

func TestHostileIDsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		ws + "/apis", "/subscriptions/..", "/providers/X", "/providers/X/y", "/subscriptions/s/providers/X", "/subscriptions/\xff", ws + "/apis/.", ws + "/apis/a\x00b", ws + "/apis/a\\b", ws + "/apis/a\nb",
		"/" + strings.Repeat("a/", 100), "/" + strings.Repeat("x", MaxIDLength),
	} {
		if id, err := ParseID(text); err == nil {
			t.Errorf("ParseID(%q) = %s, want an error", clip(text), id)
		}
	}
}

func TestAncestorFindsTheHomeOfAnEntity(t *testing.T) {
	t.Parallel()
	id := MustID(ws + "/apis/a/operations/o/policies/policy")
	if got, ok := id.Ancestor("microsoft.apimanagement/SERVICE/workspaces"); !ok || got.String() != ws {
		t.Errorf("the workspace of %s is %s, %v; want %s", id, got, ok, ws)
	}
	if got, ok := id.Ancestor("Microsoft.ApiManagement/gateways"); ok {
		t.Errorf("%s lies in no gateway, got %s", id, got)
	}
}

func FuzzParseID(f *testing.F) {
	f.Add(ws)
	f.Add("/providers/x/y")
	f.Add("//a//b/providers")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePath(text)
		if err != nil {
			return
		}
		again, err := ParsePath(p.ID.String())
		if p.ID.IsRoot() {
			return
		}
		if err != nil || again.ID.Key() != p.ID.Key() {
			t.Fatalf("%q reads as %q, which reads as %q (%v)", text, p.ID, again.ID, err)
		}
		for at := p.ID; !at.IsRoot(); at = at.Parent() {
			if !p.ID.Within(at) {
				t.Fatalf("%q does not lie in its ancestor %q", p.ID, at)
			}
		}
	})
}
