package kind

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
)

type part struct {
	Name string `json:"name" rule:"required"`
}

type wire struct {
	Title  string   `json:"title" rule:"required,max=5"`
	Kind   string   `json:"kind,omitempty" rule:"enum=http|soap"`
	URL    string   `json:"url,omitempty" rule:"url"`
	Mail   string   `json:"mail,omitempty" rule:"email"`
	Code   string   `json:"code,omitempty" pattern:"^[a-z]+$" said:"Use lower-case letters."`
	Count  int      `json:"count,omitempty" rule:"min=2,max=4"`
	Tags   []string `json:"tags,omitempty" rule:"max=2"`
	Parts  []part   `json:"parts,omitempty"`
	Single *part    `json:"single,omitempty"`
}

func TestFieldRulesNameTheFieldAndSayWhatIsAllowed(t *testing.T) {
	t.Parallel()
	k := Entity[wire]{Namespace: "N", Type: "things", Noun: "Thing"}.Kind()
	for _, c := range []struct {
		value  wire
		target string
		says   string
	}{
		{wire{}, "title", "required"},
		{wire{Title: "äöüßéè"}, "title", "at most 5 characters"},
		{wire{Title: "x", Kind: "grpc"}, "kind", "one of http, soap"},
		{wire{Title: "x", URL: "example.org"}, "url", "absolute URL"},
		{wire{Title: "x", URL: "javascript:alert(1)"}, "url", "absolute URL"},
		{wire{Title: "x", Mail: "nobody"}, "mail", "e-mail"},
		{wire{Title: "x", Mail: "a@b\r\nBcc: c@d"}, "mail", "e-mail"},
		{wire{Title: "x", Code: "A1"}, "code", "Use lower-case letters."},
		{wire{Title: "x", Count: 9}, "count", "2 to 4"},
		{wire{Title: "x", Tags: []string{"a", "b", "c"}}, "tags", "at most 2 items"},
		{wire{Title: "x", Parts: []part{{"a"}, {}}}, "parts[1].name", "required"},
		{wire{Title: "x", Single: &part{}}, "single.name", "required"},
	} {
		err := k.Check(&c.value)
		if err == nil {
			t.Errorf("%+v is accepted; want a fault of %s", c.value, c.target)
			continue
		}
		e := err.(*arm.Error)
		if e.Details[0].Target != c.target || !strings.Contains(e.Details[0].Message, c.says) {
			t.Errorf("%+v: %v; want a fault of %s that says %q", c.value, e, c.target, c.says)
		}
	}
	good := wire{Title: "äöüßé", Kind: "HTTP", URL: "https://example.org/x", Mail: "a@b.example", Code: "ok", Count: 3, Tags: []string{"a"}, Parts: []part{{"p"}}}
	if err := k.Check(&good); err != nil {
		t.Errorf("a good value: %v", err)
	}
	if good.Kind != "http" {
		t.Errorf("a choice is kept as it was written, %q; want the casing of its declaration", good.Kind)
	}
}

func TestNamesAreCheckedAgainstLengthPatternAndReservations(t *testing.T) {
	t.Parallel()
	k := &Kind{Noun: "Thing", Names: Names{Min: 2, Max: 5, Pattern: regexp.MustCompile(`^[a-z]+$`), Words: "Use lower-case letters.", Reserved: []string{"all"}}}
	for name, ok := range map[string]bool{"ab": true, "abcde": true, "a": false, "abcdef": false, "ABC": false, "all": false, "": false} {
		if got := k.CheckName(name) == nil; got != ok {
			t.Errorf("name %q allowed: %v, want %v", name, got, ok)
		}
	}
}

