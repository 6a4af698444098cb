package policies

import (
	"bytes"
	"errors"

	"github.com/atelier-apim/atelier/internal/policy"
)

// FindAndReplace replaces text in the body of the message in hand.
var FindAndReplace = policy.Spec{
	Name:     "find-and-replace",
	Doc:      "Replaces every occurrence of a text in the body: of the request in inbound and backend, of the response in outbound and on-error.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("from", policy.Text).Required().Expr().Doc("The text to look for; upper and lower case differ."),
		policy.Attr("to", policy.Text).Required().Expr().Doc("What stands there instead; nothing deletes the text."),
	),
	Compile: compileFindAndReplace,
}

var errNothingToFind = errors.New("the 'from' attribute is invalid - it is empty; give the text to look for")

func compileFindAndReplace(a *policy.Args) (policy.Step, error) {
	from, to := a.Text("from"), a.Text("to")
	if s, literal := from.Literal(); literal && s == "" {
		return nil, errNothingToFind
	}
	return func(x *policy.Exchange) error {
		old, err := from.Get(x)
		if err != nil {
			return err
		}
		if old == "" {
			return errNothingToFind
		}
		text, err := to.Get(x)
		if err != nil {
			return err
		}
		return replaceInBody(x, []byte(old), []byte(text))
	}, nil
}

// replaceInBody leaves a message without a body, with a compressed one, or without the text, as it is.
func replaceInBody(x *policy.Exchange, old, text []byte) error {
	h, body := x.Message()
	if *body == nil || encoded(h) {
		return nil
	}
	content, err := (*body).Bytes(true)
	if err != nil {
		return err
	}
	n := bytes.Count(content, old)
	if n == 0 {
		return nil
	}
	// A short text that becomes a long one, often enough, would make any body too large to hold.
	if int64(len(content))+int64(n)*int64(len(text)-len(old)) > bodyLimit(*body) {
		return policy.ErrBodyTooLarge
	}
	replaceBody(x, bytes.ReplaceAll(content, old, text))
	return nil
}

// bodyLimit is the most of the body that a policy may hold in memory.
func bodyLimit(b *policy.Body) int64 {
	if b.MaxBytes > 0 {
		return b.MaxBytes
	}
	return policy.DefaultMaxBody
}
