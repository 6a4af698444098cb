package gateway_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

const hubPolicy = `<policies><inbound><log-to-eventhub logger-id="hub">@("saw " + context.Request.Method)</log-to-eventhub><return-response/></inbound></policies>`

// kafka is a broker on loopback with a topic of four partitions.
func kafka(t testing.TB) string {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(4, "hub"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.ListenAddrs()[0]
}

// consumer reads what a broker got.
func consumer(t testing.TB, at string) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(kgo.SeedBrokers(at), kgo.ConsumeTopics("hub"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func nextRecord(c *kgo.Client, patience time.Duration) (*kgo.Record, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	f := c.PollRecords(ctx, 1)
	if err := f.Err(); err != nil {
		return nil, err
	}
	return f.Records()[0], nil
}

// hubSnapshot is an API whose policy sends to a logger with an endpoint in a named value.
func hubSnapshot(version uint64, endpoint string) *snapshot.Snapshot {
	s := &snapshot.Shard{
		ID: "/s", NamedValues: snapshot.ListOf(snapshot.NamedValue{DisplayName: "Where", Value: endpoint, Secret: true}),
		Policy:  &snapshot.Policy{ID: "/s/policies/policy", Format: "rawxml", Text: hubPolicy},
		Loggers: []*snapshot.Logger{{Name: "hub", Type: "azureEventHub", Credentials: map[string]string{"name": "hub", "endpointAddress": "{{where}}"}}},
		APIs: snapshot.ListOf(&snapshot.API{
			ID: "/s/apis/a", Name: "a", Path: "a", Current: true, Online: true, Protocols: []string{"http"},
			Operations: []*snapshot.Operation{{ID: "/s/apis/a/operations/o", Name: "o", Method: "GET", URLTemplate: "/*"}},
		}),
	}
	return &snapshot.Snapshot{Version: version, Service: s, Gateway: snapshot.Gateway{ID: "/s", Name: "managed", Managed: true, Default: true}}
}

func getHub(t *testing.T, in *installation) {
	t.Helper()
	res, err := http.Get(in.url + "/a/x")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // nothing of it is read
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the call is answered %d", res.StatusCode)
	}
}

// A named value in a logger's credentials is put in, and another value takes effect with the next snapshot.
func TestEventsFollowTheNamedValueOfTheirLogger(t *testing.T) {
	t.Parallel()
	first, second := kafka(t), kafka(t)
	in := serveWith(t, gateway.Options{}, hubSnapshot(1, "kafka://"+first))
	for i, at := range []string{first, second} {
		if i > 0 {
			in.gateway.Apply(hubSnapshot(2, "kafka://"+at))
		}
		getHub(t, in)
		r, err := nextRecord(consumer(t, at), 20*time.Second)
		if err != nil || string(r.Value) != "saw GET" {
			t.Fatalf("broker %d got %v, %v", i+1, r, err)
		}
	}
}

// What can't be sent costs the caller nothing and is in the log. A broker at an address of the installation's own is never dialled.
func TestLostEventsAreLoggedAndFailNoCall(t *testing.T) {
	t.Parallel()
	at := kafka(t)
	var log lockedBuffer
	in := serveWith(t, gateway.Options{Log: &log, Forbidden: []netip.AddrPort{netip.MustParseAddrPort(at)}}, hubSnapshot(1, "kafka://"+at))
	getHub(t, in)
	in.gateway.Close() // tells what it could not send
	if _, err := nextRecord(consumer(t, at), time.Second); err == nil {
		t.Error("the broker got a message")
	}
	if got := log.String(); !strings.Contains(got, `"severity":"error","message":"1 messages to the logger 'hub' were lost: `) || !strings.Contains(got, "management and database addresses are refused") {
		t.Errorf("the log is %s", got)
	}
}
