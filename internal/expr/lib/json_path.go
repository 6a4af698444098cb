package lib

import (
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// A JSONPath in Newtonsoft's dialect is a list of filters; each turns a list of
// tokens into the next.

// pathStep is one filter.
type pathStep interface {
	apply(w *pathWalk, in []*JToken) ([]*JToken, error)
}

// pathWalk is one evaluation of a path.
type pathWalk struct {
	env    *types.Env
	root   *JToken
	strict bool // whether a step without a match is an error
}

func (w *pathWalk) run(steps []pathStep, in []*JToken) ([]*JToken, error) {
	for _, s := range steps {
		out, err := s.apply(w, in)
		if err == nil {
			err = firstError(w.env.Step(int64(len(in)+len(out))), w.env.Charge(8*len(out)))
		}
		if err != nil {
			return nil, err
		}
		in = out
	}
	return in, nil
}

func (w *pathWalk) missing(text string) error {
	if w.strict {
		return types.Throw(jsonException, text)
	}
	return nil
}

type (
	fieldStep  struct{ names []string } // nil: every property
	indexStep  struct{ at []int }       // nil: every item
	sliceStep  struct{ start, end, step *int }
	scanStep   struct{ names []string } // nil: everything
	filterStep struct {
		where pathTest
		scan  bool
	}
)

func (s fieldStep) apply(w *pathWalk, in []*JToken) (out []*JToken, err error) {
	for _, t := range in {
		if t.kind != JObject {
			if err := w.missing("Property '" + strings.Join(s.names, "', '") + "' not valid on " + t.NetType().Name + "."); err != nil {
				return nil, err
			}
			continue
		}
		if s.names == nil {
			for _, p := range t.items {
				out = append(out, p.items[0])
			}
		}
		for _, name := range s.names {
			if v := t.child(name); v != nil {
				out = append(out, v)
			} else if err := w.missing("Property '" + name + "' does not exist on JObject."); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (s indexStep) apply(w *pathWalk, in []*JToken) (out []*JToken, err error) {
	for _, t := range in {
		if t.kind != JArray && t.kind != JConstructor {
			if err := w.missing("Index not valid on " + t.NetType().Name + "."); err != nil {
				return nil, err
			}
			continue
		}
		if s.at == nil {
			out = append(out, t.items...)
		}
		for _, i := range s.at {
			if i >= 0 && i < len(t.items) {
				out = append(out, t.items[i])
			} else if i < 0 {
				return nil, errIndex
			} else if err := w.missing("Index " + strconv.Itoa(i) + " outside the bounds of JArray."); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (s sliceStep) apply(w *pathWalk, in []*JToken) (out []*JToken, err error) {
	for _, t := range in {
		if t.kind != JArray {
			if err := w.missing("Array slice is not valid on " + t.NetType().Name + "."); err != nil {
				return nil, err
			}
			continue
		}
		n := len(t.items)
		step := orElse(s.step, 1)
		start, end := 0, n
		if step < 0 {
			start, end = n-1, -1
		}
		bound := func(p *int, def int) int {
			if p == nil {
				return def
			}
			if *p < 0 {
				return *p + n
			}
			return *p
		}
		start, end = bound(s.start, start), bound(s.end, end)
		if step > 0 {
			for i := max(start, 0); i < min(end, n); i += step {
				out = append(out, t.items[i])
			}
		} else {
			for i := min(start, n-1); i > max(end, -1); i += step {
				out = append(out, t.items[i])
			}
		}
	}
	return out, nil
}

func orElse(p *int, def int) int {
	if p == nil {
		return def
	}
	return *p
}

func (s scanStep) apply(_ *pathWalk, in []*JToken) (out []*JToken, err error) {
	for _, root := range in {
		for i, t := range root.flatten(nil) {
			switch {
			case s.names == nil && (i == 0 || t.kind != JProperty):
				out = append(out, t)
			case t.kind == JProperty:
				for _, n := range s.names {
					if t.name == n {
						out = append(out, t.items[0])
					}
				}
			}
		}
	}
	return out, nil
}

func (s filterStep) apply(w *pathWalk, in []*JToken) (out []*JToken, err error) {
	for _, t := range in {
		of := t.items
		if s.scan {
			of = t.flatten(nil)
		}
		for _, k := range of {
			ok, err := s.where.match(w, k)
			if err != nil {
				return nil, err
			}
			if ok {
				out = append(out, k)
			}
		}
	}
	return out, nil
}

// SelectTokens gives all a path finds.
func (t *JToken) SelectTokens(env *types.Env, path string, strict bool) ([]*JToken, error) {
	steps, err := parsePath(env, path)
	if err != nil {
		return nil, err
	}
	return (&pathWalk{env: env, root: t, strict: strict}).run(steps, []*JToken{t})
}

func pathArguments(c *types.Call) ([]*JToken, error) {
	path, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("path")
	}
	return c.This.(*JToken).SelectTokens(c.Env, path, len(c.Args) > 1 && c.Args[1].(bool))
}

func selectTokens(c *types.Call) (types.Value, error) {
	out, err := pathArguments(c)
	if err != nil {
		return nil, err
	}
	return tokens(jTokenT, out), nil
}

func selectToken(c *types.Call) (types.Value, error) {
	out, err := pathArguments(c)
	switch {
	case err != nil || len(out) == 0:
		return nil, err
	case len(out) > 1:
		return nil, types.Throw(jsonException, "Path returned multiple tokens.")
	}
	return out[0], nil
}
