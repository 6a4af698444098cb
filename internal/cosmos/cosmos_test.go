package cosmos

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

// TestTheSignatureIsThatOfThePublishedExample: "Access control in the Azure Cosmos DB SQL API", example of a hash signature.
func TestTheSignatureIsThatOfThePublishedExample(t *testing.T) {
	t.Parallel()
	key, err := base64.StdEncoding.DecodeString("dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==")
	if err != nil {
		t.Fatal(err)
	}
	c := Call{Method: "GET", account: Account{key: key}, kind: "dbs", link: "dbs/ToDoList"}
	got := c.Signed(time.Date(2017, 4, 27, 0, 51, 12, 0, time.UTC), "")
	want := []Line{
		{"x-ms-date", "Thu, 27 Apr 2017 00:51:12 GMT"},
		{"x-ms-version", "2018-12-31"},
		{"Authorization", "type%3Dmaster%26ver%3D1.0%26sig%3Dc09PEVJrgp2uQRkr934kFbTqhByc7TVr3OHyqlu%2Bc%2Bc%3D"},
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
	if got := c.Signed(time.Time{}, "a.b+c")[2].Value; got != "type%3Daad%26ver%3D1.0%26sig%3Da.b%2Bc" {
		t.Errorf("a token is sent as %s", got)
	}
}

func TestConnectionStringsAreRead(t *testing.T) {
	t.Parallel()
	a, err := Read("\n AccountEndpoint=https://contoso.documents.azure.com:443/ ; AccountKey=c2VjcmV0;\n", false)
	if err != nil || a.Endpoint != "https://contoso.documents.azure.com:443" || string(a.key) != "secret" || a.Resource() != "https://contoso.documents.azure.com" {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err = Read("accountendpoint=http://localhost:8081/;", true); err != nil || a.key != nil {
		t.Errorf("%+v, %v", a, err)
	}
	for text, says := range map[string]string{
		"":                            "AccountEndpoint",
		"AccountKey=c2VjcmV0":         "AccountEndpoint",
		"AccountEndpoint=contoso":     "AccountEndpoint",
		"AccountEndpoint=https://a@b": "AccountEndpoint",
		"AccountEndpoint=ftp://b;AccountKey=c2VjcmV0":                                           "AccountEndpoint",
		"AccountEndpoint=https://b?x=1;AccountKey=c2VjcmV0":                                     "AccountEndpoint",
		"AccountEndpoint=https://b":                                                             "AccountKey",
		"AccountEndpoint=https://b;AccountKey=??":                                               "AccountKey",
		"AccountEndpoint=https://b;AccountKey=c2VjcmV0;DisableServerCertificateValidation=True": "more than AccountEndpoint",
		"AccountEndpoint=https://b;AccountEndpoint=https://c;AccountKey=c2VjcmV0":               "twice",
	} {
		if _, err := Read(text, false); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Read("AccountEndpoint=http://cosmos:8081", true); err == nil {
		t.Error("a token would go over http")
	}
}

func TestPartitionKeysAreJSONOfTheirType(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"string", `7`, `["7"]`},
		{"string", "a\"é😀\n", `["a\"\u00e9\ud83d\ude00\n"]`},
		{"number", "7.50", "[7.50]"},
		{"number", "-1e3", "[-1e3]"},
		{"number", "NaN", ""},
		{"number", "", ""},
		{"number", "7]", ""},
		{"bool", "True", "[true]"},
		{"bool", "1", ""},
		{"none", "x", "[{}]"},
		{"null", "", "[null]"},
	} {
		if got, err := PartitionKey(c[0], c[1]); got != c[2] || (err == nil) != (c[2] != "") {
			t.Errorf("%s %q: %s, %v", c[0], c[1], got, err)
		}
	}
}

func TestThePartitionKeyOfAnItemIsWhereTheContainerSays(t *testing.T) {
	t.Parallel()
	item := []byte(`{"id":"1","a":{"b c":"x é"},"n":7,"z":null,"o":{}}`)
	for definition, want := range map[string]string{
		`{"partitionKey":{"paths":["/id"]}}`:                     `["1"]`,
		`{"partitionKey":{"paths":["/a/\"b c\""]}}`:              `["x \u00e9"]`,
		`{"partitionKey":{"paths":["/n","/z","/nothing/more"]}}`: `[7,null,{}]`,
		`{}`:                                ``,
		`{"partitionKey":{"paths":["/o"]}}`: `error`,
		`<html>`:                            `error`,
	} {
		paths, err := Paths([]byte(definition))
		got := ""
		if err == nil {
			got, err = KeyOf(item, paths)
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: %s, %v", definition, got, err)
		}
	}
}

func TestItemsAreObjectsWithAnID(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{`{"id":"1"}`, `2`, `{"id":"1"}`}, {`{"a":1}`, `2`, `{"a":1,"id":"2"}`}, {`{"a":1}`, ``, `{"a":1}`}, {`[1]`, ``, `error`}, {`null`, ``, `error`}, {`{`, ``, `error`},
	} {
		got, err := Item([]byte(c[0]), c[1])
		if err != nil {
			got = []byte("error")
		}
		if string(got) != c[2] {
			t.Errorf("%s: %s", c[0], got)
		}
	}
}

func TestNamesStayInTheirPlaceOfTheAddress(t *testing.T) {
	t.Parallel()
	c := Container{Account: Account{Endpoint: "https://contoso"}, Database: "my db", Name: "c+1"}
	call, err := c.Get("a b%é", Options{})
	if err != nil || call.URL != "https://contoso/dbs/my%20db/colls/c+1/docs/a%20b%25%C3%A9" || call.link != "dbs/my db/colls/c+1/docs/a b%é" {
		t.Errorf("%+v, %v", call, err)
	}
	for _, id := range []string{"", "a/b", `a\b`, "a?b", "a#b", "..", strings.Repeat("x", 1024)} {
		if _, err := c.Get(id, Options{}); err == nil {
			t.Errorf("%.20q is an id", id)
		}
		if (Container{Database: id, Name: "c"}).Check() == nil || (Container{Database: "d", Name: id}).Check() == nil {
			t.Errorf("%.20q is a name", id)
		}
	}
}
