package route

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asking is a request's version facts: "query:name" and "header:name".
type asking map[string]string

func (a asking) VersionValue(s Scheme, name string) (string, bool) {
	v, ok := a[map[Scheme]string{Query: "query:", Header: "header:"}[s]+strings.ToLower(name)]
	return v, ok
}

func TestTreeFindsTheAPI(t *testing.T) {
	t.Parallel()
	var tree Tree[string]
	for name, a := range map[string]API{
		"root":        {Path: "", Revision: "1", Current: true},
		"shop":        {Path: "shop", Revision: "1", Current: true},
		"shop-r2":     {Path: "shop", Revision: "2"},
		"orders":      {Path: "/shop/orders/", Revision: "1", Current: true},
		"seg":         {Path: "seg", Scheme: Segment, Revision: "1", Current: true},
		"seg-v1":      {Path: "seg", Scheme: Segment, Version: "v1", Revision: "1", Current: true},
		"seg-v1-r3":   {Path: "seg", Scheme: Segment, Version: "v1", Revision: "3"},
		"query":       {Path: "query", Scheme: Query, Parameter: "api-version", Revision: "1", Current: true},
		"query-2024":  {Path: "query", Scheme: Query, Parameter: "api-version", Version: "2024", Revision: "1", Current: true},
		"header-only": {Path: "header", Scheme: Header, Parameter: "X-Version", Version: "V2", Revision: "1", Current: true},
	} {
		if err := tree.Add(a, name); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		path string
		ask  asking
		want string
		rest string
	}{
		{"/shop", nil, "shop", "/"},
		{"/shop/cart", nil, "shop", "/cart"},
		{"/SHOP/Orders/7", nil, "orders", "/7"}, // without case, the longest
		{"/shopping", nil, "root", "/shopping"}, // whole segments
		{"/shop;rev=2/x", nil, "shop-r2", "/x"}, //
		{"/shop;rev=1/x", nil, "shop", "/x"},    // the current one has a number as well
		{"/shop;rev=9/x", nil, "", ""},          //
		{"/shop/orders;rev=2", nil, "", ""},     // the revision of another API
		{"/shop/cart;rev=2", nil, "", ""},       // a marker below the API's path
		{"/seg/v1/x", nil, "seg-v1", "/x"},      //
		{"/seg/v1;rev=3/x", nil, "seg-v1-r3", "/x"},
		{"/seg/v2/x", nil, "seg", "/v2/x"},
		{"/query/x", nil, "query", "/x"},
		{"/query/x", asking{"query:api-version": "2024"}, "query-2024", "/x"},
		{"/query/x", asking{"query:api-version": "1999"}, "", ""},
		{"/header/x", asking{"header:x-version": "v2"}, "header-only", "/x"},
		{"/header/x", nil, "", ""}, // versions but no original
		{"/other", nil, "root", "/other"},
		{"/;rev=1/other", nil, "root", "/other"},
	} {
		var p Path
		if err := p.Parse(c.path); err != nil {
			t.Fatal(err)
		}
		got, depth, ok := tree.Find(&p, c.ask)
		if ok != (c.want != "") || got != c.want || ok && p.Rest(depth) != c.rest {
			t.Errorf("%s %v: %q, rest %q; want %q, rest %q", c.path, c.ask, got, p.Rest(depth), c.want, c.rest)
		}
	}
}

func TestTreeRefusesTwoAPIsInOnePlace(t *testing.T) {
	t.Parallel()
	var tree Tree[int]
	if err := tree.Add(API{Path: "a/v1", Revision: "1", Current: true}, 1); err != nil {
		t.Fatal(err)
	}
	if err := tree.Add(API{Path: "A", Scheme: Segment, Version: "V1", Revision: "1", Current: true}, 2); err == nil {
		t.Error("two APIs hold /a/v1")
	}
}

