package compat

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// secret is an entity whose secret fields hold canaries: testdata/secrets.json. Every canary begins with the same word, which nothing else contains.
type secret struct {
	Kind   string          // as in fixtures
	Body   json.RawMessage // what a PUT sends
	Reveal string          // the POST action that shows the secret; "" when nothing may
}

// marks are the forms in which a canary could leak; private keys that are sent join them.
var marks = []string{"canary-", base64.StdEncoding.EncodeToString([]byte("canary-va"))[:9], hex.EncodeToString([]byte("canary-"))}

// watch adds the middle of a certificate with its private key to what must not be shown.
func (d *driver) watch(s secret) {
	var body struct {
		Properties struct{ Data string }
	}
	if json.Unmarshal(s.Body, &body) == nil && len(body.Properties.Data) > 1000 {
		marks = append(marks, body.Properties.Data[400:460])
	}
}

func marked(text string) bool {
	for _, m := range marks {
		if strings.Contains(text, m) {
			return true
		}
	}
	return false
}

// TestASecretIsShownByItsOwnActionAlone puts a canary into every secret field of every kind and reads everything back: answers, lists, errors, the
// activity log, the access log and each file of the data folder.
func TestASecretIsShownByItsOwnActionAlone(t *testing.T) {
	t.Parallel()
	d := newDriver(t, newWorld(t, start(t)))
	rows := slices.Concat(operations(t), beyond(t))
	planted := 0
	for _, s := range secrets(t) {
		d.watch(s)
		for _, r := range rows {
			if path, target := d.target(r); r.Method == http.MethodPut && keyOf(path) == s.Kind {
				d.need(target)
				planted += d.plant(t, s, path)
			}
		}
	}
	generated := d.generated(rows)
	for _, r := range rows {
		path, target := d.target(r)
		if r.Method != http.MethodGet {
			continue
		}
		d.need(target)
		status, body := d.send(http.MethodGet, path, "")
		d.silent(t, "GET "+path, status, body, generated)
		if strings.Contains(r.Path, "/reports/") || !strings.Contains(r.Path, "{rg}") {
			continue
		}
		_, body = d.send(http.MethodGet, path+"?api-version=2024-05-01&$top=1000&expandGroups=true&export=true&format=openapi", "")
		d.silent(t, "GET with everything expanded "+path, status, body, generated)
	}
	if status, text := d.send(http.MethodPost, d.service("")+"/backup", string(d.fixtures["backup"].Post)); status >= 300 {
		t.Errorf("backup: %d %s", status, text)
	}
	d.activity(t, generated)
	d.silent(t, "the process's output", 0, d.in.log.String(), generated)
	d.files(t, generated)
	t.Logf("%d canaries planted, %d generated secrets watched", planted, len(generated))
	if d.in.tokens.given.Load() == 0 {
		t.Error("no connection got a token, so that none was watched")
	}
	if planted < 25 {
		t.Errorf("%d canaries planted", planted)
	}
}

func secrets(t *testing.T) []secret {
	t.Helper()
	b, err := os.ReadFile("testdata/secrets.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []secret
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// plant makes the entity and reads it in every way that names it.
func (d *driver) plant(t *testing.T, s secret, path string) int {
	t.Helper()
	d.needs(path, d.fixtures[s.Kind])
	body := d.fill(string(s.Body), path)
	status, text := d.send(http.MethodPut, path, body)
	switch {
	case strings.Contains(text, "InvalidResourceType"):
		return 0 // the parity ledger says that it is missing
	case status >= 300:
		d.silent(t, "refused PUT "+path, status, text, nil)
		t.Errorf("PUT %s: %d %s", path, status, text)
		return 0
	}
	d.silent(t, "PUT "+path, status, text, nil)
	for _, q := range []string{"", "?api-version=2024-05-01&format=rawxml", "?api-version=2024-05-01&$expand=value&includeSecrets=true"} {
		status, text = d.send(http.MethodGet, path+q, "")
		d.silent(t, "GET "+path+q, status, text, nil)
	}
	if patch := d.fixtures[s.Kind].Patch; patch != nil {
		status, text = d.send(http.MethodPatch, path, d.fill(string(patch), path))
		d.silent(t, "PATCH "+path, status, text, nil)
	}
	for _, wrong := range []string{
		body[:len(body)-2], strings.Replace(body, `"properties":`, `"unknown":{"a":`, 1), strings.Replace(body, `{"properties": {`, `{"properties": {"displayName": {"no": 1},`, 1),
		strings.Replace(body, `"properties": {`, `"properties": {"scope": "nowhere", "url": "nowhere", "loggerType": "none", "email": "none", "tags": 7,`, 1),
	} {
		status, text = d.send(http.MethodPut, path, wrong)
		d.silent(t, "wrong PUT "+path, status, text, nil)
	}
	if s.Reveal != "" {
		status, text = d.send(http.MethodPost, path+"/"+s.Reveal, "")
		if !marked(text) && !strings.Contains(text, "InvalidResourceType") {
			t.Errorf("POST %s/%s doesn't show the secret: %d %s", path, s.Reveal, status, text)
		}
	}
	return 1
}

// generated are the secrets that the server made itself, as its actions show them.
func (d *driver) generated(rows []row) []string {
	var out []string
	for _, r := range rows {
		word := r.Path[strings.LastIndexByte(r.Path, '/')+1:]
		if r.Method != http.MethodPost || (word != "listSecrets" && word != "listKeys") {
			continue
		}
		path, target := d.target(r)
		d.need(target)
		status, text := d.send(http.MethodPost, path, "")
		var shown map[string]any
		if status != http.StatusOK || json.Unmarshal([]byte(text), &shown) != nil {
			continue
		}
		for name, v := range shown {
			if s, ok := v.(string); ok && len(s) >= 20 && !strings.Contains(s, "/") && name != "id" {
				out = append(out, s)
			}
		}
	}
	return out
}

// silent fails when a text holds a canary or a secret that the server made.
func (d *driver) silent(t *testing.T, what string, status int, text string, generated []string) {
	t.Helper()
	at := -1
	for _, m := range append(marks[:len(marks):len(marks)], generated...) {
		if at = strings.Index(text, m); at >= 0 {
			t.Errorf("%s (%d) shows a secret: …%q…", what, status, text[max(0, at-120):min(len(text), at+60)])
			return
		}
	}
}

// activity reads the log of changes in both of its forms.
func (d *driver) activity(t *testing.T, generated []string) {
	t.Helper()
	out, err := exec.Command(binary, "activity", "export", "--data", d.in.data).CombinedOutput()
	if err != nil || len(out) < 1000 {
		t.Errorf("activity export: %v, %d bytes", err, len(out))
	}
	d.silent(t, "activity export", 0, string(out), generated)
	status, text := d.send(http.MethodGet, "/subscriptions/"+d.in.admin.SubscriptionID+"/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=eventTimestamp+ge+'2020-01-01T00:00:00Z'", "")
	d.silent(t, "the activity log", status, text, generated)
}

// files reads all that the server keeps.
func (d *driver) files(t *testing.T, generated []string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(d.in.data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		n += len(b)
		d.silent(t, "the file "+e.Name(), 0, string(b), generated)
		return err
	})
	if err != nil || n < 10_000 {
		t.Errorf("the data folder: %v, %d bytes", err, n)
	}
}
