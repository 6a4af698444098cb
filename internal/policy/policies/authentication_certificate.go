package policies

import "github.com/atelier-apim/atelier/internal/policy"

// AuthenticationCertificate signs in at the backend with a client certificate.
var AuthenticationCertificate = policy.Spec{
	Name:     "authentication-certificate",
	Doc:      "Signs in at the backend with a client certificate, which is shown when the backend asks for one.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Shape:    clientKeyShape(),
	Compile: func(a *policy.Args) (policy.Step, error) {
		key, err := newClientKey(a)
		if err != nil {
			return nil, err
		}
		return func(x *policy.Exchange) error {
			c, err := key.get(x)
			if err != nil {
				return err
			}
			x.Target().Certificate = c
			return nil
		}, nil
	},
}
