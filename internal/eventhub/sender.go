package eventhub

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"sync"
	"time"
	"unicode/utf8"
)

// Bounds of a sender. What comes beyond them is lost, and told.
const (
	// MaxEvent is where a message is cut (policies.md 10).
	MaxEvent = 200 << 10

	maxWaiting  = 64 << 20 // bytes of all messages that wait
	maxOfHome   = 16 << 20 // bytes of those of one home, so that one whose receivers are gone leaves room for others
	maxEvents   = 20_000   // messages of one logger
	maxClients  = 200      // loggers in use at once
	homeClients = 50       // of one home
	idle        = 10 * time.Minute
	delivery    = time.Minute // until a message that waits is lost
	lastMoments = 2 * time.Second
	tellAfter   = time.Second
)

// The reasons for which a message isn't even taken.
var (
	errMemory  = errors.New("too many messages wait to be sent")
	errClients = errors.New("too many loggers are in use at once")
	errClosed  = errors.New("the gateway stops")
)

// Settings are where events go and how to sign in, as a logger's credentials say it. Senders share one connection for each.
type Settings struct {
	Home             string // service or workspace whose memory it is
	Logger           string // its name, for reports
	Hub              string // event hub or topic
	ConnectionString string // with a key; "" to sign in otherwise
	Endpoint         string // without a connection string: host name of a namespace, or kafka://host:port
	Identity         Identity
}

// Identity is who signs in at a namespace without a connection string.
type Identity struct{ Service, Principal, ClientID string }

// Event is a message.
type Event struct {
	Text string
	// Key chooses the partition when HasKey; Partition does when it isn't negative.
	Key       string
	HasKey    bool
	Partition int32
}

// Options are what a sender is made of.
type Options struct {
	// Dial opens connections: it decides where they may go.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots are the authorities of brokers; nil for the system's.
	Roots *x509.CertPool
	// Token gets an access token of an identity.
	Token func(ctx context.Context, who Identity, resource string) (string, error)
	// Lost is told how many messages of a logger could not be delivered lately, and why the last of them. It is called by goroutines of the sender.
	Lost func(logger string, count int, why error)
}

// Sender sends events. It is safe for concurrent use.
type Sender struct {
	o Options

	mu      sync.Mutex
	clients map[Settings]*client
	used    map[string]int // clients by home
	waiting int64          // bytes
	homes   map[string]int64
	closed  bool
}

// New makes a sender; it opens connections when there is something to send.
func New(o Options) *Sender {
	return &Sender{o: o, clients: map[Settings]*client{}, used: map[string]int{}, homes: map[string]int64{}}
}

// Send takes an event and returns at once. What is longer than MaxEvent is cut.
func (s *Sender) Send(to Settings, e Event) {
	e.Text = cut(e.Text)
	c, err := s.client(to)
	if err != nil {
		s.o.Lost(to.Logger, 1, err)
		return
	}
	defer c.using.Add(-1)
	size := int64(len(e.Text) + len(e.Key))
	if !s.hold(to.Home, size) {
		c.lose(errMemory)
		return
	}
	c.send(e, func(err error) {
		s.release(to.Home, size)
		if err != nil {
			c.lose(err)
		}
	})
}

// hold takes memory for a message; false when there is none left.
func (s *Sender) hold(home string, size int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting+size > maxWaiting || s.homes[home]+size > maxOfHome {
		return false
	}
	s.waiting += size
	s.homes[home] += size
	return true
}

func (s *Sender) release(home string, size int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting -= size
	if s.homes[home] -= size; s.homes[home] == 0 {
		delete(s.homes, home)
	}
}

// cut shortens a text to what a message may have, between characters.
func cut(text string) string {
	if len(text) <= MaxEvent {
		return text
	}
	end := MaxEvent
	for end > MaxEvent-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// client finds or makes the connection of a logger, and marks it as in use.
func (s *Sender) client(to Settings) (*client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	c := s.clients[to]
	if c == nil {
		if len(s.clients) >= maxClients || s.used[to.Home] >= homeClients {
			return nil, errClients
		}
		var err error
		if c, err = newClient(to, s.o); err != nil {
			return nil, err
		}
		s.clients[to] = c
		s.used[to.Home]++
		c.retire = time.AfterFunc(idle, func() { s.retire(to, c) })
	}
	c.using.Add(1)
	c.used.Store(true)
	return c, nil
}

// retire closes a connection that nobody has used for a while.
func (s *Sender) retire(to Settings, c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if c.used.Swap(false) || c.using.Load() > 0 || c.waiting() > 0 {
		c.retire.Reset(idle)
		return
	}
	delete(s.clients, to)
	if s.used[to.Home]--; s.used[to.Home] == 0 {
		delete(s.used, to.Home)
	}
	go c.close(0)
}

// Close sends what waits for some moments, and ends all connections.
func (s *Sender) Close() {
	s.mu.Lock()
	s.closed = true
	all := s.clients
	s.clients = nil
	s.mu.Unlock()
	var done sync.WaitGroup
	for _, c := range all {
		c.retire.Stop()
		done.Go(func() { c.close(lastMoments) })
	}
	done.Wait()
}
