package eval_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/eval"
)

// full is a context document that leaves nothing out.
const full = `{
	"now": "2024-05-06T07:08:09Z", "requestId": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "elapsed": "00:00:01", "tracing": true,
	"request": {"method": "POST", "url": "https://h.example/p?q=1", "headers": {"A": "1"}, "matchedParameters": {"id": "7"}, "body": "{}",
		"privateEndpointConnection": {"name": "n", "groupId": "g", "memberName": "m"}},
	"response": {"statusCode": 200, "body": "{}"},
	"variables": {"a": 1},
	"api": {"id": "a", "name": "A", "path": "p", "version": "v1", "serviceUrl": "https://b.example/", "subscriptionKeyParameterNames": {"header": "h", "query": "q"}, "workspace": {"id": "w", "name": "W"}},
	"operation": {"id": "o", "name": "O", "method": "GET", "urlTemplate": "/"},
	"product": {"id": "p", "name": "P", "subscriptionsLimit": 1, "groups": [{"id": "g", "name": "G"}], "apis": [{"id": "a"}], "workspace": {"id": "w", "name": "W"}},
	"subscription": {"id": "s", "name": "S", "key": "k", "primaryKey": "k", "secondaryKey": "l", "createdDate": "2024-01-01T00:00:00Z", "startDate": "2024-01-01T00:00:00Z", "endDate": "2025-01-01T00:00:00Z"},
	"user": {"id": "u", "email": "e", "firstName": "f", "lastName": "l", "note": "n", "registrationDate": "2024-01-01T00:00:00Z", "groups": [{"id": "g", "name": "G"}], "identities": [{"id": "i", "provider": "p"}]},
	"workspace": {"id": "w", "name": "W"},
	"deployment": {"region": "r", "serviceName": "s", "serviceId": "i"},
	"backend": {"id": "b", "type": "Single", "azureRegion": "r"},
	"graphQL": {"arguments": {"id": 1}, "parent": {"id": 2}},
	"lastError": {"source": "s", "reason": "r", "message": "m", "scope": "api", "section": "inbound", "path": "p", "policyId": "i", "httpErrorCode": 400}
}`

// Every property of the context object that the catalogue shows can be read, and is there when the document has it.
func TestEveryPropertyOfTheContextCanBeRead(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := engine.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]policy.TypeDoc{}
	for _, d := range c.Context {
		shown[d.Name] = d
	}
	read := 0
	var walk func(path string, d policy.TypeDoc, depth int)
	walk = func(path string, d policy.TypeDoc, depth int) {
		for _, m := range d.Members {
			if !strings.HasSuffix(m.Signature, m.Name+" { get; }") {
				continue
			}
			read++
			expression := path + "." + m.Name
			r := eval.Evaluate("@("+expression+")", []byte(full), time.Time{}, true)
			if !r.OK || r.Type == "null" && m.Name != "Certificate" {
				t.Errorf("%s: %s %s %s", expression, r.Type, r.Error, r.Message)
			}
			if next, ok := shown[m.Type]; ok && depth < 2 {
				walk(expression, next, depth+1)
			}
		}
	}
	walk("context", shown["IContext"], 0)
	if read < 100 {
		t.Errorf("only %d properties were read", read)
	}
}

// Forms of GetValueOrDefault that published policies use, beside those that documentation names.
func TestGetValueOrDefaultTakesWhatPoliciesWrite(t *testing.T) {
	t.Parallel()
	document := `{"variables": {"a": "v", "n": 4, "token": {"type": "Jwt", "value": {"roles": ["x", "y"]}}}}`
	claims := `((Jwt)context.Variables["token"]).Claims`
	for expression, want := range map[string]string{
		`((string)context.Variables.GetValueOrDefault("a")) + "!"`:   "v!",
		`context.Variables.GetValueOrDefault("none") == null`:        "True",
		`context.Variables.GetValueOrDefault("a", "d")`:              "v",
		`context.Variables.GetValueOrDefault<string>("a")`:           "v",
		`context.Variables.GetValueOrDefault("n", 0) + 1`:            "5",
		claims + `.GetValueOrDefault("roles", new string[0]).Length`: "2",
		claims + `.GetValueOrDefault("none", new string[0]).Length`:  "0",
		claims + `.GetValueOrDefault("roles", "")`:                   "x,y",
		claims + `.GetValueOrDefault("roles")`:                       "x,y",
		`context.Request.Headers.GetValueOrDefault("a", "x")`:        "x",
	} {
		r := eval.Evaluate("@("+expression+")", []byte(document), time.Time{}, true)
		if !r.OK || r.Value == nil || *r.Value != want {
			t.Errorf("%s: %+v, want %s", expression, r, want)
		}
	}
}
