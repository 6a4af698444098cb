package oas

// What Swagger 2 says in ways of its own: content types beside the operation, bodies and forms among the parameters.

// mediaTypes writes what an operation takes and answers.
func (w *writer) mediaTypes(n *node, o *Operation) {
	var takes, gives []string
	for _, r := range o.Request.Representations {
		takes = append(takes, r.ContentType)
	}
	for _, r := range o.Responses {
		for _, rep := range r.Representations {
			if !contains(gives, rep.ContentType) {
				gives = append(gives, rep.ContentType)
			}
		}
	}
	n.addSome("consumes", texts(takes))
	n.addSome("produces", texts(gives))
}

func texts(all []string) *node {
	out := newList()
	for _, s := range all {
		out.items = append(out.items, newText(s))
	}
	return out
}

// swaggerBody adds the body to the parameters: the fields of a form, or one parameter with the first schema that a representation has.
func (w *writer) swaggerBody(parameters *node, o *Operation) {
	var schema *node
	for _, r := range o.Request.Representations {
		if len(r.FormParameters) > 0 {
			for _, p := range r.FormParameters {
				parameters.items = append(parameters.items, w.parameter(p, "formData"))
			}
			return
		}
		if schema == nil {
			schema = w.schemaOf(r)
		}
	}
	if len(o.Request.Representations) == 0 {
		return
	}
	if schema == nil {
		schema = newObject()
	}
	body := newObject()
	body.add("name", newText("body"))
	body.add("in", newText("body"))
	body.addText("description", o.Request.Description)
	body.add("schema", schema)
	parameters.items = append(parameters.items, body)
}

// swaggerAnswer adds schema and examples to an answer.
func (w *writer) swaggerAnswer(n *node, r Response) {
	var schema *node
	examples := newObject()
	for _, rep := range r.Representations {
		if schema == nil {
			schema = w.schemaOf(rep)
		}
		for _, e := range rep.Examples {
			if !e.Generated && e.External == "" {
				examples.add(rep.ContentType, exampleNode(e.Value, rep.ContentType))
				break
			}
		}
	}
	if schema != nil {
		n.add("schema", schema)
	}
	n.addSome("examples", examples)
}
