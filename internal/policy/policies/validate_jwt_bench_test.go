package policies_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

func rsaKey(b testing.TB) *rsa.PrivateKey {
	b.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	return key
}

// openIDPlan is a plan that validates tokens of an issuer with the key, and a way to sign some.
func openIDPlan(b testing.TB, key *rsa.PrivateKey) (*policy.Plan, func(claims string) string) {
	b.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k"}}})
	if err != nil {
		b.Fatal(err)
	}
	documents := map[string][]byte{"https://i/config": []byte(`{"issuer":"https://i","jwks_uri":"https://i/keys"}`), "https://i/keys": keys}
	engine, err := policy.NewEngine(policies.Table(policies.Env{Fetch: func(_ context.Context, address string) ([]byte, error) {
		if d := documents[address]; d != nil {
			return d, nil
		}
		return nil, errors.New("no such document")
	}}))
	if err != nil {
		b.Fatal(err)
	}
	doc, err := policy.Parse(`<policies><inbound><validate-jwt header-name="Authorization" require-scheme="Bearer"><openid-config url="https://i/config"/>
		<audiences><audience>orders</audience></audiences><required-claims><claim name="scp" separator=" " match="any"><value>orders.read</value></claim></required-claims>
		</validate-jwt></inbound></policies>`, policy.FormatRaw)
	if err != nil {
		b.Fatal(err)
	}
	p, err := engine.Compile([]policy.Source{{Scope: policy.APIScope, Doc: doc, Home: &policy.Home{}}})
	if err != nil {
		b.Fatal(err)
	}
	return p, func(claims string) string {
		signed, err := signer.Sign([]byte(claims))
		if err != nil {
			b.Fatal(err)
		}
		text, err := signed.CompactSerialize()
		if err != nil {
			b.Fatal(err)
		}
		return text
	}
}

const benchClaims = `{"iss":"https://i","aud":"orders","exp":4102444800,"sub":"%d","scp":"openid orders.read orders.write","name":"Ada Lovelace","oid":"6f3a1f6e-0000-4000-8000-000000000000"}`

func withToken(x *policy.Exchange, text string) *policy.Exchange {
	x.Request.Header.Set("Authorization", "Bearer "+text)
	return x
}

// BenchmarkValidateJWT has tokens that come again, as those of real clients do, and tokens that were never seen.
func BenchmarkValidateJWT(b *testing.B) {
	key := rsaKey(b)
	p, sign := openIDPlan(b, key)
	run := func(b *testing.B, x *policy.Exchange) {
		if err := p.Run(x, policy.Inbound); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("again", func(b *testing.B) {
		x := withToken(exchange(&silent{}), sign(fmt.Sprintf(benchClaims, 0)))
		b.ReportAllocs()
		for b.Loop() {
			run(b, x)
		}
	})
	b.Run("new", func(b *testing.B) {
		var seen []*policy.Exchange
		for n := range 500 {
			seen = append(seen, withToken(exchange(&silent{}), sign(fmt.Sprintf(benchClaims, n))))
		}
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			if n%len(seen) == 0 { // another gateway has verified nothing yet
				b.StopTimer()
				p, _ = openIDPlan(b, key)
				run(b, withToken(exchange(&silent{}), sign(fmt.Sprintf(benchClaims, -1))))
				b.StartTimer()
			}
			run(b, seen[n%len(seen)])
		}
	})
}

// A token that was verified before costs next to nothing.
func TestValidateJWTOfAKnownTokenAllocatesLittle(t *testing.T) { //nolint:paralleltest // it counts allocations
	p, sign := openIDPlan(t, rsaKey(t))
	x := withToken(exchange(&silent{}), sign(fmt.Sprintf(benchClaims, 0)))
	run := func() {
		if err := p.Run(x, policy.Inbound); err != nil {
			t.Error(err)
		}
	}
	run()
	if n := testing.AllocsPerRun(100, run); n > 5 {
		t.Errorf("a known token costs %.0f allocations, want at most 5", n)
	}
}
