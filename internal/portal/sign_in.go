package portal

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// session says who is signed in.
type session struct {
	Person *shownPerson `json:"person"`
}

type shownPerson struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func shownUser(u *apim.User) session {
	return session{&shownPerson{Name: strings.TrimSpace(u.FirstName + " " + u.LastName), Email: u.Email}}
}

func (p *portal) getSession(_ http.ResponseWriter, r *http.Request) (any, error) {
	var out session
	err := p.view(r, func(v *view) error {
		if v.person != nil {
			out = shownUser(v.person.user)
		}
		return nil
	})
	return out, err
}

func (p *portal) signOut(w http.ResponseWriter, r *http.Request) (any, error) {
	if t, ok := p.tokenOf(r); ok {
		if c, err := r.Cookie(cookieName); err == nil {
			p.ended.add(c.Value, t.ends, p.Now())
		}
	}
	setCookie(w, "")
	return nil, nil
}

// credentials are the body of a sign-in.
type credentials struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// signIn checks a password. Whether the address is unknown, the person is blocked or the password is wrong, the answer and the work are the
// same.
func (p *portal) signIn(w http.ResponseWriter, r *http.Request) (any, error) {
	var c credentials
	if err := decode(w, r, maxBody, &c); err != nil {
		return nil, err
	}
	c.Email = strings.TrimSpace(c.Email)
	switch {
	case c.Email == "" || len(c.Email) > 254:
		return nil, invalid("email", "Enter the e-mail address that you signed up with.")
	case c.Password == "":
		return nil, invalid("password", "Enter your password.")
	}
	from := c.Email + " " + peer(r)
	wait, ok := p.signIns.take(from)
	if ok {
		if wait, ok = p.guesses.take(c.Email); !ok {
			p.signIns.giveBack(from)
		}
	}
	if !ok {
		return nil, tooMany(wait, "Too many attempts for this e-mail address. Wait a minute, then try again.")
	}
	id, user, err := p.userOf(r.Context(), c.Email)
	if err != nil {
		return nil, err
	}
	right, err := p.CheckPassword(r.Context(), user.Password, c.Password)
	if err != nil {
		p.signIns.giveBack(from)
		p.guesses.giveBack(c.Email)
		slog.Warn("a password of the portal could not be checked", "error", err)
		return nil, tooMany(2*time.Second, "Too many people are signing in right now. Try again in a moment.")
	}
	if !right || !mayEnter(user) {
		return nil, &fault{Status: http.StatusUnauthorized, Code: "SignInFailed", Message: "The e-mail address or the password is not right."}
	}
	p.signIns.reset(from)
	p.guesses.giveBack(c.Email)
	setCookie(w, p.sessions.seal(token{user: id.Key(), ends: p.Now().Add(sessionLife), fingerprint: p.sessions.print(user.Password)}))
	return shownUser(user), nil
}

// mayEnter says whether a person may be signed in at all.
func mayEnter(u *apim.User) bool { return strings.EqualFold(u.State, "active") && u.Password != "" }

// userOf finds the person with an e-mail address; an empty one when there is none.
func (p *portal) userOf(ctx context.Context, email string) (id arm.ID, user *apim.User, err error) {
	user = &apim.User{}
	err = p.Control.View(ctx, func(l kind.Lookup) error {
		service, _, ok := serviceOf(l)
		if !ok {
			return nil
		}
		found, ok := p.claimed(l, service.Child("users", "anyone"), &apim.User{Email: email}, "email")
		if !ok {
			return nil
		}
		if u, ok := kind.Of[apim.User](l, found); ok {
			id, user = found, u
		}
		return nil
	})
	return id, user, err
}

// claimed finds who holds the value of a field that must be unique, asking the kind's own declaration how it is claimed.
func (p *portal) claimed(l kind.Lookup, like arm.ID, value any, field string) (arm.ID, bool) {
	m, ok := p.Registry.Mount(like.Type())
	if !ok {
		return arm.Root, false
	}
	for _, c := range m.Claims(&kind.Write{ID: like, Mount: m, New: value, Head: &kind.Head{}, Lookup: l}) {
		if c.Field == field {
			return l.Claimed(c.Space, c.Value)
		}
	}
	return arm.Root, false
}
