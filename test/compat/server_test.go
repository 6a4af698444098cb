package compat

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// binary is the product, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	if binary = os.Getenv("ATELIER_BINARY"); binary != "" { // one that is built already
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "compat")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "atelier")
	build := exec.Command("go", "build", "-o", binary, "./cmd/atelier")
	build.Dir = "../.."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// installation is a started server.
type installation struct {
	t         *testing.T
	data      string
	log       *output // all that the process wrote, access log included
	client    *http.Client
	tokens    *tokenServer
	endpoints struct{ Management, Gateway string }
	admin     struct{ TenantID, SubscriptionID, ClientID, ClientSecret string }
}

// output is what a process writes while others read it.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// start runs `atelier serve` on free ports with an empty data folder, until the test ends.
func start(t *testing.T) *installation {
	t.Helper()
	in := &installation{t: t, data: t.TempDir(), log: &output{}, tokens: newTokenServer(t)}
	cmd := exec.Command(binary, "serve", "--data", in.data, "--management-address", "127.0.0.1:0", "--portal-address", "127.0.0.1:0",
		"--gateway-address", "127.0.0.1:0", "--gateway-tls-address", "127.0.0.1:0", "--link-egress-allow", "127.0.0.0/8")
	cmd.Stdout, cmd.Stderr = in.log, in.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ended with %v\n%s", err, in.log.String())
		}
	})
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if b, err := os.ReadFile(filepath.Join(in.data, "endpoints.json")); err == nil && json.Unmarshal(b, &in.endpoints) == nil {
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("the server did not start\n%s", in.log.String())
		}
	}
	in.read("admin.json", &in.admin)
	pem, err := os.ReadFile(filepath.Join(in.data, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	in.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	return in
}

func (in *installation) read(file string, v any) {
	in.t.Helper()
	b, err := os.ReadFile(filepath.Join(in.data, file))
	if err != nil {
		in.t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		in.t.Fatal(err)
	}
}

// command runs a command of the binary and reads its JSON.
func (in *installation) command(v any, args ...string) {
	in.t.Helper()
	cmd := exec.Command(binary, append(args, "--data", in.data, "-o", "json")...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		in.t.Fatalf("atelier %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	if err := json.Unmarshal(out, v); err != nil {
		in.t.Fatalf("atelier %s printed %s", strings.Join(args, " "), out)
	}
}

// signIn is what a program does to get a credential and client options: nothing but a cloud configuration and a certificate authority.
func (in *installation) signIn(clientID, secret string) (*azidentity.ClientSecretCredential, *arm.ClientOptions) {
	in.t.Helper()
	options := policy.ClientOptions{
		Transport: in.client,
		Cloud: cloud.Configuration{
			ActiveDirectoryAuthorityHost: in.endpoints.Management,
			Services:                     map[cloud.ServiceName]cloud.ServiceConfiguration{cloud.ResourceManager: {Endpoint: in.endpoints.Management, Audience: in.endpoints.Management}},
		},
		Retry: policy.RetryOptions{MaxRetries: -1},
	}
	cred, err := azidentity.NewClientSecretCredential(in.admin.TenantID, clientID, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions: options, DisableInstanceDiscovery: true,
	})
	if err != nil {
		in.t.Fatal(err)
	}
	return cred, &arm.ClientOptions{ClientOptions: options, DisableRPRegistration: true}
}

// call sends a request to a gateway by its host name.
func (in *installation) call(host, path string, header ...string) (int, http.Header, string) {
	in.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, in.endpoints.Gateway+path, nil)
	if err != nil {
		in.t.Fatal(err)
	}
	req.Host = host
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		in.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		in.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}
