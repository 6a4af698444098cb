package directory

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/store"
)

// Bounds of a request to the Graph face.
const (
	maxGraphBody    = 64 << 10
	maxRequestIDLen = 64
)

// graph is the directory as a small part of Microsoft Graph v1.0.
type graph struct {
	d      *Directory
	caller Caller
}

// Caller tells who sends a request, as the HTTP shell found out from its token; false when nobody who is known and enabled.
type Caller func(*http.Request) (objectID string, ok bool)

// Handler is the Graph face, for paths that begin with /v1.0/. Every signed-in principal may look up id, names and kind; the rest, and
// every change, is for directory administrators.
func (d *Directory) Handler(caller Caller) http.Handler {
	g := &graph{d, caller}
	mux := http.NewServeMux()
	for pattern, serve := range g.routes() {
		mux.HandleFunc(pattern, g.answer(serve))
	}
	mux.HandleFunc("/", g.answer(func(*call) (*reply, error) {
		return nil, &Error{http.StatusBadRequest, "BadRequest", "Resource not found for the segment, or the method is not allowed there."}
	}))
	return mux
}

// routes is everything that the face can do. Reads that are not marked check for themselves what the caller may see.
func (g *graph) routes() map[string]endpoint {
	admin := g.admin
	role := "/v1.0/directoryRoles/" + administrators + "/members"
	return map[string]endpoint{
		"GET /v1.0/me": g.me,

		"GET /v1.0/users":                                g.list(User),
		"POST /v1.0/users":                               admin(g.createUser),
		"GET /v1.0/users/{id}":                           g.get(User),
		"PATCH /v1.0/users/{id}":                         admin(g.patch(User)),
		"DELETE /v1.0/users/{id}":                        admin(g.delete(users)),
		"GET /v1.0/groups":                               g.list(Group),
		"POST /v1.0/groups":                              admin(g.createGroup),
		"GET /v1.0/groups/{id}":                          g.get(Group),
		"PATCH /v1.0/groups/{id}":                        admin(g.patch(Group)),
		"DELETE /v1.0/groups/{id}":                       admin(g.delete(groups)),
		"GET /v1.0/groups/{id}/members":                  admin(g.members),
		"POST /v1.0/groups/{id}/members/$ref":            admin(g.addMember),
		"DELETE /v1.0/groups/{id}/members/{member}/$ref": admin(g.removeMember),
		"GET /v1.0/servicePrincipals":                    g.list(ServicePrincipal),
		"POST /v1.0/servicePrincipals":                   admin(g.createServicePrincipal),
		"GET /v1.0/servicePrincipals/{id}":               g.get(ServicePrincipal),
		"PATCH /v1.0/servicePrincipals/{id}":             admin(g.patch(ServicePrincipal)),
		"DELETE /v1.0/servicePrincipals/{id}":            admin(g.delete(servicePrincipals)),
		"GET /v1.0/applications":                         admin(g.listApplications),
		"POST /v1.0/applications":                        admin(g.createApplication),
		"GET /v1.0/applications/{id}":                    admin(g.getApplication),
		"PATCH /v1.0/applications/{id}":                  admin(g.patchApplication),
		"DELETE /v1.0/applications/{id}":                 admin(g.delete(applications)),
		"POST /v1.0/applications/{id}/addPassword":       admin(g.addPassword),
		"POST /v1.0/applications/{id}/removePassword":    admin(g.removePassword),
		"GET /v1.0/groups/{id}/transitiveMembers":        admin(g.transitiveMembers),
		"GET /v1.0/{collection}/{id}/memberOf":           g.memberOf(false),
		"GET /v1.0/{collection}/{id}/transitiveMemberOf": g.memberOf(true),
		"GET /v1.0/identityProviders":                    admin(g.listIssuers),
		"POST /v1.0/identityProviders":                   admin(g.createIssuer),
		"GET /v1.0/identityProviders/{id}":               admin(g.getIssuer),
		"PATCH /v1.0/identityProviders/{id}":             admin(g.patchIssuer),
		"DELETE /v1.0/identityProviders/{id}":            admin(g.delete(identityProviders)),
		"GET /v1.0/directoryObjects/{id}":                g.get(""),
		"POST /v1.0/directoryObjects/getByIds":           g.getByIDs,
		"GET " + role:                                    admin(g.administrators),
		"POST " + role + "/$ref":                         admin(g.addAdministrator),
		"DELETE " + role + "/{member}/$ref":              admin(g.removeAdministrator),
	}
}

