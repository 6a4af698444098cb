package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/policy"
)

// note is a policy that writes its text into a variable, for tests of the compiler.
func note(name string) policy.Spec {
	return policy.Spec{
		Name: name, Sections: policy.AnySection, Scopes: policy.AnyScope,
		Shape: policy.Element(policy.Attr("text", policy.Text).Required()),
		Compile: func(a *policy.Args) (policy.Step, error) {
			text := a.Literal("text")
			return func(x *policy.Exchange) error {
				so, _ := x.Variable("notes")
				before, _ := so.(string)
				x.SetVariable("notes", before+text)
				if text == "!" {
					return errors.New("told to fail")
				}
				return nil
			}, nil
		},
	}
}

func engine(t *testing.T, table ...policy.Spec) *policy.Engine {
	t.Helper()
	e, err := policy.NewEngine(append(table, note("note"), note("forward-request")))
	if err == nil {
		return e
	}
	t.Fatal(err)
	return nil
}

func document(t *testing.T, source string) *policy.Document {
	t.Helper()
	d, err := policy.Parse(source, policy.FormatRaw)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func notes(t *testing.T, p *policy.Plan, s policy.Section) string {
	t.Helper()
	x := &policy.Exchange{}
	if err := p.Run(x, s); err != nil {
		t.Fatal(err)
	}
	v, _ := x.Variable("NOTES")
	text, _ := v.(string)
	return text
}

// Operations of an API share the documents above them: prepared once, joined often, with the same result as compiling all of them.
func TestPreparedDocumentsAreShared(t *testing.T) {
	t.Parallel()
	e := engine(t)
	global := policy.Source{Scope: policy.Global, Doc: document(t, `<policies><inbound><note text="g"/></inbound><backend/></policies>`)}
	api := policy.Source{Scope: policy.APIScope, Doc: document(t, `<policies><inbound><base/><note text="a"/></inbound></policies>`)}
	one, err := e.Prepare(global)
	if err != nil {
		t.Fatal(err)
	}
	two, err := e.Prepare(api)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := e.Join([]*policy.Prepared{two, one})
	if err != nil {
		t.Fatal(err)
	}
	alone, err := e.Join([]*policy.Prepared{one})
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := e.Compile([]policy.Source{api, global})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{notes(t, joined, policy.Inbound), notes(t, alone, policy.Inbound), notes(t, compiled, policy.Inbound)}
	if diff := cmp.Diff([]string{"ga", "g", "ga"}, got); diff != "" {
		t.Error(diff)
	}
}

// An error says where it happened: scope, section, path in the document, and the id of the policy.
func TestErrorsKnowTheirPlace(t *testing.T) {
	t.Parallel()
	e := engine(t)
	p, err := e.Compile([]policy.Source{{Scope: policy.Global, Doc: document(t, `<policies/>`)}, {Scope: policy.APIScope, Doc: document(t, `<policies><outbound><note text="a"/><note id="second" text="!"/></outbound></policies>`)}})
	if err != nil {
		t.Fatal(err)
	}
	var failed *policy.Error
	if err := p.Run(&policy.Exchange{}, policy.Outbound); !errors.As(err, &failed) {
		t.Fatalf("error is %v", err)
	}
	got := []string{failed.Source, failed.Reason, failed.Message, failed.Scope, failed.Section, failed.Path, failed.PolicyID}
	want := []string{"note", "ExpressionValueEvaluationFailure", "Expression evaluation failed. told to fail", "api", "outbound", "note[2]", "second"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUsesListsReferences(t *testing.T) {
	t.Parallel()
	d := document(t, `<policies><inbound><include-fragment fragment-id="f"/><set-backend-service backend-id="b"/><set-backend-service backend-id="@("x")"/>
		<set-backend-service backend-id="{{which}}"/><note text="{{a}} and {{a}}">@("{{in.code}}" + "{{{not}")</note></inbound></policies>`)
	values, fragments, backends := policy.Uses(d)
	if diff := cmp.Diff([][]string{{"which", "a", "in.code"}, {"f"}, {"b"}}, [][]string{values, fragments, backends}); diff != "" {
		t.Error(diff)
	}
	d = document(t, `<policies><inbound><llm-content-safety backend-id="{{which}}"/><llm-semantic-cache-lookup embeddings-backend-id="e"/><x backend-id="{{unknown}}"/></inbound></policies>`)
	if diff := cmp.Diff([]string{"safety", "e"}, policy.BackendUses(d, map[string]string{"which": "safety"})); diff != "" {
		t.Error(diff)
	}
}

// However much is wrong with a document, a check says a bounded number of things.
func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	e := engine(t)
	d := document(t, "<policies><inbound>"+strings.Repeat("<x/>", 5000)+"</inbound></policies>")
	if got := len(e.Check(d, policy.Global, &policy.Home{})); got != 100 {
		t.Errorf("%d problems", got)
	}
}

// Fragments that are included over and over do not make a plan of any size.
func TestInliningIsBounded(t *testing.T) {
	t.Parallel()
	e := engine(t)
	fragment := document(t, "<fragment>"+strings.Repeat(`<note text="a"/>`, 5000)+"</fragment>")
	d := document(t, "<policies><inbound>"+strings.Repeat(`<include-fragment fragment-id="f"/>`, 1000)+"</inbound></policies>")
	problems := e.Check(d, policy.Global, &policy.Home{Fragments: map[string]*policy.Document{"f": fragment}})
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "more than 20000 policies") {
		t.Errorf("problems are %v", problems)
	}
}

func TestNamedValuesAreBounded(t *testing.T) {
	t.Parallel()
	e := engine(t)
	d := document(t, "<policies><inbound>"+strings.Repeat(`<note text="{{a}}{{a}}{{a}}"/>`, 1000)+"</inbound></policies>")
	problems := e.Check(d, policy.Global, &policy.Home{NamedValues: map[string]string{"a": strings.Repeat("x", 4096)}})
	if len(problems) == 0 || !strings.Contains(problems[0].Message, "grows by more than") {
		t.Errorf("problems are %v", problems)
	}
}

// A file on somebody's disk can be checked without its service: what it refers to may exist.
func TestReferencesOfAnUnknownHomeAreNoProblem(t *testing.T) {
	t.Parallel()
	spec := note("limit")
	spec.Shape = policy.Element(policy.Attr("text", policy.Count).Required())
	e := engine(t, spec)
	d := document(t, `<policies><inbound><include-fragment fragment-id="f"/><limit text="{{n}}"/><note text="a{{b}}"/></inbound></policies>`)
	if got := e.Check(d, policy.Global, &policy.Home{Unknown: true}); len(got) > 0 {
		t.Errorf("problems are %v", got)
	}
	if got := e.Check(d, policy.Global, &policy.Home{}); len(got) != 3 {
		t.Errorf("problems of a known home are %v", got)
	}
}

func TestTablesAreChecked(t *testing.T) {
	t.Parallel()
	if _, err := policy.NewEngine([]policy.Spec{note("a"), note("a")}); err == nil {
		t.Error("a policy may be declared twice")
	}
	if _, err := policy.NewEngine([]policy.Spec{{Name: "a"}}); err == nil {
		t.Error("a policy needs no shape")
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"300": "5m0s", "PT1M": "1m0s", "P30D": "720h0m0s", "P1W": "168h0m0s", "P1DT2H3M4S": "26h3m4s", "0": "0s"} {
		if got, err := policy.ParsePeriod(text); err != nil || got.String() != want {
			t.Errorf("%s is %v, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "1M", "-1", "P1M", "PT1D", "P1DT", "PTM", "1.5"} {
		if got, err := policy.ParsePeriod(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}
