package portal

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Control is the part of the control plane that the portal uses.
type Control interface {
	// View runs f on one consistent state, with secrets readable.
	View(ctx context.Context, f func(kind.Lookup) error) error
	// Put creates or replaces a resource.
	Put(ctx context.Context, call *control.Call, id arm.ID, body []byte) (*control.Answer, error)
}

// Options are what the portal is made of. All but Origin and Now are needed.
type Options struct {
	Control  Control
	Registry *kind.Registry
	// Gateway is every gateway of this process; requests choose among them by their Host. Calls that people try out go there and nowhere else.
	Gateway http.Handler
	// GatewayDomain is the suffix of the host names of managed gateways, "localhost".
	GatewayDomain string
	// GatewayURL is how the outside reaches a gateway, given the scheme ("http" or "https") and the host name: "https://contoso.localhost:8444".
	GatewayURL func(scheme, host string) string
	// CheckPassword compares a password with its stored form. The empty form stands for nobody: it takes as long and is never right. An error
	// means that it can't be told now.
	CheckPassword func(ctx context.Context, stored, password string) (bool, error)
	// Key is a secret of this installation, at least 32 bytes. Ids and sessions are made with keys derived from it: when it changes, links
	// into the portal change and everybody signs in again.
	Key []byte
	// Origin is what the outside calls the portal, "https://developer.contoso.example", when that differs from the Host of requests.
	Origin string
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// portal answers the data API. It keeps no state of the catalogue: every answer is read from the store, so that a product withdrawn or a
// person blocked is so at once.
type portal struct {
	Options
	ids         *opaque
	sessions    *sessions
	ended       *ended
	signIns     *throttle // of one address for one person
	guesses     *throttle // of everybody for one person
	guests      *throttle
	calls       chan struct{} // a place for each call that may run at once
	subscribing sync.Mutex    // counting subscriptions and adding one is one step
	mux         *http.ServeMux
}

// New makes the handler of /api/.
func New(o Options) (http.Handler, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Origin = strings.TrimSuffix(o.Origin, "/")
	ids, err := newOpaque(o.Key)
	if err != nil {
		return nil, err
	}
	sessions, err := newSessions(o.Key)
	if err != nil {
		return nil, err
	}
	p := &portal{
		Options: o, ids: ids, sessions: sessions, ended: &ended{until: map[[sha256.Size]byte]time.Time{}}, mux: http.NewServeMux(), calls: make(chan struct{}, maxCalls),
		signIns: newThrottle(signInBurst, signInEvery, o.Now), guesses: newThrottle(guessBurst, guessEvery, o.Now), guests: newThrottle(guestBurst, guestEvery, o.Now),
	}
	p.routes()
	return p, nil
}

func (o *Options) check() error {
	for _, need := range []struct {
		name  string
		given bool
	}{
		{"Control", o.Control != nil},
		{"Registry", o.Registry != nil},
		{"Gateway", o.Gateway != nil},
		{"GatewayDomain", o.GatewayDomain != ""},
		{"GatewayURL", o.GatewayURL != nil},
		{"CheckPassword", o.CheckPassword != nil},
	} {
		if !need.given {
			return fmt.Errorf("portal: the option %s is missing", need.name)
		}
	}
	if len(o.Key) < 32 {
		return errors.New("portal: Key must have at least 32 bytes")
	}
	return nil
}

// routes is the whole of the data API.
func (p *portal) routes() {
	for pattern, h := range map[string]handler{
		"GET /api/session":    p.getSession,
		"POST /api/session":   p.signIn,
		"DELETE /api/session": p.signOut,

		"GET /api/apis":       p.listAPIs,
		"GET /api/apis/{api}": p.getAPI,
		"GET /api/apis/{api}/operations/{operation}": p.getOperation,
		"GET /api/products":                          p.listProducts,
		"GET /api/products/{product}":                p.getProduct,

		"GET /api/subscriptions":                      p.listSubscriptions,
		"POST /api/subscriptions":                     p.subscribe,
		"POST /api/subscriptions/{subscription}/keys": p.revealKeys,
		"POST /api/calls":                             p.call,

		"/": func(http.ResponseWriter, *http.Request) (any, error) { return nil, notFound() },
	} {
		p.mux.Handle(pattern, p.answering(h))
	}
}

// ServeHTTP implements http.Handler.
func (p *portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }
