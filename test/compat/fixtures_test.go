package compat

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// fixture is what a kind of the operations table needs to exist: the bodies that make and change it, and what must be there before.
type fixture struct {
	Put, Patch, Post json.RawMessage
	Needs            []string // paths below the service or workspace; below the service with ^ before them, beside it with @
}

// fixtures are the rows of testdata/fixtures.json by the words of a path without its names: "apis/operations". Kinds beside services end in "@rg".
type fixtures map[string]fixture

// world is a started server with an administrator's token; it makes the entities that a row of the table takes for granted.
type world struct {
	in       *installation
	token    string
	fixtures fixtures
	have     map[string]bool // by path, what has been made
}

// names are the values of path parameters; those that only some words satisfy are fixed.
var names = map[string]string{
	"rg": "rg", "serviceName": "parity", "workspaceId": "w", "gatewayName": "edge", "configConnectionName": "link", "apiId": "orders", "operationId": "get-order", "productId": "starter",
	"groupId": "partners", "userId": "dana", "sid": "key", "tagId": "public", "backendId": "main", "namedValueId": "setting", "id": "piece", "schemaId": "order", "loggerId": "main",
	"versionSetId": "versions", "releaseId": "first", "resolverId": "users", "issueId": "wrong", "commentId": "one", "attachmentId": "picture", "tagDescriptionId": "public",
	"authorizationProviderId": "provider", "authorizationId": "access", "authorizationAccessPolicyId": "who", "authsid": "server", "cacheId": "local", "certificateId": "main",
	"contentTypeId": "page", "contentItemId": "home", "documentationId": "guide", "gatewayId": "hall", "hcId": "host", "opid": "openid", "policyRestrictionId": "rule",
	"portalRevisionId": "look", "portalConfigId": "default", "privateEndpointConnectionName": "pe", "apiLinkId": "orders", "groupLinkId": "partners", "operationLinkId": "list-orders", "productLinkId": "starter",
	"policyId": "policy", "diagnosticId": "applicationinsights", "notificationName": "RequestPublisherNotificationMessage", "templateName": "confirmSignUpIdentityDefault",
	"accessName": "access", "configurationName": "configuration", "identityProviderName": "aad", "settingsType": "public", "privateLinkSubResourceName": "Gateway",
	"quotaCounterKey": "counter", "quotaPeriodKey": "period", "email": "ops@contoso.example", "location": "local", "locationName": "local",
}

// fixed are the parameters for which no second value will do.
const fixed = " rg policyId diagnosticId notificationName templateName accessName configurationName identityProviderName settingsType privateLinkSubResourceName quotaCounterKey quotaPeriodKey location locationName portalConfigId "

func newWorld(t *testing.T, in *installation) *world {
	t.Helper()
	w := &world{in: in, have: map[string]bool{}}
	b, err := os.ReadFile("testdata/fixtures.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &w.fixtures); err != nil {
		t.Fatal(err)
	}
	cred, _ := in.signIn(in.admin.ClientID, in.admin.ClientSecret)
	token, err := cred.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{in.endpoints.Management + "/.default"}})
	if err != nil {
		t.Fatal(err)
	}
	w.token = token.Token
	if status, body := w.send(http.MethodPut, w.group(), `{"location":"local"}`); status != http.StatusCreated {
		t.Fatalf("resource group: %d %s", status, body)
	}
	return w
}

func (w *world) group() string {
	return "/subscriptions/" + w.in.admin.SubscriptionID + "/resourceGroups/rg"
}

// provider is where services and gateways stand in the resource group.
func (w *world) provider() string { return w.group() + "/providers/Microsoft.ApiManagement" }

// service is the service that a path lies in; the first one when it lies in none.
func (w *world) service(path string) string {
	if home := homeOf(path); strings.Contains(home, "/Microsoft.ApiManagement/service/") {
		return strings.Join(strings.Split(home, "/")[:9], "/")
	}
	return w.group() + "/providers/Microsoft.ApiManagement/service/" + names["serviceName"]
}

// teamService is where the rows of workspaces run: names are unique across a service and its workspaces.
const teamService = "parity-team"

// send sends a request as the administrator. A path without a query gets the api-version.
func (w *world) send(method, path, body string) (int, string) {
	w.in.t.Helper()
	status, _, text := w.exchange(method, path, body)
	return status, text
}

