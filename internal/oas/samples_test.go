package oas

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSampleDocuments imports the documents that the sample organisation starts with. Users see them in the portal, so every operation is
// described, and every body of JSON has an example.
func TestSampleDocuments(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"payments": {
			"GET /payments list-payments", "POST /payments create-payment", "GET /payments/{paymentId} get-payment",
			"POST /payments/{paymentId}/refunds refund-payment", "GET /echo echo", "POST /echo echo-body",
		},
		"catalog": {
			"GET /products list-products", "GET /products/search?q={q} search-products", "GET /products/{sku} get-product",
			"GET /categories list-categories", "GET /echo echo", "POST /echo echo-body",
		},
	} {
		doc, err := os.ReadFile("../../samples/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		a, err := Import(doc, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, o := range a.Operations {
			got = append(got, o.Method+" "+o.URLTemplate+" "+o.ID)
			if o.Description == "" || o.DisplayName == o.ID || len(o.Tags) == 0 || len(o.Responses) == 0 {
				t.Errorf("%s: %s is not described", name, o.ID)
			}
			for _, r := range o.Responses {
				for _, body := range r.Representations {
					if len(body.Examples) == 0 || body.TypeName == "" {
						t.Errorf("%s: %s %d has no example or no type", name, o.ID, r.StatusCode)
					}
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(a.Warnings) != 0 || len(a.Servers) != 1 || a.Description == "" {
			t.Errorf("%s: warnings %v, servers %v", name, a.Warnings, a.Servers)
		}
	}
}
