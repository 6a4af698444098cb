package policies

import (
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// SetHeader adds, replaces or removes a header of the message in hand.
var SetHeader = policy.Spec{
	Name:     "set-header",
	Doc:      "Adds, replaces or removes a header: of the request in inbound and backend, of the response in outbound and on-error.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("name", policy.Text).Required().Expr().Doc("Name of the header."),
		existsAction().Doc("What to do when the header is there already."),
		policy.Children("value", policy.Text).Expr().Doc("A value; several are joined with commas unless the header can't be."),
	),
	Compile: compileSetHeader,
}

func existsAction() *policy.AttrShape {
	return policy.Attr("exists-action", policy.OneOf("override", "skip", "append", "delete")).Default("override").Expr()
}

// separate are headers whose values are never joined (policies.md 7.8).
var separate = nameSet("User-Agent", "WWW-Authenticate", "Proxy-Authenticate", "Cookie", "Set-Cookie", "Warning", "Date", "Expires",
	"If-Modified-Since", "If-Unmodified-Since", "Last-Modified", "Retry-After")

// framing are headers that a policy may not touch.
var framing = nameSet("Connection", "Content-Length", "Keep-Alive", "Transfer-Encoding")

func nameSet(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[strings.ToLower(n)] = true
	}
	return set
}

// headerStep is set-header with what is known of it: with literals only, all of it.
type headerStep struct {
	name   policy.TextValue
	action policy.TextValue
	values []policy.TextValue
}

func compileSetHeader(a *policy.Args) (policy.Step, error) {
	s := headerStep{name: a.Text("name"), action: a.Text("exists-action")}
	for _, v := range a.All("value") {
		s.values = append(s.values, v.Content())
	}
	name, isLiteral := s.name.Literal()
	if !isLiteral {
		return s.dynamic, nil
	}
	if !policy.ValidHeaderName(name) {
		return nil, fmt.Errorf("the 'name' attribute is invalid - '%s' is not a header name", name)
	}
	action, fixed := s.action.Literal()
	if framing[strings.ToLower(name)] {
		a.Warn("the header '%s' belongs to the gateway and can't be changed by a policy", name)
		return func(*policy.Exchange) error { return nil }, nil
	}
	if fixed && action == "delete" {
		return s.removal(name), nil
	}
	lines, all, err := literalLines(name, s.values)
	if err != nil {
		return nil, err
	}
	if fixed && action != "delete" && len(s.values) == 0 {
		a.Warn("without a value the header '%s' is removed; say exists-action=\"delete\"", name)
	}
	if !fixed || !all {
		return s.dynamic, nil
	}
	return func(x *policy.Exchange) error {
		h, _ := x.Message()
		applyHeader(h, name, action, lines)
		return nil
	}, nil
}

func (s headerStep) removal(name string) policy.Step {
	server := strings.EqualFold(name, "Server")
	return func(x *policy.Exchange) error {
		if h, _ := x.Message(); !server {
			h.Del(name)
		}
		return nil
	}
}

// literalLines joins literal values; all is false when an expression is among them.
func literalLines(name string, values []policy.TextValue) (lines []string, all bool, err error) {
	for _, v := range values {
		s, isLiteral := v.Literal()
		if !isLiteral {
			return nil, false, nil
		}
		if !policy.ValidHeaderValue(s) {
			return nil, false, fmt.Errorf("a value of header '%s' holds a line break or control character", name)
		}
		lines = append(lines, s)
	}
	return joinLines(name, lines), true, nil
}

func joinLines(name string, values []string) []string {
	if len(values) < 2 || separate[strings.ToLower(name)] {
		return values
	}
	return []string{strings.Join(values, ",")}
}

// dynamic computes name, action and values for the request.
func (s headerStep) dynamic(x *policy.Exchange) error {
	name, err := s.name.Get(x)
	if err != nil {
		return err
	}
	action, err := s.action.Get(x)
	if err != nil {
		return err
	}
	if !policy.ValidHeaderName(name) {
		return fmt.Errorf("'%s' is not a header name", name)
	}
	if framing[strings.ToLower(name)] || action == "delete" && strings.EqualFold(name, "Server") {
		return nil
	}
	h, _ := x.Message()
	if action == "delete" {
		h.Del(name)
		return nil
	}
	if action == "skip" && h.Has(name) {
		return nil
	}
	var room [4]string
	lines := room[:0]
	for i := range s.values {
		v, err := s.values[i].Get(x)
		if err != nil {
			return err
		}
		if !policy.ValidHeaderValue(v) {
			return fmt.Errorf("the value of header '%s' holds a line break or control character", name)
		}
		lines = append(lines, v)
	}
	applyHeader(h, name, action, joinLines(name, lines))
	return nil
}

// applyHeader sets, keeps or extends a header whose values are joined already.
func applyHeader(h *policy.Header, name, action string, lines []string) {
	switch action {
	case "skip":
		if h.Has(name) {
			return
		}
	case "append":
		if len(lines) == 1 && h.Has(name) && !separate[strings.ToLower(name)] {
			h.Set(name, strings.Join(h.Values(name), ",")+","+lines[0])
			return
		}
	default:
		if len(lines) == 1 {
			h.Set(name, lines[0])
			return
		}
		h.Del(name)
	}
	for _, v := range lines {
		h.Add(name, v)
	}
}