func TestOperationsPrecedence(t *testing.T) {
	t.Parallel()
	var ops Operations[string]
	for _, o := range []string{
		"GET /", "GET /orders", "POST /orders", "GET /orders/{id}", "DELETE /orders/{key}", "GET /orders/latest", "GET /orders/{id}/lines/{line}",
		"GET /orders/*", "GET /files/{*path}", "GET /docs/{name}.{ext}", "GET /docs/v{n}.json", "GET /docs/{any}", "GET /Users('{user}')",
		"GET /find?q={term}", "GET /find?q={term}&kind=exact", "GET /find",
	} {
		method, template, _ := strings.Cut(o, " ")
		if err := ops.Add(method, template, o); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		request, want string
		params        []Param
	}{
		{"GET /", "GET /", nil},
		{"GET /orders", "GET /orders", nil},
		{"GET /orders/", "GET /orders", nil},
		{"GET /Orders/LATEST", "GET /orders/latest", nil},
		{"DELETE /orders/latest", "DELETE /orders/{key}", []Param{{"key", "latest"}}}, // the literal has no such method
		{"GET /orders/a%20b", "GET /orders/{id}", []Param{{"id", "a b"}}},
		{"GET /orders/7/lines/2", "GET /orders/{id}/lines/{line}", []Param{{"id", "7"}, {"line", "2"}}},
		{"GET /orders/7/other", "GET /orders/*", nil},
		{"PUT /orders", "", nil},
		{"GET /files/a/b", "GET /files/{*path}", []Param{{"path", "a/b"}}},
		{"GET /files", "GET /files/{*path}", []Param{{"path", ""}}},
		{"GET /docs/v12.json", "GET /docs/v{n}.json", []Param{{"n", "12"}}},
		{"GET /docs/a.b.pdf", "GET /docs/{name}.{ext}", []Param{{"name", "a"}, {"ext", "b.pdf"}}},
		{"GET /docs/plain", "GET /docs/{any}", []Param{{"any", "plain"}}},
		{"GET /docs/.x", "GET /docs/{any}", []Param{{"any", ".x"}}},
		{"GET /users('Ann')", "GET /Users('{user}')", []Param{{"user", "Ann"}}},
		{"GET /find", "GET /find", nil},
		{"GET /find?x=1&Q=a%2Bb", "GET /find?q={term}", []Param{{"term", "a+b"}}},
		{"GET /find?q=1&kind=exact", "GET /find?q={term}&kind=exact", []Param{{"term", "1"}}},
		{"GET /find?q=1&kind=other", "GET /find?q={term}", []Param{{"term", "1"}}},
		{"GET /nothing", "", nil},
		{"HEAD /orders", "", nil},
	} {
		method, target, _ := strings.Cut(c.request, " ")
		path, query, _ := strings.Cut(target, "?")
		var p Path
		if err := p.Parse(path); err != nil {
			t.Fatal(err)
		}
		got, params, ok := ops.Match(&p, 0, method, query)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, want %q", c.request, got, c.want)
		}
		if diff := cmp.Diff(c.params, params); diff != "" {
			t.Errorf("%s: parameters (-want +got):\n%s", c.request, diff)
		}
	}
}

func TestTemplateErrorsNameTheColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		template string
		column   int
		reason   string
	}{
		{"/orders/{id", 9, "{ without }"},
		{"/orders/id}", 11, "} without {"},
		{"/orders/{}", 9, "without a name"},
		{"/a/{b c}", 4, "not a name"},
		{"/{a}{b}", 5, "need text between"},
		{"/a/{id}/b/{ID}", 11, "stands twice"},
		{"/a/*/b", 4, "last segment"},
		{"/a//b", 4, "empty segment"},
		{"/a/../b", 4, "dot segment"},
		{"/a?{x}=1", 4, "literal name"},
		{"/a?x={y", 4, "literal or one"},
		{"/a/{x}?y={x}", 8, "stands twice"},
	} {
		_, err := ParseTemplate(c.template)
		e, ok := err.(*TemplateError)
		if !ok || e.Column != c.column || !strings.Contains(e.Reason, c.reason) {
			t.Errorf("%s: %v; want column %d, %s", c.template, err, c.column, c.reason)
		}
	}
}

