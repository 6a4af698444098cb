package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/gateway"
)

// A caller that reads nothing holds no more of the gateway than its buffers, and is given up after the idle time.
func TestACallerThatDoesntReadIsGivenUp(t *testing.T) {
	t.Parallel()
	stopped := make(chan error, 1)
	in := serve(t, socketAPI(socketBackend(t, nil, func(ctx context.Context, c *websocket.Conn) {
		for {
			if err := c.Write(ctx, websocket.MessageBinary, make([]byte, 1<<20)); err != nil {
				stopped <- err
				return
			}
		}
	}), "", ""), gateway.Limits{TunnelIdle: 100 * time.Millisecond})
	status, _, _ := in.raw(t, "GET /api HTTP/1.1\r\nHost: a\r\n"+goodAsk+goodKey+version13+"\r\n")
	if status != "101 Switching Protocols" {
		t.Fatalf("answered %q", status)
	}
	select {
	case <-stopped:
	case <-time.After(10 * time.Second):
		t.Fatal("the backend still writes to a caller that doesn't read")
	}
	in.awaitLog(t, `"errorReason":"ConnectionIdle"`)
}

// wireBackend answers handshakes and hands over the connection.
func wireBackend(t *testing.T, talk func(c net.Conn, from io.Reader)) string {
	t.Helper()
	return backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close() //nolint:errcheck // it is over
		fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n", acceptKey(r.Header.Get("Sec-WebSocket-Key")))
		talk(c, rw)
	})
}

// Nothing is put into the middle of a frame: a caller that has got half of one gets no word of farewell.
func TestAHalfSentFrameIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(wireBackend(t, func(c net.Conn, from io.Reader) {
		_, _ = c.Write([]byte("\x82\x05ab"))
		_, _ = io.Copy(io.Discard, from)
	}), "", ""), gateway.Limits{})
	status, _, more := in.raw(t, "GET /api HTTP/1.1\r\nHost: a\r\n"+goodAsk+goodKey+version13+"\r\n")
	for line := "x"; status == "101 Switching Protocols" && line != "\r\n"; {
		line, _ = more.ReadString('\n')
	}
	if _, err := io.ReadFull(more, make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	if err := in.server.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	if rest, _ := io.ReadAll(more); len(rest) > 0 {
		t.Errorf("after half a frame the caller got %x", rest)
	}
}

// A frame that claims to be larger than any memory is nothing to the gateway: its bytes pass as they come.
func TestFramesAreNotInterpreted(t *testing.T) {
	t.Parallel()
	got := make(chan []byte, 1)
	backend := wireBackend(t, func(c net.Conn, from io.Reader) {
		head := make([]byte, 14)
		if _, err := io.ReadFull(from, head); err == nil {
			got <- head
		}
		_, _ = c.Write([]byte("\xff\xff no frame at all"))
	})
	in := serve(t, socketAPI(backend, "", ""), gateway.Limits{})
	status, conn, more := in.raw(t, "GET /api HTTP/1.1\r\nHost: a\r\n"+goodAsk+goodKey+version13+"\r\n")
	if status != "101 Switching Protocols" {
		t.Fatalf("answered %q", status)
	}
	huge := "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04"
	if _, err := io.WriteString(conn, huge); err != nil {
		t.Fatal(err)
	}
	if b := <-got; string(b) != huge {
		t.Errorf("the backend got %x, want %x", b, huge)
	}
	if rest, _ := io.ReadAll(more); !strings.HasSuffix(string(rest), "\xff\xff no frame at all") {
		t.Errorf("the caller got %q", rest)
	}
}

// Each direction may end by itself: what is on its way in the other still arrives.
func TestHalfClosedWebSocket(t *testing.T) {
	t.Parallel()
	backend := wireBackend(t, func(c net.Conn, from io.Reader) {
		said, _ := io.ReadAll(from)
		fmt.Fprintf(c, "you said %q", said)
	})
	in := serve(t, socketAPI(backend, "", ""), gateway.Limits{})
	status, conn, more := in.raw(t, "GET /api HTTP/1.1\r\nHost: a\r\n"+goodAsk+goodKey+version13+"\r\n")
	if status != "101 Switching Protocols" {
		t.Fatalf("answered %q", status)
	}
	_, _ = io.WriteString(conn, "last words")
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if rest, _ := io.ReadAll(more); !strings.HasSuffix(string(rest), `you said "last words"`) {
		t.Errorf("the caller got %q", rest)
	}
}
