package authn

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

const (
	sessions      = "sessions"
	sessionLife   = 12 * time.Hour // from the sign-in; renewing does not lengthen it
	sessionCookie = "__Secure-atelier-session"
	sweepSessions = 20 // ended sessions that a new one may clear away
)

// sessionDoc is a person's session as it is stored. It is made when its code is exchanged, under the code's id: so a code works once,
// whatever control plane it is shown to.
type sessionDoc struct {
	User    string    `json:"user"`
	Via     via       `json:"via,omitzero"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// ticket is what the cookie holds, sealed.
type ticket struct {
	Session string `json:"s"`
	User    string `json:"u"`
}

var ticketAAD = seal.AAD("/"+namespace, "session cookie")

// beginSession stores the session of a code. A code that is shown again ends the session that it began, for one of the two showed a
// stolen one.
func (s *Service) beginSession(r *http.Request, code codeDoc, p directory.Principal) (string, error) {
	now := s.now().UTC()
	at := id(sessions, code.ID)
	body, err := json.Marshal(sessionDoc{User: p.ObjectID, Via: code.Via, Created: now, Expires: now.Add(sessionLife)})
	if err != nil {
		return "", err
	}
	again := false
	_, err = s.store.Update(r.Context(), actorOf(r, p), func(x store.Tx) error {
		again = false
		_, err := x.Get(at)
		if err == nil {
			again = true
			return s.end(x, at, now)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := s.sweep(x, at, now); err != nil {
			return err
		}
		return x.Put(store.Write{
			Row:  store.Row{ID: at, Kind: at.Type(), Body: body, ETag: uuid.NewString(), Created: now, Modified: now},
			Refs: []store.Ref{{To: p.ResourceID(), Field: "user", OnDelete: store.Cascade}},
		})
	})
	if err != nil {
		return "", err
	}
	if again {
		return "", oauthErrorf(http.StatusBadRequest, "invalid_grant", 54005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code.")
	}
	text, err := json.Marshal(ticket{Session: code.ID, User: p.ObjectID})
	return s.secrets.Seal(string(text), ticketAAD), err
}

// end leaves a session that is nobody's in the place of one, until its code can no longer be shown: a code whose session were just gone would
// begin another.
func (s *Service) end(x store.Tx, at arm.ID, now time.Time) error {
	body, err := json.Marshal(sessionDoc{Created: now, Expires: now.Add(codeLife)})
	if err != nil {
		return err
	}
	return x.Put(store.Write{Row: store.Row{ID: at, Kind: at.Type(), Body: body, ETag: uuid.NewString(), Created: now, Modified: now}})
}

// sweep clears a few ended sessions away, those that follow the new one: ids are random, so that all have their turn.
func (s *Service) sweep(x store.Tx, at arm.ID, now time.Time) error {
	rows, err := x.List(store.Query{Parent: arm.Root, Kind: at.Type(), AfterKey: at.Key(), Limit: sweepSessions})
	if err != nil {
		return err
	}
	for _, row := range rows {
		var doc sessionDoc
		if err := json.Unmarshal(row.Body, &doc); err == nil && now.Before(doc.Expires) {
			continue
		}
		if err := x.Delete(row.ID); err != nil {
			return err
		}
	}
	return nil
}

// sessionCookie is sent to the token endpoint alone, by our own pages alone, and read by no script.
func (s *Service) sessionCookie(r *http.Request, value string) *http.Cookie {
	c := &http.Cookie{
		Name: sessionCookie, Value: url.QueryEscape(value), Path: "/" + r.PathValue("tenant") + "/oauth2/v2.0/token",
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: int(sessionLife.Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// refresh renews an access token by the cookie of a session. The body can't carry a refresh token: none is ever given out.
func (s *Service) refresh(r *http.Request, f url.Values) (map[string]any, error) {
	if err := consoleOnly(f); err != nil {
		return nil, err
	}
	if err := s.sameOrigin(r); err != nil {
		return nil, err
	}
	resource, err := s.resourceOf(f.Get("scope"), false)
	if err != nil {
		return nil, err
	}
	t, ok := s.ticketOf(r)
	if !ok {
		return nil, oauthErrorf(http.StatusBadRequest, "invalid_grant", 50058, "There is no session: sign in.")
	}
	doc, err := s.session(r, t)
	if err != nil {
		return nil, err
	}
	p, ok := s.person(t.User)
	if !ok || p.PasswordChanged.After(doc.Created) {
		return nil, oauthErrorf(http.StatusBadRequest, "invalid_grant", 50173, "The session has ended, because the account or its password was changed: sign in.")
	}
	if doc.Via, ok = s.stillVia(doc.Via); !ok {
		return nil, oauthErrorf(http.StatusBadRequest, "invalid_grant", 50173, "The session has ended, because its identity provider was removed or switched off: sign in.")
	}
	return s.grant(r, p, resource, doc.Via)
}

// session reads the row of a ticket.
func (s *Service) session(r *http.Request, t ticket) (sessionDoc, error) {
	var doc sessionDoc
	err := s.store.View(r.Context(), func(x store.Reader) error {
		row, err := x.Get(id(sessions, t.Session))
		if err != nil {
			return err
		}
		return json.Unmarshal(row.Body, &doc)
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && (doc.User != t.User || !s.now().Before(doc.Expires)) {
		return doc, oauthErrorf(http.StatusBadRequest, "invalid_grant", 700082, "The session has expired: sign in.")
	}
	return doc, err
}

func (s *Service) ticketOf(r *http.Request) (ticket, bool) {
	var t ticket
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return t, false
	}
	sealed, err := url.QueryUnescape(c.Value)
	if err != nil {
		return t, false
	}
	text, err := s.secrets.Open(sealed, ticketAAD)
	if err != nil || json.Unmarshal([]byte(text), &t) != nil {
		return t, false
	}
	return t, true
}

// sameOrigin refuses what a page of another origin caused a browser to send.
func (s *Service) sameOrigin(r *http.Request) error {
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		return oauthErrorf(http.StatusBadRequest, "invalid_request", 9002326, "Cross-origin requests are not permitted here.")
	}
	return nil
}

// revoke ends the session of the cookie, on this side as well.
func (s *Service) revoke(w http.ResponseWriter, r *http.Request) {
	if err := s.sameOrigin(r); err != nil {
		s.fail(w, r, err)
		return
	}
	http.SetCookie(w, s.sessionCookie(r, ""))
	t, ok := s.ticketOf(r)
	if !ok {
		writeJSON(w, http.StatusOK, map[string]any{})
		return
	}
	p, _ := s.directory.Principal(t.User)
	_, err := s.store.Update(r.Context(), actorOf(r, p), func(x store.Tx) error {
		at := id(sessions, t.Session)
		if _, err := x.Get(at); errors.Is(err, store.ErrNotFound) {
			return nil // ended already
		} else if err != nil {
			return err
		}
		return s.end(x, at, s.now().UTC())
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{})
}

func actorOf(r *http.Request, p directory.Principal) store.Actor {
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	return store.Actor{ObjectID: p.ObjectID, Name: p.Name(), IP: ip}
}
