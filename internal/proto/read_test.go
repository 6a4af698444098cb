package proto_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atelier-apim/atelier/internal/proto"
)

const shop = `syntax = "proto3";
// The shop.
package shop.v1;
import "google/protobuf/empty.proto"; // is not looked up
import "other/of_ours.proto";

message Order { string id = 1; map<string, int32> items = 2; }

/* Orders, { and so on */
service Orders {
  option deprecated = true;
  rpc Get (Order) returns (Order) { option (google.api.http) = { get: "/v1/{id=orders/*}" }; }
  rpc Watch (google.protobuf.Empty) returns (stream Order);
  rpc Upload (stream Order) returns (.other.Summary);
}
service Chat { rpc Talk (stream Order) returns (stream Order) {} }
`

func TestMethodsOfADocument(t *testing.T) {
	t.Parallel()
	doc, err := proto.Read([]byte(shop))
	if err != nil {
		t.Fatal(err)
	}
	want := &proto.Document{Package: "shop.v1", Methods: []proto.Method{
		{Service: "shop.v1.Orders", Name: "Get", Input: "Order", Output: "Order"},
		{Service: "shop.v1.Orders", Name: "Watch", Input: "google.protobuf.Empty", Output: "Order", ServerStreams: true},
		{Service: "shop.v1.Orders", Name: "Upload", Input: "Order", Output: "other.Summary", ClientStreams: true},
		{Service: "shop.v1.Chat", Name: "Talk", Input: "Order", Output: "Order", ClientStreams: true, ServerStreams: true},
	}}
	if diff := cmp.Diff(want, doc, cmpopts.IgnoreUnexported(proto.Method{})); diff != "" {
		t.Errorf("the document differs (-want +got):\n%s", diff)
	}
	if m := doc.Methods[0]; m.Path() != "/shop.v1.Orders/Get" || m.ShortService() != "Orders" {
		t.Errorf("the first method is %s of %s", m.Path(), m.ShortService())
	}
}

func TestServicesWithoutAPackage(t *testing.T) {
	t.Parallel()
	doc, err := proto.Read([]byte(`syntax="proto2"; message M {} service S { rpc R (M) returns (M); }`))
	if err != nil || doc.Methods[0].Path() != "/S/R" {
		t.Errorf("read %+v, %v", doc, err)
	}
}

// What can't be used is refused with its place, and what is made to cost too much is refused before it does.
func TestDocumentsThatAreRefused(t *testing.T) {
	t.Parallel()
	nested := func(open, end string, n int) string {
		return `syntax="proto3"; ` + strings.Repeat(open, n) + strings.Repeat(end, n)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":                     {" \n", "empty"},
		"no service":                {`syntax="proto3"; message M {}`, "no service"},
		"a service without methods": {`syntax="proto3"; service S {}`, "no service"},
		"a mistake":                 {"syntax=\"proto3\";\nservice S {\n  rpc R (M) return (M);\n}", "line 3, column 13"},
		"a name twice in a message": {`syntax="proto3"; message M { string a = 1; string b = 1; } service S { rpc R (M) returns (M); }`, "line 1"},
		"no protobuf":               {`{"openapi":"3.0.0"}`, "line 1"},
		"not UTF-8":                 {"syntax=\"proto3\"; // \xff\xfe", "UTF-8"},
		"too long":                  {"// " + strings.Repeat("x", proto.MaxDocument), "bytes"},
		"messages in messages":      {nested("message M {", "}", 5000), "nests deeper"},
		"lists in lists":            {`syntax="proto3"; option (o) = ` + strings.Repeat("{a:[", 3000), "nests deeper"},
		"a text that doesn't end":   {`syntax="proto3`, "line 1"},
		"a comment that doesn't":    {`syntax="proto3"; /* `, "line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := proto.Read([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want one that says %q", err, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(shop))
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := proto.Read(text)
		if (doc == nil) == (err == nil) {
			t.Errorf("read %v and %v", doc, err)
		}
	})
}
