package policies

import (
	"net/url"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// CORS lets browsers of other origins call, and answers their preflight requests.
var CORS = policy.Spec{
	Name:     "cors",
	Doc:      "Lets pages of other origins call the API from a browser, and answers preflight requests.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Once:     policy.OncePerSection,
	HTTPOnly: true,
	Shape: policy.Element(
		policy.Attr("allow-credentials", policy.Bool).Default("false").Expr().Doc("Whether cookies and authorization may be sent."),
		policy.Attr("terminate-unmatched-request", policy.Bool).Default("true").Expr().Doc("Whether a request of another origin ends with an empty 200."),
		policy.Child("allowed-origins", policy.Children("origin", policy.Text).Doc("* or an origin such as https://example.com.")).Required(),
		policy.Child("allowed-methods",
			policy.Attr("preflight-result-max-age", policy.Count).Default("0").Expr().Doc("Seconds that a browser may keep the answer."),
			policy.Children("method", policy.Text).Expr(),
		).Doc("GET and POST when left out; * for all."),
		policy.Child("allowed-headers", policy.Children("header", policy.Text)).Doc("None when left out, as in documents that live services hold; * for all."),
		policy.Child("expose-headers", policy.Children("header", policy.Text)),
	),
	Compile: compileCORS,
}

// corsRule is one use of cors.
type corsRule struct {
	credentials, terminate policy.BoolValue
	anyOrigin              bool
	origins                []string // in canonical form
	methods                []policy.TextValue
	maxAge                 policy.IntValue
	headers, exposed       []string
}

func compileCORS(a *policy.Args) (policy.Step, error) {
	r := &corsRule{credentials: a.Bool("allow-credentials"), terminate: a.Bool("terminate-unmatched-request")}
	origins := a.One("allowed-origins")
	for _, o := range origins.All("origin") {
		text, _ := o.Content().Literal()
		text = strings.TrimSpace(text)
		canonical, ok := canonicalOrigin(text)
		switch {
		case text == "*":
			r.anyOrigin = true
		case !ok:
			return nil, o.Errorf("'%s' is neither * nor an origin such as https://example.com", text)
		default:
			r.origins = append(r.origins, canonical)
		}
	}
	if len(origins.All("origin")) == 0 {
		return nil, origins.Errorf("the element 'allowed-origins' is incomplete; a child element 'origin' is required")
	}
	if m := a.One("allowed-methods"); m != nil {
		r.maxAge = m.Int("preflight-result-max-age")
		for _, one := range m.All("method") {
			r.methods = append(r.methods, one.Content())
		}
		if len(r.methods) == 0 {
			return nil, m.Errorf("the element 'allowed-methods' is incomplete; a child element 'method' is required")
		}
	}
	r.headers = headerList(a.One("allowed-headers"))
	r.exposed = headerList(a.One("expose-headers"))
	a.Preflight = r.preflight
	return r.simple, nil
}

func headerList(a *policy.Args) (names []string) {
	if a == nil {
		return nil
	}
	for _, h := range a.All("header") {
		name, _ := h.Content().Literal()
		names = append(names, strings.TrimSpace(name))
	}
	return names
}

// canonicalOrigin is scheme://host:port in lower case with the port always written, so that origins compare as strings.
func canonicalOrigin(s string) (string, bool) {
	u, err := url.Parse(strings.TrimSuffix(s, "/"))
	if err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		return "", false
	}
	port := u.Port()
	switch scheme := strings.ToLower(u.Scheme); {
	case port == "" && scheme == "http":
		port = "80"
	case port == "" && scheme == "https":
		port = "443"
	}
	return strings.ToLower(u.Scheme) + "://" + strings.ToLower(u.Hostname()) + ":" + port, true
}

func (r *corsRule) allows(origin string) bool {
	if r.anyOrigin {
		return true
	}
	canonical, ok := canonicalOrigin(origin)
	return ok && slices.Contains(r.origins, canonical)
}

// simple handles a request that isn't a preflight: a known origin gets the headers, another one ends here or goes on without.
func (r *corsRule) simple(x *policy.Exchange) error {
	origin := x.Request.Header.Get("Origin")
	if origin == "" {
		return nil
	}
	if !r.allows(origin) {
		terminate, err := r.terminate.Get(x)
		if err != nil || !terminate {
			return err
		}
		return x.Reply(&policy.Response{Status: 200})
	}
	if err := r.grant(x, &x.Tail, origin); err != nil {
		return err
	}
	if len(r.exposed) > 0 {
		x.Tail.Set("Access-Control-Expose-Headers", strings.Join(r.exposed, ","))
	}
	return nil
}

// grant writes the headers that both kinds of answers have. With credentials the origin is named, for * would be refused by browsers.
func (r *corsRule) grant(x *policy.Exchange, h *policy.Header, origin string) error {
	credentials, err := r.credentials.Get(x)
	if err != nil {
		return err
	}
	if r.anyOrigin && !credentials {
		h.Set("Access-Control-Allow-Origin", "*")
		return nil
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Add("Vary", "Origin")
	if credentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	return nil
}

// preflight answers a preflight request that matches. One that doesn't is answered empty when the rule says so, else left to the next rule.
func (r *corsRule) preflight(x *policy.Exchange) error {
	origin, method := x.Request.Header.Get("Origin"), x.Request.Header.Get("Access-Control-Request-Method")
	methods, err := r.allowedMethods(x)
	if err != nil {
		return err
	}
	asked := x.Request.Header.Get("Access-Control-Request-Headers")
	if !r.allows(origin) || !matchMethod(methods, method) || !matchHeaders(r.headers, asked) {
		terminate, err := r.terminate.Get(x)
		if err != nil || !terminate {
			return err
		}
		return x.Reply(&policy.Response{Status: 200})
	}
	answer := &policy.Response{Status: 200}
	if err := r.grant(x, &answer.Header, origin); err != nil {
		return err
	}
	answer.Header.Add("Access-Control-Allow-Methods", listed(methods, method))
	if headers := listed(r.headers, asked); headers != "" {
		answer.Header.Add("Access-Control-Allow-Headers", headers)
	}
	age, err := r.maxAge.Get(x)
	if err != nil {
		return err
	}
	if age > 0 {
		answer.Header.Add("Access-Control-Max-Age", decimal(age))
	}
	return x.Reply(answer)
}

func (r *corsRule) allowedMethods(x *policy.Exchange) ([]string, error) {
	if len(r.methods) == 0 {
		return []string{"GET", "POST"}, nil
	}
	out := make([]string, len(r.methods))
	for i := range r.methods {
		m, err := r.methods[i].Get(x)
		if err != nil {
			return nil, err
		}
		out[i] = strings.TrimSpace(m)
	}
	return out, nil
}

func matchMethod(methods []string, m string) bool {
	return slices.Contains(methods, "*") || containsFold(methods, m)
}

// matchHeaders says whether each header of a comma-separated list is allowed.
func matchHeaders(allowed []string, asked string) bool {
	if asked == "" || slices.Contains(allowed, "*") {
		return true
	}
	for name := range strings.SplitSeq(asked, ",") {
		if name = strings.TrimSpace(name); name != "" && !containsFold(allowed, name) {
			return false
		}
	}
	return true
}

// listed names what is allowed; for * it names what was asked for, which browsers take with credentials too.
func listed(allowed []string, asked string) string {
	if slices.Contains(allowed, "*") {
		return asked
	}
	return strings.Join(allowed, ",")
}
