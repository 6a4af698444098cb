package rest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

const metadata = `<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="Shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Product"><Key><PropertyRef Name="Id"/></Key><Property Name="Id" Type="Edm.Int32"/><Property Name="Name" Type="Edm.String"/><NavigationProperty Name="Parts" Type="Collection(Shop.Product)"/></EntityType>
<Function Name="Best"><Parameter Name="count" Type="Edm.Int32"/><ReturnType Type="Collection(Shop.Product)"/></Function>
<EntityContainer Name="C"><EntitySet Name="Products" EntityType="Shop.Product"/><Singleton Name="Favourite" Type="Shop.Product"/><FunctionImport Name="Best" Function="Shop.Best"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

// An API is made of an OData service by the address of its metadata; its operations follow from them, and its policy checks requests against them.
func TestODataImport(t *testing.T) {
	t.Parallel()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/svc/$metadata" {
			_, _ = io.WriteString(w, metadata)
			return
		}
		_, _ = io.WriteString(w, r.Method+" "+r.RequestURI)
	}))
	t.Cleanup(backend.Close)
	r := newRun(t, start(t), "odataimport", &txtar.Archive{})
	r.vars["backend"] = backend.URL
	put := func(path, body string) {
		t.Helper()
		if err := r.send(http.MethodPut, r.replace("$svc/apis/"+path), r.replace(body), nil); err != nil {
			t.Fatal(err)
		}
	}
	steps := func(lines string) {
		t.Helper()
		for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
			if err := r.step(words(strings.TrimSpace(line))); err != nil {
				t.Fatalf("%s: %v\nlast answer: %d %s", line, err, r.status, r.body)
			}
		}
	}
	put("shop", `{"properties":{"displayName":"Shop","path":"shop","subscriptionRequired":false,"protocols":["http","https"],"format":"odata-link","value":"$backend/svc/$metadata"}}`)
	steps(`
		status 201
		has '"type":"odata"' '"serviceUrl":"$backend/svc"'
		GET $svc/apis/shop/operations?$top=100
		has '"count":24' '"urlTemplate":"/Products({key})"' '"urlTemplate":"/Products/$count"' '"urlTemplate":"/Favourite/*"' '"urlTemplate":"/Best(count={count})"' '"name":"get-one-of-products"'
		GET $svc/apis/shop/schemas/odata
		has 'application/vnd.ms-azure-apim.odata.schema' 'EntityContainer'
		GET $svc/apis/shop?export=true&format=odata
		has 'EntityContainer'
		GET $svc/apis/shop?export=true&format=openapi+json
		has '/Products({key})'
		call $name.localhost /shop/$metadata
		has EntityContainer
		call $name.localhost /shop/Products?$top=1
		has 'GET /svc/Products?$top=1'
		call $name.localhost /shop/Products(7)/Parts
		has 'GET /svc/Products(7)/Parts'
		call $name.localhost /shop/Best(count=3)
		has 'GET /svc/Best(count=3)'
		call $name.localhost /shop/Nothing
		status 404
	`)
	put("shop/policies/policy", `{"properties":{"format":"rawxml","value":"<policies><inbound><base /><validate-odata-request /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>"}}`)
	steps(`
		status 201
		call $name.localhost /shop/Products?$filter=Id%20gt%205
		status 200
		call $name.localhost /shop/Products?$filter=Price%20gt%205
		status 400
		has 'no property'
	`)
	for what, want := range map[string]string{
		`{\"$Version\":\"4.0\"}`:       "metadata in JSON is not supported",
		`<Edmx Version=\"1.0\"/>`:      "version '1.0' is not supported",
		`<Edmx Version=\"4.0\">\n<a b`: "line 2, column 5: it is not well-formed XML",
	} {
		put("odd", fmt.Sprintf(`{"properties":{"displayName":"O","path":"odd","apiType":"odata","format":"odata","value":"%s"}}`, what))
		if r.status != http.StatusBadRequest || !strings.Contains(r.body, want) {
			t.Errorf("%s is answered %d %s, want %q", what, r.status, r.body, want)
		}
	}
	put("bare", `{"properties":{"displayName":"B","path":"bare","type":"odata"}}`)
	put("bare/schemas/odata", fmt.Sprintf(`{"properties":{"contentType":"application/vnd.ms-azure-apim.odata.schema","document":{"value":%q}}}`, "<Edmx/>"))
	if r.status != http.StatusBadRequest || !strings.Contains(r.body, "document.value: line 1, column 1") {
		t.Errorf("metadata that are none are answered %d %s", r.status, r.body)
	}
}
