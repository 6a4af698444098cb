package portal

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// handler answers one route with a value to be sent as JSON, nil for an answer without a body. It may set headers, and the status by
// returning a *created.
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// created is an answer with status 201.
type created struct{ value any }

// fault is what a person is told when something can't be done. Its texts are the portal's own: what the control plane says of a failure may
// name things that consumers must not know.
type fault struct {
	Status  int           `json:"-"`
	Code    string        `json:"code"`
	Message string        `json:"message"`
	Field   string        `json:"field,omitempty"` // of the body that was sent
	After   time.Duration `json:"-"`               // when to try again
}

func (f *fault) Error() string { return f.Code + ": " + f.Message }

// notFound is the answer for what isn't there and for what the person may not see: they can't be told apart.
func notFound() error {
	return &fault{Status: http.StatusNotFound, Code: "NotFound", Message: "There is nothing here that you may see. It may have been withdrawn, or be open to others only."}
}

func signInNeeded() error {
	return &fault{Status: http.StatusUnauthorized, Code: "SignInNeeded", Message: "Sign in first."}
}

func invalid(field, format string, args ...any) error {
	return &fault{Status: http.StatusBadRequest, Code: "Invalid", Message: fmt.Sprintf(format, args...), Field: field}
}

func conflict(code, format string, args ...any) error {
	return &fault{Status: http.StatusConflict, Code: code, Message: fmt.Sprintf(format, args...)}
}

func tooMany(after time.Duration, format string, args ...any) error {
	return &fault{Status: http.StatusTooManyRequests, Code: "TooMany", Message: fmt.Sprintf(format, args...), After: after}
}

// answering makes an http.Handler of a handler: guards writes, sets the headers that every answer has, sends the value or the fault.
func (p *portal) answering(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Cache-Control", "no-store")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		value, err := any(nil), p.fromOwnPages(r)
		if err == nil {
			value, err = h(w, r)
		}
		switch made, ok := value.(*created); {
		case err != nil:
			p.refuse(w, r, err)
		case value == nil:
			w.WriteHeader(http.StatusNoContent)
		case ok:
			send(w, http.StatusCreated, made.value)
		default:
			send(w, http.StatusOK, value)
		}
	})
}

// refuse sends a fault. Anything else is a defect or a fault of ours: the log has it, the person gets the number of its entry.
func (p *portal) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var f *fault
	if !errors.As(err, &f) {
		id := rand.Text()[:12]
		if r.Context().Err() == nil {
			slog.Error("the portal could not answer", "error", err, "method", r.Method, "path", r.URL.Path, "id", id)
		}
		f = &fault{
			Status: http.StatusInternalServerError, Code: "Internal",
			Message: "Something went wrong on our side. Try again; if it stays, tell the people who run this portal the number " + id + ".",
		}
	}
	if f.After > 0 {
		seconds := int((f.After + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	send(w, f.Status, map[string]*fault{"error": f})
}

func send(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		slog.Error("an answer of the portal can't be written", "error", err)
		status, body = http.StatusInternalServerError, []byte(`{"error":{"code":"Internal","message":"Something went wrong on our side."}}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller is gone when this fails
}
