package policies

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// What send-request and send-one-way-request have in common: a request put together by children (policies.md 7.10).

// outgoingShape is the shape of both.
func outgoingShape(parts ...policy.Part) *policy.Shape {
	return policy.Element(append([]policy.Part{
		policy.Attr("mode", policy.OneOf("new", "copy")).Default("new").Expr().Doc("new begins with an empty request, copy with the header and body of the request as it is now; in outbound without the body."),
		policy.Attr("timeout", policy.IntRange(1, 1<<31-1)).Default("60").Expr().Doc("Seconds until the whole answer has to be there; 300 at most."),
		policy.Child("set-url", policy.Content(policy.Text).Required().Expr().Doc("Absolute http or https address.")).
			Doc("Where the request goes; required unless the request is copied, which then goes where the copied one would."),
		policy.Slot("set-method", 1),
		policy.Slot("set-header", 0),
		policy.Slot("set-body", 1),
		policy.Slot("authentication-certificate", 1),
		policy.Slot("authentication-managed-identity", 1),
		policy.Slot("authentication-basic", 1),
		policy.Slot("proxy", 1),
	}, parts...)...)
}

// outgoing is one use of either.
type outgoing struct {
	mode, url policy.TextValue
	hasURL    bool
	hasMethod bool
	timeout   policy.IntValue
	children  policy.Block
}

func compileOutgoing(a *policy.Args) (*outgoing, error) {
	o := &outgoing{mode: a.Text("mode"), timeout: a.Int("timeout"), children: a.Slots()}
	signsIn := func(in policy.Instruction) bool { return strings.HasPrefix(in.Place.Element, "authentication-") }
	if first := slices.IndexFunc(o.children, signsIn); first >= 0 && slices.ContainsFunc(o.children[first+1:], signsIn) {
		return nil, a.Errorf("only one of the authentication elements may stand here")
	}
	mode, fixed := o.mode.Literal()
	if at := a.One("set-url"); at != nil {
		o.url, o.hasURL = at.Content(), true
		if text, literal := o.url.Literal(); literal {
			if err := checkOutgoingURL(text); err != nil {
				return nil, at.Errorf("%s", err)
			}
		}
	}
	o.hasMethod = slices.ContainsFunc(o.children, func(in policy.Instruction) bool { return in.Place.Element == "set-method" })
	if fixed && mode == "new" && !(o.hasURL && o.hasMethod) {
		return nil, a.Errorf("%s", errIncomplete)
	}
	return o, nil
}

var (
	errIncomplete  = errors.New("the child elements 'set-url' and 'set-method' are required unless mode is copy")
	errOutgoingURL = errors.New("set-url needs an absolute http or https address without user name and password; authentication-basic signs in")
)

func checkOutgoingURL(text string) error {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" {
		return errOutgoingURL
	}
	return nil
}

// build puts the request together.
func (o *outgoing) build(x *policy.Exchange) (*policy.Outgoing, error) {
	mode, err := o.mode.Get(x)
	if err != nil {
		return nil, err
	}
	address, err := o.url.Get(x)
	if err != nil {
		return nil, err
	}
	seconds, err := o.timeout.Get(x)
	if err != nil {
		return nil, err
	}
	out := &policy.Outgoing{}
	switch {
	case mode == "copy":
		if out, err = x.Copy(); err != nil {
			return nil, err
		}
	case !o.hasURL || !o.hasMethod:
		return nil, errIncomplete
	}
	out.Timeout = time.Duration(seconds) * time.Second
	if o.hasURL {
		if err := checkOutgoingURL(address); err != nil {
			return nil, err
		}
		out.URL, out.Target = strings.TrimSpace(address), policy.Target{} // credentials of a backend go to that backend alone
	}
	return out, x.Sending(out, o.children)
}
