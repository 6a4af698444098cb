package portal

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// view is the portal as one person sees it, in one state of the store.
type view struct {
	kind.Lookup
	portal   *portal
	service  arm.ID
	settings *apim.Service
	person   *person    // nil for a guest
	offered  []*product // once they were read: see products
	read     bool
}

// person is who is signed in, with what points at them.
type person struct {
	id            arm.ID
	user          *apim.User
	groups        []arm.ID
	subscriptions []arm.ID
}

// view runs f on what the sender of a request sees. Without a service, or with its portal switched off, there is nothing to see.
func (p *portal) view(r *http.Request, f func(*view) error) error {
	return p.Control.View(r.Context(), func(l kind.Lookup) error {
		service, settings, ok := serviceOf(l)
		if !ok {
			return notFound()
		}
		v := &view{Lookup: l, portal: p, service: service, settings: settings}
		v.person = v.signedIn(r)
		return f(v)
	})
}

// viewOwn is view for what only signed-in people have.
func (p *portal) viewOwn(r *http.Request, f func(*view) error) error {
	return p.view(r, func(v *view) error {
		if v.person == nil {
			return signInNeeded()
		}
		return f(v)
	})
}

// serviceOf is the service whose portal this is: the installation's only one, or the oldest of several, so that another service never takes the
// portal over.
func serviceOf(l kind.Lookup) (id arm.ID, settings *apim.Service, ok bool) {
	for _, res := range l.Below(arm.Root, kind.Service) {
		s, is := res.Value.(*apim.Service)
		if is && (settings == nil || bornAt(s).Before(bornAt(settings))) {
			id, settings = res.ID, s
		}
	}
	return id, settings, settings != nil && !strings.EqualFold(settings.DeveloperPortalStatus, "Disabled")
}

func bornAt(s *apim.Service) time.Time {
	if s.CreatedAtUTC == nil {
		return time.Time{}
	}
	return *s.CreatedAtUTC
}

// signedIn is the person that the request's cookie stands for, nil for none. The person is read anew for each request: who was blocked,
// deleted or given another password meanwhile is a guest.
func (v *view) signedIn(r *http.Request) *person {
	t, ok := v.portal.tokenOf(r)
	if !ok {
		return nil
	}
	id, err := arm.ParseID(t.user)
	if err != nil || !id.Parent().Equal(v.service) {
		return nil
	}
	res, ok := v.Get(id)
	if !ok {
		return nil
	}
	user, ok := res.Value.(*apim.User)
	if !ok || !mayEnter(user) {
		return nil
	}
	now := v.portal.sessions.print(user.Password)
	if subtle.ConstantTimeCompare(now[:], t.fingerprint[:]) != 1 {
		return nil
	}
	p := &person{id: res.ID, user: user}
	for _, from := range v.Referrers(res.ID) {
		switch {
		case isType(from, "groups/users"):
			p.groups = append(p.groups, from.Parent())
		case isType(from, "subscriptions"):
			p.subscriptions = append(p.subscriptions, from)
		}
	}
	return p
}

// groups are the groups that the viewer stands in: those of the person, of which everybody who is signed in has Developers, or the one of
// guests.
func (v *view) groups() []arm.ID {
	if v.person == nil {
		return []arm.ID{v.service.Child("groups", apim.Guests)}
	}
	return append([]arm.ID{v.service.Child("groups", apim.Developers)}, v.person.groups...)
}

// isType says whether id is of a kind that stands at service level and in workspaces, given by its words below them.
func isType(id arm.ID, words string) bool {
	t := id.Type()
	return strings.EqualFold(t, kind.Service+"/"+words) || strings.EqualFold(t, kind.Workspace+"/"+words)
}

// homeOf is the workspace of a resource, else its service.
func homeOf(id arm.ID) arm.ID {
	if w, ok := id.Ancestor(kind.Workspace); ok {
		return w
	}
	s, _ := id.Ancestor(kind.Service)
	return s
}
