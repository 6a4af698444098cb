package gateway_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/policy/policytest"
)

// cosmosDB is a container that is partitioned by /family. It takes what the pages on Cosmos DB's REST interface say a client must send, and nothing else.
type cosmosDB struct {
	key []byte
	now func() time.Time

	mu    sync.Mutex
	items map[string]map[string]any // by partition key and id
	tags  int
}

const cosmosPath = "/dbs/shop/colls/people"

func (c *cosmosDB) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	if said := c.checked(r); said != "" {
		c.refuse(w, 401, "Unauthorized", said)
		return
	}
	var values []any
	key := ""
	if json.Unmarshal([]byte(r.Header.Get("x-ms-documentdb-partitionkey")), &values) == nil {
		plain, _ := json.Marshal(values)
		key = string(plain)
	}
	id, single := strings.CutPrefix(r.URL.Path, cosmosPath+"/docs/")
	switch {
	case r.Method == "GET" && r.URL.Path == cosmosPath:
		c.say(w, 200, map[string]any{"id": "people", "partitionKey": map[string]any{"paths": []string{"/family"}, "kind": "Hash"}})
	case r.Method == "POST" && r.URL.Path == cosmosPath+"/docs" && r.Header.Get("x-ms-documentdb-isquery") == "True":
		c.query(w, r, body, key)
	case r.Method == "POST" && r.URL.Path == cosmosPath+"/docs":
		c.write(w, r, body, key, "")
	case r.Method == "PUT" && single:
		c.write(w, r, body, key, id)
	case single && c.items[key+id] == nil:
		c.refuse(w, 404, "NotFound", "Entity with the specified id does not exist in the system.")
	case single && r.Method == "GET":
		c.say(w, 200, c.items[key+id])
	case single && r.Method == "DELETE" && r.Header.Get("If-Match") != "" && r.Header.Get("If-Match") != c.items[key+id]["_etag"]:
		c.refuse(w, 412, "PreconditionFailed", "One of the specified pre-condition is not met")
	case single && r.Method == "DELETE":
		delete(c.items, key+id)
		w.WriteHeader(204)
	default:
		c.refuse(w, 405, "MethodNotAllowed", r.Method+" "+r.URL.Path)
	}
}

// checked says what is wrong with the header of a request, as "Access control in the Azure Cosmos DB SQL API" and "Common request headers" have it.
func (c *cosmosDB) checked(r *http.Request) string {
	date, err := time.Parse(http.TimeFormat, r.Header.Get("x-ms-date"))
	if err != nil || date.Sub(c.now()).Abs() > 15*time.Minute {
		return "x-ms-date"
	}
	if r.Header.Get("x-ms-version") == "" {
		return "x-ms-version"
	}
	kind, link := "docs", strings.TrimPrefix(r.URL.Path, "/")
	switch {
	case r.URL.Path == cosmosPath:
		kind = "colls"
	case r.Method == "POST":
		link = strings.TrimSuffix(link, "/docs")
	}
	mac := hmac.New(sha256.New, c.key)
	fmt.Fprintf(mac, "%s\n%s\n%s\n%s\n\n", strings.ToLower(r.Method), kind, link, strings.ToLower(r.Header.Get("x-ms-date")))
	want := "type=master&ver=1.0&sig=" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if got, err := url.QueryUnescape(r.Header.Get("Authorization")); err != nil || got != want {
		return "The input authorization token can't serve the request."
	}
	return ""
}

func (c *cosmosDB) query(w http.ResponseWriter, r *http.Request, body []byte, key string) {
	var q struct {
		Query      string
		Parameters []struct {
			Name  string
			Value any
		}
	}
	if r.Header.Get("Content-Type") != "application/query+json" || json.Unmarshal(body, &q) != nil || q.Query != "SELECT * FROM c WHERE c.name != @name" || len(q.Parameters) != 1 || q.Parameters[0].Name != "@name" {
		c.refuse(w, 400, "BadRequest", "Syntax error")
		return
	}
	if key == "" && r.Header.Get("x-ms-documentdb-query-enablecrosspartition") != "True" {
		c.refuse(w, 400, "BadRequest", "Cross partition query is required but disabled.")
		return
	}
	var found []map[string]any
	for at, item := range c.items {
		if strings.HasPrefix(at, key) && item["name"] != q.Parameters[0].Value {
			found = append(found, item)
		}
	}
	sort.Slice(found, func(i, j int) bool { return fmt.Sprint(found[i]["id"]) < fmt.Sprint(found[j]["id"]) })
	from := 0
	_, _ = fmt.Sscanf(r.Header.Get("x-ms-continuation"), "+RID:%d", &from)
	page := found[min(from, len(found)):min(from+1, len(found))] // of one item
	if from+1 < len(found) {
		w.Header().Set("x-ms-continuation", fmt.Sprintf("+RID:%d", from+1))
	}
	c.say(w, 200, map[string]any{"_rid": "x", "Documents": page, "_count": len(page)})
}

