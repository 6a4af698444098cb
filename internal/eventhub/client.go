package eventhub

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/oauth"
	"github.com/twmb/franz-go/pkg/sasl/plain"
)

// client is the connection of one logger.
type client struct {
	logger string
	kafka  *kgo.Client
	tell   func(logger string, count int, why error)
	retire *time.Timer
	using  atomic.Int64 // calls that are about to send
	used   atomic.Bool  // since the last look

	mu   sync.Mutex
	lost int
	why  error
	near error // why the last connection didn't come about; nil when it did
}

func newClient(s Settings, o Options) (*client, error) {
	at, err := locate(s)
	if err != nil {
		return nil, err
	}
	c := &client{logger: s.Logger, tell: o.Lost}
	options := []kgo.Opt{
		kgo.SeedBrokers(at.brokers...), kgo.ClientID("atelier"), kgo.DefaultProduceTopic(s.Hub), kgo.RecordPartitioner(partitioner{kgo.StickyKeyPartitioner(nil)}),
		// Event Hubs knows no compression but gzip. Without idempotence a message that may have arrived can be given up, which bounds its time.
		kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.DisableIdempotentWrite(), kgo.RecordDeliveryTimeout(delivery),
		kgo.MaxBufferedRecords(maxEvents), kgo.MaxBufferedBytes(maxOfHome),
		kgo.Dialer(c.noting(dialer(at, o))), kgo.DisableClientMetrics(),
	}
	switch {
	case at.user != "":
		options = append(options, kgo.SASL(plain.Auth{User: at.user, Pass: at.password}.AsMechanism()))
	case at.resource != "":
		options = append(options, kgo.SASL(oauth.Oauth(func(ctx context.Context) (oauth.Auth, error) {
			if o.Token == nil {
				return oauth.Auth{}, errors.New("this gateway has no identity")
			}
			token, err := o.Token(ctx, s.Identity, at.resource)
			c.note(err)
			return oauth.Auth{Token: token}, err
		})))
	}
	if c.kafka, err = kgo.NewClient(options...); err != nil {
		return nil, err
	}
	return c, nil
}

// noting remembers how the last attempt to connect ended: the errors of messages say only that they waited in vain.
func (c *client) noting(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		c.note(err)
		return conn, err
	}
}

func (c *client) note(err error) {
	c.mu.Lock()
	c.near = err
	c.mu.Unlock()
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// dialer dials brokers, those that a broker names as well, by the function that was handed in.
func dialer(at address, o Options) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := o.Dial(ctx, network, address)
		if err != nil || !at.tls {
			return conn, err
		}
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			_ = conn.Close() // nothing was written
			return nil, err
		}
		secure := tls.Client(conn, &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host, RootCAs: o.Roots})
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close() // the handshake's error says it
			return nil, err
		}
		return secure, nil
	}
}

// send gives an event to the client, and tells done once what became of it.
func (c *client) send(e Event, done func(error)) {
	r := &kgo.Record{Value: []byte(e.Text), Partition: e.Partition}
	if e.HasKey {
		r.Key, r.Partition = []byte(e.Key), anyPartition
	}
	c.kafka.TryProduce(context.Background(), r, func(_ *kgo.Record, err error) {
		if errors.Is(err, kgo.ErrMaxBuffered) {
			err = errMemory
		}
		done(err)
	})
}

func (c *client) waiting() int64 { return c.kafka.BufferedProduceRecords() }

// lose counts a message that is lost. Losses are told together, a moment after the first.
func (c *client) lose(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost++; c.lost == 1 {
		time.AfterFunc(tellAfter, c.report)
	}
	c.why = why
}

func (c *client) report() {
	c.mu.Lock()
	n, why, near := c.lost, c.why, c.near
	c.lost = 0
	c.mu.Unlock()
	if near != nil && !errors.Is(why, errMemory) {
		why = fmt.Errorf("%w; the last attempt to sign in there: %w", why, near)
	}
	if n > 0 {
		c.tell(c.logger, n, why)
	}
}

// close lets what waits go out for so long, and ends the connection.
func (c *client) close(patience time.Duration) {
	if patience > 0 && c.waiting() > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		_ = c.kafka.Flush(ctx) // what it doesn't send is lost and told
		cancel()
		ctx, cancel = context.WithTimeout(context.Background(), patience)
		_ = c.kafka.AbortBufferedRecords(ctx) // so that each is counted before the end
		cancel()
	}
	c.kafka.Close()
	c.report()
}
