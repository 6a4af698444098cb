package armhttp

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Verify finds the principal of a bearer token. Name is what refusals call it. An error is a refusal: the token is absent, malformed, expired, or
// its principal is gone.
type Verify func(ctx context.Context, bearer string) (kind.Caller, error)

// Options are what the handler is made of.
type Options struct {
	Control  *control.Control
	Registry *kind.Registry
	Verify   Verify
	// Issuer is the authority that WWW-Authenticate names.
	Authority string
	TenantID  string
	// Origin is the absolute base of links for a request: what the caller wrote when the certificate covers it.
	Origin  func(*http.Request) string
	Special map[string]Special
	// Denied is told of every request that would have changed something and was refused for want of a right; nil for nobody.
	Denied func(ctx context.Context, call *control.Call, e *arm.Error)
	// Acted is told of every POST word that was performed, as reading a secret leaves no other trace; nil for nobody.
	Acted func(ctx context.Context, call *control.Call, action string, resource arm.ID)
}

// Special is an endpoint that is not a verb on a kind: its key in Options.Special is the method and the collection's full type, in lower case.
type Special func(ctx context.Context, call *control.Call, path arm.Path, body []byte) (*control.Answer, error)

// Handler serves the management API.
type Handler struct {
	Options
	specialMethods map[string]bool // those that some endpoint of Special has
}

// New makes a Handler.
func New(o Options) *Handler {
	h := &Handler{Options: o, specialMethods: map[string]bool{}}
	for key := range o.Special {
		method, _, _ := strings.Cut(key, " ")
		h.specialMethods[method] = true
	}
	return h
}

// Serves says whether a request path belongs to the management API.
func Serves(path string) bool {
	p := strings.ToLower(strings.TrimLeft(path, "/"))
	for _, root := range []string{"subscriptions", "providers", "tenants"} {
		if p == root || strings.HasPrefix(p, root+"/") {
			return true
		}
	}
	return false
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := uuid.NewString()
	answerHeaders(w, r, id)
	call := &control.Call{Request: id}
	a, err := h.serve(w, r, id, call)
	if err != nil {
		h.tell(r, call, err)
		h.refuse(w, r, id, err)
		return
	}
	h.tellAct(r, call)
	write(w, r, a)
}

// answerHeaders are on every answer.
func answerHeaders(w http.ResponseWriter, r *http.Request, id string) {
	h := w.Header()
	h.Set("x-ms-request-id", id)
	correlation := r.Header.Get("x-ms-correlation-request-id")
	if len(correlation) == 0 || len(correlation) > 128 {
		correlation = id
	}
	h.Set("x-ms-correlation-request-id", correlation)
	if c := r.Header.Get("x-ms-client-request-id"); c != "" && len(c) <= 128 {
		h.Set("x-ms-client-request-id", c)
	}
	h.Set("Cache-Control", "no-cache")
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
}

// serve takes a request through its checks to the verb.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, id string, out *control.Call) (*control.Answer, error) {
	text, err := requestPath(r.URL)
	if err != nil {
		return nil, err
	}
	path, perr := arm.ParsePath(text)
	if perr != nil {
		return nil, arm.Errorf(http.StatusBadRequest, "InvalidResourceId", "The path is not a resource id: %s.", perr)
	}
	query, err := queryOf(r.URL)
	if err != nil {
		return nil, err
	}
	call, err := h.call(r, id, query)
	if err != nil {
		return nil, err
	}
	call.Path = text
	*out = *call
	if err := arm.CheckAPIVersion(namespaceOf(path), query.Get("api-version")); err != nil {
		return nil, err
	}
	body, err := bodyOf(w, r)
	if err != nil {
		return nil, err
	}
	return h.dispatch(r, call, path, body)
}

// requestPath is the path with each segment decoded once. A segment that decodes to more than one is refused.
func requestPath(u *url.URL) (string, error) {
	escaped := u.EscapedPath()
	var b strings.Builder
	b.Grow(len(escaped))
	for s := range strings.SplitSeq(escaped, "/") {
		if s == "" {
			continue
		}
		d, err := url.PathUnescape(s)
		if err != nil || strings.ContainsAny(d, "/\\\x00") {
			return "", arm.Errorf(http.StatusBadRequest, "InvalidResourceId", "The path segment '%s' is not a name.", s)
		}
		b.WriteByte('/')
		b.WriteString(d)
	}
	return b.String(), nil
}

// queryOf reads the query; names of parameters are compared without case and kept in the casing of the documentation.
func queryOf(u *url.URL) (url.Values, error) {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, arm.Errorf(http.StatusBadRequest, "InvalidQueryParameterValue", "The query string can't be read: %s.", err)
	}
	for k, v := range q {
		if low := strings.ToLower(k); low == "api-version" && k != low {
			q[low] = v
		}
	}
	return q, nil
}

