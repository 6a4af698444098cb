package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Times of an issuer's configuration (policies.md 7.3). What is older than Stale is not believed when it can't be fetched anew.
const (
	Fresh    = time.Hour
	Stale    = 24 * time.Hour
	Interval = 5 * time.Minute // between two fetches, whatever asks for them
	timeout  = 10 * time.Second

	maxProviders = 512
	maxFetches   = 64 // at once
)

// Fetch gets a document by its URL under the rules for outgoing calls, bounded in size and time.
type Fetch func(ctx context.Context, address string) ([]byte, error)

// Configuration is what an issuer says about itself. It is immutable.
type Configuration struct {
	Issuer string
	Keys   []*Key
	at     time.Time
}

// Providers are the OpenID providers that somebody has asked for, by the address of their configuration.
type Providers struct {
	fetch Fetch
	slots chan struct{}

	mu  sync.Mutex
	all map[string]*Provider
}

// NewProviders makes an empty set; without a fetch nothing is ever known of a provider.
func NewProviders(fetch Fetch) *Providers {
	return &Providers{fetch: fetch, slots: make(chan struct{}, maxFetches), all: map[string]*Provider{}}
}

// Find is the provider at the address if somebody has asked for it; nil otherwise.
func (p *Providers) Find(address string) *Provider {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all[address]
}

// At is the provider at the address, the same one for all who ask. Beyond a bound others are forgotten; who holds them keeps them.
func (p *Providers) At(address string) *Provider {
	p.mu.Lock()
	defer p.mu.Unlock()
	if found := p.all[address]; found != nil {
		return found
	}
	for other := range p.all {
		if len(p.all) < maxProviders {
			break
		}
		delete(p.all, other)
	}
	made := &Provider{address: address, set: p}
	p.all[address] = made
	return made
}

// Provider is one OpenID provider. Its configuration is fetched when it is asked for, once at a time, and nobody waits for it who needs only what
// is known already.
type Provider struct {
	address string
	set     *Providers
	known   atomic.Pointer[Configuration]

	mu     sync.Mutex
	tried  time.Time
	flight chan struct{} // closed when the fetch in flight ends; nil without one
	failed error         // of the last fetch
}

// Known is what is known without waiting; nil when that is nothing. What is older than Fresh is fetched anew meanwhile.
func (p *Provider) Known(now time.Time) *Configuration {
	c := p.known.Load()
	if c == nil {
		return nil
	}
	if age := now.Sub(c.at); age > Fresh {
		p.begin(now)
		if age > Stale {
			return nil
		}
	}
	return c
}

// Renewed waits for a fetch: the one in flight, or one that begins now. When the last one is less than Interval ago there is none, and the answer
// is what is known.
func (p *Provider) Renewed(ctx context.Context, now time.Time) (*Configuration, error) {
	if flight := p.begin(now); flight != nil {
		select {
		case <-flight:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if c := p.Known(now); c != nil {
		return c, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed == nil {
		p.failed = errors.New("it could not be fetched")
	}
	return nil, fmt.Errorf("the OpenID configuration %s: %w", p.address, p.failed)
}

// begin starts a fetch unless one is in flight or was tried a moment ago; the channel is nil when there is none to wait for.
func (p *Provider) begin(now time.Time) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.flight != nil {
		return p.flight
	}
	if p.set.fetch == nil || !p.tried.IsZero() && now.Sub(p.tried) < Interval {
		return nil
	}
	p.tried = now
	p.flight = make(chan struct{})
	go p.run(now, p.flight)
	return p.flight
}

// run fetches for everybody, whoever asked first and went away.
func (p *Provider) run(now time.Time, flight chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	c, err := p.load(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed = err; err == nil {
		c.at = now
		if old := p.known.Load(); old != nil {
			c.keep(old)
		}
		p.known.Store(c)
	}
	p.flight = nil
	close(flight)
}

func (p *Provider) load(ctx context.Context) (*Configuration, error) {
	select {
	case p.set.slots <- struct{}{}:
		defer func() { <-p.set.slots }()
	case <-ctx.Done():
		return nil, errors.New("too many configurations are being fetched")
	}
	data, err := p.set.fetch(ctx, p.address)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if json.Unmarshal(data, &doc) != nil || doc.Issuer == "" || doc.Keys == "" {
		return nil, errors.New("it is no OpenID configuration: it needs 'issuer' and 'jwks_uri'")
	}
	if err := checkKeysAddress(p.address, doc.Keys); err != nil {
		return nil, err
	}
	if data, err = p.set.fetch(ctx, doc.Keys); err != nil {
		return nil, fmt.Errorf("its key set: %w", err)
	}
	keys, err := readKeySet(data)
	if err != nil {
		return nil, err
	}
	return &Configuration{Issuer: doc.Issuer, Keys: keys}, nil
}

// checkKeysAddress keeps a configuration that came over TLS from naming keys that don't.
func checkKeysAddress(configuration, keys string) error {
	u, err := url.Parse(keys)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("its 'jwks_uri' is no http or https address")
	}
	if strings.HasPrefix(strings.ToLower(configuration), "https:") && u.Scheme != "https" {
		return errors.New("its 'jwks_uri' is not https although the configuration is")
	}
	return nil
}

// keep takes over the old objects of keys that are still there, so that what was verified with them stays so.
func (c *Configuration) keep(old *Configuration) {
	for i, k := range c.Keys {
		if at := slices.IndexFunc(old.Keys, k.same); at >= 0 {
			c.Keys[i] = old.Keys[at]
		}
	}
}

// Renew asks all providers anew at once and waits for them, as Renewed does. The error is one of those that failed; others may have answered.
func Renew(ctx context.Context, now time.Time, providers []*Provider) (failed error) {
	for _, p := range providers {
		p.begin(now)
	}
	for _, p := range providers {
		if _, err := p.Renewed(ctx, now); err != nil {
			failed = err
		}
	}
	return failed
}
