package policies

import (
	"errors"
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// SetQueryParameter adds, replaces or removes a parameter of the request's query.
var SetQueryParameter = policy.Spec{
	Name:     "set-query-parameter",
	Doc:      "Adds, replaces or removes a query parameter of the request.",
	Sections: policy.In(policy.Inbound, policy.BackendSection),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("name", policy.Text).Required().Expr().Doc("Name of the parameter."),
		existsAction().Doc("What to do when the parameter is there already."),
		policy.Children("value", policy.Text).Expr().Doc("A value; several repeat the parameter."),
	),
	Compile: compileSetQueryParameter,
}

func compileSetQueryParameter(a *policy.Args) (policy.Step, error) {
	name, action := a.Text("name"), a.Text("exists-action")
	var values []policy.TextValue
	for _, v := range a.All("value") {
		values = append(values, v.Content())
	}
	if literal, fixed := action.Literal(); fixed && literal != "delete" && len(values) == 0 {
		return nil, errors.New("the element 'set-query-parameter' is incomplete; a child element 'value' is required unless exists-action is delete")
	}
	return func(x *policy.Exchange) error {
		key, err := name.Get(x)
		if err != nil {
			return err
		}
		do, err := action.Get(x)
		if err != nil {
			return err
		}
		texts := make([]string, len(values))
		for i := range values {
			if texts[i], err = values[i].Get(x); err != nil {
				return err
			}
		}
		x.SetQuery(changeQuery(x.Request.URL.Query, key, do, texts))
		return nil
	}, nil
}

// changeQuery works on the raw query, so that parameters it doesn't touch stay byte for byte.
func changeQuery(query, name, action string, values []string) string {
	var kept []string
	found := false
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		if strings.EqualFold(queryName(pair), name) {
			found = true
			if action == "override" || action == "delete" {
				continue
			}
		}
		kept = append(kept, pair)
	}
	if action != "delete" && !(action == "skip" && found) {
		for _, v := range values {
			kept = append(kept, url.QueryEscape(name)+"="+strings.ReplaceAll(url.QueryEscape(v), "+", "%20"))
		}
	}
	return strings.Join(kept, "&")
}

// queryName is the decoded name of "name=value".
func queryName(pair string) string {
	name, _, _ := strings.Cut(pair, "=")
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}
