package eventhub

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// broker is a Kafka broker on loopback: kfake speaks the protocol over sockets.
func broker(t *testing.T, more ...kfake.Opt) (at string) {
	t.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1), kfake.SeedTopics(4, "hub")}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.ListenAddrs()[0]
}

func sender(t *testing.T, o Options) (*Sender, chan string) {
	t.Helper()
	told := make(chan string, 1000)
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	o.Lost = func(logger string, n int, why error) { told <- logger + ": " + why.Error() }
	s := New(o)
	t.Cleanup(s.Close)
	return s, told
}

// received are the next records of a broker.
func received(t *testing.T, at string, n int, more ...kgo.Opt) (out []*kgo.Record) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(at), kgo.ConsumeTopics("hub"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart())}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for len(out) < n {
		f := c.PollFetches(ctx)
		if err := f.Err(); err != nil {
			t.Fatalf("after %d records: %v", len(out), err)
		}
		out = append(out, f.Records()...)
	}
	return out
}

func TestEventsArriveCutAndInTheirPartition(t *testing.T) {
	t.Parallel()
	at := broker(t)
	s, told := sender(t, Options{})
	to := Settings{Logger: "l", Hub: "hub", Endpoint: "kafka://" + at}
	s.Send(to, Event{Text: "third", Partition: 3})
	s.Send(to, Event{Text: "keyed-1", HasKey: true, Key: "k"})
	s.Send(to, Event{Text: "keyed-2", HasKey: true, Key: "k"})
	s.Send(to, Event{Text: strings.Repeat("é", MaxEvent), Partition: -1})
	partitions, long := map[string]int32{}, ""
	for _, r := range received(t, at, 4) {
		partitions[string(r.Value[:min(7, len(r.Value))])] = r.Partition
		if len(r.Value) > 100 {
			long = string(r.Value)
		}
	}
	if partitions["third"] != 3 || partitions["keyed-1"] != partitions["keyed-2"] {
		t.Errorf("the partitions are %v", partitions)
	}
	if len(long) != MaxEvent || strings.Trim(long, "é") != "" {
		t.Errorf("the long message has %d bytes", len(long))
	}
	s.Send(to, Event{Text: "nowhere", Partition: 4})
	if why := <-told; !strings.Contains(why, "partition") {
		t.Errorf("told of a partition that isn't there: %s", why)
	}
	// A text may be cut in the middle of a character of several bytes: the character goes.
	if got := cut("x" + strings.Repeat("é", MaxEvent)); len(got) != MaxEvent-1 {
		t.Errorf("%d bytes are left", len(got))
	}
}

// A connection string signs in as Event Hubs has it: user $ConnectionString, and the whole text as the password. Here the emulator's form, without TLS.
func TestAConnectionStringSignsIn(t *testing.T) {
	t.Parallel()
	text := "Endpoint=sb://127.0.0.1;SharedAccessKeyName=send;SharedAccessKey=a2V5==;UseDevelopmentEmulator=true"
	at := broker(t, kfake.EnableSASL(), kfake.Superuser("PLAIN", "$ConnectionString", text), kfake.Superuser("PLAIN", "u", "p"))
	there := func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == "127.0.0.1:9092" {
			address = at
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	s, told := sender(t, Options{Dial: there})
	s.Send(Settings{Logger: "right", Hub: "hub", ConnectionString: text}, Event{Text: "hello", Partition: -1})
	login := kgo.SASL(mechanism("u", "p"))
	if got := string(received(t, at, 1, login)[0].Value); got != "hello" {
		t.Errorf("received %q", got)
	}
	s.Send(Settings{Logger: "wrong", Hub: "hub", ConnectionString: strings.Replace(text, "a2V5", "b2V5", 1)}, Event{Text: "no", Partition: -1})
	s.Close() // what can't be sent in the last moments is told
	if why := <-told; !strings.HasPrefix(why, "wrong: ") || strings.Contains(why, "b2V5") {
		t.Errorf("told %s", why)
	}
}

func TestBrokersProveWhoTheyAre(t *testing.T) {
	t.Parallel()
	cert, roots := authority(t)
	at := broker(t, kfake.TLS(&tls.Config{Certificates: []tls.Certificate{cert}}))
	to := Settings{Logger: "l", Hub: "hub", Endpoint: "kafka+tls://" + at}
	s, told := sender(t, Options{Roots: roots})
	s.Send(to, Event{Text: "sealed", Partition: -1})
	_, port, _ := net.SplitHostPort(at)
	if got := string(received(t, net.JoinHostPort("127.0.0.1", port), 1, kgo.DialTLSConfig(&tls.Config{RootCAs: roots}))[0].Value); got != "sealed" {
		t.Errorf("received %q", got)
	}
	stranger, tells := sender(t, Options{Roots: x509.NewCertPool()})
	stranger.Send(to, Event{Text: "secret", Partition: -1})
	stranger.Close()
	if why := <-tells; why == "" {
		t.Error("nothing is told of a broker that nobody vouches for")
	}
	select {
	case why := <-told:
		t.Errorf("told %s", why)
	default:
	}
}

// Without a connection string an identity's token signs in, for the namespace and nobody else. kfake knows no tokens: the two requests are answered here.
func TestAnIdentitySignsInWithATokenForTheNamespace(t *testing.T) {
	t.Parallel()
	cert, roots := authority(t)
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "hub"), kfake.TLS(&tls.Config{Certificates: []tls.Certificate{cert}}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	signed := make(chan string, 10)
	c.ControlKey(int16(kmsg.SASLHandshake), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		signed <- r.(*kmsg.SASLHandshakeRequest).Mechanism
		return r.ResponseKind(), nil, true
	})
	c.ControlKey(int16(kmsg.SASLAuthenticate), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		signed <- string(r.(*kmsg.SASLAuthenticateRequest).SASLAuthBytes)
		return r.ResponseKind(), nil, true
	})
	at := c.ListenAddrs()[0]
	s, _ := sender(t, Options{
		Roots: roots,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == "localhost:9093" {
				address = at
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		},
		Token: func(_ context.Context, who Identity, resource string) (string, error) {
			return who.ClientID + "@" + resource, nil
		},
	})
	s.Send(Settings{Logger: "l", Hub: "hub", Endpoint: "localhost", Identity: Identity{ClientID: "c"}}, Event{Text: "x", Partition: -1})
	if got := <-signed; got != "OAUTHBEARER" {
		t.Errorf("signs in with %s", got)
	}
	if got := <-signed; !strings.Contains(got, "auth=Bearer c@https://localhost\x01") {
		t.Errorf("signs in with %q", got)
	}
	if got := string(received(t, at, 1, kgo.DialTLSConfig(&tls.Config{RootCAs: roots}))[0].Value); got != "x" {
		t.Errorf("received %q", got)
	}
}

