package oas

import (
	"cmp"
	"strconv"
	"strings"
)

// operationResponses reads the answers. Azure knows them by number: a range (2XX) stands for its first status, and "default" for 200 where
// nothing else is said.
func (d *document) operationResponses(o *Operation, n *node, name string) error {
	given := n.fields("responses")
	taken := map[int]bool{}
	for _, m := range given {
		if status, err := strconv.Atoi(m.key); err == nil {
			taken[status] = true
		}
	}
	for _, m := range given {
		status, err := strconv.Atoi(m.key)
		if err != nil {
			if status = stated(m.key, len(given) == 1); status == 0 || taken[status] {
				continue
			}
			taken[status] = true
		}
		if status < 100 || status > 599 {
			return &Error{m.line, m.column, "the status " + strconv.Quote(shorten(m.key, 20)) + " is none; write 100 to 599 or default"}
		}
		r, err := d.response(n, m.value, name+strconv.Itoa(status)+"Response")
		if err != nil {
			return err
		}
		r.StatusCode = status
		o.Responses = append(o.Responses, r)
	}
	return nil
}

// stated is the status that a word stands for, 0 when it stands for none.
func stated(word string, alone bool) int {
	if strings.EqualFold(word, "default") {
		if alone {
			return 200
		}
		return 0
	}
	if len(word) == 3 && strings.EqualFold(word[1:], "XX") && word[0] >= '1' && word[0] <= '5' {
		return int(word[0]-'0') * 100
	}
	return 0
}

// response reads one answer; it is shared by all operations that refer to it.
func (d *document) response(operation, n *node, name string) (Response, error) {
	n, err := d.resolve(n)
	if err != nil {
		return Response{}, err
	}
	if r, ok := d.responses[n]; ok && d.version != Swagger2 {
		return r, nil // in Swagger 2 the content types are the operation's
	}
	r := Response{Description: shorten(n.text("description"), maxDescription)}
	headers := n.fields("headers")
	if err := d.grow(len(headers)); err != nil {
		return r, err
	}
	for _, m := range headers {
		header, err := d.resolve(m.value)
		if err != nil {
			return r, err
		}
		schema := header
		if d.version != Swagger2 {
			schema = header.get("schema")
		}
		p, err := d.value(m.key, schema)
		if err != nil {
			return r, err
		}
		p.Description, p.Required = cmp.Or(header.text("description"), p.Description), header.truth("required")
		r.Headers = append(r.Headers, p)
	}
	if d.version == Swagger2 {
		r.Representations, err = d.swaggerContent(operation, n, name)
	} else {
		r.Representations, err = d.content(n, name)
	}
	d.responses[n] = r
	return r, err
}

// swaggerContent reads the bodies of an answer of Swagger 2: one schema for all content types, examples by content type.
func (d *document) swaggerContent(operation, n *node, name string) (all []Representation, err error) {
	schema := n.get("schema")
	examples := n.fields("examples")
	var types []string
	if schema != nil {
		types = d.mediaTypes(operation, "produces", "application/json")
	}
	for _, e := range examples {
		if !contains(types, e.key) {
			types = append(types, e.key)
		}
	}
	if err := d.grow(len(types)); err != nil {
		return nil, err
	}
	for _, t := range types {
		r := Representation{ContentType: t, TypeName: d.typeName(schema, name)}
		if e := n.get("examples").get(t); e != nil {
			r.Examples = []Example{{Name: "default", Value: d.write(e, t)}}
		} else if schema != nil {
			if value := d.sample(schema, t); value != nil {
				r.Examples = []Example{{Name: "default", Value: value, Generated: true}}
			}
		}
		all = append(all, r)
	}
	return all, nil
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if strings.EqualFold(have, s) {
			return true
		}
	}
	return false
}
