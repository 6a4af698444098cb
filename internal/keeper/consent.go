package keeper

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/credential"
)

// Bounds of consents under way.
const (
	linkLife   = 10 * time.Minute
	maxOpen    = 10_000
	maxOfHome  = 1_000 // links, or browsers under way, of a service without its workspaces, or of one workspace
	maxOfOne   = 50    // of one connection
	loginPath  = Path + "login"
	returnPath = Path + "redirect/"
)

// Path is what the addresses of consents begin with.
const Path = "/authorizations/"

// digest is what is kept of codes, states and cookies, and compared.
type digest [sha256.Size]byte

func digestOf(text string) digest { return sha256.Sum256([]byte(text)) }

// link is a login link that was handed out.
type link struct {
	id        arm.ID
	after     string // where the browser ends up
	confirmed bool   // it goes on without a question
	ends      time.Time
}

// visit is a browser that was sent to a provider.
type visit struct {
	link
	browser   digest // of its cookie
	verifier  string
	endpoints string // of the client that it was sent for
}

// consents are under way in memory: a restart forgets them, and people begin again.
type consents struct {
	lock   *sync.Mutex
	links  map[digest]link  // by code
	visits map[digest]visit // by state
}

func newConsents() consents {
	return consents{lock: &sync.Mutex{}, links: map[digest]link{}, visits: map[digest]visit{}}
}

// Link begins a consent.
func (k *Keeper) Link(id arm.ID, after string) (string, error) {
	k.lock.Lock()
	defer k.lock.Unlock()
	now := k.Now()
	if !room(k.links, now, func(l link) link { return l }, id) {
		return "", arm.Errorf(http.StatusTooManyRequests, "TooManyLoginLinks", "There are too many login links that nobody has used. They end ten minutes after they were made.")
	}
	code := credential.Random()
	k.links[digestOf(code)] = link{id: id, after: after, ends: now.Add(linkLife)}
	return k.Address + loginPath + "?code=" + url.QueryEscape(code), nil
}

// Confirm lets a link go on without a question.
func (k *Keeper) Confirm(id arm.ID, code string) bool {
	k.lock.Lock()
	defer k.lock.Unlock()
	l, ok := k.links[digestOf(code)]
	if !ok || !k.Now().Before(l.ends) || !l.id.Equal(id) {
		return false
	}
	l.confirmed = true
	k.links[digestOf(code)] = l
	return true
}

// peek is the link of a code; take is the same and ends it.
func (k *Keeper) peek(code string) (link, bool) {
	k.lock.Lock()
	defer k.lock.Unlock()
	l, ok := k.links[digestOf(code)]
	return l, ok && k.Now().Before(l.ends)
}

func (k *Keeper) take(code string) (link, bool) {
	k.lock.Lock()
	defer k.lock.Unlock()
	l, ok := k.links[digestOf(code)]
	delete(k.links, digestOf(code))
	return l, ok && k.Now().Before(l.ends)
}

// leave notes a browser that is sent to its provider, and names its state and verifier.
func (k *Keeper) leave(l link, browser, endpoints string) (state, verifier string, ok bool) {
	k.lock.Lock()
	defer k.lock.Unlock()
	now := k.Now()
	if !room(k.visits, now, func(v visit) link { return v.link }, l.id) {
		return "", "", false
	}
	state, verifier = credential.Random(), credential.Random()
	l.ends = now.Add(linkLife)
	k.visits[digestOf(state)] = visit{link: l, browser: digestOf(browser), verifier: verifier, endpoints: endpoints}
	return state, verifier, true
}

// back is the visit of a state, once, and only for the browser that left with it.
func (k *Keeper) back(state, browser string) (visit, bool) {
	k.lock.Lock()
	defer k.lock.Unlock()
	key := digestOf(state)
	v, ok := k.visits[key]
	sent := digestOf(browser)
	if !ok || subtle.ConstantTimeCompare(v.browser[:], sent[:]) != 1 {
		return visit{}, false // another browser does not end it for the one that left
	}
	delete(k.visits, key)
	return v, k.Now().Before(v.ends)
}

// room makes sure that one more fits: it drops what has ended, and says no when there are too many.
func room[V any](open map[digest]V, now time.Time, of func(V) link, id arm.ID) bool {
	same, beside := 0, 0
	for key, v := range open {
		l := of(v)
		if !now.Before(l.ends) {
			delete(open, key)
			continue
		}
		if l.id.Equal(id) {
			same++
		}
		if homeOf(l.id) == homeOf(id) {
			beside++
		}
	}
	return len(open) < maxOpen && beside < maxOfHome && same < maxOfOne
}

// homeOf is the key of the workspace or service that a connection lies in.
func homeOf(id arm.ID) string { return id.Parent().Parent().Key() }
