package h1

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// script is a connection whose peer sends the given pieces and then closes.
type script struct {
	net.Conn
	pieces []string
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.pieces[0])
	if s.pieces[0] = s.pieces[0][n:]; s.pieces[0] == "" {
		s.pieces = s.pieces[1:]
	}
	return n, nil
}

func (*script) SetReadDeadline(time.Time) error { return nil }

var limits = Limits{Head: 1 << 10, HeadTime: time.Second}

// through reads everything that a connection lets through of the text, cut into pieces of the size.
func throughConn(text string, size int) (string, error) {
	var pieces []string
	for ; len(text) > size; text = text[size:] {
		pieces = append(pieces, text[:size])
	}
	c := NewConn(&script{pieces: append(pieces, text)}, limits)
	got, _ := io.ReadAll(c)
	return string(got), c.Refused()
}

const host = "Host: a\r\n"

func TestUnambiguousRequestsPassAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"GET / HTTP/1.1\r\n" + host + "\r\n",
		"GET / HTTP/1.0\r\n\r\n",
		"GET http://A/x HTTP/1.1\r\n" + host + "\r\n",
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n" + host + "\r\n",
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n" + host + "\r\n",
		string(preface) + "\x00\x00\x00anything\n\n",
		"GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 2000), // too large: the server's own limit answers
	} {
		for _, size := range []int{1, 7, 1 << 20} {
			if got, err := throughConn(text, size); err != nil || got != text {
				t.Errorf("in pieces of %d: %v\n got %q\nwant %q", size, err, got, text)
			}
		}
	}
}

func TestAmbiguousRequestsAreReplacedByWhatAServerRefuses(t *testing.T) {
	t.Parallel()
	const chunked = "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n"
	for _, c := range []struct {
		text string
		want error
	}{
		{"GET / HTTP/1.1\n" + host + "\r\n", errBareLF},
		{"GET / HTTP/1.1\r\nHost: a\n\n", errBareLF},
		{"GET / HTTP/1.1\nHost: a\n\r\n", errBareLF},
		{"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", errBareLF},
		{"GET  / HTTP/1.1\r\n" + host + "\r\n", errLine},
		{"GET /a b HTTP/1.1\r\n" + host + "\r\n", errLine},
		{"GET / HTTP/1.2\r\n" + host + "\r\n", errLine},
		{"GET /\xff HTTP/1.1\r\n" + host + "\r\n", errLine},
		{"GET /\r\n" + host + "\r\n", errLine},
		{"G(T / HTTP/1.1\r\n" + host + "\r\n", errLine},
		{"\r\nGET / HTTP/1.1\r\n" + host + "\r\n", errLine},
		{"CONNECT a:80 HTTP/1.1\r\n" + host + "\r\n", errConnect},
		{"GET / HTTP/1.1\r\n\r\n", errHost},
		{"GET / HTTP/1.1\r\n" + host + host + "\r\n", errHost},
		{"GET http://b/ HTTP/1.1\r\n" + host + "\r\n", errHostTarget},
		{"GET / HTTP/1.1\r\n" + host + "X : y\r\n\r\n", errField},
		{"GET / HTTP/1.1\r\n" + host + "X: \x00\r\n\r\n", errField},
		{"GET / HTTP/1.1\r\n" + host + "nothing\r\n\r\n", errField},
		{"GET / HTTP/1.1\r\n" + host + "X: y\r\n z\r\n\r\n", errFold},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", errBoth},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", errLength},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\nhello", errLength},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\nhello", errLength},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\nhello", errLength},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", errLength},
		{"POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", errLength},
		{"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", errTransfer},
		{"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", errTransfer},
		{"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: \x0bchunked\r\n\r\n", errField},
		{"POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", errTransfer},
		{chunked + "5\nhello\r\n0\r\n\r\n", errBareLF},
		{chunked + "5;a\nb\r\nhello\r\n0\r\n\r\n", errBareLF},
		{chunked + "5;a\rb\r\nhello\r\n0\r\n\r\n", errBareLF},
		{chunked + "0x5\r\nhello\r\n0\r\n\r\n", errChunkSize},
		{chunked + "-5\r\nhello\r\n0\r\n\r\n", errChunkSize},
		{chunked + " 5\r\nhello\r\n0\r\n\r\n", errChunkSize},
		{chunked + "\r\nhello\r\n0\r\n\r\n", errChunkSize},
		{chunked + "FFFFFFFFFFFFFFFF\r\n", errChunkSize},
		{chunked + "5\r\nhelloX\r\n0\r\n\r\n", errChunkEnd},
		{chunked + "5\r\nhello\r\n0\r\nX : y\r\n\r\n", errField},
		{chunked + "5\r\nhello\r\n0\r\nX: y\n\r\n", errBareLF},
		{chunked + "1;" + strings.Repeat("x", 5000) + "\r\n", errTooMuch},
		{chunked + strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\nx\r\n", 5), errTooMuch},
	} {
		for _, size := range []int{1, 1 << 20} {
			got, err := throughConn(c.text+"GET /smuggled HTTP/1.1\r\n"+host+"\r\n", size)
			if err != c.want {
				t.Errorf("%q in pieces of %d: %v, want %v", c.text, size, err, c.want)
			}
			if strings.Contains(got, "smuggled") {
				t.Errorf("%q in pieces of %d: the next request passed: %q", c.text, size, got)
			}
			if err := serverRefuses(got); err == nil {
				t.Errorf("%q in pieces of %d: a server accepts %q", c.text, size, got)
			}
		}
	}
}

// serverRefuses reads requests as net/http does, until one is refused.
func serverRefuses(text string) error {
	r := bufio.NewReader(strings.NewReader(text))
	for {
		q, err := http.ReadRequest(r)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, q.Body); err != nil {
			return err
		}
	}
}

// Whatever passes unrefused, net/http reads with the same ends of messages, however it arrives.
func FuzzConn(f *testing.F) {
	f.Add([]byte("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n"), uint8(3))
	f.Add([]byte("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.0\r\n\r\n"), uint8(200))
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		if bytes.HasPrefix(data, []byte("PRI ")) {
			return
		}
		text := string(data)
		whole, err := throughConn(text, 1<<20)
		pieces, err2 := throughConn(text, int(size)+1)
		if whole != pieces && (err == nil || err2 == nil) {
			t.Fatalf("whole %q (%v), in pieces %q (%v)", whole, err, pieces, err2)
		}
		if err != nil || whole != text {
			return
		}
		theirs, ours := readAll(text), NewConn(&script{pieces: []string{text}}, limits)
		_, _ = io.ReadAll(ours)
		if theirs > ours.requests || theirs < ours.requests && ours.state == inHead {
			t.Fatalf("net/http read %d whole requests, we %d: %q", theirs, ours.requests, text)
		}
	})
}

// readAll counts the requests that net/http reads to their end.
func readAll(text string) (n int) {
	r := bufio.NewReader(strings.NewReader(text))
	for {
		q, err := http.ReadRequest(r)
		if err != nil {
			return n
		}
		if _, err := io.Copy(io.Discard, q.Body); err != nil {
			return n
		}
		n++
	}
}

func BenchmarkHead(b *testing.B) {
	head := []byte("GET /orders/7?x=1 HTTP/1.1\r\nHost: contoso.localhost\r\nUser-Agent: bench\r\nAccept: */*\r\nOcp-Apim-Subscription-Key: 0123456789abcdef0123456789abcdef\r\nX-A: 1\r\n\r\n")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := judge(head); err != nil {
			b.Fatal(err)
		}
	}
}
