package policies

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// ValidateClientCertificate checks the certificate that the caller's connection was made with.
func ValidateClientCertificate(env Env) policy.Spec {
	lists := newRevocationLists(env.Fetch)
	return policy.Spec{
		Name:     "validate-client-certificate",
		Doc:      "Checks the client certificate that the caller's connection was made with, and whose it is.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("validate-revocation", policy.Bool).Default("true").Doc("Whether certificates are looked up in the revocation lists that they name; needs validate-trust."),
			policy.Attr("validate-trust", policy.Bool).Default("true").Doc("Whether an authority of the system or of the service must vouch for the certificate."),
			policy.Attr("validate-not-before", policy.Bool).Default("true").Doc("Whether the certificate must be valid already."),
			policy.Attr("validate-not-after", policy.Bool).Default("true").Doc("Whether the certificate must be valid still."),
			policy.Attr("ignore-error", policy.Bool).Default("false").Doc("Whether the request goes on all the same."),
			policy.Child("identities",
				policy.Child("identity",
					policy.Attr("thumbprint", policy.Text).Doc("SHA-1 thumbprint."),
					policy.Attr("serial-number", policy.Text).Doc("Serial number in hexadecimal."),
					policy.Attr("common-name", policy.Text).Doc("Common name of the subject."),
					policy.Attr("subject", policy.Text).Doc("Distinguished name of the subject, such as C=US, O=Contoso, CN=orders."),
					policy.Attr("dns-name", policy.Text).Doc("One of its DNS names."),
					policy.Attr("issuer-subject", policy.Text).Doc("Distinguished name of the issuer."),
					policy.Attr("issuer-thumbprint", policy.Text).Doc("SHA-1 thumbprint of the issuer's certificate."),
					policy.Attr("issuer-certificate-id", policy.Text).Doc("Name of a certificate of the service or workspace that the policy lives in: the issuer's. Stands without the other two about the issuer."),
				).Many().Required().Doc("A certificate that is taken; it must match in everything that is said."),
			).Doc("Which certificates are taken; any one of them is enough. All when left out."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileClientCertificate(a, lists) },
	}
}

// clientCheck is one use of the policy.
type clientCheck struct {
	revocation, trust, notBefore, notAfter, ignore bool
	identities                                     []clientIdentity
	lists                                          *revocationLists
}

func compileClientCertificate(a *policy.Args, lists *revocationLists) (policy.Step, error) {
	is := func(name string) bool { return a.Literal(name) == "true" }
	v := &clientCheck{
		revocation: is("validate-revocation"), trust: is("validate-trust"), notBefore: is("validate-not-before"), notAfter: is("validate-not-after"),
		ignore: is("ignore-error"), lists: lists,
	}
	if all := a.One("identities"); all != nil {
		for _, one := range all.All("identity") {
			i, err := readClientIdentity(one)
			if err != nil {
				return nil, err
			}
			v.identities = append(v.identities, i)
		}
	}
	return v.run, nil
}

func (v *clientCheck) run(x *policy.Exchange) error {
	problem := v.check(x)
	switch {
	case problem == "":
		return nil
	case v.ignore:
		if x.Tracing {
			x.Host.Trace(x, policy.TraceRecord{Source: "validate-client-certificate", Severity: "information", Message: problem})
		}
		return nil
	}
	return &policy.Error{Reason: "ClientCertificateInvalid", Message: problem, Status: 403, Public: "Invalid client certificate"}
}

