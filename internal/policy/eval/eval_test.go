package eval_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/policy/eval"
)

func TestBatchWritesOneResultALine(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"value", `{"id":"1","expression":" @(1 + 1) "}`, `{"id":"1","ok":true,"type":"int","value":"2"}`},
		{"null", `{"id":"1","expression":"@(null)"}`, `{"id":"1","ok":true,"type":"null","value":null}`},
		{"the default context", `{"id":"1","expression":"@(context.Request.Method + context.Request.Url)","context":null}`, `{"id":"1","ok":true,"type":"string","value":"GEThttps://gateway.example/"}`},
		{"a context", `{"id":"1","expression":"@((int)context.Variables[\"N\"])","context":{"variables":{"n":7},"other":1}}`, `{"id":"1","ok":true,"type":"int","value":"7"}`},
		{"empty lines", "\n \n" + `{"id":"1","expression":"@(true)"}` + "\n\n", `{"id":"1","ok":true,"type":"bool","value":"True"}`},
		{"run-time error", `{"id":"1","expression":"@(context.Response.StatusCode)"}`, `{"id":"1","ok":false,"error":"NullReferenceException","message":"Object reference not set to an instance of an object."}`},
		{"angle brackets stay", `{"id":"<1>","expression":"@(\"<&>\")"}`, `{"id":"<1>","ok":true,"type":"string","value":"<&>"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			valid, err := eval.Batch(strings.NewReader(test.in), &out)
			if !valid || err != nil {
				t.Errorf("valid %v, error %v", valid, err)
			}
			if diff := cmp.Diff(test.want+"\n", out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBatchGoesOnAfterInvalidLines(t *testing.T) {
	t.Parallel()
	in := "{\n" + `{"id":"2"}` + "\n" + `{"id":"3","expression":"@(1)","context":[]}` + "\n" + `{"id":"4","expression":"@(1)"}`
	var out bytes.Buffer
	valid, err := eval.Batch(strings.NewReader(in), &out)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if valid || err != nil || len(lines) != 4 {
		t.Fatalf("valid %v, error %v, %d lines", valid, err, len(lines))
	}
	for _, l := range lines[:3] {
		if !strings.HasPrefix(l, `{"id":"","ok":false,"error":"InvalidInput","message":`) {
			t.Errorf("got %s", l)
		}
	}
	if lines[3] != `{"id":"4","ok":true,"type":"int","value":"1"}` {
		t.Errorf("got %s", lines[3])
	}
}

func TestSingle(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, expression, context string
		json                      bool
		status                    int
		out, err                  string
	}{
		{"text", "@(1.5)", "", false, eval.StatusOK, "1.5\n", ""},
		{"null", "@(null)", "", false, eval.StatusOK, "\n", ""},
		{"json", `@("a")`, "", true, eval.StatusOK, `{"id":"","ok":true,"type":"string","value":"a"}` + "\n", ""},
		{"context", "@(context.Api.Name)", `{"api":{"name":"Orders"}}`, false, eval.StatusOK, "Orders\n", ""},
		{"run time", "@(context.Response.StatusCode)", "", false, eval.StatusRun, "", "NullReferenceException: Object reference not set"},
		{"compile", "@(1 +)", "", false, eval.StatusCompile, "", "line 1, column 6"},
		{"unknown member", "@(1)", `{"nope":1}`, false, eval.StatusInput, "", "nope"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			status := eval.Single(test.expression, []byte(test.context), test.json, &stdout, &stderr)
			if status != test.status || stdout.String() != test.out || !strings.Contains(stderr.String(), test.err) {
				t.Errorf("status %d, output %q, errors %q", status, stdout.String(), stderr.String())
			}
		})
	}
}
