package policies

import (
	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/jsonxml"
	"github.com/atelier-apim/atelier/internal/policy"
)

// JSONToXML turns a body of JSON into XML.
var JSONToXML = policy.Spec{
	Name:     "json-to-xml",
	Doc:      "Turns the body from JSON into XML: of the request in inbound and backend, of the response in outbound and on-error.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("apply", policy.OneOf("always", "content-type-json")).Required().Expr().Doc("always, or content-type-json: only when the Content-Type says that the body is JSON."),
		policy.Attr("consider-accept-header", policy.Bool).Default("true").Expr().Doc("Only when the request's Accept header asks for XML."),
		policy.Attr("parse-date", policy.Bool).Default("true").Doc("Whether text that reads as a date is written as one; else it is copied."),
		policy.Attr("namespace-separator", policy.Text).Default("_").Expr().Doc("What stands between prefix and name in names of properties."),
		policy.Attr("namespace-prefix", policy.Text).Expr().Doc("How names of properties begin that declare a namespace, such as xmlns."),
		policy.Attr("attribute-block-name", policy.Text).Expr().Doc("Name of the property whose object holds attributes."),
	),
	Compile: compileJSONToXML,
}

func compileJSONToXML(a *policy.Args) (policy.Step, error) {
	when := readConversion(a, "always", isJSON, isXML)
	separator, prefix, block := a.Text("namespace-separator"), a.Text("namespace-prefix"), a.Text("attribute-block-name")
	read := lib.ParseJTokenText
	if a.Literal("parse-date") == "true" {
		read = lib.ParseJToken
	}
	return func(x *policy.Exchange) error {
		source, apply, err := when.source(x)
		if err != nil || !apply {
			return err
		}
		var o jsonxml.XMLOptions
		for _, v := range []struct {
			from policy.TextValue
			to   *string
		}{{separator, &o.Separator}, {prefix, &o.Namespaces}, {block, &o.Attributes}} {
			if *v.to, err = v.from.Get(x); err != nil {
				return err
			}
		}
		env := x.Evaluation()
		env.Begin()
		defer env.End()
		t, err := read(env, source)
		if err != nil {
			return err
		}
		out, err := jsonxml.ToXML(env, t, o)
		if err != nil {
			return err
		}
		return converted(x, out, "application/xml")
	}, nil
}
