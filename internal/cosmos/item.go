package cosmos

import (
	"encoding/json"
	"errors"
	"net/url"
)

// Container holds items.
type Container struct {
	Account        Account
	Database, Name string
}

// Check refuses names that none can have.
func (c Container) Check() error {
	if err := checkName("name of the database", c.Database, 255); err != nil {
		return err
	}
	return checkName("name of the container", c.Name, 255)
}

// path is the container's in addresses, and link the same in signatures.
func (c Container) path() string {
	return "/dbs/" + url.PathEscape(c.Database) + "/colls/" + url.PathEscape(c.Name)
}

func (c Container) link() string { return "dbs/" + c.Database + "/colls/" + c.Name }

// Options are what a request may say beside what it is about; what is empty is not said.
type Options struct {
	PartitionKey      string // as PartitionKey gives it
	IfMatch           string // an etag
	IfNoneMatch       string
	Consistency       string // as a consistency level is written in policies: bounded-staleness
	PreTrigger        string
	PostTrigger       string
	IndexingDirective string // include or exclude
}

// consistencies are the levels as headers name them.
var consistencies = map[string]string{
	"strong": "Strong", "bounded-staleness": "BoundedStaleness", "session": "Session", "consistent-prefix": "ConsistentPrefix", "eventual": "Eventual",
}

var directives = map[string]string{"include": "Include", "exclude": "Exclude"}

func (c *Call) options(o Options) {
	for _, l := range [...]Line{
		{"x-ms-documentdb-partitionkey", o.PartitionKey},
		{"If-Match", o.IfMatch},
		{"If-None-Match", o.IfNoneMatch},
		{"x-ms-consistency-level", consistencies[o.Consistency]},
		{"x-ms-documentdb-pre-trigger-include", o.PreTrigger},
		{"x-ms-documentdb-post-trigger-include", o.PostTrigger},
		{"x-ms-indexing-directive", directives[o.IndexingDirective]},
	} {
		if l.Value != "" {
			c.Header = append(c.Header, l)
		}
	}
}

// Definition asks for the definition of the container.
func (c Container) Definition() *Call {
	return &Call{Method: "GET", URL: c.Account.Endpoint + c.path(), Header: []Line{{"Accept", "application/json"}}, account: c.Account, kind: "colls", link: c.link()}
}

// feed is a request to the items of the container.
func (c Container) feed(body []byte) *Call {
	return &Call{Method: "POST", URL: c.Account.Endpoint + c.path() + "/docs", Body: body, Header: []Line{{"Accept", "application/json"}}, account: c.Account, kind: "docs", link: c.link()}
}

func (c Container) item(method, id string, body []byte) (*Call, error) {
	if err := checkName("id of the item", id, 1023); err != nil {
		return nil, err
	}
	return &Call{
		Method: method, URL: c.Account.Endpoint + c.path() + "/docs/" + url.PathEscape(id), Body: body, Header: []Line{{"Accept", "application/json"}},
		account: c.Account, kind: "docs", link: c.link() + "/docs/" + id,
	}, nil
}

// Get reads an item.
func (c Container) Get(id string, o Options) (*Call, error) { return c.about("GET", id, o) }

// Delete deletes an item.
func (c Container) Delete(id string, o Options) (*Call, error) { return c.about("DELETE", id, o) }

func (c Container) about(method, id string, o Options) (*Call, error) {
	call, err := c.item(method, id, nil)
	if err == nil {
		call.options(o)
	}
	return call, err
}

// Insert makes an item; with upsert it takes the place of one with its id.
func (c Container) Insert(item []byte, upsert bool, o Options) *Call {
	call := c.feed(item)
	call.set("Content-Type", "application/json")
	if upsert {
		call.set("x-ms-documentdb-is-upsert", "True")
	}
	call.options(o)
	return call
}

// Replace puts an item in place of the one with the id.
func (c Container) Replace(id string, item []byte, o Options) (*Call, error) {
	call, err := c.item("PUT", id, item)
	if err == nil {
		call.set("Content-Type", "application/json")
		call.options(o)
	}
	return call, err
}

// Item is a document as it can be written: a JSON object. Where it has no id it gets the one that is given.
func Item(text []byte, id string) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil || fields == nil {
		return nil, errors.New("what is to be written is no JSON object")
	}
	if _, has := fields["id"]; has || id == "" {
		return text, nil
	}
	quoted, err := json.Marshal(id)
	if err != nil {
		return nil, err
	}
	fields["id"] = quoted
	return json.Marshal(fields)
}