// call finds out who asks.
func (h *Handler) call(r *http.Request, id string, query url.Values) (*control.Call, error) {
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || bearer == "" {
		return nil, arm.Errorf(http.StatusUnauthorized, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing, or does not hold a bearer token.")
	}
	who, err := h.Verify(r.Context(), strings.TrimSpace(bearer))
	if err != nil {
		var said *arm.Error
		if errors.As(err, &said) {
			return nil, said
		}
		return nil, arm.Errorf(http.StatusUnauthorized, "InvalidAuthenticationToken", "The access token is invalid: %s.", err)
	}
	if strings.EqualFold(r.Header.Get("Atelier-Preview"), "true") {
		query.Set("preview", "true")
	}
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	return &control.Call{
		ObjectID: who.ObjectID, Name: who.Name, Groups: who.Groups, IP: ip, Request: id, Query: query,
		IfMatch: r.Header.Get("If-Match"), BaseURL: h.Origin(r),
	}, nil
}

// namespaceOf is the provider whose api-versions count. Registering a provider, and looking at its registration, is Microsoft.Resources' own.
func namespaceOf(p arm.Path) string {
	if p.Namespace != "" && (p.Collection == "" || strings.EqualFold(p.Collection, "register")) {
		return "Microsoft.Resources"
	}
	if p.Namespace != "" {
		return p.Namespace
	}
	ns, _, _ := strings.Cut(p.ID.Type(), "/")
	return ns
}

func bodyOf(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodDelete {
		return nil, nil
	}
	b, err := readAll(http.MaxBytesReader(w, r.Body, arm.MaxBody), r.ContentLength)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, arm.Errorf(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request body is larger than %d MiB.", arm.MaxBody>>20)
	case err != nil:
		return nil, arm.Errorf(http.StatusBadRequest, "InvalidRequestContent", "The request body could not be read to its end.")
	}
	return b, nil
}

// readAll reads a body of a length, which is not positive when it isn't known. The server ends a body where its header says.
func readAll(r io.Reader, length int64) ([]byte, error) {
	if length <= 0 || length > trusted {
		return io.ReadAll(r)
	}
	b := make([]byte, length)
	_, err := io.ReadFull(r, b)
	return b, err
}

// trusted is the length of a body for which room is made because its header says so.
const trusted = 64 << 10

// dispatch hands a request to the verb that its method and path mean.
func (h *Handler) dispatch(r *http.Request, call *control.Call, path arm.Path, body []byte) (*control.Answer, error) {
	ctx := r.Context()
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if a, ok, err := h.Control.Endpoint(ctx, call, method, path, body); ok {
		return a, err
	}
	if special := h.special(method, path); special != nil {
		return special(ctx, call, path, body)
	}
	switch {
	case path.Collection != "" && method == http.MethodGet:
		return h.Control.List(ctx, call, path.ID, path.CollectionType())
	case path.Collection != "" && method == http.MethodPost:
		return h.Control.Act(ctx, call, path.ID, path.Collection, body)
	case path.Collection != "" || path.ID.IsRoot() || path.Namespace != "":
		return nil, arm.Errorf(http.StatusMethodNotAllowed, "MethodNotAllowed", "%s is not allowed on a collection; name a resource.", r.Method)
	case method == http.MethodGet:
		return h.Control.Get(ctx, call, path.ID)
	case method == http.MethodPut:
		return h.Control.Put(ctx, call, path.ID, body)
	case method == http.MethodPatch:
		return h.Control.Patch(ctx, call, path.ID, body)
	case method == http.MethodDelete:
		return h.Control.Delete(ctx, call, path.ID)
	}
	return nil, arm.Errorf(http.StatusMethodNotAllowed, "MethodNotAllowed", "%s is not allowed here.", r.Method)
}

func (h *Handler) special(method string, path arm.Path) Special {
	if !h.specialMethods[method] {
		return nil
	}
	return h.Special[method+" "+strings.ToLower(path.CollectionType())]
}

// refuse writes an error. What is not an *arm.Error is ours: the caller gets an id, the log gets the rest.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, id string, err error) {
	var e *arm.Error
	switch {
	case errors.As(err, &e):
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e = arm.Errorf(http.StatusServiceUnavailable, "RequestCanceled", "The request was given up before it was done.")
	default:
		slog.Error("management request failed", "request", id, "method", r.Method, "path", r.URL.Path, "error", err)
		e = arm.Errorf(http.StatusInternalServerError, "InternalServerError", "The server met an error of its own. Give this id to its operator: %s.", id)
	}
	if e.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer authorization_uri="`+h.Authority+`", error="invalid_token"`)
		if r.ProtoMajor == 1 && r.ContentLength != 0 {
			w.Header().Set("Connection", "close") // or the server would wait for the body of somebody who may not send one
		}
	}
	w.Header().Set("x-ms-error-code", e.Code)
	writeJSON(w, r, e.Status, struct {
		Error *arm.Error `json:"error"`
	}{e})
}
