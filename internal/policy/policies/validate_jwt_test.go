package policies_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// Whoever has a gateway fetch from servers that don't answer, at addresses that requests make up, keeps nobody from the issuer that a document names.
func TestComputedIssuersDoNotKeepOthersWaiting(t *testing.T) {
	t.Parallel()
	key := rsaKey(t)
	_, sign := openIDPlan(t, key)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k"}}})
	if err != nil {
		t.Fatal(err)
	}
	begun, done := make(chan struct{}), make(chan struct{})
	engine, err := policy.NewEngine(policies.Table(policies.Env{Fetch: func(_ context.Context, address string) ([]byte, error) {
		switch {
		case strings.HasPrefix(address, "https://slow"):
			begun <- struct{}{}
			<-done
			return nil, errors.New("it does not answer")
		case address == "https://i/keys":
			return keys, nil
		}
		return []byte(`{"issuer":"https://i","jwks_uri":"https://i/keys"}`), nil
	}}))
	if err != nil {
		t.Fatal(err)
	}
	plan := func(url string) *policy.Plan {
		doc, err := policy.Parse(`<policies><inbound><validate-jwt header-name="Authorization"><openid-config url="`+url+`"/></validate-jwt></inbound></policies>`, policy.FormatRaw)
		if err != nil {
			t.Fatal(err)
		}
		p, err := engine.Compile([]policy.Source{{Scope: policy.APIScope, Doc: doc, Home: &policy.Home{}}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	token := sign(fmt.Sprintf(benchClaims, 1))
	hostile := plan(`@("https://slow/" + context.Request.Headers.GetValueOrDefault("X-Issuer", ""))`)
	ended := make(chan error)
	const many = 64
	for n := range many {
		x := withToken(exchange(&silent{}), token)
		x.Request.Header.Set("X-Issuer", fmt.Sprint(n))
		go func() { ended <- hostile.Run(x, policy.Inbound) }()
	}
	for range many {
		<-begun
	}
	if err := plan("https://i/config").Run(withToken(exchange(&silent{}), token), policy.Inbound); err != nil {
		t.Errorf("the document that names its issuer refuses a good token: %v", err)
	}
	close(done)
	for range many {
		if err := <-ended; err == nil {
			t.Error("a token was let through with keys of another issuer")
		}
	}
}
