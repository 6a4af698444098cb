package graphql

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// arguments are the values of a field's arguments, defaults included. Numbers are json.Number.
func (e *executing) arguments(def *ast.Definition, f *fieldGroup) (map[string]any, error) {
	d := f.nodes[0].Definition
	if d == nil {
		if d = def.Fields.ForName(f.name()); d == nil {
			return map[string]any{}, nil
		}
	}
	out := make(map[string]any, len(d.Arguments))
	in := &completing{op: e.op}
	for _, a := range d.Arguments {
		given := f.nodes[0].Arguments.ForName(a.Name)
		switch {
		case given != nil && (given.Value.Kind != ast.Variable || e.op.given(given.Value.Raw)):
			out[a.Name] = in.value(a.Type, e.op.value(given.Value), 0)
		case a.DefaultValue != nil:
			out[a.Name] = in.value(a.Type, e.op.value(a.DefaultValue), 0)
		}
		if v, there := out[a.Name]; a.Type.NonNull && (!there || v == nil) {
			return nil, fmt.Errorf("the argument '%s' of %s.%s must not be null", a.Name, def.Name, d.Name)
		}
	}
	if in.values > maxInput {
		return nil, fmt.Errorf("the arguments of %s.%s come to more than %d values with their defaults", def.Name, d.Name, maxInput)
	}
	return out, nil
}

func (o *Operation) given(variable string) bool { _, ok := o.vars[variable]; return ok }

// value is a literal of the document with variables in place.
func (o *Operation) value(v *ast.Value) any {
	if v == nil {
		return nil
	}
	switch v.Kind {
	case ast.Variable:
		return o.vars[v.Raw]
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw)
	case ast.BooleanValue:
		return v.Raw == "true"
	case ast.NullValue:
		return nil
	case ast.ListValue:
		out := make([]any, len(v.Children))
		for i, c := range v.Children {
			out[i] = o.value(c.Value)
		}
		return out
	case ast.ObjectValue:
		out := make(map[string]any, len(v.Children))
		for _, c := range v.Children {
			if c.Value.Kind != ast.Variable || o.given(c.Value.Raw) {
				out[c.Name] = o.value(c.Value)
			}
		}
		return out
	}
	return v.Raw
}

// maxInput is how many values arguments may come to: defaults that hold defaults grow fast.
const maxInput = 20_000

// completing counts what the arguments of one field come to.
type completing struct {
	op     *Operation
	values int
}

// value makes a list of a single value where a list is due, and puts in the defaults of input objects.
func (in *completing) value(typ *ast.Type, v any, depth int) any {
	if in.values++; v == nil || depth > 100 || in.values > maxInput {
		return v
	}
	o := in.op
	if typ.Elem != nil {
		items, ok := v.([]any)
		if !ok {
			return []any{in.value(typ.Elem, v, depth+1)}
		}
		out := make([]any, len(items))
		for i := range items {
			out[i] = in.value(typ.Elem, items[i], depth+1)
		}
		return out
	}
	def, props := o.schema.ast.Types[typ.NamedType], map[string]any(nil)
	if def == nil || def.Kind != ast.InputObject {
		return v
	}
	props, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := make(map[string]any, len(props))
	for _, f := range def.Fields {
		given, there := props[f.Name]
		switch {
		case there:
			out[f.Name] = in.value(f.Type, given, depth+1)
		case f.DefaultValue != nil:
			out[f.Name] = in.value(f.Type, o.value(f.DefaultValue), depth+1)
		}
	}
	return out
}

// leaf makes of data a value of a scalar or an enumeration.
func leaf(of *ast.Definition, value any) (any, error) {
	if of.Kind == ast.Enum {
		name, ok := value.(string)
		if !ok || of.EnumValues.ForName(name) == nil {
			return nil, fmt.Errorf("the data is no value of %s", of.Name)
		}
		return name, nil
	}
	number, isNumber := value.(json.Number)
	text, isText := value.(string)
	truth, isBool := value.(bool)
	wrong := fmt.Errorf("the data can't be shown as %s", of.Name)
	switch of.Name {
	case "Int":
		if f, err := strconv.ParseFloat(string(number), 64); isNumber && err == nil && f == math.Trunc(f) && f >= math.MinInt32 && f <= math.MaxInt32 {
			return int64(f), nil
		}
		return nil, wrong
	case "Float":
		if _, err := strconv.ParseFloat(string(number), 64); isNumber && err == nil {
			return number, nil
		}
		return nil, wrong
	case "Boolean":
		if isBool {
			return truth, nil
		}
		return nil, wrong
	case "ID":
		if isNumber && !strings.ContainsAny(string(number), ".eE") {
			return string(number), nil
		}
		if isText {
			return text, nil
		}
		return nil, wrong
	case "String":
		switch {
		case isText:
			return text, nil
		case isNumber:
			return string(number), nil
		case isBool:
			return strconv.FormatBool(truth), nil
		}
		return nil, wrong
	}
	return value, nil // of a custom scalar, any JSON
}

// object is an object of an answer: its members in the order of the request.
type object struct {
	names  []string
	values []any
}

// answerWriter writes an answer up to a size.
type answerWriter struct {
	b    []byte
	most int
	err  error
}

func (w *answerWriter) text(s string) {
	if len(w.b)+len(s) > w.most {
		w.err = ErrTooLarge
	}
	if w.err == nil {
		w.b = append(w.b, s...)
	}
}

func (w *answerWriter) value(v any) {
	if w.err != nil {
		return
	}
	switch v := v.(type) {
	case *object:
		w.text("{")
		for i, name := range v.names {
			if i > 0 {
				w.text(",")
			}
			w.text(quote(name) + ":")
			w.value(v.values[i])
		}
		w.text("}")
	case []any:
		w.text("[")
		for i := range v {
			if i > 0 {
				w.text(",")
			}
			w.value(v[i])
		}
		w.text("]")
	default:
		b, err := marshal(v)
		if err != nil {
			w.err = errors.New("a value of the answer can't be written")
		}
		w.text(string(b))
	}
}

// path is the way from the root to a field, from its end.
type path struct {
	up  *path
	key any // name or index
}

func (p *path) below(name string) *path { return &path{p, name} }
func (p *path) item(i int) *path        { return &path{p, i} }

func (p *path) list() []any {
	var out []any
	for ; p != nil; p = p.up {
		out = append(out, p.key)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}
