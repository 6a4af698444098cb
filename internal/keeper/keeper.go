package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// Full types that the keeper follows, of the service and of workspaces.
var (
	providerTypes   = []string{kind.Service + "/authorizationProviders", kind.Workspace + "/authorizationProviders"}
	connectionTypes = []string{providerTypes[0] + "/authorizations", providerTypes[1] + "/authorizations"}
)

// among says whether a full type is one of a list.
func among(list []string, fullType string) bool {
	return slices.ContainsFunc(list, func(t string) bool { return strings.EqualFold(t, fullType) })
}

// actor is who the activity log names for renewed tokens.
const actor = "credential manager"

// Times and bounds of renewals.
const (
	patience = 10 * time.Second // of one request for a token
	first    = 10 * time.Second // before a failed one is repeated; then twice as long each time
	longest  = 10 * time.Minute
	atOnce   = 128
	ofHome   = 4         // at once for one service or workspace: a provider that hangs holds up nobody else's tokens
	idle     = time.Hour // between two looks at the clock when nothing is due
)

// Options are what a Keeper is made of.
type Options struct {
	// Control reads and revises connections. It may be set after New, before the keeper follows a feed.
	Control *control.Control
	Post    credential.Post
	// Address is what links begin with: the management URL.
	Address string
	Now     func() time.Time // time.Now
	// Until is a channel on which something comes when it is as late as that; tests let time pass with it.
	Until func(time.Time) <-chan time.Time
}

// Keeper keeps the tokens of connections alive. It is a control.Listener, and safe for concurrent use.
type Keeper struct {
	Options
	consents

	wake    chan struct{}
	slots   chan struct{}
	renewal sync.WaitGroup // those under way
	mu      sync.Mutex
	tasks   map[string]*task // by the key of the connection
	asking  map[string]int   // by homeOf, how many requests are under way
}

// task is a connection with a token to get.
type task struct {
	id       arm.ID
	due      time.Time
	alone    bool // it needs nobody's consent
	busy     bool // a request is under way: nobody asks a second time
	failures int
}

// New makes a keeper.
func New(o Options) *Keeper {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Until == nil {
		o.Until = func(t time.Time) <-chan time.Time { return time.After(time.Until(t)) }
	}
	return &Keeper{Options: o, consents: newConsents(), wake: make(chan struct{}, 1), slots: make(chan struct{}, atOnce), tasks: map[string]*task{}, asking: map[string]int{}}
}

// View runs f on the state of now.
func (k *Keeper) View(ctx context.Context, f func(kind.Lookup) error) error {
	return k.Control.Look(ctx, f)
}

// First asks for the token of a connection that is about to be stored.
func (k *Keeper) First(ctx context.Context, client *credential.Client) (credential.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return client.First(ctx, k.Post, k.Now())
}

// Load takes over every connection.
func (k *Keeper) Load(r store.Reader) error {
	for _, t := range connectionTypes {
		if err := r.Each(t, k.follow); err != nil {
			return err
		}
	}
	return nil
}

// Apply follows changes. It asks nobody for anything: what became due is asked for by Run.
func (k *Keeper) Apply(changes []store.Change) error {
	var errs []error
	for _, c := range changes {
		id, err := arm.ParseID(c.ID)
		switch {
		case err != nil:
			errs = append(errs, err)
		case c.Verb == store.VerbDelete:
			k.forget(id)
		case among(connectionTypes, c.Kind):
			errs = append(errs, k.follow(store.Row{ID: id, Kind: c.Kind, Body: c.Body}))
		case among(providerTypes, c.Kind):
			k.hurry(id)
		}
	}
	k.stir()
	return errors.Join(errs...)
}

