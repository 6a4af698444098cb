package gateway_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// answer is what a caller got.
type answer struct {
	status string // "HTTP/1.1 200 OK"
	code   string
	header http.Header
	body   string
	closed bool // the gateway closed the connection after it
}

// callerCommands send requests and say what the answer must be.
var callerCommands = map[string]func(*world, *testscript.TestScript, []string){
	"send":         (*world).send,
	"reply":        (*world).reply,
	"reply-header": (*world).replyHeader,
	"reply-body":   (*world).replyBody,
	"reply-closed": (*world).replyClosed,
	"logged":       (*world).logged,
	"problem":      (*world).problem,
}

// send FILE|'REQUEST LINE' [Name: value]… [tls=SNI]: sends a request. A file goes out byte for byte, with line ends as CRLF where it has LF only
// and a blank line after a head without one; \xNN, \r, \n and \0 in it stand for bytes. A request line goes out with the header lines given, and Host managed.localhost unless given.
func (w *world) send(ts *testscript.TestScript, args []string) {
	raw, sni := "", ""
	var lines []string
	for _, a := range args[1:] {
		if name, ok := strings.CutPrefix(a, "tls="); ok {
			sni = name
			continue
		}
		lines = append(lines, a)
	}
	if strings.Contains(args[0], " ") {
		lines = append([]string{args[0] + " HTTP/1.1"}, lines...)
		if !strings.Contains(strings.Join(lines, "\n")+"\n", "\nHost:") {
			lines = append(lines, "Host: managed.localhost")
		}
		raw = strings.Join(lines, "\r\n") + "\r\n\r\n"
	} else {
		raw = wire(ts.ReadFile(args[0]))
	}
	w.answer = w.call(ts, raw, sni)
}

// wire turns a file into what goes over the wire.
func wire(text string) string {
	head, body, _ := strings.Cut(strings.TrimSuffix(text, "\n"), "\n\n")
	head = strings.ReplaceAll(strings.ReplaceAll(head, "\n", "\r\n"), "\r\r\n", "\r\n")
	r := strings.NewReplacer(`\r`, "\r", `\n`, "\n", `\0`, "\x00", `\t`, "\t", `\xff`, "\xff", `\e`, "")
	return r.Replace(head) + "\r\n\r\n" + r.Replace(body)
}

func (w *world) call(ts *testscript.TestScript, raw, sni string) answer {
	var conn net.Conn
	var err error
	if sni == "" {
		conn, err = net.Dial("tcp", w.plain.Addr().String())
	} else {
		conn, err = tls.Dial("tcp", w.tls.Addr().String(), &tls.Config{ServerName: sni, InsecureSkipVerify: true}) //nolint:gosec // a test
	}
	ts.Check(err)
	defer conn.Close() //nolint:errcheck // a test
	ts.Check(conn.SetDeadline(time.Now().Add(10 * time.Second)))
	_, err = io.WriteString(conn, raw)
	ts.Check(err)
	buffered := bufio.NewReader(conn)
	method, _, _ := strings.Cut(raw, " ")
	res, err := http.ReadResponse(buffered, &http.Request{Method: method})
	if err != nil {
		return answer{status: "none: " + err.Error(), code: "none", closed: true}
	}
	body, err := io.ReadAll(res.Body)
	a := answer{status: res.Proto + " " + res.Status, code: res.Status[:3], header: res.Header, body: string(body)}
	if err != nil {
		a.body += " (broken off)"
	}
	// A kept connection stays silent; the shortest wait that tells the two apart is a request of our own.
	if _, err := io.WriteString(conn, "GET // HTTP/1.1\r\nHost: managed.localhost\r\n\r\n"); err == nil {
		_, err = http.ReadResponse(buffered, nil)
		a.closed = err != nil
		if errors.Is(err, io.ErrNoProgress) {
			a.closed = false
		}
	} else {
		a.closed = true
	}
	return a
}

// reply CODE [TEXT…]: the status, and texts that the whole answer (status line, header lines, body) must hold
func (w *world) reply(ts *testscript.TestScript, args []string) {
	if w.answer.code != args[0] {
		w.set.Flush()
		ts.Fatalf("answered %s: %s\nproblems: %s\nlog: %s", w.answer.status, w.answer.body, w.problems.String(), w.log.String())
	}
	var all bytes.Buffer
	all.WriteString(w.answer.status + "\n")
	_ = w.answer.header.Write(&all)
	all.WriteString(w.answer.body)
	for _, text := range args[1:] {
		if !strings.Contains(strings.ReplaceAll(all.String(), "\r\n", "\n"), text) {
			ts.Fatalf("the answer holds no %q:\n%s", text, all.String())
		}
	}
}

// reply-header NAME [VALUE…]: the lines with this name; none means it must not be there
func (w *world) replyHeader(ts *testscript.TestScript, args []string) {
	got := w.answer.header.Values(args[0])
	if strings.Join(got, "|") != strings.Join(args[1:], "|") || len(got) != len(args)-1 {
		ts.Fatalf("the answer has %s %q, want %q", args[0], got, args[1:])
	}
}

// reply-body TEXT: all of the body; ID stands for a GUID
func (w *world) replyBody(ts *testscript.TestScript, args []string) {
	got := w.answer.body
	if before, after, ok := strings.Cut(args[0], "ID"); ok && len(got) == len(args[0])-2+36 {
		got = strings.Replace(got, got[len(before):len(got)-len(after)], "ID", 1)
	}
	if got != args[0] {
		ts.Fatalf("the body is %q, want %q", w.answer.body, args[0])
	}
}

// reply-closed: the gateway closed the connection with the answer
func (w *world) replyClosed(ts *testscript.TestScript, _ []string) {
	if !w.answer.closed {
		ts.Fatalf("the connection is still served after %s", w.answer.status)
	}
}

// logged TEXT… / logged not TEXT…: what the access log holds
func (w *world) logged(ts *testscript.TestScript, args []string) {
	not := args[0] == "not"
	if not {
		args = args[1:]
	}
	deadline := time.Now().Add(5 * time.Second)
	for _, text := range args {
		for !strings.Contains(w.log.String(), text) && !not && time.Now().Before(deadline) {
			w.set.Flush()
		}
		w.set.Flush()
		if strings.Contains(w.log.String(), text) == not {
			ts.Fatalf("the log is\n%s", w.log.String())
		}
	}
}

// problem TEXT…: what was reported holds
func (w *world) problem(ts *testscript.TestScript, args []string) {
	for _, text := range args {
		if !strings.Contains(w.problems.String(), text) {
			ts.Fatalf("reported was\n%s", w.problems.String())
		}
	}
}
