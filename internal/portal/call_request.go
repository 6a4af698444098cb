package portal

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
)

// Sizes of what a call may hold.
const (
	maxCallPath    = 8 << 10
	maxCallHeaders = 60
	maxCallHead    = 16 << 10 // bytes of names and values together
	maxAPIPath     = 1200     // bytes of the path of an API, three for each character
)

// requestOf makes the request of a call to a visible API, or says what is wrong with it.
func (v *view) requestOf(c *call) (*http.Request, error) {
	a, err := v.findAPI(c.API)
	if err != nil {
		return nil, err
	}
	if _, err := v.findOperation(a, c.Operation); err != nil {
		return nil, err
	}
	if !isToken(c.Method) || len(c.Method) > 64 || slices.Contains([]string{http.MethodConnect, http.MethodTrace}, strings.ToUpper(c.Method)) {
		return nil, invalid("method", "The method can't be sent.")
	}
	base, err := url.Parse(v.address(a))
	if err != nil || base.Host == "" {
		return nil, conflict("NotServed", "No gateway serves this API at present.")
	}
	target, err := v.below(a, c.Path)
	if err != nil {
		return nil, err
	}
	header, err := headerOf(c.Headers)
	if err != nil {
		return nil, err
	}
	out := &http.Request{
		Method: c.Method, Host: base.Host, RequestURI: target, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
	}
	if out.URL, err = url.ParseRequestURI(target); err != nil {
		return nil, invalid("path", "The path can't be sent: it is malformed.")
	}
	if c.Body != "" {
		out.Body, out.ContentLength = io.NopCloser(strings.NewReader(c.Body)), int64(len(c.Body))
	}
	if base.Scheme == "https" {
		out.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: base.Hostname()}
	}
	return out, nil
}

// below is the target of a call: the API's path and what the person wrote below it. It stays there: whatever the gateway could read as a way
// up or out is refused, and so is a path that another API of the same gateway answers.
func (v *view) below(a *api, path string) (string, error) {
	own := strings.Trim(a.Path, "/")
	if own != "" {
		own = "/" + own
	}
	if len(own)+len(path) > maxCallPath {
		return "", invalid("path", "The path and query may have at most 8 KiB.")
	}
	if !strings.HasPrefix(path, "/") {
		return "", invalid("path", "The path must begin with a slash.")
	}
	for _, c := range []byte(path) {
		if c <= ' ' || c >= 0x7f || c == '\\' || c == '#' {
			return "", invalid("path", "The path holds the character %q, which must be percent-encoded.", rune(c))
		}
	}
	bare, _, _ := strings.Cut(path, "?")
	at := own
	for i, segment := range strings.Split(bare[1:], "/") {
		if !plainSegment(segment) {
			return "", invalid("path", "Part %d of the path, %q, can't be sent: dot segments, semicolons, and slashes or control characters in percent-encoding are refused by gateways.", i+1, segment)
		}
		if at += "/" + segment; len(at) <= maxAPIPath && v.taken(a, at) {
			return "", invalid("path", "Another API answers below this address; open that one to try it.")
		}
	}
	return own + path, nil
}

// plainSegment says whether everybody reads a segment of a path alike.
func plainSegment(segment string) bool {
	text, err := url.PathUnescape(segment)
	if err != nil || text == "." || text == ".." {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == '/' || r == '\\' || r == ';' })
}

// taken says whether another API of the same gateway has this very path.
func (v *view) taken(a *api, path string) bool {
	id, ok := v.portal.claimed(v, v.service.Child("apis", "any"), &apim.API{Path: path}, "path")
	if !ok || id.Equal(a.id) {
		return false
	}
	mine, _ := v.gatewayOf(homeOf(a.id))
	theirs, served := v.gatewayOf(homeOf(id))
	return served && mine == theirs
}

// headerOf are the header lines of a call, without those that are not the person's to send: what frames the message, what belongs to one
// connection, what says by which way it came, and the portal's own cookies.
func headerOf(lines [][2]string) (http.Header, error) {
	if len(lines) > maxCallHeaders {
		return nil, invalid("headers", "At most %d header lines can be sent.", maxCallHeaders)
	}
	h, size := http.Header{}, 0
	dropped := connectionTokens(lines)
	for _, line := range lines {
		name, value := line[0], strings.TrimSpace(line[1])
		size += len(name) + len(value)
		switch {
		case !isToken(name) || strings.Contains(name, "_"):
			return nil, invalid("headers", "%q is no name of a header that gateways take.", name)
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return nil, invalid("headers", "The value of %s holds a control character.", name)
		case size > maxCallHead:
			return nil, invalid("headers", "The header lines are longer than 16 KiB together.")
		}
		if name = http.CanonicalHeaderKey(name); !isKeptBack(name) && !dropped[name] {
			h.Add(name, value)
		}
	}
	return h, nil
}

// connectionTokens are the lines that a Connection line would take off.
func connectionTokens(lines [][2]string) map[string]bool {
	out := map[string]bool{}
	for _, line := range lines {
		if !strings.EqualFold(line[0], "Connection") {
			continue
		}
		for name := range strings.SplitSeq(line[1], ",") {
			out[http.CanonicalHeaderKey(strings.TrimSpace(name))] = true
		}
	}
	return out
}

// isKeptBack says whether a line (canonical name) is kept back from a call.
func isKeptBack(name string) bool {
	switch name {
	case "Host", "Cookie", "Content-Length", "Accept-Encoding", "Forwarded", "X-Real-Ip":
		return true
	}
	return isHop(name) || strings.HasPrefix(name, "X-Forwarded-") || strings.HasPrefix(name, "Sec-") || strings.HasPrefix(name, "Proxy-")
}

// isHop says whether a line (canonical name) belongs to one connection.
func isHop(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Expect", "Http2-Settings":
		return true
	}
	return false
}

// isToken says whether s is a token of RFC 9110.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	})
}
