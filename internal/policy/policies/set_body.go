package policies

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/policy"
)

// SetBody replaces the body of the message in hand.
var SetBody = policy.Spec{
	Name:     "set-body",
	Doc:      "Replaces the body: of the request in inbound and backend, of the response in outbound and on-error.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	HTTPOnly: true,
	Shape: policy.Element(
		policy.Attr("template", policy.OneOf("none", "liquid")).Default("none").Doc("liquid: the text is a template of Liquid, over body and context."),
		policy.Attr("xsi-nil", policy.OneOf("blank", "null")).Default("blank").Doc("How a Liquid template sees xsi:nil elements."),
		policy.Attr("parse-date", policy.Bool).Default("true").Doc("Whether a Liquid template sees dates of the body as dates."),
		policy.Content(policy.Object).Expr().Markup().Template("template", "liquid").Doc("The body: text, a template, or an expression that gives a string or byte[]."),
	),
	Compile: compileSetBody,
}

func compileSetBody(a *policy.Args) (policy.Step, error) {
	if a.Literal("template") == "liquid" {
		return compileLiquidBody(a)
	}
	value := a.ContentObject()
	if s, literal := value.Literal(); literal {
		bytes := []byte(s)
		return func(x *policy.Exchange) error {
			replaceBody(x, bytes)
			return nil
		}, nil
	}
	return func(x *policy.Exchange) error {
		v, err := value.Get(x)
		if err != nil {
			return err
		}
		switch v := v.(type) {
		case nil:
			replaceBody(x, nil)
		case string:
			replaceBody(x, []byte(v))
		case *types.ByteArray:
			replaceBody(x, v.B)
		default:
			return fmt.Errorf("set-body takes a string or byte[]; the expression gave %s, call ToString() on it", policy.TypeName(v))
		}
		return nil
	}, nil
}

// compileLiquidBody makes the body of a template.
func compileLiquidBody(a *policy.Args) (policy.Step, error) {
	t, err := compileLiquid(a)
	if err != nil {
		return nil, err
	}
	o := liquidOptions{nulls: a.Literal("xsi-nil") == "null", dates: a.Literal("parse-date") == "true"}
	return func(x *policy.Exchange) error {
		text, err := renderLiquid(x, t, o)
		if err != nil {
			return err
		}
		replaceBody(x, []byte(text))
		return nil
	}, nil
}

// replaceBody lets go of the old body and keeps Content-Length true; Content-Type stays as it is.
func replaceBody(x *policy.Exchange, b []byte) {
	h, body := x.Message()
	(*body).Close()
	*body = policy.NewBody(b)
	h.Del("Transfer-Encoding")
	if h.Has("Content-Length") {
		h.Set("Content-Length", decimal(int64(len(b))))
	}
}