// follow schedules a connection as it is stored.
func (k *Keeper) follow(row store.Row) error {
	res, err := k.Control.Open(row)
	if err != nil {
		return fmt.Errorf("follow the connection %s: %w", row.ID, err)
	}
	a, ok := res.Value.(*apim.Authorization)
	if !ok {
		return fmt.Errorf("%s is no connection", row.ID)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	due, ok := k.dueOf(a)
	t := k.tasks[row.ID.Key()]
	switch {
	case !ok:
		delete(k.tasks, row.ID.Key())
		return nil
	case t == nil:
		t = &task{id: row.ID}
		k.tasks[row.ID.Key()] = t
	}
	t.alone = a.GrantType == string(credential.ClientCredentials)
	if a.Connected() {
		t.failures = 0
	} else if t.failures == 0 && !t.busy { // otherwise renew counts
		t.failures = 1
	}
	t.due = later(due, k.Now(), t)
	return nil
}

// later is when a task is due: a connection that has failed waits, however often it is written.
func later(due, now time.Time, t *task) time.Time {
	if t.failures == 0 {
		return due
	}
	return now.Add(min(first<<min(t.failures-1, 10), longest))
}

// dueOf is when the next token of a connection is to be got; false for never.
func (k *Keeper) dueOf(a *apim.Authorization) (time.Time, bool) {
	s := a.State()
	switch {
	case a.GrantType == string(credential.ClientCredentials):
		return s.Renew, true
	case !a.Connected() || s.Expires.IsZero():
		return time.Time{}, false // only a person can help, or nothing ends
	case s.Refresh == "":
		return s.Expires, true
	}
	return s.Renew, true
}

// forget drops what lies at or below an id.
func (k *Keeper) forget(id arm.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for key, t := range k.tasks {
		if t.id.Within(id) {
			delete(k.tasks, key)
		}
	}
}

// hurry asks anew for the connections of a provider that nobody has to consent to.
func (k *Keeper) hurry(provider arm.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, t := range k.tasks {
		if t.alone && t.id.Within(provider) {
			t.due, t.failures = k.Now(), 0
		}
	}
}

// stir makes Run look at what is due.
func (k *Keeper) stir() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// Run renews tokens when they are due, until ctx ends and those under way are kept: a provider may have taken the old refresh token back already.
func (k *Keeper) Run(ctx context.Context) {
	defer k.renewal.Wait()
	for {
		next := k.begin(ctx)
		select {
		case <-ctx.Done():
			return
		case <-k.wake:
		case <-k.Until(next):
		}
	}
}

// begin starts what is due and says when something will be next.
func (k *Keeper) begin(ctx context.Context) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.Now()
	next := now.Add(idle)
	for _, t := range k.tasks {
		switch {
		case t.busy, !t.due.After(now) && k.asking[homeOf(t.id)] >= ofHome: // it is looked at again when one of them ends
		case t.due.After(now):
			if t.due.Before(next) {
				next = t.due
			}
		default:
			t.busy = true
			k.asking[homeOf(t.id)]++
			k.renewal.Go(func() { k.renew(ctx, t) })
		}
	}
	return next
}

// renew gets one token and says when the next is due.
func (k *Keeper) renew(ctx context.Context, t *task) {
	select {
	case k.slots <- struct{}{}:
		defer func() { <-k.slots }()
	case <-ctx.Done():
		return
	}
	err := k.ask(context.WithoutCancel(ctx), t.id)
	k.mu.Lock()
	defer k.mu.Unlock()
	t.busy = false
	if home := homeOf(t.id); k.asking[home] > 1 {
		k.asking[home]--
	} else {
		delete(k.asking, home)
	}
	switch {
	case err == nil:
	case errors.Is(err, store.ErrNotFound):
		if k.tasks[t.id.Key()] == t {
			delete(k.tasks, t.id.Key())
		}
	default:
		t.failures++
		t.due = later(t.due, k.Now(), t)
		if fault := new(credential.Fault); !errors.As(err, &fault) && ctx.Err() == nil {
			slog.Error("the token of a connection could not be kept", "connection", t.id.String(), "error", err)
		}
	}
	k.stir()
}
