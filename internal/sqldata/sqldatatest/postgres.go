package sqldatatest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Whom the server knows, and by which password.
const (
	User     = "app"
	Password = "p;'w\"=1"
)

// shared is the server of the process, while tests use it.
var shared struct {
	mu      sync.Mutex
	users   int
	running *postgres
}

// Server is the port of a PostgreSQL server on 127.0.0.1, which runs until the test ends. It speaks TLS with a certificate that nobody trusts.
func Server(t testing.TB) int {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.users == 0 {
		p, err := start()
		if err != nil {
			t.Fatalf("PostgreSQL does not start: %v; it is in Debian's package postgresql", err)
		}
		shared.running = p
	}
	shared.users++
	t.Cleanup(func() {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		if shared.users--; shared.users == 0 {
			shared.running.stop()
			shared.running = nil
		}
	})
	return shared.running.port
}

type postgres struct {
	dir    string
	port   int
	server *exec.Cmd
	out    bytes.Buffer
	ended  chan struct{}
}

func start() (_ *postgres, err error) {
	if err := installed(); err != nil {
		return nil, err
	}
	p := &postgres{ended: make(chan struct{})}
	if p.dir, err = os.MkdirTemp("", "postgres-of-tests-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(p.dir)
		}
	}()
	as, err := unprivileged(p.dir)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(p.dir, "password"), []byte(Password), 0o644); err != nil { //nolint:gosec // of a test
		return nil, err
	}
	data := filepath.Join(p.dir, "data")
	if out, err := command(as, p.dir, "initdb", "-D", data, "-U", User, "-A", "scram-sha-256", "--pwfile", filepath.Join(p.dir, "password"), "-E", "UTF8", "--no-locale", "--no-sync").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := certificate(data, as); err != nil {
		return nil, err
	}
	for range 3 { // the port may be taken meanwhile
		if err = p.serve(as, data); err == nil {
			return p, nil
		}
	}
	return nil, err
}

// installed installs the server where there is none.
func installed() error {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if _, err := exec.LookPath("initdb"); err == nil || len(found) > 0 {
		return nil
	}
	if out, err := exec.Command("../../tools/need", "initdb=postgresql").CombinedOutput(); err != nil {
		return fmt.Errorf("install postgresql: %s%w", out, err)
	}
	return nil
}

func (p *postgres) serve(as *syscall.Credential, data string) error {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p.port = free.Addr().(*net.TCPAddr).Port
	_ = free.Close()
	p.server = command(as, p.dir, "postgres", "-D", data, "-p", strconv.Itoa(p.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "ssl=on", "-c", "max_connections=60")
	p.server.Stdout, p.server.Stderr = &p.out, &p.out
	if err := p.server.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	p.ended = ended
	go func() { _ = p.server.Wait(); close(ended) }() //nolint:errcheck // it is stopped
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		select {
		case <-ended:
			return fmt.Errorf("postgres ended: %s", p.out.String())
		case <-time.After(20 * time.Millisecond):
		}
		if ready(data) {
			return nil
		}
	}
	p.halt()
	return errors.New("postgres did not answer within 30 seconds")
}

// ready says whether the server takes queries, which it notes in its file.
func ready(data string) bool {
	state, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	lines := strings.Split(string(state), "\n")
	return err == nil && len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
}

func (p *postgres) halt() {
	_ = p.server.Process.Signal(syscall.SIGQUIT)
	<-p.ended
}

func (p *postgres) stop() {
	p.halt()
	_ = os.RemoveAll(p.dir)
}

// unprivileged is whom the server runs as: PostgreSQL refuses to be root.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	var who *user.User
	var err error
	for _, name := range []string{"postgres", "nobody"} {
		if who, err = user.Lookup(name); err == nil {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.Atoi(who.Uid)
	gid, err2 := strconv.Atoi(who.Gid)
	if err := errors.Join(err1, err2, os.Chown(dir, uid, gid)); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil //nolint:gosec // ids of this machine
}

// command finds a program where Debian keeps it, or in the path.
func command(as *syscall.Credential, dir, name string, args ...string) *exec.Cmd {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		name = found[len(found)-1]
	}
	c := exec.Command(name, args...)
	c.Dir, c.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	return c
}

func certificate(data string, as *syscall.Credential) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for name, block := range map[string]*pem.Block{"server.crt": {Type: "CERTIFICATE", Bytes: der}, "server.key": {Type: "PRIVATE KEY", Bytes: private}} {
		path := filepath.Join(data, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			return err
		}
		if as != nil {
			if err := os.Chown(path, int(as.Uid), int(as.Gid)); err != nil {
				return err
			}
		}
	}
	return nil
}
