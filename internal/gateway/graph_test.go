package gateway_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// graphCommands make GraphQL APIs and ask them.
var graphCommands = map[string]func(*world, *testscript.TestScript, []string){
	"schema":       (*world).setSchema,
	"resolver":     (*world).addResolver,
	"backend-says": (*world).backendSays,
	"ask":          (*world).ask,
	"reply-has": func(w *world, ts *testscript.TestScript, args []string) {
		if !strings.Contains(w.answer.body, args[0]) {
			ts.Fatalf("the body is %s", w.answer.body)
		}
	},
}

// schema home/api TYPE CONTENT-TYPE FILE: makes the API one of the type, with a schema
func (w *world) setSchema(ts *testscript.TestScript, args []string) {
	w.change(ts, args[0], func(a *snapshot.API) {
		a.Type, a.Definition = args[1], &snapshot.Definition{ContentType: args[2], Text: ts.ReadFile(args[3])}
	})
}

// resolver home/api Type/field FILE, in which BACKEND is the backend's address
func (w *world) addResolver(ts *testscript.TestScript, args []string) {
	text := strings.ReplaceAll(ts.ReadFile(args[2]), "BACKEND", w.backend.server.URL)
	w.change(ts, args[0], func(a *snapshot.API) {
		a.Resolvers = append(slices.Clone(a.Resolvers), &snapshot.Resolver{
			ID: a.ID + "/resolvers/" + args[1], Path: args[1], Policy: &snapshot.Policy{ID: args[1] + "/policies/policy", Format: "rawxml", Text: text},
		})
	})
}

// change replaces an API by a changed copy: snapshots are immutable.
func (w *world) change(ts *testscript.TestScript, place string, f func(*snapshot.API)) {
	a := w.api(ts, place)
	changed := *a
	f(&changed)
	home, _, _ := strings.Cut(place, "/")
	h := w.home(home)
	h.APIs = slices.Clone(h.APIs)
	at := slices.IndexFunc(h.APIs, func(chunk []*snapshot.API) bool { return chunk[0] == a })
	h.APIs[at] = []*snapshot.API{&changed}
}

// backend-says PATH JSON
func (w *world) backendSays(_ *testscript.TestScript, args []string) {
	w.backend.mu.Lock()
	defer w.backend.mu.Unlock()
	if w.backend.says == nil {
		w.backend.says = map[string]string{}
	}
	w.backend.says[args[0]] = args[1]
}

// ask PATH QUERY [Name: value]…: sends a GraphQL document
func (w *world) ask(ts *testscript.TestScript, args []string) {
	body, err := json.Marshal(map[string]string{"query": args[1]})
	ts.Check(err)
	lines := append([]string{"POST " + args[0] + " HTTP/1.1", "Host: managed.localhost", "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body))}, args[2:]...)
	w.answer = w.call(ts, strings.Join(lines, "\r\n")+"\r\n\r\n"+string(body), "")
}
