package gateway

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
)

// refusal is the answer to a request that two programs could read in two ways, or that is larger than the gateway takes. No policy runs for
// it, no backend sees it, and the connection ends with it.
type refusal struct {
	status int
	reason string
}

func (e *refusal) Error() string { return e.reason }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// accept reads the request into the exchange, or refuses it.
func (x *exchange) accept() error {
	r, l := x.r, &x.gateway.limits
	switch {
	case r.Method == http.MethodConnect:
		return refuse(http.StatusBadRequest, "CONNECT is not supported.")
	case r.Host == "":
		return refuse(http.StatusBadRequest, "The request names no host.")
	case len(r.RequestURI) > l.Target:
		return refuse(http.StatusRequestURITooLong, "The request target is longer than %d bytes.", l.Target)
	}
	path, query, ok := splitTarget(r.RequestURI)
	if !ok {
		return refuse(http.StatusBadRequest, "The request target must begin with a slash.")
	}
	if err := x.path.Parse(path); err != nil {
		return refuse(http.StatusBadRequest, "Invalid request: %s.", err)
	}
	query, err := route.CleanQuery(query, l.QueryParameters)
	if err != nil {
		return refuse(http.StatusBadRequest, "Invalid request: %s.", err)
	}
	q := &x.Request
	q.Method, q.Proto, q.RemoteIP = r.Method, r.Proto, remoteIP(r)
	q.URL = requestURL(r, x.path.Escaped, query)
	q.OriginalURL, q.OriginalMethod = q.URL, q.Method
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		x.acceptCertificate(r.TLS.PeerCertificates)
	}
	if err := x.acceptHeader(); err != nil {
		return err
	}
	if err := x.acceptLoop(); err != nil {
		return err
	}
	x.acceptBody()
	return nil
}

// acceptHeader copies the header lines that are the caller's to send and adds those that are ours.
func (x *exchange) acceptHeader() error {
	r, l := x.r, &x.gateway.limits
	named, err := connectionNames(r.Header)
	if err != nil {
		return err
	}
	h := x.Request.Header
	if room := len(r.Header) + 16; cap(h) < room {
		h = make(policy.Header, 0, room)
	}
	h.Add("Host", r.Host)
	for name, values := range r.Header {
		if strings.IndexByte(name, '_') >= 0 {
			return refuse(http.StatusBadRequest, "Invalid request: the header name %q holds an underscore.", name)
		}
		if isHop(name) || isForwarded(name) || named != nil && containsFold(named, name) {
			continue
		}
		for _, v := range values {
			h.Add(name, v)
		}
	}
	if len(h) > l.Fields {
		return refuse(http.StatusRequestHeaderFieldsTooLarge, "The request has more than %d header lines.", l.Fields)
	}
	slices.SortStableFunc(h[1:], func(a, b policy.Field) int { return strings.Compare(a.Name, b.Name) })
	h.Add("X-Forwarded-For", x.Request.RemoteIP)
	h.Add("X-Forwarded-Host", r.Host)
	h.Add("X-Forwarded-Proto", x.Request.URL.Scheme)
	x.Request.Header = h
	if r.Header["Upgrade"] != nil {
		x.upgrade = asksForWebSocket(r)
	}
	x.grpc = r.ProtoMajor == 2 && strings.HasPrefix(h.Get("Content-Type"), "application/grpc")
	return nil
}

// connectionNames are the header lines that Connection takes off at this hop; nil for none. It cannot name what frames the message or says who
// calls: a backend would then see another request than the policies.
func connectionNames(h http.Header) ([]string, error) {
	lines := h["Connection"]
	if len(lines) == 0 {
		return nil, nil
	}
	var names []string
	for _, line := range lines {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.Trim(name, " \t")
			switch {
			case name == "" || strings.EqualFold(name, "close") || strings.EqualFold(name, "keep-alive"):
			case isProtected(name):
				return nil, refuse(http.StatusBadRequest, "Invalid request: Connection cannot name %q.", name)
			default:
				names = append(names, name)
			}
		}
	}
	return names, nil
}

func containsFold(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}

// isHop says whether a header line (canonical name) belongs to one connection.
func isHop(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Expect", "Http2-Settings":
		return true
	}
	return false
}

// isForwarded says whether a header line tells of the way a request has come: that is ours to say.
func isForwarded(name string) bool {
	return name == "Forwarded" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-")
}

// isProtected says whether a line frames the message or says who calls.
func isProtected(name string) bool {
	switch name = http.CanonicalHeaderKey(name); name {
	case "Content-Length", "Transfer-Encoding", "Content-Encoding", "Content-Type", "Host", "Authorization", "Cookie", "Date", "Via", "Origin":
		return true
	}
	return isForwarded(http.CanonicalHeaderKey(name)) || strings.HasPrefix(name, "Ocp-Apim-")
}

// acceptBody makes the caller's body readable, a stream that nobody has touched.
func (x *exchange) acceptBody() {
	r := x.r
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return
	}
	x.body = &callerBody{reader: r.Body, control: http.NewResponseController(x.w), idle: x.gateway.limits.BodyIdle, http2: r.ProtoMajor > 1}
	if r.ProtoMajor == 1 {
		_ = x.body.control.EnableFullDuplex() // the answer may begin before the body has ended
	}
	x.Request.Body = x.StreamBody(x.body, r.ContentLength, x.gateway.limits.BufferedBody)
}
