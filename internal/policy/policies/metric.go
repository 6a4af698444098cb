package policies

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Metric is one measurement. Its dimensions are bounded in number and length, and always the same for one element of a document.
type Metric struct {
	Namespace, Name string
	Value           float64
	Dimensions      []policy.Param
}

// Metrics takes measurements. It is called by many exchanges at once, also when the answer has been sent, and must not keep them waiting.
type Metrics interface {
	Emit(x *policy.Exchange, m Metric)
}

// defaultNamespace is where metrics go that name none.
const defaultNamespace = "API Management"

const (
	maxDimension     = 256 // bytes of a name or value
	customDimensions = 10  // of one element
)

// dimensionShape is the dimension child of the policies that emit metrics.
func dimensionShape() *policy.ElementShape {
	return policy.Child("dimension",
		policy.Attr("name", policy.Text).Required().Expr().Doc("Name of the dimension."),
		policy.Attr("value", policy.Text).Expr().Doc("Its value; left out for the names that the gateway knows, such as API ID."),
	).Many().Required().Doc("A name and a value that the metric is told apart by.")
}

// standard are the dimensions that the gateway knows.
var standard = map[string]func(*policy.Exchange) string{
	"API ID": func(x *policy.Exchange) string { return idOf(x.API, func(e *policy.API) string { return e.ID }) },
	"Operation ID": func(x *policy.Exchange) string {
		return idOf(x.Operation, func(e *policy.Operation) string { return e.ID })
	},
	"Product ID": func(x *policy.Exchange) string {
		return idOf(x.Product, func(e *policy.Product) string { return e.ID })
	},
	"User ID": func(x *policy.Exchange) string { return idOf(x.User, func(e *policy.User) string { return e.ID }) },
	"Subscription ID": func(x *policy.Exchange) string {
		return idOf(x.Subscription, func(e *policy.Subscription) string { return e.ID })
	},
	"Location": func(x *policy.Exchange) string {
		return idOf(x.Deployment, func(e *policy.Deployment) string { return e.Region })
	},
	"Gateway ID": func(x *policy.Exchange) string {
		return idOf(x.Deployment, func(e *policy.Deployment) string { return e.GatewayID })
	},
	"Backend ID": func(x *policy.Exchange) string {
		return idOf(x.Backend.Backend, func(e *policy.Backend) string { return e.ID })
	},
}

func idOf[T any](e *T, id func(*T) string) string {
	if e == nil {
		return ""
	}
	return id(e)
}

// dimension is one of an element.
type dimension struct {
	name, value policy.TextValue
	given       bool // has a value of its own
}

// readDimensions reads the dimensions of an element, of which at most limit may have values of their own; known are the names that need none.
func readDimensions(a *policy.Args, limit int, known func(string) bool) (all []dimension, err error) {
	custom := 0
	for _, child := range a.All("dimension") {
		d := dimension{child.Text("name"), child.Text("value"), child.Set("value")}
		name, literal := d.name.Literal()
		if literal && !d.given && !known(name) {
			return nil, child.Errorf("the dimension '%s' needs a value; the gateway doesn't know it by itself", name)
		}
		if d.given {
			custom++
		}
		all = append(all, d)
	}
	if custom > limit {
		return nil, a.Errorf("it has %d dimensions with values of their own; at most %d are allowed", custom, limit)
	}
	return all, nil
}

func knownDimension(name string) bool { return standard[name] != nil }

// measured is what a dimension is for one request: a value, or the name of one that is known when the metric is emitted.
type measured struct {
	policy.Param
	later bool
}

func measure(x *policy.Exchange, all []dimension, known func(string) bool) ([]measured, error) {
	out := make([]measured, 0, len(all))
	for _, d := range all {
		name, err := d.name.Get(x)
		if err != nil {
			return nil, err
		}
		m := measured{Param: policy.Param{Name: short(name)}, later: !d.given}
		if !d.given && !known(name) {
			return nil, fmt.Errorf("the dimension '%s' needs a value; the gateway doesn't know it by itself", name)
		}
		if d.given {
			if m.Value, err = d.value.Get(x); err != nil {
				return nil, err
			}
			m.Value = short(m.Value)
		}
		if !slices.ContainsFunc(out, func(o measured) bool { return o.Name == m.Name }) { // the first of a name counts
			out = append(out, m)
		}
	}
	return out, nil
}

// short cuts a text to the length that a dimension may have.
func short(s string) string {
	if len(s) <= maxDimension {
		return s
	}
	end := maxDimension
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

func dimensionsOf(x *policy.Exchange, all []measured) []policy.Param {
	out := make([]policy.Param, len(all))
	for i, m := range all {
		out[i] = m.Param
		if m.later {
			out[i].Value = short(standard[m.Name](x))
		}
	}
	return out
}
