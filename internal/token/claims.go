package token

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"
)

// object is a JSON object whose members are kept as they stand, in their order.
type object struct {
	names  []string
	values []json.RawMessage
}

// parseObject refuses what two readers could understand differently: members that stand twice (RFC 7519, section 4), broken text, and anything
// behind the object.
func parseObject(data []byte) (object, error) {
	var o object
	if !utf8.Valid(data) || !json.Valid(data) {
		return o, errors.New("no JSON")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if first, err := dec.Token(); err != nil || first != json.Delim('{') {
		return o, errors.New("no JSON object")
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return o, errors.New("no JSON object")
		}
		text, _ := name.(string)
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return o, errors.New("no JSON object")
		}
		if slices.Contains(o.names, text) {
			return o, errors.New("ambiguous: a member stands twice")
		}
		if len(o.names) == maxMembers {
			return o, errors.New("an object of too many members")
		}
		o.names, o.values = append(o.names, text), append(o.values, value)
	}
	return o, nil
}

// maxMembers bounds the members of an object, whose names are compared with each other.
const maxMembers = 256

func (o *object) get(name string) (json.RawMessage, bool) {
	if i := slices.Index(o.names, name); i >= 0 {
		return o.values[i], true
	}
	return nil, false
}

func textOf(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	var s string
	return s, json.Unmarshal(raw, &s) == nil
}

// Claims are what a token states. Names are compared exactly.
type Claims struct {
	object
	texts [][]string // the values of each member; nil of null
}

func claimsOf(o object) Claims {
	c := Claims{o, make([][]string, len(o.values))}
	for i, raw := range o.values {
		var list []json.RawMessage
		switch {
		case string(raw) == "null":
		case raw[0] != '[':
			c.texts[i] = []string{valueText(raw)}
		case json.Unmarshal(raw, &list) == nil:
			c.texts[i] = make([]string, len(list))
			for j, v := range list {
				c.texts[i][j] = valueText(v)
			}
		}
	}
	return c
}

// Text is a claim that is text.
func (c *Claims) Text(name string) (string, bool) {
	i := slices.Index(c.names, name)
	if i < 0 || c.values[i][0] != '"' {
		return "", false
	}
	return c.texts[i][0], true
}

// Values are the values of a claim: those of an array each, or one. Numbers, booleans and objects are their JSON text. ok says that the claim
// is there and not null. The slice is not to be changed.
func (c *Claims) Values(name string) (values []string, ok bool) {
	i := slices.Index(c.names, name)
	if i < 0 || c.texts[i] == nil {
		return nil, false
	}
	return c.texts[i], true
}

func valueText(raw json.RawMessage) string {
	if s, ok := textOf(raw); ok {
		return s
	}
	return string(raw)
}

// Instant is a claim that is a time in seconds since 1970 (RFC 7519, section 2). err says that the claim is there and is no time.
func (c *Claims) Instant(name string) (seconds float64, ok bool, err error) {
	raw, ok := c.get(name)
	if !ok || string(raw) == "null" {
		return 0, false, nil
	}
	seconds, err = strconv.ParseFloat(string(raw), 64)
	if err != nil || seconds < 0 || seconds > 253402300799 { // the end of the year 9999
		return 0, false, &malformed{"its claim '" + name + "' is no time"}
	}
	return seconds, true, nil
}
