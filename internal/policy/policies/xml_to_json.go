package policies

import (
	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/jsonxml"
	"github.com/atelier-apim/atelier/internal/policy"
)

// XMLToJSON turns a body of XML into JSON.
var XMLToJSON = policy.Spec{
	Name:     "xml-to-json",
	Doc:      "Turns the body from XML into JSON: of the request in inbound and backend, of the response in outbound and on-error.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("kind", policy.OneOf("javascript-friendly", "direct")).Required().Expr().Doc("direct keeps the names of XML; javascript-friendly makes all of them identifiers of JavaScript."),
		policy.Attr("apply", policy.OneOf("always", "content-type-xml")).Required().Expr().Doc("always, or content-type-xml: only when the Content-Type says that the body is XML."),
		policy.Attr("consider-accept-header", policy.Bool).Default("true").Expr().Doc("Only when the request's Accept header asks for JSON."),
		policy.Attr("always-array-child-elements", policy.Bool).Default("false").Expr().Doc("Whether every child element is an array, also one that stands alone."),
	),
	Compile: compileXMLToJSON,
}

func compileXMLToJSON(a *policy.Args) (policy.Step, error) {
	when := readConversion(a, "always", isXML, isJSON)
	kind, arrays := a.Text("kind"), a.Bool("always-array-child-elements")
	return func(x *policy.Exchange) error {
		source, apply, err := when.source(x)
		if err != nil || !apply {
			return err
		}
		style, err := kind.Get(x)
		if err != nil {
			return err
		}
		o := jsonxml.JSONOptions{Friendly: style == "javascript-friendly"}
		if o.Arrays, err = arrays.Get(x); err != nil {
			return err
		}
		env := x.Evaluation()
		env.Begin()
		defer env.End()
		d, err := lib.ParseXDocument(env, source)
		if err != nil {
			return err
		}
		t, err := jsonxml.ToJSON(env, d, o)
		if err != nil {
			return err
		}
		out := t.JSON(false)
		if err := env.Charge(len(out)); err != nil {
			return err
		}
		return converted(x, out, "application/json")
	}, nil
}
