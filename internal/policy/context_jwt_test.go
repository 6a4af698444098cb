package policy

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func token(header, payload string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(header)) + "." + enc([]byte(payload)) + ".c2ln"
}

func TestParseJwtTakesTokensApart(t *testing.T) {
	t.Parallel()
	j := ParseJwt("bearer " + token(`{"alg":"RS256","typ":"JWT"}`, `{"sub":"u 1","aud":["a","b"],"n":5,"big":12345678901234567890,"ok":true,"none":null,"o":{"x": [1, "y z"]}}`))
	if j == nil {
		t.Fatal("no token")
	}
	got := []string{j.algorithm, j.typ}
	for _, name := range []string{"SUB", "aud", "n", "big", "ok", "o", "missing"} {
		v, _ := j.claims.joined(name)
		got = append(got, v)
	}
	want := []string{"RS256", "JWT", "u 1", "a,b", "5", "12345678901234567890", "true", `{"x":[1,"y z"]}`, ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseJwtRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "Bearer ", "a", "a.b", "a.b.c", token(`[]`, `{}`), token(`{}`, `null`), token(`{}`, `{"a":1} {"b":2}`), token(`{}`, `{"a":`),
		token(`{}`, `{"a":"`+strings.Repeat("x", maxToken)+`"}`), "Basic " + token(`{}`, `{}`),
	} {
		if ParseJwt(text) != nil {
			t.Errorf("%.60q is taken for a token", text)
		}
	}
}

func TestParseBasic(t *testing.T) {
	t.Parallel()
	enc := base64.StdEncoding.EncodeToString
	tests := []struct {
		in   string
		want *BasicCredentials
	}{
		{"Basic " + enc([]byte("bob:secret")), &BasicCredentials{"bob", "secret"}},
		{"Basic " + enc([]byte("a:b:c")), &BasicCredentials{"a:b", "c"}},
		{"Basic " + enc([]byte("J\xfcrgen:\xe9")), &BasicCredentials{"Jürgen", "é"}},
		{"Basic " + enc([]byte(":")), &BasicCredentials{"", ""}},
		{"basic " + enc([]byte("bob:secret")), nil},
		{"Basic bob:secret", nil},
		{"Basic " + enc([]byte("bob")), nil},
		{"Bearer x", nil},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, ParseBasic(test.in)); diff != "" {
			t.Errorf("%s: %s", test.in, diff)
		}
	}
}
