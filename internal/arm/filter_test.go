package arm

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func document(fields map[string]any) func(string) Field {
	return func(name string) Field { return fields[strings.ToLower(name)] }
}

func TestFilterSelectsByFieldsAndFunctions(t *testing.T) {
	t.Parallel()
	doc := document(map[string]any{
		"name": "orders", "displayname": "Orders' API", "iscurrent": true, "limit": 5.0, "tags": []string{"gold", "beta"},
		"registrationdate": "2024-05-06T07:08:09Z",
	})
	for filter, want := range map[string]bool{
		"name eq 'ORDERS'":                                                 true, // without case
		"name ne 'orders'":                                                 false,
		"name gt 'a' and name lt 'z'":                                      true,
		"displayName eq 'Orders'' API'":                                    true, // '' is a quote
		"contains(displayName,'der')":                                      true,
		"startswith(name,'ord') and endswith(name,'ers')":                  true,
		"substringof('rde',name)":                                          true, // needle first
		"isCurrent eq true":                                                true,
		"isCurrent eq false or name eq 'orders'":                           true,
		"not (isCurrent eq true)":                                          false,
		"not contains(name,'x') and limit ge 5":                            true,
		"limit lt 5":                                                       false,
		"contains(tags,'gold')":                                            true,
		"tags eq 'beta'":                                                   true,
		"registrationDate ge datetime'2024-01-01T00:00:00'":                true,
		"registrationDate lt 2024-01-01":                                   false,
		"name eq 'a' or name eq 'b' and name eq 'orders'":                  false, // and binds tighter
		"(name eq 'a' or name eq 'orders') and (limit eq 5 or limit eq 6)": true,
		"description eq null":                                              true,
	} {
		f, err := ParseFilter(filter, nil)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		if got := f.Match(doc); got != want {
			t.Errorf("%s: %v, want %v", filter, got, want)
		}
	}
}

func TestFilterFaultsNameTheColumn(t *testing.T) {
	t.Parallel()
	for filter, says := range map[string]string{
		"name eq":                            "a value is expected at column 8",
		"name = 'x'":                         "eq, ne, gt, ge, lt or le is expected at column 6",
		"name eq 'x":                         "column 9 has no closing quote",
		"name eq orders":                     "texts stand in single quotes",
		"(name eq 'x'":                       "a closing parenthesis",
		"name eq 'x' name":                   `"name" at column 13`,
		"length(name) eq 3":                  `no function "length"`,
		"contains('x',name)":                 "takes a field and a text",
		"colour eq 'red'":                    `no field "colour"`,
		"registered gt datetime'yesterday'":  "not an ISO 8601 time",
		strings.Repeat("(", 40) + "a eq 'b'": "nests deeper",
		strings.Repeat("x", 5000):            "longer than",
	} {
		_, err := ParseFilter(filter, []string{"name", "registered", "a"})
		if err == nil || !strings.Contains(err.Message, says) || err.Status != 400 {
			t.Errorf("%s: got %v, want a 400 that says %q", clip(filter), err, says)
		}
	}
}

func TestScopeFunctionsOfRoleLists(t *testing.T) {
	t.Parallel()
	f, err := ParseFilter("atScope() and assignedTo('abc')", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := f.Value("assignedTo"); !ok || got != "abc" {
		t.Errorf("assignedTo asks for %q, %v; want abc", got, ok)
	}
	if !f.Match(document(map[string]any{"atscope": true, "assignedto": []string{"x", "ABC"}})) {
		t.Error("an assignment at the scope to one of the groups matches")
	}
	if f.Match(document(map[string]any{"atscope": false, "assignedto": []string{"abc"}})) {
		t.Error("an assignment below the scope does not match atScope()")
	}
}

func FuzzFilter(f *testing.F) {
	f.Add("not (contains(name,'a''b') or tags eq null) and d gt datetime'2024-01-01'")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := ParseFilter(text, nil)
		if err == nil {
			parsed.Match(document(map[string]any{"name": "x", "d": time.Time{}, "tags": []string{"y"}}))
		}
	})
}

func TestFilterSaysSinceWhenItCanMatch(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	for text, want := range map[string]time.Time{
		"eventTimestamp ge '2026-03-01T00:00:00Z'":                                              day(1),
		"eventTimestamp ge '2026-03-01T00:00:00Z' and eventTimestamp gt '2026-03-02T00:00:00Z'": day(2),
		"status eq 'x' and (eventtimestamp eq '2026-03-03T00:00:00Z')":                          day(3),
		"eventTimestamp ge 2026-03-01T00:00:00Z":                                                day(1),
		"eventTimestamp le '2026-03-01T00:00:00Z'":                                              {},
		"eventTimestamp ge '2026-03-01T00:00:00Z' or status eq 'x'":                             {},
		"not (eventTimestamp ge '2026-03-01T00:00:00Z')":                                        {},
		"eventTimestamp ge 'yesterday'":                                                         {},
	} {
		f, err := ParseFilter(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Since("eventTimestamp"); !got.Equal(want) {
			t.Errorf("%s: since %v, want %v", text, got, want)
		}
		if f.Names("colour") || !f.Names("EVENTTIMESTAMP") {
			t.Errorf("%s: it doesn't know which fields it names", text)
		}
	}
}

func TestFilterIsTakenApartWhenItIsAConjunction(t *testing.T) {
	t.Parallel()
	f, err := ParseFilter("a EQ 'x' and (b ge 3 and c le true)", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := f.Terms()
	want := []Term{{"a", "eq", "x"}, {"b", "ge", 3.0}, {"c", "le", true}}
	if !ok || !slices.Equal(got, want) {
		t.Errorf("got %v, %t, want %v", got, ok, want)
	}
	for _, text := range []string{"a eq 'x' or b eq 'y'", "not (a eq 'x')", "contains(a, 'x')", "a eq 'x' and (b eq 'y' or c eq 'z')"} {
		f, err := ParseFilter(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := f.Terms(); ok {
			t.Errorf("%s: taken apart into %v", text, got)
		}
	}
}