func TestConflictsAreWhatAGatewayCouldNotTellApart(t *testing.T) {
	t.Parallel()
	claim := func(owner, set string, a API) Claim { return Claim{owner, set, a} }
	for _, c := range []struct {
		name string
		a, b Claim
		want bool
	}{
		{"one path, two APIs", claim("a", "", API{Path: "x"}), claim("b", "", API{Path: "/X/"}), true},
		{"revisions of one API", claim("a", "", API{Path: "x", Revision: "1"}), claim("a", "", API{Path: "x", Revision: "2"}), false},
		{"versions of one set", claim("a", "s", API{Path: "x", Scheme: Query, Version: "1"}), claim("b", "s", API{Path: "x", Scheme: Query, Version: "2"}), false},
		{"one version twice", claim("a", "s", API{Path: "x", Scheme: Query, Version: "1"}), claim("b", "s", API{Path: "x", Scheme: Query, Version: "1"}), true},
		{"one path, two sets", claim("a", "s", API{Path: "x", Scheme: Query, Version: "1"}), claim("b", "t", API{Path: "x", Scheme: Query, Version: "2"}), true},
		{"a version's segment is another's path", claim("a", "s", API{Path: "x", Scheme: Segment, Version: "v1"}), claim("b", "", API{Path: "x/v1"}), true},
		{"one path inside the other", claim("a", "", API{Path: "x"}), claim("b", "", API{Path: "x/y"}), false},
	} {
		got, err := Conflicts([]Claim{c.a, c.b})
		if err != nil || (len(got) == 1) != c.want {
			t.Errorf("%s: %v, %v; want a conflict: %v", c.name, got, err, c.want)
		}
		for _, g := range got {
			if strings.Contains(g.Reason, g.B.Owner+" ") {
				t.Errorf("%s: the reason names the owner: %s", c.name, g.Reason)
			}
		}
	}
}

func TestKeysIgnoreWhatRequestsIgnore(t *testing.T) {
	t.Parallel()
	a, _ := OperationKey("get", "/Orders/{id}?b={x}&a=1")
	b, _ := OperationKey("GET", "/orders/{number}?a=1&B={y}")
	if a != b {
		t.Errorf("%q and %q match the same requests", a, b)
	}
	k, err := Key("/A/b/", "Set")
	if err != nil || k != "a/b;set" {
		t.Errorf("Key: %q, %v", k, err)
	}
	for _, bad := range []string{"a/../b", "a//b", "a;rev=2", "a?b", "a/{b}", "a/*"} {
		if _, err := Key(bad, ""); err == nil {
			t.Errorf("%q was accepted as the path of an API", bad)
		}
	}
}

// A template that is accepted can be added and matched without a panic, whatever the path.
func FuzzTemplate(f *testing.F) {
	f.Add("/a/{b}.{c}/*", "/a/x.y/z")
	f.Add("/a{x}b{y}c?q={z}", "/aXbYc")
	f.Fuzz(func(t *testing.T, template, path string) {
		var ops Operations[int]
		if ops.Add("GET", template, 1) != nil {
			return
		}
		if key, err := OperationKey("GET", template); err != nil || key == "" {
			t.Fatalf("%q: key %q, %v", template, key, err)
		}
		var p Path
		if p.Parse(path) == nil {
			ops.Match(&p, 0, "GET", "q=1")
		}
	})
}

// The cost of finding an API does not grow with their number.
func BenchmarkFind(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		b.Run(fmt.Sprintf("apis=%d", n), func(b *testing.B) {
			var tree Tree[int]
			for i := range n {
				if err := tree.Add(API{Path: fmt.Sprintf("team%d/api%d", i%100, i), Revision: "1", Current: true}, i); err != nil {
					b.Fatal(err)
				}
			}
			raw := fmt.Sprintf("/team%d/api%d/orders/7", n/2%100, n/2)
			b.ReportAllocs()
			for b.Loop() {
				var p Path
				if err := p.Parse(raw); err != nil {
					b.Fatal(err)
				}
				if _, _, ok := tree.Find(&p, nil); !ok {
					b.Fatal("not found")
				}
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{10, 2_000} {
		b.Run(fmt.Sprintf("operations=%d", n), func(b *testing.B) {
			var ops Operations[int]
			for i := range n {
				if err := ops.Add("GET", fmt.Sprintf("/res%d/{id}/lines", i), i); err != nil {
					b.Fatal(err)
				}
			}
			var p Path
			if err := p.Parse(fmt.Sprintf("/res%d/7/lines", n/2)); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, _, ok := ops.Match(&p, 0, "GET", ""); !ok {
					b.Fatal("not found")
				}
			}
		})
	}
}

// A template that names the value of a query parameter goes before one that takes any.
func TestNamedQueryValuesGoFirst(t *testing.T) {
	t.Parallel()
	var o Operations[string]
	for _, op := range []string{"/?action={any}", "/?action=get"} {
		if err := o.Add("POST", op, op); err != nil {
			t.Fatal(err)
		}
	}
	var p Path
	if err := p.Parse("/"); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{"action=get": "/?action=get", "action=put": "/?action={any}"} {
		if got, _, _ := o.Match(&p, 0, "POST", query); got != want {
			t.Errorf("%s is %q, want %q", query, got, want)
		}
	}
}
