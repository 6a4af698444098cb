package rest

import (
	"bufio"
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// mailServer greets whoever connects; stop ends it.
func mailServer(t *testing.T) (address string, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close() //nolint:errcheck // a test
				_, _ = c.Write([]byte("220 mail.example.org ESMTP\r\n"))
				for s := bufio.NewScanner(c); s.Scan(); {
					_, _ = c.Write([]byte("250 fine\r\n"))
				}
			}()
		}
	}()
	return l.Addr().String(), func() { _ = l.Close() }
}

// TestNetworkStatusTellsOfTheMailServer: whether it answers, and never with which password.
func TestNetworkStatusTellsOfTheMailServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want string }{
		{"answers", `"status":"success"`},
		{"gone", `"status":"failure","error":"connect: `},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			address, stop := mailServer(t)
			t.Cleanup(stop)
			if c.name == "gone" {
				stop()
			}
			r := newRun(t, start(t, "--smtp-url", "smtp://user:top-secret@"+address), "mail", &txtar.Archive{})
			if err := r.send("GET", r.vars["svc"]+"/networkstatus", "", nil); err != nil || r.status != 200 {
				t.Fatalf("%d %s %v", r.status, r.body, err)
			}
			if want := `"name":"` + address + `",` + c.want; !strings.Contains(r.body, want) || !strings.Contains(r.body, `"resourceType":"Mail","isOptional":true`) {
				t.Errorf("want %s in %s", want, r.body)
			}
			if strings.Contains(r.body, "top-secret") || strings.Contains(r.body, "user") {
				t.Errorf("the status tells of credentials: %s", r.body)
			}
		})
	}
}

// TestAMailServerThatIsNoAddressIsRefusedAtStart, without its password.
func TestAMailServerThatIsNoAddressIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(binary, "serve", "--data", t.TempDir(), "--management-address", "127.0.0.1:0", "--smtp-url", "http://u:top-secret@mail").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "--smtp-url: it begins with neither smtp:// nor smtps://") || strings.Contains(string(out), "top-secret") {
		t.Errorf("%v: %s", err, out)
	}
}
