package policies

import (
	"errors"
	"fmt"
	"slices"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/token"
)

// keyShape is a key of issuer-signing-keys or decryption-keys.
func keyShape(parts ...policy.Part) *policy.ElementShape {
	return policy.Children("key", policy.Text, append(parts,
		policy.Attr("certificate-id", policy.Text).Doc("Name of a certificate of the service or workspace that the policy lives in."),
		policy.Attr("id", policy.Text).Doc("Key id; only tokens that name it, or none, are tried with this key."))...)
}

func keyList(name, doc string, key *policy.ElementShape) *policy.ElementShape {
	return policy.Child(name, key.Required().Doc("A key: base64 of a shared secret as text, or a certificate.")).Doc(doc)
}

func issuerSigningKeys() *policy.ElementShape {
	return keyList("issuer-signing-keys", "Keys that tokens may be signed with.", keyShape(
		policy.Attr("n", policy.Text).Doc("Modulus of an RSA key, base64url."), policy.Attr("e", policy.Text).Doc("Exponent of an RSA key, base64url.")).Expr())
}

func decryptionKeys() *policy.ElementShape {
	return keyList("decryption-keys", "Keys that encrypted tokens are opened with.", keyShape(
		policy.Attr("n", policy.Text).Doc("Not usable here: a public key opens nothing."), policy.Attr("e", policy.Text).Doc("Not usable here: a public key opens nothing.")))
}

// readKeys compiles the keys of a list; what is wrong with one is a problem of its element.
func readKeys(a *policy.Args, list string, decrypt bool) (out []*token.Key, err error) {
	l := a.One(list)
	if l == nil {
		return nil, nil
	}
	for _, k := range l.All("key") {
		if _, literal := k.Content().Literal(); !literal {
			continue // computedKeys has it
		}
		key, err := readKey(k, a.Home())
		switch {
		case err != nil:
			return nil, k.Errorf("%s", err)
		case key == nil: // of a home of which nothing is known
		case decrypt && !key.Decrypts():
			return nil, k.Errorf("the key holds no private part; tokens are decrypted with a shared secret or with a certificate that has its private key")
		default:
			out = append(out, key)
		}
	}
	return out, nil
}

// computedKey is a shared secret that an expression gives, for each request anew.
type computedKey struct {
	id     string
	secret policy.TextValue
}

// computedKeys are the keys of issuer-signing-keys that are expressions.
func computedKeys(a *policy.Args) (out []computedKey, err error) {
	l := a.One("issuer-signing-keys")
	if l == nil {
		return nil, nil
	}
	for _, k := range l.All("key") {
		if _, literal := k.Content().Literal(); literal {
			continue
		}
		if k.Set("certificate-id") || k.Set("n") || k.Set("e") {
			return nil, k.Errorf("a key is exactly one of base64 text, 'certificate-id', and 'n' with 'e'")
		}
		out = append(out, computedKey{k.Literal("id"), k.Content()})
	}
	return out, nil
}

// computing is the rules with the keys of one request. A secret that can't be one fails the request: nothing is said about the token.
func (r *tokenRules) computing(x *policy.Exchange) (*tokenRules, error) {
	if len(r.computed) == 0 {
		return r, nil
	}
	own := *r
	own.keys = slices.Clone(r.keys)
	for _, c := range r.computed {
		text, err := c.secret.Get(x)
		if err != nil {
			return nil, err
		}
		key, err := token.Secret(c.id, text)
		if err != nil {
			return nil, fmt.Errorf("a key of 'issuer-signing-keys' can't be used: %w", err)
		}
		own.keys = append(own.keys, key)
	}
	return &own, nil
}

// readKey makes a key of its one form.
func readKey(k *policy.Args, home *policy.Home) (*token.Key, error) {
	forms, id := 0, k.Literal("id")
	for _, set := range []bool{k.HasContent(), k.Set("certificate-id"), k.Set("n") || k.Set("e")} {
		if set {
			forms++
		}
	}
	switch {
	case forms != 1:
		return nil, errors.New("a key is exactly one of base64 text, 'certificate-id', and 'n' with 'e'")
	case k.HasContent():
		text, _ := k.Content().Literal()
		return token.Secret(id, text)
	case k.Set("certificate-id"):
		return certificateKey(id, k.Literal("certificate-id"), home)
	case !k.Set("n") || !k.Set("e"):
		return nil, errors.New("'n' and 'e' belong together")
	}
	return token.RSA(id, k.Literal("n"), k.Literal("e"))
}

func certificateKey(id, name string, home *policy.Home) (*token.Key, error) {
	c := home.Certificate(name)
	if c == nil && home.Unknown {
		return nil, nil
	}
	if c == nil {
		return nil, fmt.Errorf("certificate '%s' could not be found; create it where this policy lives", name)
	}
	key, err := token.Certificate(id, c.Data(), c.Password)
	if err != nil {
		return nil, fmt.Errorf("certificate '%s' can't be used for tokens: %w", name, err)
	}
	return key, nil
}
