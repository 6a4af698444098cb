package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Times of tokens that are kept.
const (
	early   = 5 * time.Minute  // before its end a token is renewed, while it is still given out
	patient = 10 * time.Second // after a failure nobody is asked again for so long
	timeout = 10 * time.Second

	maxKept     = 1000 // tokens; resources may come from requests
	maxResource = 1000 // characters
)

// Request asks for a token.
type Request struct {
	Service   string // resource id
	Principal string // the service's system-assigned principal, "" without one
	ClientID  string // of a user-assigned identity, "" for the system-assigned one
	Resource  string
}

// Token is an access token and its end.
type Token struct {
	Text    string
	Expires time.Time
}

// Issue makes or fetches a token.
type Issue func(ctx context.Context, r Request) (Token, error)

// Source gives tokens out of its memory, and gets them where it must: one at a time for each identity and resource.
type Source struct {
	issue Issue

	mu   sync.Mutex
	kept map[Request]*entry
}

// entry is one token in the memory.
type entry struct {
	token  Token
	failed error
	tried  time.Time
	flight chan struct{} // closed when the fetch in flight ends
}

// New makes a source over the way to get tokens.
func New(issue Issue) *Source { return &Source{issue: issue, kept: map[Request]*entry{}} }

// Token is a token that lives on for a while.
func (s *Source) Token(ctx context.Context, now time.Time, r Request) (string, error) {
	switch {
	case r.ClientID == "" && r.Principal == "":
		return "", errors.New("the service has no system-assigned identity: set its identity.type to SystemAssigned")
	case len(r.Resource) > maxResource || strings.ContainsAny(r.Resource, " \t\r\n\x00"):
		return "", errors.New("the resource is not an application id or address")
	}
	e, flight := s.find(now, r)
	if flight != nil {
		select {
		case <-flight:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(e.token.Expires) {
		return e.token.Text, nil
	}
	if e.failed != nil {
		return "", e.failed
	}
	return "", errors.New("the token has expired before it came")
}

// find returns the entry, and what to wait for when its token can't be given out. A token near its end is renewed meanwhile.
func (s *Source) find(now time.Time, r Request) (*entry, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.kept[r]
	if e == nil {
		s.makeRoom(now)
		e = &entry{}
		s.kept[r] = e
	}
	valid := now.Before(e.token.Expires)
	if valid && now.Before(e.token.Expires.Add(-early)) {
		return e, nil
	}
	if e.flight == nil && (e.failed == nil || now.Sub(e.tried) >= patient) {
		e.flight, e.tried = make(chan struct{}), now
		go s.renew(r, e, e.flight)
	}
	if valid {
		return e, nil
	}
	return e, e.flight
}

// makeRoom forgets expired tokens when there are many, and any when that is not enough.
func (s *Source) makeRoom(now time.Time) {
	if len(s.kept) < maxKept {
		return
	}
	for r, e := range s.kept {
		if !now.Before(e.token.Expires) && e.flight == nil {
			delete(s.kept, r)
		}
	}
	for r := range s.kept {
		if len(s.kept) < maxKept {
			return
		}
		delete(s.kept, r)
	}
}

// renew gets a token for everybody who waits, whoever asked first and went away.
func (s *Source) renew(r Request, e *entry, flight chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	t, err := s.issue(ctx, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.failed = err; err == nil {
		e.token = t
	} else {
		e.failed = fmt.Errorf("for %s: %w", r.Resource, err)
	}
	e.flight = nil
	close(flight)
}
