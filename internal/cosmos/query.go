package cosmos

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// Query is a question about the items of a container.
type Query struct {
	Statement    string
	Parameters   []Parameter
	PartitionKey string // "" asks all partitions
	LowPrecision *bool  // enable-low-precision-order-by, nil when it isn't said
	MaxItems     int    // of a page; 0 when it isn't said, -1 for as many as the service likes
	Continuation string // of the page before
}

// Parameter is a value of a statement, with its name as there: @name.
type Parameter struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

var parameterName = regexp.MustCompile(`^@[A-Za-z_][A-Za-z0-9_]{0,99}$`)

// CheckName refuses what is no name of a parameter.
func CheckName(s string) error {
	if !parameterName.MatchString(s) {
		return errors.New("a parameter's name is an @ with a letter, and letters, digits or underscores behind it")
	}
	return nil
}

// Query asks for a page.
func (c Container) Query(q Query) (*Call, error) {
	if q.Parameters == nil {
		q.Parameters = []Parameter{}
	}
	body, err := json.Marshal(struct {
		Query      string      `json:"query"`
		Parameters []Parameter `json:"parameters"`
	}{q.Statement, q.Parameters})
	if err != nil {
		return nil, errors.New("a parameter of the query is no JSON")
	}
	call := c.feed(body)
	call.set("Content-Type", "application/query+json")
	call.set("x-ms-documentdb-isquery", "True")
	if q.PartitionKey != "" {
		call.set("x-ms-documentdb-partitionkey", q.PartitionKey)
	} else {
		call.set("x-ms-documentdb-query-enablecrosspartition", "True")
	}
	if q.LowPrecision != nil {
		call.set("x-ms-documentdb-query-enable-low-precision-order-by", map[bool]string{true: "True", false: "False"}[*q.LowPrecision])
	}
	if q.MaxItems != 0 {
		call.set("x-ms-max-item-count", strconv.Itoa(q.MaxItems))
	}
	if q.Continuation != "" {
		call.set("x-ms-continuation", q.Continuation)
	}
	return call, nil
}

// Items are those of a page, as they came.
func Items(page []byte) ([]json.RawMessage, error) {
	var read struct{ Documents []json.RawMessage }
	if err := json.Unmarshal(page, &read); err != nil {
		return nil, errors.New("the answer to the query is no page of items")
	}
	return read.Documents, nil
}

// Refusal is what Cosmos DB says in an answer that is an error, for logs.
func Refusal(body []byte) string {
	var said struct{ Code, Message string }
	if json.Unmarshal(body, &said) != nil || said.Code == "" {
		return ""
	}
	return fmt.Sprintf(": %.60s: %.300s", said.Code, said.Message)
}
