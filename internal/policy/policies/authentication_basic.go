package policies

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// AuthenticationBasic signs in at the backend with a user name and password.
var AuthenticationBasic = policy.Spec{
	Name:     "authentication-basic",
	Doc:      "Signs in at the backend with Basic authentication; replaces the request's Authorization header.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("username", policy.Text).Required().Expr().Doc("User name; it can't hold a colon."),
		policy.Attr("password", policy.Text).Required().Expr().Doc("Password; keep it in a secret named value."),
	),
	Compile: compileAuthenticationBasic,
}

func compileAuthenticationBasic(a *policy.Args) (policy.Step, error) {
	user, password := a.Text("username"), a.Text("password")
	if name, literal := user.Literal(); literal && strings.Contains(name, ":") {
		return nil, errColonInUser
	}
	return func(x *policy.Exchange) error {
		name, err := user.Get(x)
		if err != nil {
			return err
		}
		if strings.Contains(name, ":") {
			return errColonInUser
		}
		secret, err := password.Get(x)
		if err != nil {
			return err
		}
		x.Call().Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(name+":"+secret)))
		return nil
	}, nil
}

// errColonInUser keeps a computed name from moving the border between name and password (RFC 7617, section 2).
var errColonInUser = errors.New("the 'username' attribute is invalid - a user name of Basic authentication can't hold a colon")
