package gateway_test

import (
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// spared is a pool "b" of a member that can't be reached, and one that gets calls when the circuit of the first is open: after one failure.
func spared(s *snapshot.Snapshot, url string) *snapshot.Snapshot {
	b := entityAt("b", "", nil)
	b.Pool = []snapshot.Member{{Name: "down", Priority: 1}, {Name: "up", Priority: 2}}
	s.Others[0].Backends = []*snapshot.Backend{b, entityAt("down", "http://127.0.0.1:1", anyFailure()), entityAt("up", url, nil)}
	return s
}

// A WebSocket handshake that fails opens the circuit of its backend, and the next goes to another member of the pool.
func TestHandshakesGoThroughThePool(t *testing.T) {
	t.Parallel()
	in := serve(t, spared(socketAPI("http://127.0.0.1:1", toBackend, ""), socketBackend(t, nil, echo)), gateway.Limits{})
	base := "ws" + strings.TrimPrefix(in.url, "http")
	if _, _, err := in.socket(t, base, "", nil); err == nil {
		t.Error("the first handshake met the member that can't be reached, and succeeded")
	}
	c, _, err := in.socket(t, base, "", nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, in.log.String())
	}
	if err := c.Write(within(t), websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, got, err := c.Read(within(t)); err != nil || string(got) != "hello" {
		t.Errorf("%q %v", got, err)
	}
}

// A gRPC call that can't reach its service opens the circuit of that backend, and the next goes to another member of the pool.
func TestCallsGoThroughThePool(t *testing.T) {
	t.Parallel()
	in := serve(t, spared(callAPI("http://127.0.0.1:1", toBackend, ""), "http://"+speaker(t)), gateway.Limits{})
	conn := in.dial(t, false)
	var out text
	if err := conn.Invoke(within(t), "/test.Speech/Say", &text{Value: "hello"}, &out); err == nil {
		t.Error("the first call met the member that can't be reached, and succeeded")
	}
	if err := conn.Invoke(within(t), "/test.Speech/Say", &text{Value: "hello"}, &out); err != nil || out.Value != "you said hello" {
		t.Errorf("%q %v\n%s", out.Value, err, in.log.String())
	}
}
