package oas

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const head = "openapi: 3.0.0\ninfo: {title: L, version: '1'}\n"

// laughs is a list of lists of lists, each ten times the one before, by way of aliases.
func laughs() string {
	var b strings.Builder
	b.WriteString(head + "x-a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "x-a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 10), ","))
	}
	return b.String()
}

func TestBoundsOfDocuments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ doc, want string }{
		"more bytes than allowed":   {head + strings.Repeat("# padding\n", 1<<20), "bytes; 10485760 are allowed"},
		"empty":                     {" \n", "the document is empty"},
		"only a comment":            {"# nothing\n", "the document is empty"},
		"another encoding":          {head + "x-a: \xff\n", "UTF-8"},
		"deep JSON":                 {`{"openapi":"3.0.0","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", "deeper than 100 levels"},
		"endless JSON":              {`{"openapi":` + strings.Repeat("[", 1<<20), "deeper than 100 levels"},
		"deep YAML in flow style":   {head + "x-a: " + strings.Repeat("[", 1<<20), "deeper than 100 levels"},
		"deep YAML of dashes":       {head + "x-a:\n  " + strings.Repeat("- ", 1<<20), "deeper than 100 levels"},
		"YAML of question marks":    {head + "x-a:\n  " + strings.Repeat("? ", 1<<20), "plain text before a colon"},
		"deep YAML by indentation":  {head + indented(150), "deeper than 100 levels"},
		"aliases that multiply":     {laughs(), "when its aliases are written out"},
		"aliases beyond counting":   {head + "x-a: &a {}\nx-b: [" + strings.Repeat("*a,", 101) + "]\n", "more than 100 aliases"},
		"an alias within itself":    {head + "x-a: &a {b: *a}\n", "has no anchor before it"},
		"values without end":        {head + "x-a: [" + strings.Repeat("0,", 3<<20) + "0]\n", "more than 2097152 values"},
		"names without end":         {head + "x-a:\n" + members(710_000), "more than 2097152 values"},
		"names given twice":         {head + "x-a:\n" + members(100_000) + members(1), "occurs twice"},
		"a JSON text without end":   {`{"openapi": "3.0`, "closing quote"},
		"something after JSON":      {`{"openapi": "3.0.0"} x`, "after the end"},
		"a path without end":        {head + "paths:\n  /" + strings.Repeat("a", 1001) + ":\n    get: {}\n", "longer than 1000"},
		"a list where paths belong": {head + "paths: []\n", "paths must be an object"},
		"parameters of no list":     {head + "paths: {/a: {get: {parameters: {}}}}\n", "parameters must be a list"},
	} {
		start := time.Now()
		_, err := Import([]byte(c.doc), Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s…", name, err, c.want)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: refused after %v", name, took)
		}
	}
}

// members are those of an object, one a line.
func members(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  k%d: {}\n", i)
	}
	return b.String()
}

// TestDepthThatIsAllowed reads what is one level short of the bound.
func TestDepthThatIsAllowed(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{"openapi":"3.0.0","x-a":` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + "}",
		head + "x-a: " + strings.Repeat("[", 98) + strings.Repeat("]", 98),
		head + indented(98),
	} {
		if _, err := Import([]byte(doc), Options{}); err != nil {
			t.Error(err)
		}
	}
}

func indented(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "x-a:\n")
	}
	return b.String()
}

// TestSharedThingsAreMadeOnce lets a thousand operations refer to one large example: the model must not grow a thousandfold.
func TestSharedThingsAreMadeOnce(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head + "paths:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "  /p%d:\n    post: {requestBody: {$ref: '#/components/requestBodies/Big'}, responses: {200: {$ref: '#/components/responses/Big'}}}\n", i)
	}
	b.WriteString("components:\n  requestBodies:\n    Big:\n      content:\n        application/json:\n          schema: {type: array}\n          example: {a: " + strings.Repeat("x", 1<<20) + "}\n  responses:\n    Big:\n      description: big\n      content:\n        application/json:\n          schema: {type: object}\n          example: {a: " + strings.Repeat("x", 1<<20) + "}\n")
	a, err := Import([]byte(b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	one, other := a.Operations[0], a.Operations[999]
	for what, pair := range map[string][2]Representation{
		"request":  {one.Request.Representations[0], other.Request.Representations[0]},
		"response": {one.Responses[0].Representations[0], other.Responses[0].Representations[0]},
	} {
		if &pair[0].Examples[0].Value[0] != &pair[1].Examples[0].Value[0] {
			t.Errorf("the example of the %s was written anew for another operation", what)
		}
		if pair[0].TypeName != pair[1].TypeName {
			t.Errorf("the schema in the %s is named %s and %s", what, pair[0].TypeName, pair[1].TypeName)
		}
	}
	if len(a.Schemas) != 2 {
		t.Errorf("two schemas in place became %d", len(a.Schemas))
	}
}

// TestSamplesStayWithinTheirBudget has schemas that fan out: level n has ten properties of level n+1.
func TestSamplesStayWithinTheirBudget(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head + "paths:\n")
	for i := range 500 {
		fmt.Fprintf(&b, "  /p%d:\n    get: {responses: {200: {description: ok, content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/L0'}]}}}}}}\n", i)
	}
	b.WriteString("components:\n  schemas:\n")
	for level := range 12 {
		fmt.Fprintf(&b, "    L%d:\n      type: object\n      properties:\n", level)
		for p := range 10 {
			fmt.Fprintf(&b, "        p%d: {$ref: '#/components/schemas/L%d'}\n", p, min(level+1, 11))
		}
	}
	a, err := Import([]byte(b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, o := range a.Operations {
		for _, e := range o.Responses[0].Representations[0].Examples {
			total += len(e.Value)
		}
	}
	if total == 0 || total > 50<<20 {
		t.Errorf("%d bytes of samples", total)
	}
}

// TestReferencesDoNotMultiply has a thousand paths refer to one with thousands of parameters.
func TestReferencesDoNotMultiply(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head + "paths:\n  /big:\n    get: {}\n    parameters:\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "      - {name: p%d, in: query}\n", i)
	}
	for i := range 1000 {
		fmt.Fprintf(&b, "  /p%d: {$ref: '#/paths/~1big'}\n", i)
	}
	_, err := Import([]byte(b.String()), Options{})
	if err == nil || !strings.Contains(err.Error(), "when references are followed") {
		t.Errorf("%v, want a refusal", err)
	}
}

// TestNamesakes has many operations of one id and one stem: each gets a name of its own, in time that grows with their number alone.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head + "paths:\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "  /%s: {get: {operationId: %s, responses: {200: {description: ok, content: {a/b: {schema: {type: object}}}}}}}\n", strings.Repeat("-", i%900)+"/"+strings.Repeat("-", i/900), strings.Repeat("x", 80))
	}
	start := time.Now()
	a, err := Import([]byte(b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, o := range a.Operations {
		if seen[o.ID] || len(o.ID) > 80 {
			t.Fatalf("operation id %q is taken or too long", o.ID)
		}
		seen[o.ID] = true
	}
	for _, s := range a.Schemas {
		if seen[s.Name] {
			t.Fatalf("schema name %q is taken", s.Name)
		}
		seen[s.Name] = true
	}
	if took := time.Since(start); len(a.Operations) != 10_000 || took > time.Minute {
		t.Errorf("%d operations after %v", len(a.Operations), took)
	}
}
