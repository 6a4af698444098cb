package policies

import (
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// tokenSource is where a token policy finds its token: one of a header, a query parameter and a value.
type tokenSource struct {
	header, query, value *policy.TextValue
	scheme               policy.TextValue // of the Authorization header
}

var errNotPresent = &refusal{reason: "TokenNotPresent", message: "JWT not present."}

// tokenSources reads the attributes that name a place, and says how many do.
func tokenSources(a *policy.Args) (s tokenSource, count int) {
	for _, from := range []struct {
		attr string
		into **policy.TextValue
	}{{"header-name", &s.header}, {"query-parameter-name", &s.query}, {"token-value", &s.value}} {
		if a.Set(from.attr) {
			v := a.Text(from.attr)
			*from.into = &v
			count++
		}
	}
	return s, count
}

// find is the token's text. A token that stands twice is refused: the backend might read the other one.
func (s *tokenSource) find(x *policy.Exchange) (string, error) {
	var found []string
	switch {
	case s.value != nil:
		text, err := s.value.Get(x)
		if err != nil {
			return "", err
		}
		return present(withoutBearer(text))
	case s.query != nil:
		name, err := s.query.Get(x)
		if err != nil {
			return "", err
		}
		found = valuesOfQuery(x.Request.URL.Query, name)
	default:
		name, err := s.header.Get(x)
		if err != nil {
			return "", err
		}
		if strings.EqualFold(name, "Authorization") {
			return s.authorization(x)
		}
		found = x.Request.Header.Values(name)
	}
	switch len(found) {
	case 0:
		return "", errNotPresent
	case 1:
		return present(withoutBearer(found[0]))
	}
	return "", errTwice
}

var errTwice = &refusal{reason: "JwtInvalid", message: "The request has more than one token. Access denied."}

// authorization takes the token of the Authorization header: of the scheme that is demanded, or of any.
func (s *tokenSource) authorization(x *policy.Exchange) (string, error) {
	lines := x.Request.Header.Values("Authorization")
	if len(lines) > 1 {
		return "", errTwice
	}
	if len(lines) == 0 {
		return "", errNotPresent
	}
	want, err := s.scheme.Get(x)
	if err != nil {
		return "", err
	}
	line := strings.TrimSpace(lines[0])
	scheme, rest, hasScheme := strings.Cut(line, " ")
	switch {
	case want != "" && (!hasScheme || !strings.EqualFold(scheme, want)):
		return "", errNotPresent
	case hasScheme:
		return present(strings.TrimSpace(rest))
	}
	return present(line)
}

func present(text string) (string, error) {
	if text == "" {
		return "", errNotPresent
	}
	return text, nil
}

func withoutBearer(s string) string {
	const scheme = "bearer "
	s = strings.TrimSpace(s)
	if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
		return strings.TrimSpace(s[len(scheme):])
	}
	return s
}

// valuesOfQuery are the decoded values of a parameter, whose name ignores case.
func valuesOfQuery(query, name string) (out []string) {
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" || !strings.EqualFold(queryName(pair), name) {
			continue
		}
		_, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		out = append(out, value)
	}
	return out
}
