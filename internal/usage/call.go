package usage

import (
	"strings"
	"time"
)

// Key says what calls are added up under. Names are as the gateway has them; "" is none.
type Key struct {
	Service   string // resource id, lower case
	Workspace string // name of the workspace whose API was called; "" for the service's own APIs and for calls that no API took
	Gateway   string // name
	Region    string // of the gateway
	// API, Product, Subscription and User are ids below the service, "/apis/orders", "/workspaces/w/apis/orders"; an API's is without its revision.
	API, Product, Subscription, User string
	Operation                        string // name within the API
}

// Home is what reports are asked of: a service or one of its workspaces.
type Home struct{ Service, Workspace string }

// Home is where the key's calls are told of.
func (k *Key) Home() Home { return Home{k.Service, k.Workspace} }

// Cache says what a cache did for a call.
type Cache uint8

// What a cache can do.
const (
	CacheNone Cache = iota // was not asked
	CacheHit
	CacheMiss
)

// Call is one finished call.
type Call struct {
	At            time.Time // it began
	Total         time.Duration
	Backend       time.Duration // until the heads of the answers of backends were there
	Asked         bool          // a backend was called
	Status        int
	BackendStatus int   // 0 without an answer
	In, Out       int64 // bytes of bodies
	Cache         Cache
	ID            [16]byte
	Method        string
	TLS           bool
	Target        Target
	IP            string
}

// Target is the address that was called: host and path, without the query, which may hold keys. It is a copy of bounded size, so that what is kept of a call
// holds on to nothing else of its request.
type Target struct {
	text    [238]byte
	length  uint8
	clipped bool
}

// longestHost leaves room for a path behind every host.
const longestHost = 100

// Set makes the target a host and a path.
func (t *Target) Set(host, path string) {
	n := copy(t.text[:longestHost], host)
	m := copy(t.text[n:], path)
	t.length, t.clipped = uint8(n+m), n < len(host) || m < len(path)
}

// String is host and path as far as they were kept.
func (t *Target) String() string {
	s := strings.ToValidUTF8(string(t.text[:t.length]), "")
	if t.clipped {
		s += "…"
	}
	return s
}

// outcomes are the ways in which a call can end, in the order of Counts.Calls.
const (
	success = iota
	blocked
	failed
	other
)

// outcome sorts a status as the reference says: successes are up to 301, 304 and 307; blocked are 401, 403 and 429; failed are 400 and 500 to 599.
func outcome(status int) int {
	switch {
	case status <= 301 || status == 304 || status == 307:
		return success
	case status == 401 || status == 403 || status == 429:
		return blocked
	case status == 400 || status >= 500 && status < 600:
		return failed
	}
	return other
}

// Counts are calls added up. Times are in microseconds.
type Counts struct {
	Calls        [4]int64 // successful, blocked, failed, other
	Bytes        int64    // of bodies, in both directions
	Hits, Misses int64    // of caches
	Total        Times
	Backend      Times // of calls that asked a backend
}

// Times are durations added up.
type Times struct{ Number, Sum, Min, Max int64 }

func (t *Times) add(d time.Duration) {
	us := max(d.Microseconds(), 0)
	if t.Number == 0 || us < t.Min {
		t.Min = us
	}
	t.Max = max(t.Max, us)
	t.Number++
	t.Sum += us
}

// Merge adds more to t.
func (t *Times) Merge(more Times) {
	switch {
	case more.Number == 0:
		return
	case t.Number == 0:
		*t = more
		return
	}
	t.Min, t.Max = min(t.Min, more.Min), max(t.Max, more.Max)
	t.Number += more.Number
	t.Sum += more.Sum
}

func (n *Counts) add(c *Call) {
	n.Calls[outcome(c.Status)]++
	n.Bytes += c.In + c.Out
	switch c.Cache {
	case CacheHit:
		n.Hits++
	case CacheMiss:
		n.Misses++
	}
	n.Total.add(c.Total)
	if c.Asked {
		n.Backend.add(c.Backend)
	}
}

// Merge adds more to n.
func (n *Counts) Merge(more *Counts) {
	for i := range n.Calls {
		n.Calls[i] += more.Calls[i]
	}
	n.Bytes += more.Bytes
	n.Hits += more.Hits
	n.Misses += more.Misses
	n.Total.Merge(more.Total)
	n.Backend.Merge(more.Backend)
}

// Sum is how many calls there were.
func (n *Counts) Sum() int64 { return n.Calls[0] + n.Calls[1] + n.Calls[2] + n.Calls[3] }
