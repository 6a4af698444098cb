package compat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
)

// reference is a field of a kind that names another entity: testdata/references.json. In Body, $target stands for what is named, by id or by name
// (To says of what kind it is), and $name for a name of its own.
type reference struct {
	Kind string          // as in fixtures
	To   string          // kind of the target
	Body json.RawMessage // what a PUT sends
	Says string          // what the reference is, in words
	By   string          // how it names its target: "id", "name" or "both"
	// Soft references may name what isn't there: they find nothing when they are used. All others are refused.
	Soft bool
	// Levels are where the kind may be: "workspace", "service".
	Levels []string
}

const (
	here  = "here"  // the workspace that refers
	there = "there" // the workspace that it must not reach
)

// TestNoReferenceReachesIntoAnotherWorkspace tries every reference of every kind, by id, by relative id and by name, from one workspace and from the
// service into another workspace. All are refused, and the refusal is the same whether the target exists or not.
func TestNoReferenceReachesIntoAnotherWorkspace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start(t))
	tried := 0
	for _, ref := range references(t) {
		for _, level := range ref.Levels {
			t.Run(level+" "+ref.Says, func(t *testing.T) {
				w.in.t = t
				tried += w.reach(t, ref, level)
			})
		}
	}
	w.in.t = t
	t.Logf("%d references tried", tried)
	if tried < 150 {
		t.Errorf("%d references tried", tried)
	}
}

