package policies

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// contentTypes say what content types count as when content is validated.
type contentTypes struct {
	any, missing string
	replaced     []replacedType
}

type replacedType struct {
	from, to string
	when     policy.BoolValue
	asks     bool // when is there
}

func readContentTypes(a *policy.Args) (t contentTypes, err error) {
	if a == nil {
		return t, nil
	}
	t.any, t.missing = plainType(a.Literal("any-content-type-value")), plainType(a.Literal("missing-content-type-value"))
	for _, c := range a.All("type") {
		if c.Set("from") == c.Set("when") {
			return t, c.Errorf("one of the attributes 'from' and 'when' is required, and not both")
		}
		t.replaced = append(t.replaced, replacedType{plainType(c.Literal("from")), plainType(c.Literal("to")), c.Bool("when"), c.Set("when")})
	}
	return t, nil
}

// plainType is a content type without parameters, in lower case.
func plainType(s string) string { return strings.ToLower(mediaType(s)) }

// of is what the content type counts as.
func (t *contentTypes) of(x *policy.Exchange, header string) (string, error) {
	is := plainType(header)
	for i := range t.replaced {
		r := &t.replaced[i]
		applies := !r.asks && is != "" && r.from == is
		if r.asks {
			var err error
			if applies, err = r.when.Get(x); err != nil {
				return "", err
			}
		}
		if applies {
			return r.to, nil
		}
	}
	switch {
	case is == "" && t.missing != "":
		return t.missing, nil
	case t.any != "":
		return t.any, nil
	}
	return is, nil
}
