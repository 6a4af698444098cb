package oas

// Bounds on samples made from schemas, which can describe themselves.
const (
	maxSampleDepth = 8
	maxSampleSize  = 1000    // steps to one sample; each of its values takes at least one
	maxSampleSteps = 300_000 // steps to all samples of a document
)

type sampleKey struct {
	schema *node
	xml    bool
}

// sample is a body that fits the schema, for mocking; nil when there is none to show. It favours what the author said (examples, defaults,
// enumerations) over invention, and is always the same for the same document.
func (d *document) sample(schema *node, contentType string) []byte {
	switch {
	case isJSON(contentType), isXML(contentType):
	default:
		if n := d.made(schema); n != nil && n.kind != object && n.kind != list {
			return []byte(n.value) // text and the like
		}
		return nil
	}
	target, err := d.resolve(schema)
	if err != nil {
		return nil
	}
	key := sampleKey{target, isXML(contentType)}
	value, done := d.samples[key]
	if done {
		return value
	}
	if n := d.made(schema); n != nil {
		if key.xml {
			value = d.xmlSample(schema, n)
		} else {
			value = appendJSON(nil, n, true, 0)
		}
	}
	d.samples[key] = value
	return value
}

// made is the sample as a tree.
func (d *document) made(schema *node) *node {
	if d.spent >= maxSampleSteps {
		return nil
	}
	m := &maker{d: d, left: min(maxSampleSize, maxSampleSteps-d.spent)}
	before := m.left
	n := m.value(schema, 0)
	d.spent += before - m.left
	return n
}

// maker makes one sample.
type maker struct {
	d    *document
	left int     // steps that may still be taken
	open []*node // schemas around the one at hand
}

// value is nil when the schema leads back to itself, too deep, or beyond the budget: the caller leaves the value out.
func (m *maker) value(schema *node, depth int) *node {
	if m.left--; m.left < 0 || depth > maxSampleDepth {
		return nil
	}
	schema, err := m.d.resolve(schema)
	if err != nil || schema == nil {
		return nil
	}
	for _, outer := range m.open {
		if outer == schema {
			return nil
		}
	}
	if v := said(schema); v != nil && v.size <= m.left {
		m.left -= v.size
		return v
	}
	m.open = append(m.open, schema)
	defer func() { m.open = m.open[:len(m.open)-1] }()
	for _, key := range []string{"oneOf", "anyOf"} {
		for _, choice := range schema.list(key) {
			if n := m.value(choice, depth); n != nil && n.kind != null {
				return m.merged(n, schema, depth)
			}
		}
	}
	switch m.d.typeOf(schema) {
	case "object":
		return m.object(schema, depth)
	case "array":
		return m.list(schema, depth)
	case "":
		if schema.get("allOf") != nil {
			return m.object(schema, depth)
		}
		return &node{kind: object, size: 1}
	}
	return scalarSample(schema, m.d.typeOf(schema))
}

// said is a value that the author gives for a schema.
func said(schema *node) *node {
	for _, key := range []string{"example", "const", "default"} {
		if v := schema.get(key); v != nil && v.kind != null {
			return v
		}
	}
	for _, key := range []string{"examples", "enum"} {
		if all := schema.list(key); len(all) > 0 {
			return all[0]
		}
	}
	return nil
}

// object has every property that callers see, those of allOf first.
func (m *maker) object(schema *node, depth int) *node {
	out := &node{kind: object}
	for _, part := range schema.list("allOf") {
		n := m.value(part, depth)
		if n == nil {
			continue
		}
		if n.kind != object {
			return n
		}
		out.members = overlay(out.members, n.members)
	}
	if properties := schema.get("properties"); properties != nil {
		var own []member
		for _, p := range properties.members {
			if n := m.value(p.value, depth+1); n != nil {
				own = append(own, member{key: p.key, value: n})
			}
		}
		out.members = overlay(out.members, own)
	}
	if free := schema.get("additionalProperties"); len(out.members) == 0 && free != nil && free.kind == object {
		if n := m.value(free, depth+1); n != nil {
			out.members = []member{{key: "key", value: n}}
		}
	}
	return out.seal()
}

// merged adds the properties beside a oneOf to the chosen object.
func (m *maker) merged(chosen, schema *node, depth int) *node {
	if chosen.kind != object || schema.get("properties") == nil && schema.get("allOf") == nil {
		return chosen
	}
	around := m.object(schema, depth)
	if around.kind != object {
		return chosen
	}
	out := &node{kind: object, members: overlay(around.members, chosen.members)}
	return out.seal()
}

// overlay is the members of both, a later one in the place of an earlier one of its name.
func overlay(under, over []member) []member {
	out := append([]member(nil), under...)
	places := make(map[string]int, len(out))
	for i, m := range out {
		places[m.key] = i
	}
	for _, m := range over {
		if i, again := places[m.key]; again {
			out[i] = m
			continue
		}
		places[m.key] = len(out)
		out = append(out, m)
	}
	return out
}

// list has one item.
func (m *maker) list(schema *node, depth int) *node {
	out := &node{kind: list}
	if item := m.value(schema.get("items"), depth+1); item != nil {
		out.items = []*node{item}
	}
	return out.seal()
}

// formatSamples are texts of the formats that matter to programs.
var formatSamples = map[string]string{
	"date-time": "2026-01-31T12:00:00Z", "date": "2026-01-31", "time": "12:00:00Z", "duration": "PT1H",
	"uuid": "3f1d6c1e-8a4b-4c7d-9e2f-5b6a7c8d9e0f", "email": "name@example.com", "hostname": "example.com",
	"ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://example.com", "url": "https://example.com", "byte": "c2FtcGxl", "password": "secret",
}

func scalarSample(schema *node, typ string) *node {
	n := &node{size: 1}
	switch typ {
	case "integer", "number":
		n.kind, n.value = number, "0"
		if least := schema.get("minimum"); least != nil && least.kind == number {
			n.value = least.value
		}
	case "boolean":
		n.kind, n.value = boolean, "true"
	case "null":
		n.kind = null
	default:
		n.kind, n.value = text, "string"
		if s, ok := formatSamples[schema.text("format")]; ok {
			n.value = s
		}
	}
	return n
}
