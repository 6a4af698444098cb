package keeper

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/kind"
)

// browserCookie binds a browser to the states that it left with. The prefix keeps other hosts and paths from setting it.
const browserCookie = "__Host-atelier-consent"

// Handler serves what is below Path: the page of a login link, and the address that providers send browsers back to.
func (k *Keeper) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+loginPath, k.login)
	mux.HandleFunc("POST "+loginPath, k.goOn)
	mux.HandleFunc("GET "+returnPath, k.returned)
	mux.HandleFunc(Path, func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "There is nothing here. Ask whoever sent you for a new link.")
	})
	same := http.NewCrossOriginProtection() // another site must not press the button
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // addresses here hold codes
		if err := same.Check(r); err != nil {
			refuse(w, http.StatusForbidden, "The request came from another site. Open the login link itself.")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

const stale = "The link is unknown, was used, or is older than ten minutes. Ask for a new one."

// login shows where a link leads and asks, unless it was confirmed already. Looking uses nothing up: programs look at links before people do.
func (k *Keeper) login(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("code")
	l, ok := k.peek(code)
	if !ok {
		refuse(w, http.StatusBadRequest, stale)
		return
	}
	if l.confirmed {
		k.send(w, r, code)
		return
	}
	f, err := k.read(r.Context(), l.id)
	if err != nil || f.fault != nil {
		refuse(w, http.StatusBadRequest, "The connection does not exist any more, or its provider was changed. Ask for a new link.")
		return
	}
	origin := f.client.AuthorizationOrigin()
	_, host, _ := strings.Cut(origin, "://")
	q := question{Owner: owner(l.id), Connection: l.id.Name(), Provider: f.client.Provider.Title, Host: host, Code: code}
	if f.client.Provider.Either { // the generic providers: whoever manages the connection chooses every other name
		q.Provider = host
	}
	pages.Show(w, http.StatusOK, "ask", q, origin)
}

// goOn is the button of the page.
func (k *Keeper) goOn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	k.send(w, r, r.PostFormValue("code"))
}

// send uses a link up and sends the browser to the provider.
func (k *Keeper) send(w http.ResponseWriter, r *http.Request, code string) {
	l, ok := k.take(code)
	if !ok {
		refuse(w, http.StatusBadRequest, stale)
		return
	}
	f, err := k.read(r.Context(), l.id)
	if err != nil || f.fault != nil || f.client.Grant != credential.AuthorizationCode {
		refuse(w, http.StatusBadRequest, "The connection does not exist any more, or its provider was changed. Ask for a new link.")
		return
	}
	browser := ""
	if c, err := r.Cookie(browserCookie); err == nil && len(c.Value) == 43 {
		browser = c.Value
	} else {
		browser = credential.Random()
	}
	state, verifier, ok := k.leave(l, browser, f.client.Endpoints())
	if !ok {
		refuse(w, http.StatusTooManyRequests, "Too many people are signing in at once. Try again in some minutes with a new link.")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: browserCookie, Value: browser, Path: "/", MaxAge: int(linkLife.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, f.client.ConsentURL(k.redirect(l), state, verifier), http.StatusSeeOther)
}

// redirect is the redirect URL of a link's service or workspace.
func (k *Keeper) redirect(l link) string { return k.Address + apim.ConsentPath(l.id) }

// owner says in words whose connection it is.
func owner(id arm.ID) (o possessor) {
	service, _ := id.Ancestor(kind.Service)
	o.Service = service.Name()
	if w, ok := id.Ancestor(kind.Workspace); ok {
		o.Workspace = w.Name()
	}
	return o
}

// returned takes a browser back from a provider (RFC 6749, section 4.1.2).
func (k *Keeper) returned(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	browser := ""
	if c, err := r.Cookie(browserCookie); err == nil {
		browser = c.Value
	}
	v, ok := k.back(q.Get("state"), browser)
	switch {
	case !ok || !strings.EqualFold(apim.ConsentPath(v.id), r.URL.EscapedPath()):
		refuse(w, http.StatusBadRequest, "This is not the browser that the sign-in began in, or it began more than ten minutes ago, or has ended already. Ask for a new link.")
	case q.Get("error") != "":
		refuse(w, http.StatusBadRequest, "The provider gave no consent ("+said(q.Get("error"))+"). The connection stays as it was.")
	case q.Get("code") == "" || len(q.Get("code")) > 8<<10:
		refuse(w, http.StatusBadRequest, "The provider's answer holds no code. The connection stays as it was.")
	default:
		if why := k.connect(r.Context(), v, q.Get("code")); why != "" {
			refuse(w, http.StatusBadGateway, why)
			return
		}
		http.Redirect(w, r, v.after, http.StatusSeeOther)
	}
}

// connect turns the code into tokens and keeps them; the text says why that failed.
func (k *Keeper) connect(ctx context.Context, v visit, code string) string {
	const gone = "The connection was removed or its provider changed meanwhile. Ask for a new link."
	f, err := k.read(ctx, v.id)
	if err != nil || f.fault != nil || f.client.Endpoints() != v.endpoints {
		return gone
	}
	ask, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience) // a browser that hangs up doesn't lose what the code was worth
	defer cancel()
	token, err := f.client.Exchange(ask, k.Post, k.Now(), code, k.redirect(v.link), v.verifier)
	if err != nil {
		return "The provider gave no token. " + err.Error()
	}
	err = k.Control.Revise(context.WithoutCancel(ctx), actor, v.id, func(l kind.Lookup, value any) error {
		_, client, err := apim.Connection(l, v.id)
		if err != nil || !client.Same(f.client) {
			return errChanged
		}
		value.(*apim.Authorization).Connect(client, token, k.Now())
		return nil
	})
	switch {
	case errors.Is(err, control.ErrStays), err == nil:
		return ""
	case errors.Is(err, errChanged):
		return gone
	}
	slog.Error("the tokens of a consent could not be kept", "connection", v.id.String(), "error", err)
	return "The tokens could not be stored. Try again with a new link."
}

var errChanged = errors.New("the connection changed while somebody signed in")

// said is an error of a provider in a page: a word as RFC 6749 has it, cut.
func said(text string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, text[:min(len(text), 64)])
}