// call is one request with who sent it.
type call struct {
	*http.Request
	who   Principal
	admin bool
	actor store.Actor
}

// reply is what is sent back: a status, and a JSON body unless it is nil.
type reply struct {
	status int
	body   any
}

type endpoint func(*call) (*reply, error)

// admin lets administrators through.
func (g *graph) admin(next endpoint) endpoint {
	return func(c *call) (*reply, error) {
		if !c.admin {
			if g.d.refused != nil && c.Method != http.MethodGet {
				g.d.refused(c.Context(), c.actor, c.Method, c.URL.Path)
			}
			return nil, denied()
		}
		return next(c)
	}
}

// answer wraps an endpoint: who is calling, first; then the reply or the error in Graph's shape.
func (g *graph) answer(serve endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := uuid.NewString()
		w.Header().Set("Request-Id", id)
		w.Header().Set("Cache-Control", "no-store")
		c, err := g.identify(r)
		var out *reply
		if err == nil {
			out, err = serve(c)
		}
		if err != nil {
			out = g.failed(err, id)
		}
		if out.body == nil {
			w.WriteHeader(out.status)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(out.status)
		_ = json.NewEncoder(w).Encode(out.body) // whoever hung up gets nothing
	}
}

func (g *graph) identify(r *http.Request) (*call, error) {
	objectID, ok := g.caller(r)
	who, known := g.d.Principal(objectID)
	if !ok || !known || !who.Enabled || who.Kind == Group {
		return nil, &Error{http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token is missing, invalid or expired."}
	}
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	request := r.Header.Get("X-Ms-Correlation-Request-Id")
	if request == "" {
		request = r.Header.Get("Client-Request-Id")
	}
	if len(request) > maxRequestIDLen {
		request = request[:maxRequestIDLen]
	}
	return &call{
		Request: r, who: who, admin: g.d.Administrator(objectID),
		actor: store.Actor{ObjectID: who.ObjectID, Name: who.Name(), IP: ip, Request: request},
	}, nil
}

// failed is an error in Graph's shape. Of a fault of ours only the id is told, under which the log has the rest.
func (g *graph) failed(err error, id string) *reply {
	var e *Error
	switch {
	case errors.As(err, &e):
	case errors.Is(err, ErrBusy):
		e = &Error{http.StatusTooManyRequests, "TooManyRequests", "Too many passwords are being set at once. Try again in a moment."}
	case errors.Is(err, store.ErrReadOnly):
		slog.Error("directory: write refused", "request", id, "error", err)
		e = &Error{http.StatusServiceUnavailable, "ServiceNotAvailable", "The directory takes no changes now: its database failed a write."}
	default:
		slog.Error("directory: request failed", "request", id, "error", err)
		e = &Error{http.StatusInternalServerError, "InternalServerError", "Something went wrong on our side."}
	}
	return &reply{e.Status, map[string]any{"error": map[string]any{
		"code": e.Code, "message": e.Message,
		"innerError": map[string]any{"date": g.d.now().UTC().Format(time.RFC3339), "request-id": id},
	}}}
}

// read decodes the JSON body of a call into v. Members that v lacks are ignored, as clients send many that we don't keep.
func (c *call) read(v any) error {
	if t := c.Header.Get("Content-Type"); t != "" {
		if media, _, err := mime.ParseMediaType(t); err != nil || media != "application/json" {
			return badRequest("The Content-Type must be application/json.")
		}
	}
	body, err := io.ReadAll(io.LimitReader(c.Body, maxGraphBody+1))
	if err != nil {
		return badRequest("The request body could not be read.")
	}
	if len(body) > maxGraphBody {
		return &Error{http.StatusRequestEntityTooLarge, "Request_BadRequest", "The request body is larger than 64 KiB."}
	}
	if err := json.Unmarshal(body, v); err != nil {
		return badRequest("Unable to read JSON request payload: %s.", jsonFault(err))
	}
	return nil
}

// jsonFault says what is wrong without quoting the body, which may hold a password.
func jsonFault(err error) string {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return "property '" + t.Field + "' has the wrong type"
	}
	return "it is not a JSON object"
}
