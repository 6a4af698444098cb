package main

import (
	"bytes"
	"cmp"
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
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const apiVersion = "2024-05-01"

// connection says how a command reaches a running control plane and as whom.
type connection struct {
	data                                     string
	endpoint, tenant, clientID, clientSecret string
	caFile, as                               string
}

func (c *connection) bind(cmd *cobra.Command) {
	f := cmd.PersistentFlags()
	data := "./data"
	if v, ok := os.LookupEnv("ATELIER_DATA"); ok {
		data = v
	}
	f.StringVar(&c.data, "data", data, "folder of a local installation: its address, authority and administrator are used")
	f.StringVar(&c.endpoint, "endpoint", "", "management URL")
	f.StringVar(&c.tenant, "tenant", "", "tenant id")
	f.StringVar(&c.clientID, "client-id", "", "client id")
	f.StringVar(&c.clientSecret, "client-secret", os.Getenv("ATELIER_CLIENT_SECRET"), "client secret [ATELIER_CLIENT_SECRET]")
	f.StringVar(&c.caFile, "ca-file", "", "certificate authority to trust")
	f.StringVar(&c.as, "as", "", "a program of sample.json: payments or catalog")
}

// endpoints and credentials are the files that a running process leaves in its data folder.
type endpoints struct {
	Management string `json:"management"`
	Portal     string `json:"portal"`
	Gateway    string `json:"gateway"`
	GatewayTLS string `json:"gatewayTls"`
}

type adminFile struct {
	TenantID       string `json:"tenantId"`
	SubscriptionID string `json:"subscriptionId"`
	ClientID       string `json:"clientId"`
	ClientSecret   string `json:"clientSecret"`
	Username       string `json:"username"`
	Password       string `json:"password"`
}

// complete takes from the data folder what the flags leave open.
func (c *connection) complete() error {
	var e endpoints
	if c.endpoint == "" {
		if err := readJSON(filepath.Join(c.data, "endpoints.json"), &e); err != nil {
			return fmt.Errorf("%w; is a server running on this folder? Name it with --data, or use --endpoint", err)
		}
		c.endpoint = e.Management
	}
	if c.caFile == "" {
		if f := filepath.Join(c.data, "ca.pem"); exists(f) {
			c.caFile = f
		}
	}
	if c.as != "" {
		return c.program()
	}
	if c.clientID != "" {
		return nil
	}
	var a adminFile
	if err := readJSON(filepath.Join(c.data, "admin.json"), &a); err != nil {
		return fmt.Errorf("%w; give --client-id, --client-secret and --tenant", err)
	}
	c.tenant, c.clientID, c.clientSecret = cmp.Or(c.tenant, a.TenantID), a.ClientID, a.ClientSecret
	return nil
}

// program takes the credentials of a sample program.
func (c *connection) program() error {
	var all map[string]json.RawMessage
	if err := readJSON(filepath.Join(c.data, "sample.json"), &all); err != nil {
		return fmt.Errorf("%w; --as names a program of the sample organisation", err)
	}
	var entry struct {
		Program struct{ ClientID, ClientSecret string }
	}
	if err := json.Unmarshal(all[c.as], &entry); err != nil || entry.Program.ClientID == "" {
		return fmt.Errorf("sample.json has no program %q", c.as)
	}
	var a adminFile
	if err := readJSON(filepath.Join(c.data, "admin.json"), &a); err != nil && c.tenant == "" {
		return fmt.Errorf("%w; give --tenant", err)
	}
	c.tenant, c.clientID, c.clientSecret = cmp.Or(c.tenant, a.TenantID), entry.Program.ClientID, entry.Program.ClientSecret
	return nil
}

func (c *connection) http() (*http.Client, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if c.caFile != "" {
		pem, err := os.ReadFile(c.caFile)
		if err != nil {
			return nil, err
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", c.caFile)
		}
	}
	return &http.Client{
		Timeout:   2 * time.Minute,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true},
	}, nil
}

// session is a signed-in client of the REST API.
type session struct {
	client   *http.Client
	endpoint string
	token    string
}

// open signs in.
func (c *connection) open(ctx context.Context) (*session, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	client, err := c.http()
	if err != nil {
		return nil, err
	}
	token, err := c.signIn(ctx, client, "")
	if err != nil {
		return nil, err
	}
	return &session{client, strings.TrimSuffix(c.endpoint, "/"), token}, nil
}

// signIn gets an access token for a resource; "" is the management API itself.
func (c *connection) signIn(ctx context.Context, client *http.Client, resource string) (string, error) {
	resource = strings.TrimSuffix(cmp.Or(resource, c.endpoint), "/")
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.clientID}, "client_secret": {c.clientSecret}, "scope": {resource + "/.default"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.endpoint, "/")+"/"+c.tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	defer res.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer); err != nil {
		return "", fmt.Errorf("sign in: the answer is not understood (%s)", res.Status)
	}
	if answer.AccessToken == "" {
		return "", fmt.Errorf("sign in: %s", cmp.Or(answer.Description, res.Status))
	}
	return answer.AccessToken, nil
}

// restError is a refusal by the server.
type restError struct {
	status int
	body   []byte
}

func (e *restError) Error() string {
	var b struct {
		Error struct {
			Code, Message string
			Details       []struct{ Target, Message string }
		}
	}
	if json.Unmarshal(e.body, &b) != nil || b.Error.Code == "" {
		return fmt.Sprintf("status %d: %.300s", e.status, e.body)
	}
	text := fmt.Sprintf("%s (%s, status %d)", b.Error.Message, b.Error.Code, e.status)
	for _, d := range b.Error.Details {
		text += "\n  " + strings.TrimPrefix(d.Target+": ", ": ") + d.Message
	}
	return text
}

// do sends a request; path may carry a query, and gets an api-version when it has none and needs one.
func (s *session) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	u := path
	if !strings.HasPrefix(path, "https://") {
		u = s.endpoint + "/" + strings.TrimPrefix(path, "/")
	}
	if !strings.Contains(u, "api-version=") && !strings.Contains(u, "/v1.0/") {
		sep := "?"
		if strings.Contains(u, "?") {
			sep = "&"
		}
		u += sep + "api-version=" + apiVersion
	}
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, u, r)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode/100 != 2 {
		err = &restError{res.StatusCode, b}
	}
	return b, err
}

// call sends v as JSON and reads the answer into out, when it isn't nil.
func (s *session) call(ctx context.Context, method, path string, v, out any) error {
	var body []byte
	if v != nil {
		var err error
		if body, err = json.Marshal(v); err != nil {
			return err
		}
	}
	b, err := s.do(ctx, method, path, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if out == nil || len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, out)
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}