func (c *cosmosDB) write(w http.ResponseWriter, r *http.Request, body []byte, key, replaced string) {
	var item map[string]any
	if json.Unmarshal(body, &item) != nil || item["id"] == nil || r.Header.Get("Content-Type") != "application/json" {
		c.refuse(w, 400, "BadRequest", "The input content is invalid because the required properties - 'id; ' - are missing")
		return
	}
	family, _ := json.Marshal([]any{item["family"]})
	at := key + fmt.Sprint(item["id"])
	switch upsert := r.Header.Get("x-ms-documentdb-is-upsert") == "True"; {
	case string(family) != key:
		c.refuse(w, 400, "BadRequest", "PartitionKey extracted from document doesn't match the one specified in the header")
		return
	case replaced == "" && !upsert && c.items[at] != nil:
		c.refuse(w, 409, "Conflict", "Entity with the specified id already exists in the system.")
		return
	case replaced != "" && c.items[at] == nil:
		c.refuse(w, 404, "NotFound", "Entity with the specified id does not exist in the system.")
		return
	}
	c.tags++
	item["_etag"] = fmt.Sprintf(`"%d"`, c.tags)
	c.items[at] = item
	c.say(w, 201, item)
}

func (c *cosmosDB) say(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (c *cosmosDB) refuse(w http.ResponseWriter, status int, code, message string) {
	c.say(w, status, map[string]string{"code": code, "message": message})
}

// TestAContainerOfCosmosDBIsReadAndWritten: requests are what the service takes, from an API's field to a signature that is checked.
func TestAContainerOfCosmosDBIsReadAndWritten(t *testing.T) {
	t.Parallel()
	service := &cosmosDB{key: []byte("the key of the account"), now: func() time.Time { return policytest.Start }, items: map[string]map[string]any{}}
	server := httptest.NewServer(service)
	defer server.Close()
	connection := "AccountEndpoint=" + server.URL + "/;AccountKey=" + base64.StdEncoding.EncodeToString(service.key)
	archive := &txtar.Archive{}
	for name, request := range map[string]string{
		"upsert":  `<write-request />`,
		"insert":  `<write-request type="insert"><partition-key>@((string)context.GraphQL.Arguments["family"])</partition-key></write-request>`,
		"replace": `<write-request type="replace"><id>@((string)context.GraphQL.Arguments["id"])</id></write-request>`,
		"read":    `<read-request><id>@((string)context.GraphQL.Arguments["id"])</id><partition-key>@((string)context.GraphQL.Arguments["family"])</partition-key></read-request>`,
		"delete":  `<delete-request><etag template="liquid">{{body.arguments.tag}}</etag><id>@((string)context.GraphQL.Arguments["id"])</id><partition-key template="liquid">{{body.arguments.family}}</partition-key></delete-request>`,
		"query":   `<query-request><sql-statement>SELECT * FROM c WHERE c.name != @name</sql-statement><parameters><parameter name="@name">@(context.GraphQL.Arguments["name"])</parameter></parameters></query-request>`,
		"wrong":   `<read-request><id>1</id><partition-key>a</partition-key></read-request>`,
	} {
		account := connection
		if name == "wrong" {
			account = "AccountEndpoint=" + server.URL + ";AccountKey=b3RoZXI="
		}
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(`<cosmosdb-data-source><connection-info><connection-string>` + account + `</connection-string><database-name>shop</database-name><container-name>people</container-name></connection-info>` + request + `</cosmosdb-data-source>`)})
	}
	c := newOutside(t, archive)
	defer c.stop()
	for _, line := range strings.Split(strings.TrimSpace(`
resolver upsert
resolve '{"id":"é 1","family":"Löve","name":"Ada"}' '{}'
reply-body '{"id":"é 1","family":"Löve","name":"Ada","_etag":"\"1\""}'
resolve '{"id":"é 1","family":"Löve","name":"Ada L."}' '{}'
reply-body '{"id":"é 1","family":"Löve","name":"Ada L.","_etag":"\"2\""}'
resolver insert
resolve '{"id":"2","family":"b","name":"Grace"}' '{}'
reply-body '{"id":"2","family":"b","name":"Grace","_etag":"\"3\""}'
resolve '{"id":"2","family":"b","name":"Grace"}' '{}'
last-error cosmosdb-data-source BackendResponseError 'Cosmos DB answered with status 409: Conflict: Entity with the specified id already exists in the system.'
resolver replace
resolve '{"id":"2","family":"b","name":"Grace H."}' '{}'
reply-body '{"id":"2","family":"b","name":"Grace H.","_etag":"\"4\""}'
resolver read
resolve '{"id":"é 1","family":"Löve"}' '{}'
reply-body '{"id":"é 1","family":"Löve","name":"Ada L.","_etag":"\"2\""}'
resolve '{"id":"é 1","family":"other"}' '{}'
reply-body null
resolver query
resolve '{"name":"nobody"}' '{}' list
reply-body '[{"id":"2","family":"b","name":"Grace H.","_etag":"\"4\""},{"id":"é 1","family":"Löve","name":"Ada L.","_etag":"\"2\""}]'
resolve '{"name":"Ada L."}' '{}' list
reply-body '[{"id":"2","family":"b","name":"Grace H.","_etag":"\"4\""}]'
resolver delete
resolve '{"id":"2","family":"b","tag":"old"}' '{}'
last-error cosmosdb-data-source BackendResponseError 'Cosmos DB answered with status 412: PreconditionFailed: One of the specified pre-condition is not met'
resolve '{"id":"2","family":"b","tag":"\"4\""}' '{}'
reply-body null
resolver wrong
resolve '{}' '{}'
last-error cosmosdb-data-source BackendResponseError 'Cosmos DB answered with status 401: Unauthorized: The input authorization token can''t serve the request.'
`), "\n") {
		if err := c.line(line); err != nil {
			c.gateway.Flush()
			t.Fatalf("%s: %v\n%s", line, err, c.log.String())
		}
	}
}
