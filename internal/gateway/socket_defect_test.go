package gateway

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coder/websocket"
)

// A defect in the work of a connection ends the connection, and nothing else.
func TestADefectEndsItsConnectionAlone(t *testing.T) {
	t.Parallel()
	ended := make(chan ending, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wire, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		near, far := net.Pipe()
		defer far.Close() //nolint:errcheck // a test
		s := &socket{wire: wire, conn: &countedConn{Conn: near}, cancel: func() {}}
		s.do(func() { panic("a defect") })
		s.work.Wait()
		ended <- s.reason
	}))
	defer server.Close()
	c, _, err := websocket.Dial(t.Context(), server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusInternalError {
		t.Errorf("the caller was told %v, want 1011", err)
	}
	if why := <-ended; why != (ending{"Panic", "a defect"}) {
		t.Errorf("the log will say %v", why)
	}
}
