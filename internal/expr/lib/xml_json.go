package lib

// xmlToken is the JSON Newtonsoft makes of XML: an object by element name,
// attributes with @, text as #text, repeated elements as arrays.
func (m *serializer) xmlToken(n *Node) (*JToken, error) {
	o := &JToken{kind: JObject}
	switch n.kind {
	case XDocument:
		if d := n.decl; d != nil {
			o.append("?xml", d.token())
		}
		if root := n.documentRoot(); root != nil {
			v, err := m.elementToken(root)
			if err != nil {
				return nil, err
			}
			o.append(root.jsonName(), v)
		}
	case XElement:
		v, err := m.elementToken(n)
		if err != nil {
			return nil, err
		}
		o.append(n.jsonName(), v)
	case XAttribute:
		o.append("@"+n.jsonName(), NewJValue(n.value))
	default:
		return NewJValue(n.value), nil
	}
	return o, nil
}

// jsonName is the name with the prefix it would be written with.
func (n *Node) jsonName() string {
	if n.name.Space == "" {
		return n.name.Local
	}
	switch n.name.Space {
	case xmlnsNamespace:
		return "xmlns:" + n.name.Local
	case xmlNamespace:
		return "xml:" + n.name.Local
	}
	for p := n; p != nil; p = p.parent {
		for _, a := range p.attrs {
			if a.name.Space == xmlnsNamespace && a.value == n.name.Space {
				return a.name.Local + ":" + n.name.Local
			}
		}
	}
	return n.name.Local
}

func (m *serializer) elementToken(n *Node) (*JToken, error) {
	env := m.env
	if err := firstError(env.Step(1), env.Charge(240)); err != nil {
		return nil, err
	}
	simple := len(n.attrs) == 0
	switch {
	case simple && len(n.nodes) == 0 && !n.open:
		return NewJValue(nil), nil
	case simple && (len(n.nodes) == 0 || len(n.nodes) == 1 && n.nodes[0].kind == XText):
		return NewJValue(n.text()), nil
	}
	o := &JToken{kind: JObject}
	for _, a := range n.attrs {
		o.append("@"+a.jsonName(), NewJValue(a.value))
	}
	add := func(name string, v *JToken) {
		p := o.property(name)
		switch {
		case p == nil:
			o.append(name, v)
		case p.items[0].kind == JArray:
			p.items[0].link(p.items[0].Len(), v)
		default:
			first := p.items[0]
			first.parent = nil
			a := &JToken{kind: JArray, parent: p}
			p.items[0] = a
			a.link(0, first, v)
		}
	}
	for _, k := range n.nodes {
		switch k.kind {
		case XElement:
			v, err := m.elementToken(k)
			if err != nil {
				return nil, err
			}
			add(k.jsonName(), v)
		case XText:
			add("#text", NewJValue(k.value))
		case XCData:
			add("#cdata-section", NewJValue(k.value))
		case XInstruction:
			add("?"+k.target, NewJValue(k.value))
		case XComment:
			if m.comments {
				o.items = append(o.items, &JToken{kind: JComment, value: k.value, parent: o})
			}
		}
	}
	return o, nil
}
