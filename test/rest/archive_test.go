package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestArchives runs testdata/*.txtar. Each archive has a resource group and a service of its own, and a program without rights named "stranger".
//
//	as NAME                       who sends the next requests: admin, or a program made on first use
//	grant NAME ROLE SCOPE         gives NAME a built-in role, by its GUID or its name in roleNames
//	METHOD PATH [@FILE] [H: v]…   sends a request; $svc is the service's id, $ws its workspace "w", $gateway the gateways' address, $time a filter of reports for these days; @FILE is a file of the archive
//	status CODE [ERRORCODE]       what the last answer must be
//	has TEXT…, lacks TEXT…        what its body must (not) hold; $name is replaced; single quotes group words
//	header NAME TEXT              what one of its headers must hold
//	keep NAME PATH                keeps a member of the body (dots go down, numbers index) as $NAME
//	keep NAME header:NAME         keeps a header
//	call HOST PATH [H: v]…        sends a request to the gateway instead
//	fetch URL                     gets an absolute address of the management API, without a token
func TestArchives(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	in := start(t)
	for i, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r := newRun(t, in, fmt.Sprintf("s%d", i), a)
			for n, line := range strings.Split(string(a.Comment), "\n") {
				if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
					continue
				}
				if err := r.step(words(line)); err != nil {
					t.Fatalf("%s:%d: %s\n%v\nlast answer: %d %s", file, n+1, line, err, r.status, r.body)
				}
			}
		})
	}
}

// run is one archive on its way.
type run struct {
	t      *testing.T
	in     *installation
	files  map[string]string
	vars   map[string]string
	who    string
	status int
	header http.Header
	body   string
}

func newRun(t *testing.T, in *installation, name string, a *txtar.Archive) *run {
	r := &run{t: t, in: in, files: map[string]string{}, vars: map[string]string{}, who: "admin"}
	for _, f := range a.Files {
		r.files[f.Name] = string(f.Data)
	}
	group := "/subscriptions/" + in.admin.SubscriptionID + "/resourceGroups/" + name
	r.vars["sub"], r.vars["rg"] = "/subscriptions/"+in.admin.SubscriptionID, group
	r.vars["name"], r.vars["gateway"] = name, in.endpoints.Gateway
	r.vars["svc"] = group + "/providers/Microsoft.ApiManagement/service/" + name
	now := time.Now().UTC()
	r.vars["time"] = "timestamp ge " + now.Add(-24*time.Hour).Format(time.RFC3339) + " and timestamp le " + now.Add(24*time.Hour).Format(time.RFC3339)
	r.vars["ws"] = r.vars["svc"] + "/workspaces/w" + name
	for _, put := range [][2]string{
		{group, `{"location":"local"}`},
		{r.vars["svc"], `{"location":"local","sku":{"name":"Premium","capacity":1},"properties":{"publisherName":"P","publisherEmail":"p@example.org"}}`},
		{r.vars["ws"], `{"properties":{"displayName":"W"}}`},
	} {
		if err := r.send("PUT", put[0], put[1], nil); err != nil || r.status != 201 {
			t.Fatalf("PUT %s: %d %s %v", put[0], r.status, r.body, err)
		}
	}
	return r
}

// roleNames are words for the GUIDs of built-in roles.
var roleNames = map[string]string{
	"owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7", "service-reader": "71522526-b88f-4d52-b57f-d31fc3546d0d",
	"service-contributor": "312a565d-c81f-4fd8-895a-4e21e48d571c", "workspace-contributor": "0c34c906-8d99-4cb7-8bb7-33f5b0a1a799",
	"workspace-reader": "ef1c2c96-4a77-49e8-b9a4-6179fe1d2fd2", "api-developer": "56328988-075d-4c6a-8766-d93edd6725b6",
	"product-manager": "73c2c328-d004-4c5e-938c-35c6f5679a1f", "service-api-developer": "9565a273-41b9-4368-97d2-aeb0c976a9b3",
}

func (r *run) step(w []string) error {
	for i := range w {
		w[i] = r.replace(w[i])
	}
	switch w[0] {
	case "as":
		r.who = w[1]
		return nil
	case "grant":
		return r.grant(w[1], w[2], w[3])
	case "status":
		return r.wantStatus(w[1:])
	case "has", "lacks":
		for _, text := range w[1:] {
			if strings.Contains(r.body, text) != (w[0] == "has") {
				return fmt.Errorf("the body %s %q", map[string]string{"has": "lacks", "lacks": "has"}[w[0]], text)
			}
		}
		return nil
	case "header":
		if got := r.header.Get(w[1]); !strings.Contains(got, w[2]) {
			return fmt.Errorf("header %s is %q", w[1], got)
		}
		return nil
	case "keep":
		return r.keep(w[1], w[2])
	case "fetch":
		req, err := http.NewRequest(http.MethodGet, w[1], nil)
		if err != nil {
			return err
		}
		return r.take(r.in.client, req, nil)
	case "call":
		return r.gateway(w[1], w[2], w[3:])
	case "GET", "HEAD", "PUT", "PATCH", "POST", "DELETE":
		return r.request(w)
	}
	return fmt.Errorf("there is no command %q", w[0])
}

func (r *run) request(w []string) error {
	body, headers := "", []string{}
	for _, x := range w[2:] {
		if name, ok := strings.CutPrefix(x, "@"); ok {
			text, ok := r.files[name]
			if !ok {
				return fmt.Errorf("the archive has no file %q", name)
			}
			body = r.replace(text)
			continue
		}
		headers = append(headers, x)
	}
	return r.send(w[0], w[1], body, headers)
}

func (r *run) wantStatus(w []string) error {
	if fmt.Sprint(r.status) != w[0] {
		return fmt.Errorf("status is %d", r.status)
	}
	if len(w) < 2 {
		return nil
	}
	var e struct{ Error struct{ Code string } }
	if err := json.Unmarshal([]byte(r.body), &e); err != nil || e.Error.Code != w[1] {
		return fmt.Errorf("the error's code is %q", e.Error.Code)
	}
	return nil
}

func (r *run) keep(name, path string) error {
	if h, ok := strings.CutPrefix(path, "header:"); ok {
		r.vars[name] = r.header.Get(h)
		return nil
	}
	var v any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		return err
	}
	for part := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[part]
		case []any:
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(at) {
				return fmt.Errorf("there is no %s", path)
			}
			v = at[i]
		default:
			return fmt.Errorf("there is no %s", path)
		}
	}
	r.vars[name] = fmt.Sprint(v)
	return nil
}

// replace puts kept values in for $name; longer names come first.
func (r *run) replace(s string) string {
	if !strings.Contains(s, "$") {
		return s
	}
	best := ""
	for range 20 {
		best = ""
		for name := range r.vars {
			if strings.Contains(s, "$"+name) && len(name) > len(best) {
				best = name
			}
		}
		if best == "" {
			break
		}
		s = strings.ReplaceAll(s, "$"+best, r.vars[best])
	}
	return s
}

// words splits a line at blanks; single quotes group.
func words(line string) []string {
	var out []string
	var b strings.Builder
	quoted, any := false, false
	for _, c := range line {
		switch {
		case c == '\'':
			quoted, any = !quoted, true
		case c == ' ' && !quoted:
			if b.Len() > 0 || any {
				out = append(out, b.String())
			}
			b.Reset()
			any = false
		default:
			b.WriteRune(c)
		}
	}
	if b.Len() > 0 || any {
		out = append(out, b.String())
	}
	return out
}
