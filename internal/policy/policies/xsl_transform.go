package policies

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"strings"

	"github.com/atelier-apim/atelier/internal/libxml"
	"github.com/atelier-apim/atelier/internal/policy"
)

// XSLTransform applies a stylesheet to the body of the message in hand (policies.md 7.8).
var XSLTransform = policy.Spec{
	Name:     "xsl-transform",
	Doc:      "Applies an XSLT 1.0 stylesheet to the XML body: of the request in inbound, of the response in outbound.",
	Sections: policy.In(policy.Inbound, policy.Outbound),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Children("parameter", policy.Text,
			policy.Attr("name", policy.Text).Doc("Name of a parameter that the stylesheet declares at its top level."),
			policy.Attr("parameter-name", policy.Text).Doc("The same, as older documents call it."),
		).Expr().Doc("A value for a parameter of the stylesheet, as text."),
		policy.Foreign("xsl:stylesheet").Doc("The stylesheet; it stands alone, without import and include."),
		policy.Foreign("xsl:transform").Doc("The same under its other name."),
	),
	Compile: compileXSLTransform,
}

// sheetParam is a parameter whose value is known for each request.
type sheetParam struct {
	name  string
	value policy.TextValue
}

func compileXSLTransform(a *policy.Args) (policy.Step, error) {
	params, err := sheetParams(a)
	if err != nil {
		return nil, err
	}
	source := a.One("xsl:stylesheet")
	switch other := a.One("xsl:transform"); {
	case source != nil && other != nil:
		return nil, other.Errorf("there are two stylesheets; keep one")
	case source == nil && other == nil:
		return nil, errors.New("the element 'xsl-transform' is incomplete; a child element 'xsl:stylesheet' is required")
	case source == nil:
		source = other
	}
	if source.Foreign() == "" {
		return func(*policy.Exchange) error { return errors.New("the stylesheet uses named values that are not known") }, nil
	}
	sheet, err := libxml.Shared().Stylesheet(context.Background(), []byte(source.Foreign()))
	var problems libxml.Problems
	switch {
	case errors.As(err, &problems):
		var all []policy.Mistake
		for _, p := range problems {
			all = append(all, policy.Mistake{Line: p.Line, Column: p.Column, Message: "The stylesheet is invalid - " + p.Message})
		}
		return nil, source.Mistakes(all)
	case err != nil:
		return nil, source.Errorf("the stylesheet can't be compiled: %v", err)
	}
	return func(x *policy.Exchange) error { return transform(x, sheet, params) }, nil
}

func sheetParams(a *policy.Args) (out []sheetParam, err error) {
	seen := map[string]bool{}
	for _, p := range a.All("parameter") {
		name := p.Literal("name")
		switch old := p.Literal("parameter-name"); {
		case name != "" && old != "":
			return nil, p.Errorf("give the parameter its name in 'name' or in 'parameter-name', not in both")
		case name == "":
			name = old
		}
		switch {
		case name == "":
			return nil, p.Errorf("The required attribute 'name' is missing")
		case seen[name]:
			return nil, p.Errorf("parameter '%s' is given twice", name)
		}
		seen[name] = true
		out = append(out, sheetParam{name, p.Content()})
	}
	return out, nil
}

// transform fails closed: a message that can't be transformed goes no further.
func transform(x *policy.Exchange, sheet *libxml.Stylesheet, params []sheetParam) error {
	h, body := x.Message()
	if *body == nil {
		return notTransformed("the message has no body", nil)
	}
	if encoded(h) {
		return notTransformed("the body is compressed; have it sent without Content-Encoding", nil)
	}
	document, err := (*body).Bytes(true)
	if err != nil {
		return err
	}
	given := make([]libxml.Param, 0, len(params))
	for _, p := range params {
		value, err := p.value.Get(x)
		if err != nil {
			return err
		}
		given = append(given, libxml.Param{Name: p.name, Value: value})
	}
	var result *libxml.Result
	err = x.Heavy(func() (err error) {
		result, err = sheet.Transform(x.Context, document, given...)
		return err
	})
	var refused *policy.Error
	switch {
	case errors.As(err, &refused):
		return err
	case err != nil && x.Context.Err() != nil:
		return &policy.Error{Reason: "ClientConnectionFailure", Message: "The caller closed the connection.", Status: 499, Cause: err}
	case err != nil:
		return notTransformed(err.Error(), err)
	case int64(len(result.Body)) > bodyLimit(*body):
		return policy.ErrBodyTooLarge
	}
	for _, text := range result.Messages {
		if x.Host != nil && x.Tracing {
			x.Host.Trace(x, policy.TraceRecord{Source: "xsl-transform", Severity: "information", Message: text})
		}
	}
	media := resultType(h.Get("Content-Type"), result)
	if media == "" {
		return notTransformed("media-type of xsl:output is not a media type", nil)
	}
	replaceBody(x, result.Body)
	h.Set("Content-Type", media)
	return nil
}

func notTransformed(why string, cause error) error {
	return &policy.Error{Reason: "TransformationFailed", Message: fmt.Sprintf("The body was not transformed: %s", why), Status: 500, Cause: cause}
}

// resultType is the media type of a result: what xsl:output says, else what its method gives. A message that was XML of some kind and still is keeps
// its kind. It is "" when xsl:output says something that is no media type.
func resultType(before string, r *libxml.Result) string {
	media, params := r.MediaType, map[string]string{}
	if media == "" {
		media = map[libxml.Method]string{libxml.HTML: "text/html", libxml.Text: "text/plain", libxml.XML: "application/xml"}[r.Method]
		if old, kept, err := mime.ParseMediaType(before); r.Method == libxml.XML && err == nil && (old == "text/xml" || strings.HasSuffix(old, "+xml")) {
			media, params = old, kept
		}
	}
	params["charset"] = strings.ToLower(r.Encoding)
	return mime.FormatMediaType(media, params)
}
