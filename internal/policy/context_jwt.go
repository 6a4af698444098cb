package policy

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var jwtType = types.Class("Jwt")

// Jwt is a token that was taken apart. Nothing here has checked its signature.
type Jwt struct {
	algorithm, typ string
	claims         claims
}

// maxToken bounds what is taken apart.
const maxToken = 16 << 10

// NetType makes it the value of AsJwt.
func (*Jwt) NetType() *types.Type { return jwtType }

func jwtDecl() types.Decl {
	claim := func(name string) types.Fn {
		return types.Fn1(func(j *Jwt) types.Value {
			if v, ok := j.claims.joined(name); ok {
				return v
			}
			return nil
		})
	}
	instant := func(name string) types.Fn {
		return types.Do(func(c *types.Call) (types.Value, error) {
			text, ok := c.This.(*Jwt).claims.joined(name)
			seconds, err := strconv.ParseFloat(text, 64)
			if !ok || err != nil || seconds < -62135596800 || seconds > 253402300799 {
				return nil, nil
			}
			return netTime(c, time.Unix(int64(seconds), 0))
		})
	}
	return types.Decl{Type: jwtType, Doc: "A JSON web token.", Members: []types.Member{
		{Sig: "string Algorithm { get; }", Do: types.Fn1(func(j *Jwt) types.Value { return textOrNull(j.algorithm) }), Doc: "The algorithm its header names."},
		{Sig: "IEnumerable<string> Audiences { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return types.Strings(c.This.(*Jwt).claims.values("aud")), nil
		}), Doc: "The audiences."},
		{Sig: "IReadOnlyDictionary<string, string[]> Claims { get; }", Do: types.Fn1(func(j *Jwt) *claims { return &j.claims }), Doc: "The claims."},
		{Sig: "DateTime? ExpirationTime { get; }", Do: instant("exp"), Doc: "When it expires."},
		{Sig: "string Id { get; }", Do: claim("jti"), Doc: "The claim jti."},
		{Sig: "string Issuer { get; }", Do: claim("iss"), Doc: "The issuer."},
		{Sig: "DateTime? IssuedAt { get; }", Do: instant("iat"), Doc: "When it was issued."},
		{Sig: "DateTime? NotBefore { get; }", Do: instant("nbf"), Doc: "From when it is valid."},
		{Sig: "string Subject { get; }", Do: claim("sub"), Doc: "The subject."},
		{Sig: "string Type { get; }", Do: types.Fn1(func(j *Jwt) types.Value { return textOrNull(j.typ) }), Doc: "The type its header names."},
	}}
}

// ParseJwt takes a token apart without checking it; a scheme Bearer before it is dropped. It is nil when the text is no token.
func ParseJwt(text string) *Jwt {
	text = strings.TrimSpace(text)
	if len(text) > 7 && strings.EqualFold(text[:7], "Bearer ") {
		text = strings.TrimSpace(text[7:])
	}
	parts := strings.Split(text, ".")
	if len(parts) < 2 || len(text) > maxToken {
		return nil
	}
	header, err1 := decodePart(parts[0])
	payload, err2 := decodePart(parts[1])
	if err1 != nil || err2 != nil {
		return nil
	}
	return NewJwt(header, payload)
}

func decodePart(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}

// claims are claims in their order. Names ignore case, as the service has it.
type claims struct {
	names []string
	all   [][]string
}

// parseClaims reads a JSON object: arrays become several values, other values their text.
func parseClaims(data []byte) (claims, bool) {
	var raw map[string]json.RawMessage
	if json.Unmarshal(data, &raw) != nil || raw == nil {
		return claims{}, false
	}
	var c claims
	dec := json.NewDecoder(strings.NewReader(string(data)))
	_, _ = dec.Token() // the opening brace
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return claims{}, false
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return claims{}, false
		}
		c.names, c.all = append(c.names, name.(string)), append(c.all, claimValues(value))
	}
	return c, true
}

func claimValues(raw json.RawMessage) []string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && list != nil {
		out := make([]string, len(list))
		for i, v := range list {
			out[i] = claimText(v)
		}
		return out
	}
	return []string{claimText(raw)}
}

func claimText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var compact bytes.Buffer
	if json.Compact(&compact, raw) != nil {
		return string(raw)
	}
	return compact.String()
}

func (c *claims) values(name string) []string {
	for i, n := range c.names {
		if strings.EqualFold(n, name) {
			return c.all[i]
		}
	}
	return nil
}

func (c *claims) joined(name string) (string, bool) {
	for i, n := range c.names {
		if strings.EqualFold(n, name) {
			return strings.Join(c.all[i], ","), true
		}
	}
	return "", false
}

// NetType makes them a dictionary of values.
func (c *claims) NetType() *types.Type { return valuesDictionary }

// Len is their number.
func (c *claims) Len() int { return len(c.names) }

// Get finds a claim.
func (c *claims) Get(key types.Value) (types.Value, bool) {
	name, _ := key.(string)
	if v := c.values(name); v != nil {
		return types.Strings(v), true
	}
	return nil, false
}

// Enumerate gives the claims in their order.
func (c *claims) Enumerate(*types.Env) types.Enumerator {
	var items []types.Value
	for i, n := range c.names {
		items = append(items, types.Pair{Type: valuesPair, Key: n, Value: types.Strings(c.all[i])})
	}
	return types.Slice(items)
}

// NewJwt is a token of its header and its claims, each JSON; nil when one is no object.
func NewJwt(header, payload []byte) *Jwt {
	head, ok1 := parseClaims(header)
	claims, ok2 := parseClaims(payload)
	if !ok1 || !ok2 {
		return nil
	}
	j := &Jwt{claims: claims}
	j.algorithm, _ = head.joined("alg")
	j.typ, _ = head.joined("typ")
	return j
}
