package graphql

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"slices"
	"strings"
)

// Request is what a caller asks.
type Request struct {
	Query     string
	Operation string         // name of the operation to execute; "" for the only one
	Variables map[string]any // numbers as json.Number
}

// members are what a request consists of, in bodies and in the query of URLs.
var members = [...]string{"query", "operationName", "variables"}

// twice refuses what two servers may read differently: what is judged here has to be what is done behind.
func twice(name string) error {
	return fmt.Errorf("the request has '%s' more than once", name)
}

// Beside says whether the query of a URL holds a part of a request, beside the one in the body.
func Beside(query string) bool {
	q, err := url.ParseQuery(query)
	return err != nil || slices.ContainsFunc(members[:], q.Has)
}

// ReadQuery reads a request from the query of a URL.
func ReadQuery(query string) (*Request, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return nil, errors.New("the query of the URL can't be read")
	}
	for _, name := range members {
		if len(q[name]) > 1 {
			return nil, twice(name)
		}
	}
	r := &Request{Query: q.Get("query"), Operation: q.Get("operationName")}
	if v := q.Get("variables"); v != "" {
		if err := decode([]byte(v), &r.Variables); err != nil {
			return nil, errors.New("variables must be a JSON object")
		}
	}
	return r, r.check()
}

// ReadBody reads a request from the body of a POST.
func ReadBody(contentType string, body []byte) (*Request, error) {
	media, _, _ := mime.ParseMediaType(contentType)
	switch {
	case strings.EqualFold(media, "application/graphql"):
		r := &Request{Query: string(body)}
		return r, r.check()
	case bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")):
		return nil, errors.New("several requests in one body are not supported; send them one by one")
	}
	if err := once(body); err != nil {
		return nil, err
	}
	var wire struct {
		Query         *string        `json:"query"`
		OperationName *string        `json:"operationName"`
		Variables     map[string]any `json:"variables"`
	}
	if err := decode(body, &wire); err != nil {
		return nil, errors.New("the body must be a JSON object with query, and where needed operationName and variables")
	}
	r := &Request{Variables: wire.Variables}
	if wire.Query != nil {
		r.Query = *wire.Query
	}
	if wire.OperationName != nil {
		r.Operation = *wire.OperationName
	}
	return r, r.check()
}

// once refuses an object in which a part of a request stands twice, whatever the case: some readers of JSON take the first, others the last, and
// ours would take either case.
func once(body []byte) error {
	var all [len(members)]int
	d := json.NewDecoder(bytes.NewReader(body))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil // what it is instead is found out when it is read
	}
	for d.More() {
		key, err := d.Token()
		name, _ := key.(string)
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return nil
		}
		for i, known := range members {
			if !strings.EqualFold(name, known) {
				continue
			}
			if name != known {
				return fmt.Errorf("the member '%s' is written '%s'", known, clip(name))
			}
			if all[i]++; all[i] > 1 {
				return twice(known)
			}
		}
	}
	return nil
}

func (r *Request) check() error {
	if strings.TrimSpace(r.Query) == "" {
		return errors.New("query is missing: the request must hold a GraphQL document")
	}
	return nil
}

// Body is the request as the body of a POST.
func (r *Request) Body() ([]byte, error) {
	wire := map[string]any{"query": r.Query}
	if r.Operation != "" {
		wire["operationName"] = r.Operation
	}
	if len(r.Variables) > 0 {
		wire["variables"] = r.Variables
	}
	return marshal(wire)
}

// decode reads one JSON value, keeping numbers as they are written.
func decode(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more than one value")
	}
	return nil
}

// DecodeValue reads data that a resolver got: one JSON value.
func DecodeValue(b []byte) (v any, err error) {
	err = decode(bytes.TrimPrefix(b, []byte("\ufeff")), &v)
	return v, err
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// URLQuery is the query of a URL with the request in the place of the one that it holds; everything else in it stays.
func (r *Request) URLQuery(old string) (string, error) {
	q, err := url.ParseQuery(old)
	if err != nil {
		return "", err
	}
	q.Set("query", r.Query)
	q.Del("variables")
	if len(r.Variables) > 0 {
		b, err := marshal(r.Variables)
		if err != nil {
			return "", err
		}
		q.Set("variables", string(b))
	}
	return q.Encode(), nil
}