// check says what is wrong with the caller's certificate, "" when nothing is.
func (v *clientCheck) check(x *policy.Exchange) string {
	if len(x.Request.Certificate) == 0 {
		return "The client sent no certificate."
	}
	leaf, err := x509.ParseCertificate(x.Request.Certificate)
	if err != nil {
		return "The client's certificate can't be read."
	}
	sent, err := x.Request.Sent()
	if err != nil {
		return "The certificates that the client sent can't be read: " + err.Error()
	}
	now := x.Host.Now()
	switch {
	case v.notBefore && now.Before(leaf.NotBefore):
		return fmt.Sprintf("The client's certificate is not valid before %s.", leaf.NotBefore.UTC().Format(time.RFC3339))
	case v.notAfter && now.After(leaf.NotAfter):
		return fmt.Sprintf("The client's certificate is not valid after %s.", leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	var trust *policy.Trust
	if x.Deployment != nil {
		trust = x.Deployment.Trust
	}
	var chain []*x509.Certificate
	if v.trust {
		if chain, err = trust.Verify(leaf, sent, nearest(now, leaf)); err != nil {
			return "No trusted authority vouches for the client's certificate: " + err.Error()
		}
		if v.revocation {
			if problem := v.lists.check(contextOf(x), chain, now); problem != "" {
				return problem
			}
		}
	}
	if len(v.identities) == 0 {
		return ""
	}
	issuers := append(slices.Clone(chain), sent...)
	if trust != nil {
		issuers = append(append(issuers, trust.Roots...), trust.Intermediates...)
	}
	for i := range v.identities {
		if v.identities[i].matches(leaf, issuers) {
			return ""
		}
	}
	return "The client's certificate is none of those that are taken."
}

func contextOf(x *policy.Exchange) context.Context {
	if x.Context != nil {
		return x.Context
	}
	return context.Background()
}

// nearest is the moment in a certificate's life that is nearest to now: whether now lies in it has been asked, where the policy wants that.
func nearest(now time.Time, c *x509.Certificate) time.Time {
	switch {
	case now.Before(c.NotBefore):
		return c.NotBefore
	case now.After(c.NotAfter):
		return c.NotAfter
	}
	return now
}

// clientIdentity is an identity element. What is "" or nil is not asked for.
type clientIdentity struct {
	thumbprint, serial, commonName, dnsName, issuerThumbprint string
	subject, issuerSubject                                    distinguishedName
	issuer                                                    *x509.Certificate
	unknown                                                   bool // it names what nobody can look up here
}

func readClientIdentity(a *policy.Args) (clientIdentity, error) {
	i := clientIdentity{
		thumbprint: policy.Thumbprint(a.Literal("thumbprint")), serial: serialNumber(a.Literal("serial-number")), commonName: a.Literal("common-name"),
		dnsName: a.Literal("dns-name"), issuerThumbprint: policy.Thumbprint(a.Literal("issuer-thumbprint")),
	}
	asked := false
	for _, name := range []string{"thumbprint", "serial-number", "common-name", "subject", "dns-name", "issuer-subject", "issuer-thumbprint", "issuer-certificate-id"} {
		if a.Set(name) && strings.TrimSpace(a.Literal(name)) == "" {
			return i, a.Errorf("'%s' is empty; say what it must be, or leave it out", name)
		}
		asked = asked || a.Set(name)
	}
	if !asked {
		return i, a.Errorf("the identity says nothing, so that every certificate would be taken; name at least one attribute")
	}
	for name, into := range map[string]*distinguishedName{"subject": &i.subject, "issuer-subject": &i.issuerSubject} {
		if a.Set(name) {
			var err error
			if *into, err = parseName(a.Literal(name)); err != nil {
				return i, a.Errorf("'%s': %v", name, err)
			}
		}
	}
	for name, text := range map[string]string{"thumbprint": i.thumbprint, "issuer-thumbprint": i.issuerThumbprint} {
		if a.Set(name) && (len(text) != 40 || strings.Trim(text, "0123456789ABCDEF") != "") {
			return i, a.Errorf("'%s' is no SHA-1 thumbprint: 40 hexadecimal digits", name)
		}
	}
	if a.Set("serial-number") && strings.Trim(i.serial, "0123456789ABCDEF") != "" {
		return i, a.Errorf("'serial-number' is not hexadecimal")
	}
	id := a.Literal("issuer-certificate-id")
	if id == "" {
		return i, nil
	}
	if a.Set("issuer-subject") || a.Set("issuer-thumbprint") {
		return i, a.Errorf("'issuer-certificate-id' stands without 'issuer-subject' and 'issuer-thumbprint'")
	}
	c := a.Home().Certificate(id)
	switch {
	case c == nil && a.Home().Unknown:
		i.unknown = true
		return i, nil
	case c == nil:
		return i, a.Errorf("certificate '%s' could not be found; create it where this policy lives", id)
	}
	var err error
	if i.issuer, err = leafOf(c); err != nil {
		return i, a.Errorf("certificate '%s' can't be used: %v", id, err)
	}
	return i, nil
}

// serialNumber is a serial number without blanks, colons and leading zeros.
func serialNumber(s string) string {
	s = policy.Thumbprint(s)
	if trimmed := strings.TrimLeft(s, "0"); trimmed != "" || s == "" {
		return trimmed
	}
	return "0"
}

// matches says whether the certificate is the identity; everything that is asked for must be so. issuers are certificates that may be the issuer's.
func (i *clientIdentity) matches(leaf *x509.Certificate, issuers []*x509.Certificate) bool {
	switch {
	case i.unknown,
		i.thumbprint != "" && thumbprint(leaf.Raw) != i.thumbprint,
		i.serial != "" && fmt.Sprintf("%X", leaf.SerialNumber) != i.serial,
		i.commonName != "" && leaf.Subject.CommonName != i.commonName,
		i.dnsName != "" && !slices.ContainsFunc(leaf.DNSNames, func(n string) bool { return strings.EqualFold(n, i.dnsName) }),
		i.subject != nil && !i.subject.is(leaf.RawSubject),
		i.issuerSubject != nil && !i.issuerSubject.is(leaf.RawIssuer),
		i.issuer != nil && !signed(i.issuer, leaf):
		return false
	}
	if i.issuerThumbprint == "" {
		return true
	}
	if thumbprint(leaf.Raw) == i.issuerThumbprint { // signed by itself
		return signed(leaf, leaf)
	}
	return slices.ContainsFunc(issuers, func(c *x509.Certificate) bool {
		return thumbprint(c.Raw) == i.issuerThumbprint && bytes.Equal(c.RawSubject, leaf.RawIssuer) && leaf.CheckSignatureFrom(c) == nil
	})
}

// signed says whether a certificate bears the name and signature of an issuer that somebody has named for it.
func signed(issuer, leaf *x509.Certificate) bool {
	return bytes.Equal(issuer.RawSubject, leaf.RawIssuer) && issuer.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature) == nil
}
