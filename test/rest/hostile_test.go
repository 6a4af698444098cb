package rest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// places are one path of every kind, relative to a workspace or a service.
var places = []string{
	"$ws", "$ws/apis/x", "$ws/apis/x/operations/y", "$ws/apis/x/policies/policy", "$ws/policies/policy", "$ws/products/x", "$ws/products/x/apiLinks/l", "$ws/products/x/groupLinks/l",
	"$ws/groups/x", "$ws/groups/x/users/u", "$ws/subscriptions/x", "$ws/backends/x", "$ws/namedValues/x", "$ws/policyFragments/x", "$ws/tags/x", "$ws/tags/x/apiLinks/l",
	"$svc", "$svc/users/x", "$svc/policies/policy", "$rg/providers/Microsoft.ApiManagement/gateways/x", "$rg/providers/Microsoft.ApiManagement/gateways/x/configConnections/c", "$rg",
	"$ws/providers/Microsoft.Authorization/roleAssignments/aaaaaaaa-0000-4000-8000-000000000001", "$svc/providers/Microsoft.Authorization/roleDefinitions/aaaaaaaa-0000-4000-8000-000000000002",
	"$ws/apis/x;rev=2", "$sub/providers/Microsoft.ApiManagement/locations/local/operationStatuses/x", "$sub",
}

// pieces are what hostile bodies are put together from.
var pieces = []string{
	`null`, `0`, `-1`, `1e999`, `"x"`, `""`, `[]`, `{}`, `[null]`, `{"a":null}`, `true`, `"\u0000"`, `"../../x"`, `"/subscriptions"`, `"/subscriptions/a/b"`, `"\ud800"`, `12345678901234567890`,
	`"<policies><inbound>"`, `"@(1"`, `"{{x}}"`, `"<!DOCTYPE x><policies/>"`, `{"id":{"id":{}}}`, `"javascript:alert(1)"`, `"2024-13-45"`,
}

var members = []string{
	"displayName", "path", "value", "format", "scope", "state", "url", "protocol", "apiId", "groupId", "sourceId", "principalId", "roleDefinitionId", "roleName", "permissions", "assignableScopes",
	"method", "urlTemplate", "templateParameters", "responses", "protocols", "subscriptionKeyParameterNames", "email", "firstName", "lastName", "password", "virtualNetworkType", "backend",
	"customProperties", "publisherEmail", "publisherName", "subscriptionsLimit", "tags", "secret", "keyVault", "credentials", "tls", "type", "serviceUrl", "isCurrent", "ownerId", "primaryKey",
}

func hostileBody(r *rand.Rand) string {
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	switch r.IntN(8) {
	case 0:
		return pick(pieces)
	case 1:
		return strings.Repeat(`{"properties":`, 1+r.IntN(120)) + pick(pieces)
	case 2:
		return `{"properties":` + pick(pieces) + `,"sku":` + pick(pieces) + `,"location":` + pick(pieces) + `,"identity":` + pick(pieces) + `}`
	}
	var b strings.Builder
	b.WriteString(`{"location":"l","sku":{"name":"Premium","capacity":1},"properties":{`)
	for i := range 1 + r.IntN(8) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", pick(members), pick(pieces))
	}
	b.WriteString("}}")
	if r.IntN(6) == 0 {
		s := b.String()
		return s[:r.IntN(len(s))]
	}
	return b.String()
}

// TestNoRequestOfACallerIsAnErrorOfOurs sends thousands of malformed, contradictory and hostile requests to every kind: each is answered, none with a 5xx.
func TestNoRequestOfACallerIsAnErrorOfOurs(t *testing.T) {
	t.Parallel()
	const requests = 4000
	in := start(t)
	r := newRun(t, in, "hostile", &txtar.Archive{})
	rnd := rand.New(rand.NewPCG(7, 11))
	methods := []string{"PUT", "PUT", "PUT", "PATCH", "POST", "GET", "DELETE", "HEAD", "OPTIONS", "TRACE"}
	suffixes := []string{"", "", "", "", "/", "//x", "/listSecrets", "/%00", "/%2e%2e", "?$filter=(((", "?$top=-1", "?$filter=a%20eq%20%27", "?$skip=99999999999999999999", "/providers", "/providers/x", "/%ff"}
	for i := range requests {
		path := r.replace(places[rnd.IntN(len(places))]) + suffixes[rnd.IntN(len(suffixes))]
		method := methods[rnd.IntN(len(methods))]
		if method == "DELETE" && (path == r.vars["rg"] || path == r.vars["svc"] || path == r.vars["ws"]) {
			continue // keep the ground to stand on
		}
		body := hostileBody(rnd)
		if err := r.send(method, path, body, nil); err != nil {
			t.Fatalf("request %d: %s %s %.300s: %v", i, method, path, body, err)
		}
		if r.status >= http.StatusInternalServerError {
			t.Errorf("request %d: %s %s\n%.500s\nis answered %d %s", i, method, path, body, r.status, r.body)
		}
	}
	if log := in.log.String(); strings.Contains(log, "panic") || strings.Contains(log, "request failed") {
		t.Errorf("the server's log shows a fault of ours:\n%.3000s", log)
	}
}