func references(t *testing.T) []reference {
	t.Helper()
	b, err := os.ReadFile("testdata/references.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []reference
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// reach tries one reference in the forms that it has, and returns how many were tried.
func (w *world) reach(t *testing.T, ref reference, level string) int {
	t.Helper()
	svc := w.service("")
	home, other := svc+"/workspaces/"+here, svc+"/workspaces/"+there
	if level == "service" {
		home = svc
	}
	for _, ws := range []string{here, there} {
		w.need(svc + "/workspaces/" + ws)
	}
	// Two names of the same length, of which only one is there, so that the answers can be compared.
	n := strings.NewReplacer("/", "", " ", "").Replace(level[:1] + ref.Kind + ref.To)
	exists, absent := "yes-"+n, "not-"+n
	target := other
	for word := range strings.SplitSeq(ref.To, "/") {
		target += "/" + word + "/" + exists
	}
	w.need(target)
	if status, _ := w.send(http.MethodGet, target, ""); status == http.StatusNotFound {
		t.Logf("there is no %s in a workspace yet", ref.To)
		return 0
	}
	path := home
	for word := range strings.SplitSeq(ref.Kind, "/") {
		if path != home {
			w.need(path)
		}
		path += "/" + word + "/" + own(word, n)
	}
	said := w.within(ref, path, home, "own-"+n+"t")
	if said.unknown() {
		t.Logf("%s is not there yet: %.300s", ref.Says, said.text)
	} else if said.status >= 300 {
		t.Errorf("PUT %s within its own workspace: %d %.600s", path, said.status, said.text)
	}
	tried := 0
	for _, form := range forms(ref, target, svc, other) {
		w.needs(path, w.fixtures[ref.Kind])
		yes := w.refer(ref, path, form)
		no := w.refer(ref, path, strings.ReplaceAll(form, exists, absent))
		if strings.Contains(yes.text, "InvalidResourceType") {
			t.Logf("there is no %s yet", ref.Kind)
			return tried
		}
		if !said.unknown() {
			tried++
		}
		if kept := strings.Contains(yes.text, exists); yes.status < 400 && kept && !ref.Soft {
			t.Errorf("PUT %s with %s: %d %.400s", path, form, yes.status, yes.text)
		}
		yes.text = strings.ReplaceAll(yes.text, exists, absent)
		if yes != no {
			t.Errorf("PUT %s tells whether %s exists:\n%d %.400s\n%d %.400s", path, form, yes.status, yes.text, no.status, no.text)
		}
	}
	return tried
}

// within is the same reference to an entity of the same home, which must be possible: else the refusals would have another reason.
func (w *world) within(ref reference, path, home, name string) told {
	target := home
	for word := range strings.SplitSeq(ref.To, "/") {
		target += "/" + word + "/" + name
		if strings.HasPrefix(path, target[:strings.LastIndexByte(target, '/')]+"/") && ref.Kind == "apis/releases" {
			target = path[:strings.LastIndex(path, "/releases/")] // a release is of its own API
		}
	}
	w.need(target)
	w.needs(path, w.fixtures[ref.Kind])
	ways := forms(ref, target, "", "")
	if ref.By == "id" {
		return w.refer(ref, path, ways[0])
	}
	return w.refer(ref, path, ways[len(ways)-1]) // policies name what they use
}

// forms are the ways of naming a target: its id, the same below its service and below its workspace, its name alone.
func forms(ref reference, target, service, workspace string) []string {
	ids := []string{target, strings.TrimPrefix(target, service), strings.TrimPrefix(target, workspace)}
	name := target[strings.LastIndexByte(target, '/')+1:]
	if ref.To == "namedValues" {
		name = "value-" + name // the display name, by which they are used
	}
	switch ref.By {
	case "id":
		return ids
	case "name":
		return []string{name}
	}
	return append(ids, name)
}

// own is the name of an entity of a kind with names of its own or a fixed one.
func own(word, n string) string {
	switch word {
	case "policies":
		return "policy"
	case "diagnostics":
		return "applicationinsights"
	case "wikis":
		return "default"
	}
	return "own-" + n
}

// told is what a caller is told.
type told struct {
	status int
	text   string
}

// unknown says whether the kind, the policy or the form is not there yet, which the server says in words.
func (s told) unknown() bool {
	for _, words := range []string{"InvalidResourceType", "is not a known policy", "not supported yet", "refused"} {
		if strings.Contains(s.text, words) {
			return true
		}
	}
	return false
}

// refer makes the entity with its reference, and removes it when that was possible, so that the next try is told the same.
func (w *world) refer(ref reference, path, form string) told {
	body := strings.ReplaceAll(w.fill(string(ref.Body), path), "$target", form)
	status, text := w.send(http.MethodPut, path, body)
	if status < 300 {
		w.send(http.MethodDelete, path, "")
	}
	return told{status, text}
}

// notReferences are fields of the SDK's bodies whose names look like references and which are none, with the reason.
var notReferences = map[string]string{
	"ClientID": "an application of another directory", "TenantID": "another directory", "ObjectID": "a principal of the directory",
	"ID": "the entity's own, or an item's", "APIRevisionDescription": "words", "UserID": "a user, who belongs to the service", "OwnerID": "a user, who belongs to the service",
	"ExternalID": "a group of another directory", "SchemaID": "a schema of the same API", "ResourceID": "a resource outside the service", "SourceID": "a workspace, with linked access",
	"IdentityClientID": "an identity outside the service", "ClientCertificatethumbprint": "a digest", "AuthorizationServerID": "an authorization server, which no workspace has",
	"OpenidProviderID": "an OpenID provider, which no workspace has", "DocumentationID": "a documentation, which no workspace has", "MarketplaceID": "an identifier", "TermsOfServiceURL": "an address",
	"SecretIdentifier": "a key vault", "LocationID": "a place", "PrincipalID": "a principal",
}

// TestEveryReferenceFieldIsTried finds the fields that look like references in the bodies of the official SDK's PUT methods for workspaces: each is in
// testdata/references.json or known to be none.
func TestEveryReferenceFieldIsTried(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/references.json")
	if err != nil {
		t.Fatal(err)
	}
	d := newDriver(t, newWorld(t, start(t)))
	found := 0
	for _, r := range operations(t) {
		if r.Method != http.MethodPut || r.level() != "workspace" {
			continue
		}
		client, method, _ := strings.Cut(r.Operation, ".")
		f := d.factory.MethodByName("New" + client + "Client").Call(nil)[0].MethodByName(method).Type()
		for i := range f.NumIn() {
			if f.In(i).Kind() == reflect.Struct {
				eachField(f.In(i), 0, func(name string) {
					found++
					if _, known := notReferences[name]; !known && !strings.Contains(strings.ToLower(string(b)), `"`+strings.ToLower(name)+`"`) {
						t.Errorf("%s: the field %s looks like a reference, and nothing tries it", r.Operation, name)
					}
				})
			}
		}
	}
	if found < 20 {
		t.Error(fmt.Sprint(found, " fields"))
	}
}

// eachField calls do for the string fields below a type whose names end like those of references.
func eachField(typ reflect.Type, depth int, do func(name string)) {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || depth > 5 {
		return
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		in := f.Type
		for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		switch {
		case in.Kind() == reflect.Struct:
			eachField(in, depth+1, do)
		case in.Kind() == reflect.String && (strings.HasSuffix(f.Name, "ID") || strings.HasSuffix(f.Name, "IDs") || f.Name == "Scope"):
			do(f.Name)
		}
	}
}
