package policies

import (
	"crypto/sha1" //nolint:gosec // the thumbprint by which the platform names certificates; the certificate is trusted because it is kept here
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/certfile"
	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/policy"
)

// clientKey finds the certificate that an authentication-certificate element names, for whatever call it is part of.
type clientKey struct {
	home                     *policy.Home
	id, thumbprint, password policy.TextValue
	body                     policy.ObjectValue
	by                       string // the attribute that is set

	opened sync.Map // *policy.Certificate to opened
}

// opened is a certificate of a home with its key.
type opened struct {
	certificate *policy.ClientCertificate
	thumbprint  string
	err         error
}

// clientKeyShape are the attributes of an element that names a certificate to sign in with.
func clientKeyShape() *policy.Shape {
	return policy.Element(
		policy.Attr("thumbprint", policy.Text).Expr().Doc("SHA-1 thumbprint of a certificate of the service or workspace that the policy lives in."),
		policy.Attr("certificate-id", policy.Text).Expr().Doc("Name of a certificate of the service or workspace that the policy lives in."),
		policy.Attr("body", policy.Object).Expr().Doc("The certificate with its private key as byte[]: a PKCS #12 archive or PEM text."),
		policy.Attr("password", policy.Text).Expr().Doc("Password of the archive in body."),
	)
}

// newClientKey reads the attributes. What literals name must be there, with its private key.
func newClientKey(a *policy.Args) (*clientKey, error) {
	k := &clientKey{home: a.Home(), id: a.Text("certificate-id"), thumbprint: a.Text("thumbprint"), password: a.Text("password"), body: a.Object("body")}
	for _, name := range []string{"thumbprint", "certificate-id", "body"} {
		if !a.Set(name) {
			continue
		}
		if k.by != "" {
			return nil, a.Errorf("give one of 'thumbprint', 'certificate-id' and 'body', not both '%s' and '%s'", k.by, name)
		}
		k.by = name
	}
	switch {
	case k.by == "":
		return nil, a.Errorf("one of the attributes 'thumbprint', 'certificate-id' and 'body' is required")
	case k.by != "body" && a.Set("password"):
		return nil, a.Errorf("'password' opens what 'body' holds; certificates that are kept here have theirs with them")
	case k.by == "body" && !a.Dynamic("body"):
		return nil, a.Errorf("'body' needs an expression that gives a byte[], such as @(Convert.FromBase64String(\"{{archive}}\"))")
	case k.home.Unknown || k.by == "body" || a.Dynamic(k.by):
		return k, nil
	}
	if _, err := k.named(a.Literal(k.by)); err != nil {
		return nil, a.Errorf("%v", err)
	}
	return k, nil
}

// get is the certificate for an exchange.
func (k *clientKey) get(x *policy.Exchange) (*policy.ClientCertificate, error) {
	if k.by == "body" {
		return k.fromBody(x)
	}
	which := k.id
	if k.by == "thumbprint" {
		which = k.thumbprint
	}
	name, err := which.Get(x)
	if err != nil {
		return nil, err
	}
	return k.named(name)
}

// named finds a certificate of the home by id or thumbprint.
func (k *clientKey) named(name string) (*policy.ClientCertificate, error) {
	if k.by == "certificate-id" {
		c := k.home.Certificate(name)
		if c == nil {
			return nil, fmt.Errorf("certificate '%s' could not be found; create it where this policy lives", name)
		}
		o := k.open(c)
		if o.err != nil {
			return nil, fmt.Errorf("certificate '%s' can't be used: %w", name, o.err)
		}
		return o.certificate, nil
	}
	want := policy.Thumbprint(name)
	for _, c := range k.home.Certificates {
		if o := k.open(c); o.thumbprint == want && want != "" {
			if o.err != nil {
				return nil, fmt.Errorf("the certificate with the thumbprint %s can't be used: %w", want, o.err)
			}
			return o.certificate, nil
		}
	}
	return nil, fmt.Errorf("a certificate with the thumbprint '%s' could not be found; create it where this policy lives", name)
}

func (k *clientKey) open(c *policy.Certificate) *opened {
	if o, ok := k.opened.Load(c); ok {
		return o.(*opened)
	}
	o, _ := k.opened.LoadOrStore(c, openClientKey(c.Data(), c.Password))
	return o.(*opened)
}

var errNoKey = errors.New("it holds no private key; upload it as a PKCS #12 archive, or as PEM text with its key")

// OpenClientCertificate is a certificate of a home with its private key, as authentication-certificate shows it.
func OpenClientCertificate(c *policy.Certificate) (*policy.ClientCertificate, error) {
	o := openClientKey(c.Data(), c.Password)
	return o.certificate, o.err
}

func openClientKey(data []byte, password string) *opened {
	c, err := certfile.Read(data, password)
	if err != nil {
		return &opened{err: err}
	}
	o := &opened{thumbprint: thumbprint(c.Leaf.Raw), err: errNoKey}
	if c.Key != nil {
		o.certificate, o.err = policy.NewClientCertificate(c.Leaf, c.Chain, c.Key), nil
	}
	return o
}

func (k *clientKey) fromBody(x *policy.Exchange) (*policy.ClientCertificate, error) {
	v, err := k.body.Get(x)
	if err != nil {
		return nil, err
	}
	data, ok := v.(*types.ByteArray)
	if !ok || data == nil {
		return nil, errors.New("'body' is no byte[]")
	}
	password, err := k.password.Get(x)
	if err != nil {
		return nil, err
	}
	o := openClientKey(data.B, password)
	if o.err != nil {
		return nil, fmt.Errorf("the certificate in 'body' can't be used: %w", o.err)
	}
	return o.certificate, nil
}

// thumbprint is that of a certificate in DER.
func thumbprint(der []byte) string {
	sum := sha1.Sum(der)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}
