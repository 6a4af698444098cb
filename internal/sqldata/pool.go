package sqldata

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// pools are the connections that a client keeps, by who may share them. What nobody has used for a while goes.
type pools struct {
	mu     sync.Mutex
	all    map[[sha256.Size]byte]*pool
	closed bool
}

type pool struct {
	key   [sha256.Size]byte
	home  string
	db    *sql.DB
	busy  int
	used  time.Time
	timer *time.Timer // closes it
}

// restTime is how long a pool is kept that nobody uses: longer than its connections are.
const restTime = 2 * time.Minute

// take finds or makes the pool of a query, which has it until put.
func (p *pools) take(q *Query, dial Dial) (*pool, error) {
	key := q.key()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, &Error{Kind: TooMany, Message: "the gateway is ending"}
	}
	one := p.all[key]
	if one == nil {
		if err := p.makeRoom(q.Home); err != nil {
			return nil, err
		}
		db, err := open(q, dial)
		if err != nil {
			return nil, err
		}
		one = &pool{key: key, home: q.Home, db: db}
		one.timer = time.AfterFunc(restTime, func() { p.rest(one) })
		if p.all == nil {
			p.all = map[[sha256.Size]byte]*pool{}
		}
		p.all[key] = one
	}
	one.busy++
	one.timer.Stop()
	return one, nil
}

func (p *pools) put(one *pool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one.busy--
	one.used = time.Now()
	if one.busy > 0 {
		return
	}
	if p.closed {
		p.drop(one)
		return
	}
	one.timer.Reset(restTime)
}

// makeRoom lets go of the pool that has rested longest, of the home or of all, when there are too many.
func (p *pools) makeRoom(home string) error {
	own := 0
	var oldestOwn, oldest *pool
	for _, one := range p.all {
		if one.home == home {
			own++
		}
		if one.busy > 0 {
			continue
		}
		if oldest == nil || one.used.Before(oldest.used) {
			oldest = one
		}
		if one.home == home && (oldestOwn == nil || one.used.Before(oldestOwn.used)) {
			oldestOwn = one
		}
	}
	switch {
	case own < maxHomePools && len(p.all) < maxPools:
		return nil
	case own >= maxHomePools && oldestOwn != nil:
		p.drop(oldestOwn)
		return nil
	case own < maxHomePools && oldest != nil:
		p.drop(oldest)
		return nil
	}
	return &Error{Kind: TooMany, Message: fmt.Sprintf("more than %d connection strings are in use at once, or %d of this home", maxPools, maxHomePools)}
}

func (p *pools) rest(one *pool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one.busy == 0 {
		p.drop(one)
	}
}

// drop closes a pool that nobody uses. Closing waits for the server, so nobody waits for it.
func (p *pools) drop(one *pool) {
	if p.all[one.key] != one {
		return // it has gone already
	}
	one.timer.Stop()
	delete(p.all, one.key)
	go func() { _ = one.db.Close() }() //nolint:errcheck // nobody is there to hear it
}

func (p *pools) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, one := range p.all {
		if one.busy == 0 {
			p.drop(one)
		}
	}
}

// Bounds of queries under way.
const (
	maxRunning     = 64
	maxHomeRunning = 16
)

// gates let so many queries in, of all and of one home; others wait as long as they have time.
type gates struct {
	mu    sync.Mutex
	all   chan struct{}
	homes map[string]*gate
}

type gate struct {
	places chan struct{}
	users  int
}

func (g *gates) enter(ctx context.Context, home string) (leave func(), err error) {
	g.mu.Lock()
	if g.homes == nil {
		g.homes, g.all = map[string]*gate{}, make(chan struct{}, maxRunning)
	}
	own := g.homes[home]
	if own == nil {
		own = &gate{places: make(chan struct{}, maxHomeRunning)}
		g.homes[home] = own
	}
	own.users++
	g.mu.Unlock()
	forget := func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if own.users--; own.users == 0 {
			delete(g.homes, home)
		}
	}
	if !pass(ctx, own.places) {
		forget()
		return nil, crowded(ctx)
	}
	if !pass(ctx, g.all) {
		<-own.places
		forget()
		return nil, crowded(ctx)
	}
	return func() {
		<-g.all
		<-own.places
		forget()
	}, nil
}

func pass(ctx context.Context, places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// crowded is the error of a query that found no place as long as it had time.
func crowded(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return &Error{Kind: TooMany, Message: fmt.Sprintf("%d queries of this home, or %d of all, were under way all the time", maxHomeRunning, maxRunning)}
	}
	return ctx.Err()
}
