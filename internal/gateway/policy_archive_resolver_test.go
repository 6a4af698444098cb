package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/sqldata"
	"github.com/atelier-apim/atelier/internal/sqldata/sqldatatest"
)

// Resolvers of archives: each is the one of a GraphQL API that is made for the arguments of the script.

var resolverWords = map[string]func(c *outside, yes bool, a []string) error{
	"resolver": func(c *outside, _ bool, a []string) error {
		text := c.inDatabase(c.others.placed(c.files[a[0]]))
		if !bad(&snapshot.Policy{Text: text}, c) {
			c.resolver, c.changed = text, true
		}
		return nil
	},
	"resolve":  (*outside).resolve,
	"database": (*outside).fillDatabase,
}

// graph is the API with the resolver.
func (c *outside) graph(home string) *snapshot.API {
	a := &snapshot.API{
		ID: home + "/apis/graph", Name: "graph", DisplayName: "Graph", Path: "graph", Type: "graphql", Revision: "1", Current: true, Online: true, Protocols: []string{"http", "https"},
		SubscriptionRequired: c.subscription != "-", Definition: &snapshot.Definition{ContentType: "application/vnd.ms-azure-apim.graphql.schema", Text: c.typed},
	}
	a.Resolvers = []*snapshot.Resolver{{ID: a.ID + "/resolvers/it", Path: "Query/it", Policy: &snapshot.Policy{ID: "/policies/resolver", Format: "rawxml", Text: c.resolver}}}
	return a
}

// resolve asks for the one field; its data are the answer then.
func (c *outside) resolve(_ bool, a []string) error {
	if a[1] != "{}" {
		return fmt.Errorf("a parent needs a resolver of its own; put the archive into elsewhere")
	}
	var arguments map[string]any
	if err := json.Unmarshal([]byte(a[0]), &arguments); err != nil {
		return err
	}
	declared, taken, given := "", "", ""
	names := make([]string, 0, len(arguments))
	for name := range arguments {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		declared, taken, given = declared+" $"+name+": Any", taken+" "+name+": Any", given+" "+name+": $"+name
	}
	field, query := "it", "{ it }"
	if declared != "" {
		field, query = "it("+taken+")", "query("+declared+") { it("+given+") }"
	}
	kind := "Any"
	if len(a) > 2 && a[2] == "list" {
		kind = "[Any]"
	}
	if schema := "scalar Any\ntype Query { " + field + ": " + kind + " }"; schema != c.typed {
		c.typed, c.changed = schema, true
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": json.RawMessage(a[0])})
	if err != nil {
		return err
	}
	c.files["resolve"] = "POST /graph HTTP/1.1\nContent-Type: application/json\n\n" + string(body)
	if err := c.send("resolve"); err != nil {
		return err
	}
	var answer struct {
		Data struct{ It json.RawMessage }
	}
	if err := json.Unmarshal([]byte(c.body), &answer); err != nil {
		return fmt.Errorf("%w: %s", err, c.body)
	}
	c.body, c.resolved = string(answer.Data.It), true
	return nil
}

// resolverError is in the log: callers get no more than a sentence.
func (c *outside) resolverError(a []string) error {
	c.gateway.Flush()
	traces := c.records("trace")
	if len(traces) == 0 {
		return fmt.Errorf("there is no error in the log: %s", c.log.String())
	}
	got := fmt.Sprint(traces[len(traces)-1]["message"])
	want := a[0] + ": " + a[1] + ": "
	if len(a) > 2 && !strings.HasPrefix(a[2], "the database says") { // what a real one says is its own
		want += a[2]
	}
	if !strings.HasPrefix(got, want) {
		return fmt.Errorf("the log says %s", got)
	}
	return nil
}

func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// archiveDatabase is a schema of a real PostgreSQL server, which stands in for the server db.example of documents.
type archiveDatabase struct{ connection string }

var archiveSchemas atomic.Int64

func newArchiveDatabase(t *testing.T) *archiveDatabase {
	return &archiveDatabase{fmt.Sprintf(`Host=127.0.0.1;Port=%d;Database=postgres;Username=%s;Password="%s";SSL Mode=Disable;Search Path=archive_%d`,
		sqldatatest.Server(t), sqldatatest.User, strings.ReplaceAll(sqldatatest.Password, `"`, `""`), archiveSchemas.Add(1))}
}

// serverOf is a connection string for the server of documents.
var serverOf = regexp.MustCompile(`Host=db\.example;(Database=shop;)?Username=app;Password=secret`)

// inDatabase puts the real server in place.
func (c *outside) inDatabase(text string) string {
	if !serverOf.MatchString(text) {
		return text
	}
	if c.database == nil {
		c.database = newArchiveDatabase(c.t)
	}
	return serverOf.ReplaceAllLiteralString(text, c.database.connection)
}

func (c *outside) fillDatabase(_ bool, a []string) error {
	if c.database == nil {
		c.database = newArchiveDatabase(c.t)
	}
	target, err := sqldata.Read(c.database.connection, false)
	if err != nil {
		return err
	}
	client := sqldata.New(new(net.Dialer).DialContext)
	defer client.Close()
	_, err = client.Query(context.Background(), sqldata.Query{Home: "archive", Target: target, Statement: "create schema if not exists " + target.SearchPath + ";" + c.files[a[0]]})
	return err
}
