package policies

import (
	"errors"
	"mime"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/liquid"
	"github.com/atelier-apim/atelier/internal/policy"
)

// liquidOptions say how a template sees the body.
type liquidOptions struct {
	nulls bool // xsi:nil elements are null instead of blank
	dates bool // text of JSON that reads as a date is one
}

// compileLiquid compiles the element's text as a template of Liquid. Its errors name line and column of the document.
func compileLiquid(a *policy.Args) (*liquid.Template, error) {
	t, err := liquid.Parse(a.Template())
	var bad *liquid.Error
	if errors.As(err, &bad) {
		return nil, a.TemplateError(bad.Offset, "The Liquid template is invalid - "+bad.Message)
	}
	if err != nil {
		return nil, err
	}
	for _, w := range t.Warnings {
		a.WarnTemplate(w.Offset, "In the Liquid template "+w.Message)
	}
	return t, nil
}

// renderLiquid renders a template over the exchange: body is the body of the message that it reads, context what expressions see.
func renderLiquid(x *policy.Exchange, t *liquid.Template, o liquidOptions) (string, error) {
	env := x.Evaluation()
	env.Begin()
	defer env.End()
	limit := policy.DefaultMaxBody
	if _, body := x.Source(); *body != nil {
		limit = int(bodyLimit(*body))
	}
	v := &liquidVariables{x: x, options: o}
	out, err := t.Render(env, v, limit)
	if v.failed != nil {
		err = v.failed
	}
	return out, err
}

// liquidVariables are body and context. The body is read when a template first asks for it.
type liquidVariables struct {
	x       *policy.Exchange
	options liquidOptions
	body    any
	read    bool
	failed  error // why the body or a part of the context can't be had
}

// Get implements liquid.Lookup.
func (v *liquidVariables) Get(name string) (any, bool) {
	switch strings.ToLower(name) {
	case "body":
		if !v.read {
			v.read = true
			v.body, v.failed = liquidBody(v.x, v.options)
		}
		return v.body, true
	case "context":
		return &liquidObject{v, v.x}, true
	}
	return nil, false
}

// liquidBody is the body by its content type: JSON, XML, or text. Without a body it is null.
func liquidBody(x *policy.Exchange, o liquidOptions) (any, error) {
	h, body := x.Source()
	if *body == nil {
		return nil, nil
	}
	data, err := (*body).Bytes(true)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	env := x.Evaluation()
	if err := env.Charge(len(data)); err != nil {
		return nil, err
	}
	switch contentType := h.Get("Content-Type"); {
	case isJSON(contentType):
		return liquid.FromJSON(env, string(data), o.dates)
	case isXML(contentType):
		return liquid.FromXML(env, string(data), o.nulls)
	}
	return string(data), nil
}

func isXML(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (t == "application/xml" || t == "text/xml" || strings.HasSuffix(t, "+xml"))
}

// liquidObject is the context object, or an object it leads to.
type liquidObject struct {
	variables *liquidVariables
	value     types.Value
}

// Get implements liquid.Lookup: entries of a dictionary, else properties, names without case.
func (o *liquidObject) Get(name string) (any, bool) {
	x := o.variables.x
	if d, ok := o.value.(types.Dictionary); ok {
		v, ok := d.Get(name)
		return o.variables.value(v), ok
	}
	if v, ok := liquidExtra(x, o.value, strings.ToLower(name)); ok {
		return v, true
	}
	v, ok, err := x.Property(o.value, name)
	if err != nil {
		o.variables.failed = err
	}
	return o.variables.value(v), ok
}

// NetString implements types.Text: addresses have a text, other objects none.
func (o *liquidObject) NetString() string {
	if t, ok := o.value.(types.Text); ok {
		return t.NetString()
	}
	return ""
}

// Entries implements liquid.Walk: what a loop over a dictionary goes through.
func (o *liquidObject) Entries() []any {
	d, ok := o.value.(types.Dictionary)
	if !ok {
		return nil
	}
	var out []any
	for item, err := range types.Each(o.variables.x.Evaluation(), d) {
		if err != nil {
			o.variables.failed = err
			return nil
		}
		if p, ok := item.(types.Pair); ok {
			out = append(out, liquid.Pair{Key: types.ToString(p.Key), Value: o.variables.value(p.Value)})
		}
	}
	return out
}

// liquidExtra are members that templates have and expressions have not.
func liquidExtra(x *policy.Exchange, of types.Value, name string) (any, bool) {
	switch v := of.(type) {
	case *policy.Request:
		switch name {
		case "originalmethod":
			return x.Request.OriginalMethod, true
		case "hasbody":
			return x.Request.Body != nil, true
		}
	case *policy.Response:
		if name == "method" {
			return x.Request.Method, true
		}
	case *policy.URL:
		if name == "tostring" || name == "touri" {
			return v.NetString(), true
		}
	}
	return nil, false
}

// value is a value of expressions as templates see it: several values of a header are one text with commas between them.
func (v *liquidVariables) value(value types.Value) any {
	env := v.x.Evaluation()
	var out any
	var err error
	switch t := value.(type) {
	case *lib.JToken:
		out, err = liquid.FromToken(env, t)
	case *lib.Node:
		out, err = liquid.FromXML(env, t.XML(false), v.options.nulls)
	case *types.Array:
		if t.Elem.Same(types.String) {
			return joinedValues(t)
		}
		out, err = v.list(t)
	case types.Dictionary:
		return &liquidObject{v, value}
	case types.Sequence:
		out, err = v.list(t)
	case lib.DateTime, lib.Decimal, types.Enum, lib.Guid, lib.TimeSpan:
		return value
	case types.Typed:
		return &liquidObject{v, value}
	default:
		return value
	}
	if err != nil {
		v.failed = err
	}
	return out
}

func joinedValues(a *types.Array) string {
	all := make([]string, len(a.Items))
	for i, item := range a.Items {
		all[i] = types.ToString(item)
	}
	return strings.Join(all, ",")
}

func (v *liquidVariables) list(s types.Sequence) ([]any, error) {
	out := []any{}
	for item, err := range types.Each(v.x.Evaluation(), s) {
		if err != nil {
			return nil, err
		}
		out = append(out, v.value(item))
	}
	return out, nil
}