func registry(t *testing.T) *Registry {
	t.Helper()
	r, err := NewRegistry(
		&Kind{Namespace: "N", Type: "service", Noun: "Service", Under: []string{arm.TypeResourceGroup}},
		&Kind{Type: "workspaces", Noun: "Workspace", Under: []string{"N/service"}},
		&Kind{Type: "apis", Noun: "API", Under: []string{"N/service", "N/service/workspaces"}, Actions: map[string]*Action{"listsecrets": {Name: "listSecrets"}}},
		&Kind{Type: "operations", Noun: "Operation", Under: []string{"apis"}},
		&Kind{Namespace: "A", Type: "roles", Noun: "Role", Anywhere: true},
	)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAKindIsMountedUnderEveryMountOfItsParents(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, full := range []string{"N/service/apis/operations", "n/SERVICE/workspaces/apis/operations", "A/roles"} {
		if _, ok := r.Mount(full); !ok {
			t.Errorf("%s is not mounted", full)
		}
	}
	if _, ok := r.Mount("N/service/operations"); ok {
		t.Error("operations stand under APIs only")
	}
	var children []string
	for _, m := range r.Children("N/service/workspaces") {
		children = append(children, m.Type)
	}
	if fmt.Sprint(children) != "[apis]" {
		t.Errorf("below workspaces stand %v", children)
	}
}

func TestAMirrorIsNoParentByItsBareWord(t *testing.T) {
	t.Parallel()
	r, err := NewRegistry(
		&Kind{Namespace: "N", Type: "service", Noun: "Service"},
		&Kind{Type: "apis", Noun: "API", Under: []string{"N/service"}},
		&Kind{Type: "products", Noun: "Product", Under: []string{"N/service"}},
		&Kind{Type: "apis", Noun: "API", Under: []string{"N/service/products"}, Mirror: true},
		&Kind{Type: "operations", Noun: "Operation", Under: []string{"apis"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	for full, want := range map[string]bool{"N/service/apis/operations": true, "N/service/products/apis": true, "N/service/products/apis/operations": false} {
		if _, got := r.Mount(full); got != want {
			t.Errorf("%s is mounted: %v, want %v", full, got, want)
		}
	}
}

func TestRoleActionsFollowFromTheDeclaration(t *testing.T) {
	t.Parallel()
	all := strings.Join(registry(t).Actions(), "\n")
	for _, want := range []string{"N/service/workspaces/apis/write", "N/service/apis/listSecrets/action", "N/service/apis/operations/delete", "A/roles/read"} {
		if !strings.Contains(all, want) {
			t.Errorf("the action %s is not derived:\n%s", want, all)
		}
	}
}

func TestIDsGetTheCasingOfTheDeclarations(t *testing.T) {
	t.Parallel()
	got := registry(t).Canonical(arm.MustID("/subscriptions/S/resourceGroups/R/providers/n/SERVICE/C/WorkSpaces/W/APIS/A/providers/a/ROLES/X"))
	if want := "/subscriptions/S/resourceGroups/R/providers/N/service/C/workspaces/W/apis/A/providers/A/roles/X"; got.String() != want {
		t.Errorf("canonical id is %s, want %s", got, want)
	}
}

func TestARegistryRefusesDoubleMounts(t *testing.T) {
	t.Parallel()
	if _, err := NewRegistry(&Kind{Namespace: "N", Type: "x", Noun: "X"}, &Kind{Namespace: "n", Type: "X", Noun: "X"}); err == nil {
		t.Error("two kinds at one place are accepted")
	}
}

func TestAKindStandsWhereItIsMountedAndNowhereElse(t *testing.T) {
	t.Parallel()
	r, err := NewRegistry(
		&Kind{Namespace: "M", Type: "groups", Noun: "Group"},
		&Kind{Namespace: "N", Type: "service", Noun: "Service", Under: []string{"M/groups"}},
		&Kind{Type: "workspaces", Noun: "Workspace", Under: []string{"N/service"}},
		&Kind{Namespace: "A", Type: "roles", Noun: "Role", Anywhere: true},
	)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"/providers/M/groups/g":                                                                              true,
		"/providers/M/groups/g/providers/N/service/s":                                                        true,
		"/PROVIDERS/m/GROUPS/g/providers/n/SERVICE/s/Workspaces/w":                                           true,
		"/providers/M/groups/g/providers/N/service/s/workspaces/w/providers/A/roles/r":                       true,
		"/providers/Other/things/x/providers/A/roles/r":                                                      true,
		"/providers/M/groups/g/providers/N/service/s/workspaces/w/providers/N/service/t":                     false,
		"/providers/M/groups/g/providers/N/service/s/workspaces/w/providers/N/service/t/workspaces/v":        false,
		"/providers/M/groups/g/providers/N/service/s/workspaces/w/providers/N/service/t/providers/A/roles/r": false,
		"/providers/N/service/s":                                                                             false,
		"/providers/M/groups/g/providers/M/groups/h":                                                         false,
		"/providers/M/groups/g/providers/N/nothing/s":                                                        false,
	} {
		if _, got := r.Placed(arm.MustID(text)); got != want {
			t.Errorf("%s is where its kind may stand: %v, want %v", text, got, want)
		}
	}
}

func TestMembersAreReadInTheCasingOfTheDeclaration(t *testing.T) {
	t.Parallel()
	k := Entity[wire]{Namespace: "N", Type: "things", Noun: "Thing"}.Kind()
	for body, want := range map[string]string{
		`{"title":"a","other":1}`:   `{"title":"a","other":1} [other title]`,
		`{"TITLE":"a"}`:             `{"title":"a"} [title]`,
		"{\"part\u017f\":[]}":       `{"parts":[]} [parts]`, // JSON readers fold the long s, too
		`null`:                      `null []`,
		`{"title":"a","Title":"b"}`: "title stands in the body twice, in different casing.",
		`{"Title":"a","TITLE":"b"}`: "title stands in the body twice, in different casing.",
	} {
		out, given, err := k.Members([]byte(body))
		got := fmt.Sprintf("%s %v", out, slices.Sorted(maps.Keys(given)))
		if err != nil {
			got = err.Details[0].Message
		}
		if got != want {
			t.Errorf("%s is read as %s, want %s", body, got, want)
		}
	}
}
