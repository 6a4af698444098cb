package gateway

import (
	"crypto/sha1" //nolint:gosec // what RFC 6455 asks for; it protects nothing
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// WebSocket connections begin with a request that asks for one (RFC 6455 4). Our own handshake with the backend is not the caller's: each side has
// a key of its own, and the caller is told yes only after the backend has said so.

// asksForWebSocket says whether a request wants its connection to become a WebSocket. Other wishes are ignored, as RFC 9110 7.8 allows: such a
// request is an ordinary one.
func asksForWebSocket(r *http.Request) bool {
	return r.Method == http.MethodGet && r.ProtoMajor == 1 && r.ProtoMinor >= 1 && hasToken(r.Header["Upgrade"], "websocket") && hasToken(r.Header["Connection"], "upgrade")
}

// connects says whether the request is the handshake of a connection: of a WebSocket API, or of a GraphQL API that is asked for one.
func (x *exchange) connects() bool {
	return x.api != nil && (x.api.websocket || x.api.graph != nil && x.upgrade)
}

func hasToken(lines []string, token string) bool {
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.Trim(part, " \t"), token) {
				return true
			}
		}
	}
	return false
}

// Canonical names of the handshake's header lines.
const (
	wsKey     = "Sec-Websocket-Key"
	wsAccept  = "Sec-Websocket-Accept"
	wsVersion = "Sec-Websocket-Version"
)

// checkHandshake refuses a handshake that a server has to refuse (RFC 6455 4.2.1), before any policy sees it.
func (x *exchange) checkHandshake() error {
	h := x.r.Header
	if versions := h[wsVersion]; len(versions) != 1 || versions[0] != "13" {
		e := &policy.Error{
			Source: "request", Reason: "RequestRefused", Message: "The handshake asks for a version of the WebSocket protocol other than 13.",
			Public: "Only version 13 of the WebSocket protocol is supported.", Status: http.StatusUpgradeRequired,
		}
		e.Header.Add("Sec-WebSocket-Version", "13")
		return e
	}
	if keys := h[wsKey]; len(keys) != 1 || !isHandshakeKey(keys[0]) {
		return refuse(http.StatusBadRequest, "Invalid request: a WebSocket handshake needs one Sec-WebSocket-Key of 16 bytes in base64.")
	}
	if x.r.ContentLength != 0 {
		return refuse(http.StatusBadRequest, "Invalid request: a WebSocket handshake has no body.")
	}
	return nil
}

func isHandshakeKey(s string) bool {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == 16 && len(s) == 24
}

// acceptOf is the answer to a handshake's key.
func acceptOf(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see above
	return base64.StdEncoding.EncodeToString(sum[:])
}