// header is the header of the answer to a request.
func (w *world) header(method, path, body string) http.Header {
	w.in.t.Helper()
	_, h, _ := w.exchange(method, path, body)
	return h
}

func (w *world) exchange(method, path, body string) (int, http.Header, string) {
	w.in.t.Helper()
	if !strings.Contains(path, "?") {
		path += "?api-version=2024-05-01"
	}
	req, err := http.NewRequestWithContext(context.Background(), method, w.in.endpoints.Management+path, strings.NewReader(body))
	if err != nil {
		w.in.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := w.in.client.Do(req)
	if err != nil {
		w.in.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.in.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

// need makes the entity at a path below the subscription's provider and everything above it. What can't be made stays away: the row that wants it
// says so by failing.
func (w *world) need(path string) {
	if w.have[path] || path == "" {
		return
	}
	w.have[path] = true
	segments := strings.Split(strings.Trim(path, "/"), "/")
	from := 6 // after /subscriptions/S/resourceGroups/G/providers/Microsoft.ApiManagement
	for end := from + 2; end < len(segments); end += 2 {
		w.need("/" + strings.Join(segments[:end], "/"))
	}
	if len(segments) < from+2 {
		return
	}
	if !w.knows(path) {
		return // there is nothing to make
	}
	f := w.fixtureOf(path)
	w.needs(path, f)
	if status, _ := w.send(http.MethodGet, path, ""); status == http.StatusOK {
		return
	}
	if status, body := w.send(http.MethodPut, path, w.fill(string(f.Put), path)); status >= 300 && os.Getenv("PARITY_VERBOSE") != "" {
		w.in.t.Logf("made no %s: %d %s", path, status, body)
	}
}

// knows says whether the table has the kind of a path; associations are there without a body.
func (w *world) knows(path string) bool {
	_, known := w.fixtures[keyOf(path)]
	return known
}

// needs makes what a fixture wants to be there before it.
func (w *world) needs(path string, f fixture) {
	for _, n := range f.Needs {
		n = w.fill(n, path)
		switch below := n[1:]; n[0] {
		case '^':
			w.need(w.service(path) + "/" + below)
		case '@':
			w.need(w.provider() + "/" + below)
		default:
			w.need(homeOf(path) + "/" + n)
		}
	}
}

// fill puts what a fixture can't know into its text.
func (w *world) fill(text, path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	level, base, forward := "s", "", "<forward-request />"
	if strings.Contains(path, "/workspaces/") {
		level, base, forward = "w", "<base />", "<base />"
	}
	if strings.Contains(text, "$consent") {
		text = strings.ReplaceAll(text, "$consent", w.consentCode(path[:strings.LastIndexByte(path, '/')]))
	}
	return strings.NewReplacer("$tokens", w.in.tokens.URL, "$group", w.provider(), "$svc", w.service(path), "$home", homeOf(path), "$name", name, "$level", level, "$base", base, "$forward", forward,
		"$soon", time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339), "$tenant", w.in.admin.TenantID, "$principal", "11111111-1111-4111-8111-111111111111").Replace(text)
}

// keyOf is the key of a path in fixtures: its words without the names. A singleton such as portalsettings/delegation keeps its name when the table has it.
func keyOf(path string) string {
	_, rest, _ := strings.Cut(path, "/Microsoft.ApiManagement/")
	segments := strings.Split(rest, "/")
	suffix := ""
	switch {
	case segments[0] != "service":
		suffix = "@rg"
	case len(segments) > 2:
		segments = segments[2:]
		if segments[0] == "workspaces" && len(segments) > 2 {
			segments = segments[2:]
		}
	}
	if len(segments) == 2 && segments[0] == "portalsettings" && segments[1] == "delegation" {
		return "portalsettings/delegation"
	}
	var words []string
	for i := 0; i < len(segments); i += 2 {
		words = append(words, segments[i])
	}
	return strings.Join(words, "/") + suffix
}

// homeOf is the service or workspace that a path lies in.
func homeOf(path string) string {
	segments := strings.Split(path, "/") // "", subscriptions, S, resourceGroups, G, providers, NS, service, name, workspaces, name
	end := 9
	if len(segments) > 11 && segments[9] == "workspaces" {
		end = 11
	}
	return strings.Join(segments[:min(end, len(segments))], "/")
}
