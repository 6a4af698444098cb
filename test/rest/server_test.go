package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// binary is the product, built once for all tests of this package.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "rest")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "atelier")
	build := exec.Command("go", "build", "-o", binary, "../../cmd/atelier")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// installation is a started server, and who has signed in to it.
type installation struct {
	data      string
	flags     []string // more than those of every server
	process   *os.Process
	waited    chan error
	log       *bytes.Buffer
	env       []string // besides the test's own
	client    *http.Client
	endpoints struct{ Management, Portal, Gateway, GatewayTLS string }
	admin     struct{ TenantID, SubscriptionID, ClientID, ClientSecret string }

	mu       sync.Mutex
	programs map[string]*program
}

// program is a principal made for tests.
type program struct{ ObjectID, ClientID, ClientSecret, token string }

// start runs the server on free ports until the test ends.
func start(t *testing.T, flags ...string) *installation {
	t.Helper()
	in := &installation{data: t.TempDir(), flags: flags, programs: map[string]*program{}}
	if err := in.run(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.stop(syscall.SIGTERM); err != nil {
			t.Errorf("the server ended with %v\n%s", err, in.log)
		}
	})
	return in
}

// run starts the process on the data folder.
func (in *installation) run() error {
	_ = os.Remove(filepath.Join(in.data, "endpoints.json"))
	in.log = &bytes.Buffer{}
	cmd := exec.Command(binary, append([]string{
		"serve", "--data", in.data, "--management-address", "127.0.0.1:0", "--portal-address", "127.0.0.1:0",
		"--gateway-address", "127.0.0.1:0", "--gateway-tls-address", "127.0.0.1:0", "--link-egress-allow", "127.0.0.0/8",
	}, in.flags...)...)
	cmd.Stderr = in.log
	cmd.Env = append(os.Environ(), in.env...)
	if err := cmd.Start(); err != nil {
		return err
	}
	in.process, in.waited = cmd.Process, make(chan error, 1)
	go func() { in.waited <- cmd.Wait() }()
	for began := time.Now(); !in.ready(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			return fmt.Errorf("the server did not start:\n%s", in.log)
		}
	}
	pem, err := os.ReadFile(filepath.Join(in.data, "ca.pem"))
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	in.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, MaxIdleConnsPerHost: 64}}
	return readJSON(filepath.Join(in.data, "admin.json"), &in.admin)
}

func (in *installation) ready() bool {
	return readJSON(filepath.Join(in.data, "endpoints.json"), &in.endpoints) == nil
}

// stop ends the process with a signal and waits for it.
func (in *installation) stop(s syscall.Signal) error {
	if in.process == nil {
		return nil
	}
	_ = in.process.Signal(s)
	err := <-in.waited
	in.process = nil
	return err
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// as returns the program of that name, made on first use; "admin" is the administrator.
func (in *installation) as(name string) (*program, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if p := in.programs[name]; p != nil {
		return p, nil
	}
	p := &program{ClientID: in.admin.ClientID, ClientSecret: in.admin.ClientSecret}
	if name != "admin" {
		out, err := exec.Command(binary, "principal", "create", "--kind", "serviceprincipal", "--name", name, "--data", in.data).Output()
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", name, err)
		}
		if err := json.Unmarshal(out, p); err != nil {
			return nil, err
		}
	}
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {p.ClientID}, "client_secret": {p.ClientSecret}, "scope": {in.endpoints.Management + "/.default"},
	}
	res, err := in.client.PostForm(in.endpoints.Management+"/"+in.admin.TenantID+"/oauth2/v2.0/token", form)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		return nil, fmt.Errorf("sign in of %s: %s, %v", name, res.Status, err)
	}
	p.token = answer.AccessToken
	in.programs[name] = p
	return p, nil
}

// send sends a request to the management API as whoever acts now.
func (r *run) send(method, path, body string, headers []string) error {
	who, err := r.in.as(r.who)
	if err != nil {
		return err
	}
	if !strings.Contains(path, "api-version=") && !strings.Contains(path, "no-version") {
		path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "api-version=2024-05-01"
	}
	req, err := http.NewRequestWithContext(context.Background(), method, r.in.endpoints.Management+strings.ReplaceAll(path, " ", "%20"), strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+who.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return r.take(r.in.client, req, headers)
}

// gateway sends a request to a gateway by host name.
func (r *run) gateway(host, path string, headers []string) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, r.in.endpoints.Gateway+path, nil)
	if err != nil {
		return err
	}
	req.Host = host
	return r.take(http.DefaultClient, req, headers)
}

func (r *run) take(client *http.Client, req *http.Request, headers []string) error {
	for _, h := range headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return errors.New("a header is written Name: value")
		}
		req.Header.Set(name, strings.TrimSpace(value))
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	r.status, r.header, r.body = res.StatusCode, res.Header, string(b)
	return err
}

// grant gives a program a role at a scope, as the administrator.
func (r *run) grant(name, role, scope string) error {
	p, err := r.in.as(name)
	if err != nil {
		return err
	}
	if guid, ok := roleNames[role]; ok {
		role = guid
	}
	was := r.who
	r.who = "admin"
	defer func() { r.who = was }()
	id := uuid.NewString()
	r.vars["assignment"] = scope + "/providers/Microsoft.Authorization/roleAssignments/" + id
	body := fmt.Sprintf(`{"properties":{"roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/%s","principalId":%q}}`, role, p.ObjectID)
	if err := r.send("PUT", r.vars["assignment"], body, nil); err != nil {
		return err
	}
	if r.status != http.StatusCreated {
		return fmt.Errorf("the assignment: %d %s", r.status, r.body)
	}
	return nil
}
