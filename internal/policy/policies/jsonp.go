package policies

import (
	"fmt"
	"mime"
	"net/url"
	"strings"
	"unicode"

	"github.com/atelier-apim/atelier/internal/policy"
)

// JSONP wraps answers for pages that load them as a script.
var JSONP = policy.Spec{
	Name:     "jsonp",
	Doc:      "Wraps a JSON answer in a call of the function that a query parameter names; without the parameter the answer stays as it is.",
	Sections: policy.In(policy.Outbound),
	Scopes:   policy.AnyScope,
	Once:     policy.OncePerSection,
	HTTPOnly: true,
	Shape: policy.Element(
		policy.Attr("callback-parameter-name", policy.Text).Required().Expr().Doc("Name of the query parameter that names the function."),
	),
	Compile: func(a *policy.Args) (policy.Step, error) {
		parameter := a.Text("callback-parameter-name")
		return func(x *policy.Exchange) error {
			name, err := parameter.Get(x)
			if err != nil {
				return err
			}
			return wrapJSON(x, name)
		}, nil
	},
}

// wrapJSON looks at the query as the caller sent it: what policies keep from the backend still counts here.
func wrapJSON(x *policy.Exchange, parameter string) error {
	callback := queryValue(x.Request.OriginalURL.Query, parameter)
	if callback == "" {
		return nil
	}
	if !isIdentifier(callback) {
		text := fmt.Sprintf("Value of callback parameter %s is not a valid JavaScript identifier.", parameter)
		return &policy.Error{Reason: "CallbackParameterInvalid", Message: text, Status: 400, Public: text}
	}
	h, body := x.Message()
	if *body == nil || !isJSON(h.Get("Content-Type")) || encoded(h) {
		return nil
	}
	content, err := (*body).Bytes(true)
	if err != nil || len(content) == 0 {
		return err
	}
	wrapped := make([]byte, 0, len(callback)+len(content)+3)
	wrapped = append(append(wrapped, callback...), '(')
	wrapped = append(append(wrapped, content...), ");"...)
	replaceBody(x, wrapped)
	h.Set("Content-Type", "application/javascript") // browsers run nothing that calls itself JSON
	return nil
}

// queryValue is the decoded value of the first parameter with the name; names ignore case.
func queryValue(query, name string) string {
	for pair := range strings.SplitSeq(query, "&") {
		if !strings.EqualFold(queryName(pair), name) {
			continue
		}
		_, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil {
			return plain
		}
		return value
	}
	return ""
}

// isIdentifier says whether s is a plain JavaScript identifier: a path such as a.b could call what the page's author never meant to be called.
func isIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && r != '$' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

func isJSON(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (t == "application/json" || t == "text/json" || strings.HasSuffix(t, "+json"))
}

// encoded says whether the body is compressed, so that its bytes aren't its text.
func encoded(h *policy.Header) bool {
	e := h.Get("Content-Encoding")
	return e != "" && !strings.EqualFold(e, "identity")
}
