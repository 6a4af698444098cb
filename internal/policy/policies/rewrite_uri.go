package policies

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// RewriteURI changes the path and query that the backend is called with.
var RewriteURI = policy.Spec{
	Name:     "rewrite-uri",
	Doc:      "Replaces the path and query below the backend's base address; {name} stands for a parameter of the operation's template.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("template", policy.Text).Required().Expr().Doc("The new path, with an optional query."),
		policy.Attr("copy-unmatched-params", policy.Bool).Default("true").Expr().Doc("Whether query parameters outside of the operation's template are kept."),
	),
	Compile: compileRewriteURI,
}

func compileRewriteURI(a *policy.Args) (policy.Step, error) {
	template, keep := a.Text("template"), a.Bool("copy-unmatched-params")
	if t, literal := template.Literal(); literal {
		if err := checkTarget(t); err != nil {
			return nil, err
		}
	}
	return func(x *policy.Exchange) error {
		t, err := template.Get(x)
		if err != nil {
			return err
		}
		copyRest, err := keep.Get(x)
		if err != nil {
			return err
		}
		if t, err = fillTemplate(t, x.Request.Params); err != nil {
			return err
		}
		if err := checkTarget(t); err != nil {
			return err
		}
		path, query, _ := strings.Cut(t, "?")
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		if copyRest {
			query = appendQuery(query, unmatched(x))
		}
		x.Rewrite(path, query)
		return nil
	}, nil
}

// fillTemplate puts the values of the operation's parameters in place of {name}.
func fillTemplate(t string, params []policy.Param) (string, error) {
	open := strings.IndexByte(t, '{')
	if open < 0 {
		return t, nil
	}
	var b strings.Builder
	for open >= 0 {
		end := strings.IndexByte(t[open:], '}')
		if end < 0 {
			return "", fmt.Errorf("the rewrite template has a { without }")
		}
		name := strings.TrimPrefix(t[open+1:open+end], "*")
		value, ok := parameter(params, name)
		if !ok {
			return "", fmt.Errorf("the rewrite template uses '%s': only parameters of the operation's URL template can be used", name)
		}
		b.WriteString(t[:open])
		if strings.Contains(t[:open], "?") || strings.Contains(b.String(), "?") {
			b.WriteString(strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
		} else {
			b.WriteString(escapeSegments(value))
		}
		t = t[open+end+1:]
		open = strings.IndexByte(t, '{')
	}
	b.WriteString(t)
	return b.String(), nil
}

func parameter(params []policy.Param, name string) (string, bool) {
	for _, p := range params {
		if strings.EqualFold(p.Name, name) {
			return p.Value, true
		}
	}
	return "", false
}

// escapeSegments escapes a decoded value for a path; slashes of a wildcard's value stay.
func escapeSegments(v string) string {
	parts := strings.Split(v, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// checkTarget refuses what could not stand in a request line or would climb out of the backend's base path.
func checkTarget(t string) error {
	for i := 0; i < len(t); i++ {
		if t[i] <= ' ' || t[i] == 0x7f || t[i] == '\\' || t[i] == '#' {
			return fmt.Errorf("the rewrite template holds a blank, '#', backslash or control character; escape it")
		}
	}
	path, _, _ := strings.Cut(t, "?")
	for segment := range strings.SplitSeq(path, "/") {
		switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
		case ".", "..":
			return fmt.Errorf("the rewrite template holds the segment '%s'; write the path it leads to", segment)
		}
	}
	return nil
}

// unmatched are the request's query parameters that the operation's template doesn't name.
func unmatched(x *policy.Exchange) string {
	template := ""
	if x.Operation != nil {
		_, template, _ = strings.Cut(x.Operation.URLTemplate, "?")
	}
	if template == "" {
		return x.Request.URL.Query
	}
	var named, rest []string
	for pair := range strings.SplitSeq(template, "&") {
		named = append(named, queryName(pair))
	}
	for pair := range strings.SplitSeq(x.Request.URL.Query, "&") {
		if pair != "" && !containsFold(named, queryName(pair)) {
			rest = append(rest, pair)
		}
	}
	return strings.Join(rest, "&")
}

func containsFold(list []string, s string) bool {
	for _, v := range list {
		if strings.EqualFold(v, s) {
			return true
		}
	}
	return false
}

func appendQuery(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "&" + b
}
