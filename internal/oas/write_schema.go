package oas

import "strings"

// translateSchema says a schema in the words of a version, whichever version it was written for. What a version has no words for is left out
// (Swagger 2 has no alternatives) or kept as an extension.
func translateSchema(n *node, to Version) *node {
	if n.kind != object {
		if to != OpenAPI31 && n.kind == boolean { // 3.1 allows true and false for a schema
			return newObject()
		}
		return n
	}
	t := &translation{to: to, out: newObject()}
	for _, m := range n.members {
		t.member(m.key, m.value)
	}
	return t.finish()
}

// translation is one schema on its way into the words of a version.
type translation struct {
	to       Version
	out      *node
	nullable bool
	above    *node // exclusiveMinimum as a number
	below    *node // exclusiveMaximum as a number
}

func (t *translation) member(key string, v *node) {
	switch key {
	case "$ref":
		t.out.add(key, newText(refIn(v.value, t.to)))
	case "type":
		t.types(v)
	case "nullable", "x-nullable":
		t.nullable = t.nullable || v.value == "true"
	case "const":
		if t.to != OpenAPI31 {
			t.out.add("enum", &node{kind: list, items: []*node{v}})
			return
		}
		t.out.add(key, v)
	case "examples":
		if t.to != OpenAPI31 && v.kind == list && len(v.items) > 0 {
			t.out.add("example", v.items[0])
			return
		}
		t.out.add(key, v)
	case "exclusiveMinimum":
		t.bound(key, v, &t.above)
	case "exclusiveMaximum":
		t.bound(key, v, &t.below)
	case "discriminator":
		t.discriminator(v)
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
		t.out.add(key, eachMember(v, t.to))
	case "allOf", "prefixItems":
		t.out.add(key, eachItem(v, t.to))
	case "oneOf", "anyOf":
		if t.to == Swagger2 {
			key = "x-" + key
		}
		t.out.add(key, eachItem(v, t.to))
	case "items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else", "unevaluatedProperties", "unevaluatedItems":
		if v.kind == object {
			v = translateSchema(v, t.to)
		}
		t.out.add(key, v)
	default:
		t.out.add(key, v)
	}
}

// types takes one type, or several of which null means nullable where there are no lists of types.
func (t *translation) types(v *node) {
	if v.kind != list || t.to == OpenAPI31 {
		if v.value == "file" && t.to != Swagger2 {
			t.out.add("type", newText("string"))
			t.out.add("format", newText("binary"))
			return
		}
		t.out.add("type", v)
		return
	}
	var rest []*node
	for _, item := range v.items {
		if item.scalar() == "null" {
			t.nullable = true
		} else {
			rest = append(rest, item)
		}
	}
	switch {
	case len(rest) == 1:
		t.out.add("type", rest[0])
	case len(rest) > 1:
		choices := newList()
		for _, r := range rest {
			one := newObject()
			one.add("type", r)
			choices.items = append(choices.items, one)
		}
		if t.to == Swagger2 {
			t.out.add("x-anyOf", choices)
		} else {
			t.out.add("anyOf", choices)
		}
	}
}

// bound takes an exclusive bound: a number in 3.1, a word beside the bound before.
func (t *translation) bound(key string, v *node, number *(*node)) {
	switch {
	case v.kind == boolean && t.to != OpenAPI31, v.kind != boolean && t.to == OpenAPI31:
		t.out.add(key, v)
	case v.kind == boolean && v.value == "true":
		*number = newTruth(true) // finish turns the bound beside it round
	case v.kind != boolean:
		*number = v
	}
}

func (t *translation) discriminator(v *node) {
	switch {
	case t.to == Swagger2 && v.kind == object:
		t.out.addText("discriminator", v.text("propertyName"))
	case t.to != Swagger2 && v.kind == text:
		d := newObject()
		d.add("propertyName", v)
		t.out.add("discriminator", d)
	case v.kind == object:
		t.out.add("discriminator", translateMapping(v, t.to))
	default:
		t.out.add("discriminator", v)
	}
}

// translateMapping turns the references of a discriminator.
func translateMapping(v *node, to Version) *node {
	out := newObject()
	for _, m := range v.members {
		if m.key == "mapping" && m.value.kind == object {
			mapping := newObject()
			for _, r := range m.value.members {
				mapping.add(r.key, newText(refIn(r.value.scalar(), to)))
			}
			out.add(m.key, mapping)
			continue
		}
		out.add(m.key, m.value)
	}
	return out
}

// finish adds what several members say together.
func (t *translation) finish() *node {
	for _, b := range []struct {
		exclusive, bound string
		value            *node
	}{{"exclusiveMinimum", "minimum", t.above}, {"exclusiveMaximum", "maximum", t.below}} {
		switch {
		case b.value == nil:
		case b.value.kind == boolean: // "minimum": 3, "exclusiveMinimum": true becomes "exclusiveMinimum": 3
			for i := range t.out.members {
				if t.out.members[i].key == b.bound {
					t.out.members[i].key = b.exclusive
				}
			}
		default:
			t.out.add(b.bound, b.value)
			t.out.add(b.exclusive, newTruth(true))
		}
	}
	if t.nullable {
		t.addNull()
	}
	return t.out
}

func (t *translation) addNull() {
	switch t.to {
	case Swagger2:
		t.out.add("x-nullable", newTruth(true))
	case OpenAPI30:
		t.out.add("nullable", newTruth(true))
	default:
		for i := range t.out.members {
			m := &t.out.members[i]
			if m.key == "type" && m.value.kind == text {
				m.value = &node{kind: list, items: []*node{m.value, newText("null")}}
			}
		}
	}
}

func eachMember(v *node, to Version) *node {
	if v.kind != object {
		return v
	}
	out := newObject()
	for _, m := range v.members {
		out.add(m.key, translateSchema(m.value, to))
	}
	return out
}

func eachItem(v *node, to Version) *node {
	if v.kind != list {
		return v
	}
	out := newList()
	for _, i := range v.items {
		out.items = append(out.items, translateSchema(i, to))
	}
	return out
}

// refIn is a reference to a named schema as a version writes it.
func refIn(ref string, to Version) string {
	const two, three = "#/definitions/", "#/components/schemas/"
	if to == Swagger2 {
		if name, ok := strings.CutPrefix(ref, three); ok {
			return two + name
		}
		return ref
	}
	if name, ok := strings.CutPrefix(ref, two); ok {
		return three + name
	}
	return ref
}
