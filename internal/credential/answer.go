package credential

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Fault is why there is no token. Both texts may be shown to whoever manages the connection.
type Fault struct {
	Code, Message string
	// Final says that the provider has refused: asking the same again has no use.
	Final bool
}

func (f *Fault) Error() string { return f.Message }

// Bounds of what is kept of an answer.
const (
	maxToken  = 16 << 10
	maxClaims = 16 << 10
	maxText   = 300
	maxLife   = 10 * 365 * 24 * time.Hour
)

// answer is the JSON of a token endpoint; providers write the life of a token as a number or as text.
type answer struct {
	Access  string      `json:"access_token"`
	Type    string      `json:"token_type"`
	Refresh string      `json:"refresh_token"`
	ID      string      `json:"id_token"`
	Expires json.Number `json:"expires_in"`
	Error   string      `json:"error"`
	Detail  string      `json:"error_description"`
}

// readToken reads an answer of status 200. Some providers refuse with that status.
func readToken(now time.Time, body []byte, secrets []string) (Token, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return Token{}, &Fault{Code: "TokenAnswerInvalid", Message: "The token endpoint of the provider answered 200 without the JSON of a token.", Final: true}
	}
	switch {
	case a.Access == "" && a.Error != "":
		return Token{}, refusal(http.StatusOK, body, secrets)
	case a.Type != "" && !strings.EqualFold(a.Type, "bearer") && !strings.EqualFold(a.Type, "token"):
		return Token{}, &Fault{Code: "TokenAnswerInvalid", Message: "The provider gives tokens that are no bearer tokens.", Final: true}
	case !usable(a.Access) || a.Refresh != "" && !usable(a.Refresh):
		return Token{}, &Fault{Code: "TokenAnswerInvalid", Message: fmt.Sprintf("The provider's answer holds no token, or one with control characters or of more than %d KiB.", maxToken>>10), Final: true}
	}
	t := Token{Access: a.Access, Refresh: a.Refresh, Claims: claims(a.Access)}
	if t.Claims == "" {
		t.Claims = claims(a.ID)
	}
	if seconds, err := strconv.ParseFloat(a.Expires.String(), 64); err == nil && seconds > 0 {
		t.Expires = now.Add(time.Duration(min(seconds, maxLife.Seconds()) * float64(time.Second)))
	} else if t.Refresh != "" {
		t.Expires = now.Add(unsaid)
	}
	return t, nil
}

// usable wants visible ASCII: tokens go into headers.
func usable(token string) bool {
	return token != "" && len(token) <= maxToken && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}

// claims is the payload of a token in the form of a JWT. Nobody has verified it: it came from the provider itself, over the connection that was asked.
func claims(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var o map[string]json.RawMessage
	if err != nil || len(payload) > maxClaims || json.Unmarshal(payload, &o) != nil {
		return ""
	}
	return string(payload)
}

// word is what RFC 6749, section 5.2, lets an error be, bounded.
var word = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]{1,64}$`)

// refusal is what an answer that is no token says.
func refusal(status int, body []byte, secrets []string) *Fault {
	var a answer
	_ = json.Unmarshal(body, &a) // what isn't JSON says nothing
	f := &Fault{Code: "TokenRefused", Final: status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout}
	f.Message = fmt.Sprintf("The token endpoint of the provider answered %d", status)
	if word.MatchString(a.Error) && !holds(a.Error, secrets) {
		f.Code = a.Error
		f.Message += " " + a.Error
	}
	if detail := printable(a.Detail); detail != "" && !holds(detail, secrets) {
		f.Message += ": " + detail
	}
	f.Message = strings.TrimSuffix(f.Message, ".") + "."
	return f
}

// refusesClient says whether an answer refuses how the client proves itself.
func refusesClient(status int, body []byte) bool {
	var a answer
	return status == http.StatusUnauthorized || status == http.StatusBadRequest && json.Unmarshal(body, &a) == nil && a.Error == "invalid_client"
}

// holds says whether a text repeats a secret. Very short ones are found everywhere and protect nothing.
func holds(text string, secrets []string) bool {
	for _, s := range secrets {
		if len(s) > 3 && strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// printable is one line of a foreign text, cut.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxText {
		runes = append(runes[:maxText], '…')
	}
	return string(runes)
}
