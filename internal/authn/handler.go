package authn

import (
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxForm bounds the body of a form.
const maxForm = 32 << 10

// Handler serves the identity endpoints of the management address: /metadata/endpoints and everything below /{tenant}/oauth2/v2.0,
// /{tenant}/v2.0 and /{tenant}/discovery. Owns tells which requests to give it.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metadata/endpoints", s.metadata)
	for pattern, serve := range map[string]http.HandlerFunc{
		"GET /{tenant}/v2.0/.well-known/openid-configuration": s.openIDConfiguration,
		"GET /{tenant}/discovery/v2.0/keys":                   s.keysDocument,
		"POST /{tenant}/oauth2/v2.0/token":                    s.token,
		"POST /{tenant}/oauth2/v2.0/token/revoke":             s.revoke,
		"GET /{tenant}/oauth2/v2.0/authorize":                 s.authorize,
		"POST /{tenant}/oauth2/v2.0/authorize":                s.signIn,
		"GET /{tenant}/oauth2/v2.0/logout":                    s.logout,
		"GET /{tenant}/oauth2/v2.0/external":                  s.goOut,
		"GET /{tenant}/oauth2/v2.0/callback":                  s.comeBack,
	} {
		mux.HandleFunc(pattern, s.inTenant(serve))
	}
	return mux
}

// Owns says whether the path belongs to Handler.
func (s *Service) Owns(path string) bool {
	if path == "/metadata/endpoints" {
		return true
	}
	_, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !ok {
		return false
	}
	for _, p := range [...]string{"oauth2/v2.0/", "v2.0/.well-known/", "discovery/v2.0/"} {
		if strings.HasPrefix(rest, p) {
			return true
		}
	}
	return false
}

// inTenant refuses other tenants than ours; "common" and "organizations" stand for it.
func (s *Service) inTenant(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t := r.PathValue("tenant")
		if !s.answersTo(t) {
			oauthErrorf(http.StatusBadRequest, "invalid_tenant", 90002, "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", clip(t)).
				write(w, r, s.now())
			return
		}
		next(w, r)
	}
}

// answersTo says whether a tenant in an address is ours.
func (s *Service) answersTo(tenant string) bool {
	return strings.EqualFold(tenant, s.tenant) || tenant == "common" || tenant == "organizations"
}

// form reads a form body in which every parameter stands once, as RFC 6749 asks.
func form(w http.ResponseWriter, r *http.Request) (url.Values, *oauthError) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/x-www-form-urlencoded" {
		return nil, invalidRequest("The request body must be a form: Content-Type application/x-www-form-urlencoded.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return nil, invalidRequest("The request body could not be read as a form of at most %d bytes.", maxForm)
	}
	return r.PostForm, once(r.PostForm)
}

func once(v url.Values) *oauthError {
	for name, values := range v {
		if len(values) > 1 {
			return invalidRequest("The parameter '%s' stands more than once.", clip(name))
		}
	}
	return nil
}

// fail sends err: an *oauthError as it is, anything else as a fault of ours without detail.
func (s *Service) fail(w http.ResponseWriter, r *http.Request, err error) {
	var e *oauthError
	if !errors.As(err, &e) {
		slog.Error("authn: request failed", "path", r.URL.Path, "error", err)
		e = oauthErrorf(http.StatusInternalServerError, "server_error", 90033, "Something went wrong on our side. Try again.")
	}
	e.write(w, r, s.now())
}