// A broker that doesn't answer costs bounded memory, and what doesn't fit is told.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	s, told := sender(t, Options{Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	big := strings.Repeat("x", MaxEvent)
	waits := func() int64 {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.waiting
	}
	for i, home := range []string{"a", "b", "c", "d", "e"} {
		for n := range 2 * maxOfHome / MaxEvent { // by two loggers in turn
			s.Send(Settings{Home: home, Logger: home, Hub: "hub" + strings.Repeat("2", n%2), Endpoint: "kafka://192.0.2.1:9092"}, Event{Text: big, Partition: -1})
		}
		if n := waits(); n > int64(i+1)*maxOfHome {
			t.Errorf("%d bytes of %d homes wait", n, i+1)
		}
	}
	if n := waits(); n > maxWaiting || n < maxWaiting-5*MaxEvent {
		t.Errorf("%d bytes wait", n)
	}
	if why := <-told; !strings.HasSuffix(why, ": "+errMemory.Error()) {
		t.Errorf("told %s", why)
	}
	s.Close()
	if n := waits(); n != 0 {
		t.Errorf("%d bytes wait after the end", n)
	}
	s.Send(Settings{Logger: "late", Hub: "hub"}, Event{})
	for why := range told {
		if why == "late: "+errClosed.Error() {
			break
		}
	}
}

func TestLoggersInUseAreBounded(t *testing.T) {
	t.Parallel()
	s, told := sender(t, Options{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no") }})
	for i := range homeClients + 1 {
		s.Send(Settings{Logger: "l", Hub: strings.Repeat("h", i+1), Endpoint: "kafka://192.0.2.1:1"}, Event{Partition: -1})
	}
	if why := <-told; why != "l: "+errClients.Error() {
		t.Errorf("told %s", why)
	}
}

func TestAConnectionThatNobodyUsesEnds(t *testing.T) {
	t.Parallel()
	at := broker(t)
	s, _ := sender(t, Options{})
	to := Settings{Logger: "l", Hub: "hub", Endpoint: "kafka://" + at}
	s.Send(to, Event{Text: "1", Partition: -1})
	received(t, at, 1)
	c := s.clients[to]
	for c.waiting() > 0 {
		time.Sleep(time.Millisecond) // until the answer has come as well
	}
	s.retire(to, c) // it was used since the last look
	if s.clients[to] != c {
		t.Fatal("a connection in use was ended")
	}
	s.retire(to, c)
	if s.clients[to] != nil {
		t.Error("an idle connection stays")
	}
	s.Send(to, Event{Text: "2", Partition: -1})
	received(t, at, 2)
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ connection, endpoint, want string }{
		{"Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b;EntityPath=h", "", "n.servicebus.windows.net:9093 tls $ConnectionString"},
		{"endpoint=sb://n;sharedaccesssignature=s", "", "n:9093 tls $ConnectionString"},
		{"Endpoint=kafka://a:1,b:2;SharedAccessKeyName=u;SharedAccessKey=p=", "", "a:1 b:2 u p="},
		{"", "n.servicebus.windows.net", "n.servicebus.windows.net:9093 tls for https://n.servicebus.windows.net"},
		{"", "sb://n.servicebus.windows.net/", "n.servicebus.windows.net:9093 tls for https://n.servicebus.windows.net"},
		{"", "kafka+tls://[::1]:9092/", "[::1]:9092 tls"},
		{"Endpoint=sb://n", "", "neither SharedAccessKey"},
		{"SharedAccessKey=b", "", "no Endpoint"},
		{"rubbish", "", "name=value"},
		{"Endpoint=sb://n/x;SharedAccessKey=k", "", "not the host name"},
		{"Endpoint=http://n;SharedAccessKey=k", "", "begin with"},
		{"", "https://n", "begin with"},
		{"", "a@b", "not the host name"},
		{"", "kafka://a", "host:port"},
		{"", "kafka://a:0", "host:port"},
		{"", "kafka://" + strings.Repeat("a:1,", maxBrokers) + "a:1", "more than"},
		{"", "", "not the host name"},
	} {
		a, err := locate(Settings{ConnectionString: c.connection, Endpoint: c.endpoint})
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s%s: %v, want %s", c.connection, c.endpoint, err, c.want)
			}
			continue
		}
		got := strings.Join(a.brokers, " ")
		if a.tls {
			got += " tls"
		}
		if a.user != "" {
			got += " " + a.user
			if a.password != c.connection {
				got += " " + a.password
			}
		}
		if a.resource != "" {
			got += " for " + a.resource
		}
		if got != c.want {
			t.Errorf("%s%s: %s, want %s", c.connection, c.endpoint, got, c.want)
		}
	}
}
