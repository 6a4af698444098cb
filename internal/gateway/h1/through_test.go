package h1

import (
	"io"
	"testing"
)

const upgrade = "GET / HTTP/1.1\r\n" + host + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

// readHead reads as far as the end of the upgrade request.
func readHead(t *testing.T, c *Conn) {
	t.Helper()
	if _, err := io.ReadFull(c, make([]byte, len(upgrade))); err != nil {
		t.Fatal(err)
	}
}

// Once a handler has taken the connection over, what follows is not HTTP and passes as it comes.
func TestAConnectionThatIsTakenOverIsNotJudged(t *testing.T) {
	t.Parallel()
	const frames = "\x81\x03\n\r\n\n\r\n\r\nGET x \x00"
	c := NewConn(&script{pieces: []string{upgrade, frames[:4], frames[4:]}}, limits)
	readHead(t, c)
	if !c.Through() {
		t.Fatal("the connection can't be taken over")
	}
	if got, err := io.ReadAll(c); err != nil || string(got) != frames {
		t.Errorf("read %q, %v; want %q", got, err, frames)
	}
}

// What was sent before somebody took the connection over was sent to an HTTP server, and must not become part of something else.
func TestAConnectionWithUnreadBytesIsNotTakenOver(t *testing.T) {
	t.Parallel()
	for name, piece := range map[string]string{
		"frames": upgrade + "\x81\x03abc", "another request": upgrade + "GET / HTTP/1.1\r\n" + host + "\r\n",
	} {
		c := NewConn(&script{pieces: []string{piece}}, limits)
		readHead(t, c)
		if c.Through() {
			t.Errorf("%s: taken over", name)
		}
	}
	body := NewConn(&script{pieces: []string{"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\n", "hello"}}, limits)
	if _, err := io.ReadFull(body, make([]byte, 45)); err != nil {
		t.Fatal(err)
	}
	if body.Through() {
		t.Error("taken over in the middle of a body")
	}
}
