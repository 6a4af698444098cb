package arm

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestBodiesThatTwoReadersCouldReadDifferentlyAreRefused(t *testing.T) {
	t.Parallel()
	for body, says := range map[string]string{
		`[1]`:                           "must be one JSON object",
		`"x"`:                           "must be one JSON object",
		`{} {}`:                         "must be one JSON object",
		`{"a":1,"a":2}`:                 `"a" twice`,
		`{"p":{"a":1,"b":{},"a":2}}`:    `"a" twice`,
		`{"a":1,"\u0061":2}`:            `"a" twice`,
		`{"é":1,"é":2}`:                 `"é" twice`,
		`[{"a":1}]`:                     "must be one JSON object",
		`{"a":[{"b":1},{"b":1,"b":2}]}`: `"b" twice`,
		`{` + members(200) + `,"m7":0}`: `"m7" twice`,
		"{\n\"a\": tru}":                "line 2",
		`{"a":1`:                        "not valid JSON",
		strings.Repeat(`{"a":`, 101) + "1" + strings.Repeat("}", 101): "nests deeper",
	} {
		err := CheckJSON([]byte(body))
		if err == nil || err.Status != 400 || !strings.Contains(err.Message, says) {
			t.Errorf("%s: got %v, want a 400 that says %q", clip(body), err, says)
		}
	}
	for _, body := range []string{"", " ", `{}`, `{"a":{"a":1},"b":[{"a":1},{"a":2}]}`, `{` + members(200) + `}`, `{"a":"b","b":"a","c":["a","a","\":"],"d":":"}`} {
		if err := CheckJSON([]byte(body)); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// members are n of an object.
func members(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`"m%d":%d`, i, i)
	}
	return strings.Join(list, ",")
}

// The quick look at a body lets nothing pass that a close one would refuse.
func TestNoBodyIsPlainThatExaminationRefuses(t *testing.T) {
	t.Parallel()
	plain := 0
	for _, body := range []string{
		`{"a":{"b":1,"c":[{"d":"x:y"},{"d":2}]},"e":"f"}`, ` { "a" : "b" , "b" : { "a" : [ ] } } `, `{"a":"\\","b":"\"","\"":1,"c":"\\\""}`,
		`{"p":` + strings.Repeat(`[`, 98) + strings.Repeat(`]`, 98) + `}`, `{"é":1,"ë":2}`,
	} {
		for i := range body {
			for _, c := range "{}[]\":,\\ abcd1\n\x00\u00e9" {
				changed := []byte(body[:i] + string(c) + body[i+1:])
				if !json.Valid(changed) || !isPlain(changed) {
					continue
				}
				plain++
				if err := examine(changed); err != nil {
					t.Errorf("%s is taken for plain: %v", changed, err)
				}
			}
		}
	}
	if plain < 100 {
		t.Errorf("only %d bodies were plain: nothing is tested", plain)
	}
}

func TestNamesAreThoseOfTheOutermostMembers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		` { "a" : {"x":[{"y":1}]} , "b":"c", "c":["d"],"\u0064\"":null , "é":{}} `: `a b c d" é`,
		`{}`: "", `null`: "", `[{"a":1},"b"]`: "", `"a"`: "", `7`: "", ``: "",
		`{"a`: "", `{"a":"b\`: "a", `"`: "", // not valid: no panic is all that is asked for
	} {
		if got := strings.Join(slices.Collect(Names([]byte(body))), " "); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestTheOnlyMemberOfAnObject(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"p":{"p":1,"q":[2]}}`: `{"p":1,"q":[2]}`, " { \"p\" :\n null } ": `null`, `{"\u0070":"}:"}`: `"}:"`,
		`{}`: "none", `{"q":{"p":1}}`: "none", `{"P":1}`: "none", `{"p":1,"P":2}`: "none", `{"q":0,"p":1}`: "none", `{"p":1,"p":2}`: "none", `["p"]`: "none", `null`: "none",
	} {
		got := "none"
		if v, ok := OnlyMember([]byte(body), "p"); ok {
			got = string(v)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

func TestAMemberOfTheWrongTypeIsNamed(t *testing.T) {
	t.Parallel()
	var v struct {
		Calls int `json:"calls"`
	}
	err := DecodeJSON([]byte(`{"calls":"many"}`), &v)
	if err == nil || err.Details[0].Target != "calls" || !strings.Contains(err.Details[0].Message, "whole number") {
		t.Errorf("got %v, want the field calls and that a whole number is needed", err)
	}
}

func TestMergePatch(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{`{"a":1,"b":{"c":2,"d":3}}`, `{"b":{"c":null,"e":4}}`, `{"a":1,"b":{"d":3,"e":4}}`},
		{`{"a":[1,2]}`, `{"a":[3]}`, `{"a":[3]}`},
		{`{"n":12345678901234567890}`, `{"x":null}`, `{"n":12345678901234567890}`}, // digits are kept
		{`{}`, `{"a":{"b":{"c":null}}}`, `{"a":{"b":{}}}`},
	} {
		got, err := MergePatch([]byte(c[0]), []byte(c[1]))
		if err != nil || string(got) != c[2] {
			t.Errorf("%s patched with %s = %s, %v; want %s", c[0], c[1], got, err, c[2])
		}
	}
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		header, current string
		want            bool
	}{
		{"", "x", true},
		{"", "", true},
		{"*", "", true}, // clients create with it
		{`"x"`, "x", true},
		{"x", "x", true},
		{`W/"x"`, "x", true},
		{`"y", "x"`, "x", true},
		{`"y"`, "x", false},
		{`"x"`, "", false}, // what isn't there has no tag
	} {
		if got := Match(c.header, c.current); got != c.want {
			t.Errorf("If-Match: %s against %q: %v, want %v", c.header, c.current, got, c.want)
		}
	}
}

func TestAPIVersions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ns, version, code string }{
		{"microsoft.apimanagement", "2024-05-01", ""},
		{NamespaceAPIM, "2022-09-01-PREVIEW", ""},
		{NamespaceAPIM, "", "MissingApiVersionParameter"},
		{NamespaceAPIM, "2031-01-01", "NoRegisteredProviderFound"},
		{"Microsoft.Authorization", "2031-01-01", ""},
		{"Microsoft.Authorization", "latest", "InvalidApiVersionParameter"},
	} {
		code := ""
		if err := CheckAPIVersion(c.ns, c.version); err != nil {
			code = err.Code
		}
		if code != c.code {
			t.Errorf("%s of %s: %q, want %q", c.version, c.ns, code, c.code)
		}
	}
}
