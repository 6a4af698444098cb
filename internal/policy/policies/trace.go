package policies

import "github.com/atelier-apim/atelier/internal/policy"

// Trace writes a record for the people who operate the API.
var Trace = policy.Spec{
	Name:     "trace",
	Doc:      "Writes a message to the traces and logs of the request.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("source", policy.Text).Required().Doc("Where the message comes from, as its author calls it."),
		policy.Attr("severity", policy.OneOf("verbose", "information", "error")).Default("verbose").Doc("How much it matters."),
		policy.Content(policy.Text).Expr().Doc("The message, as old documents write it."),
		policy.Child("message", policy.Content(policy.Text).Expr()).Doc("The message."),
		policy.Child("metadata",
			policy.Attr("name", policy.Text).Required().Expr(),
			policy.Attr("value", policy.Text).Required().Expr(),
		).Many().Doc("A name and a value beside the message."),
	),
	Compile: compileTrace,
}

func compileTrace(a *policy.Args) (policy.Step, error) {
	source, severity, message := a.Literal("source"), a.Literal("severity"), a.Content()
	switch m := a.One("message"); {
	case m != nil && a.HasContent():
		return nil, a.Errorf("the message stands in the element 'message' and beside it; keep one")
	case m != nil:
		message = m.Content()
	case !a.HasContent():
		return nil, a.Errorf("the element 'trace' is incomplete; a child element 'message' is required")
	}
	type pair struct{ name, value policy.TextValue }
	var metadata []pair
	for _, m := range a.All("metadata") {
		metadata = append(metadata, pair{m.Text("name"), m.Text("value")})
	}
	return func(x *policy.Exchange) error {
		t := policy.TraceRecord{Source: source, Severity: severity}
		var err error
		if t.Message, err = message.Get(x); err != nil {
			return err
		}
		for _, m := range metadata {
			var p policy.Param
			if p.Name, err = m.name.Get(x); err != nil {
				return err
			}
			if p.Value, err = m.value.Get(x); err != nil {
				return err
			}
			t.Metadata = append(t.Metadata, p)
		}
		if x.Host != nil {
			x.Host.Trace(x, t)
		}
		return nil
	}, nil
}
