package load

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is a started server and the administrator's way to it.
type process struct {
	data   string
	cmd    *exec.Cmd
	log    bytes.Buffer
	client *http.Client
	token  string
	urls   struct{ Management, Gateway string }
	admin  struct{ TenantID, SubscriptionID, ClientID, ClientSecret string }
}

// launch starts the server on a data folder and signs in. took is from the start of the process until every listener answered.
func launch(b *testing.B, data string) (p *process, took time.Duration) {
	b.Helper()
	p = &process{data: data}
	ready := filepath.Join(data, "endpoints.json")
	_ = os.Remove(ready) // of a run before
	free := "127.0.0.1:0"
	p.cmd = exec.Command(binary, "serve", "--data", data, "--management-address", free, "--portal-address", free, "--gateway-address", free, "--gateway-tls-address", free)
	p.cmd.Stderr = &p.log
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for !readFile(ready, &p.urls) {
		if time.Since(began) > 2*time.Minute {
			_ = p.cmd.Process.Kill()
			b.Fatalf("the server did not start:\n%s", p.log.String())
		}
		time.Sleep(time.Millisecond)
	}
	took = time.Since(began)
	pem, err := os.ReadFile(filepath.Join(data, "ca.pem"))
	if err != nil || !readFile(filepath.Join(data, "admin.json"), &p.admin) {
		b.Fatalf("the data folder is not complete: %v", err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	p.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: clients}}
	p.signIn(b)
	return p, took
}

func readFile(path string, v any) bool {
	text, err := os.ReadFile(path)
	return err == nil && json.Unmarshal(text, v) == nil
}

func (p *process) signIn(b *testing.B) {
	b.Helper()
	res, err := p.client.PostForm(p.urls.Management+"/"+p.admin.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {p.admin.ClientID}, "client_secret": {p.admin.ClientSecret},
		"scope": {p.urls.Management + "/.default"},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	var grant struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&grant); err != nil || grant.AccessToken == "" {
		b.Fatalf("sign in: %s %v", res.Status, err)
	}
	p.token = grant.AccessToken
}

// busy is how long the server has used processors so far; 0 where the system doesn't tell.
func (p *process) busy() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name of the program may hold anything
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	const ticks = 100 // a second, on every Linux
	return time.Duration(user+system) * time.Second / ticks
}

// stop ends the server and waits for it.
func (p *process) stop(b *testing.B) {
	b.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		b.Errorf("the server ended with %v\n%s", err, p.log.String())
	}
}

// send performs a management request. address is a path, or an absolute URL that an answer gave.
func (p *process) send(method, address, body string) (status int, answer []byte, err error) {
	if strings.HasPrefix(address, "/") {
		separator := "?"
		if strings.Contains(address, "?") {
			separator = "&"
		}
		address = p.urls.Management + address + separator + "api-version=2024-05-01"
	}
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := p.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// put stores a resource; anything but success is an error.
func (p *process) put(id, body string) error {
	status, answer, err := p.send(http.MethodPut, id, body)
	if err == nil && status/100 != 2 {
		err = fmt.Errorf("PUT %s: %d %s", id, status, answer)
	}
	return err
}

// serves asks the gateway what it knows of a path: the header that the service's policy sets.
func (p *process) serves(path string) (string, error) {
	req, err := http.NewRequest(http.MethodGet, p.urls.Gateway+path, nil)
	if err != nil {
		return "", err
	}
	req.Host = service + ".localhost"
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.Header.Get("X-Known"), err
}
