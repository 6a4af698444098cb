package cosmos

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"time"
)

// version of the REST interface.
const version = "2018-12-31"

// Call is a request that can be sent once it is signed.
type Call struct {
	Method string
	URL    string
	Header []Line
	Body   []byte // nil for none

	account Account
	kind    string // of the resource: docs or colls
	link    string // of the resource, as signatures name it
}

// Line is one line of a header.
type Line struct{ Name, Value string }

func (c *Call) set(name, value string) { c.Header = append(c.Header, Line{name, value}) }

// Signed are the lines that make the call the account's own at a moment: by a token of an identity, or "" for the account's key.
func (c *Call) Signed(now time.Time, token string) []Line {
	date := now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	how := "type=aad&ver=1.0&sig=" + token
	if token == "" {
		how = "type=master&ver=1.0&sig=" + signature(c.account.key, c.Method, c.kind, c.link, date)
	}
	return []Line{{"x-ms-date", date}, {"x-ms-version", version}, {"Authorization", url.QueryEscape(how)}}
}

// signature is over verb, type, link and date; all but the link are in lower case.
func signature(key []byte, method, kind, link, date string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(strings.ToLower(method) + "\n" + kind + "\n" + link + "\n" + strings.ToLower(date) + "\n\n"))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
