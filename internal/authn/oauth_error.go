package authn

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// oauthError is a refusal in OAuth's shape with the number that Entra would give it; clients print the description.
type oauthError struct {
	status int
	code   string // RFC 6749's word
	number int    // AADSTS…
	text   string
}

func (e *oauthError) Error() string { return fmt.Sprintf("AADSTS%d: %s", e.number, e.text) }

func oauthErrorf(status int, code string, number int, format string, args ...any) *oauthError {
	return &oauthError{status, code, number, fmt.Sprintf(format, args...)}
}

func invalidRequest(format string, args ...any) *oauthError {
	return oauthErrorf(http.StatusBadRequest, "invalid_request", 900144, format, args...)
}

func invalidGrant(format string, args ...any) *oauthError {
	return oauthErrorf(http.StatusBadRequest, "invalid_grant", 70008, format, args...)
}

// write sends the error as JSON.
func (e *oauthError) write(w http.ResponseWriter, r *http.Request, now time.Time) {
	trace := uuid.NewString()
	correlation, err := uuid.Parse(r.Header.Get("Client-Request-Id"))
	if err != nil {
		correlation = uuid.New()
	}
	at := now.UTC().Format("2006-01-02 15:04:05Z")
	if e.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="token endpoint"`)
	}
	writeJSON(w, e.status, map[string]any{
		"error":             e.code,
		"error_description": fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s", e.Error(), trace, correlation, at),
		"error_codes":       []int{e.number},
		"timestamp":         at,
		"trace_id":          trace,
		"correlation_id":    correlation.String(),
	})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever hung up gets nothing
}

func clip(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}
