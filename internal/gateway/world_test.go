package gateway_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

const serviceID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/contoso"

// world is an installation of one service: homes by workspace name ("" is the service), gateways, a backend, and what was last answered.
type world struct {
	homes     map[string]*snapshot.Shard
	gateways  []*snapshot.Snapshot
	serves    map[*snapshot.Snapshot][]string
	settings  snapshot.Settings
	backend   *recorder
	forbidden string
	limits    gateway.Limits

	set        *gateway.Set
	server     *gateway.Server
	plain, tls net.Listener
	log        lockedBuffer
	problems   lockedBuffer
	version    uint64
	clock      time.Time
	clockLock  sync.Mutex
	answer     answer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}
func (l *lockedBuffer) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

func newWorld() (*world, error) {
	w := &world{
		homes: map[string]*snapshot.Shard{"": {ID: serviceID}}, serves: make(map[*snapshot.Snapshot][]string),
		backend: newRecorder(), clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	return w, nil
}

func (w *world) now() time.Time { w.clockLock.Lock(); defer w.clockLock.Unlock(); return w.clock }

func (w *world) stop() {
	if w.server != nil {
		_ = w.server.Drain(context.Background())
		w.set.Close()
	}
	w.backend.server.Close()
}

// home finds or makes a workspace.
func (w *world) home(name string) *snapshot.Shard {
	if name == "service" {
		name = ""
	}
	h := w.homes[name]
	if h == nil {
		h = &snapshot.Shard{ID: serviceID + "/workspaces/" + name, Workspace: name, DisplayName: name}
		w.homes[name] = h
	}
	return h
}

// options are the "name=value" arguments of a command.
type options map[string]string

func parseOptions(ts *testscript.TestScript, args []string) options {
	o := options{}
	for _, a := range args {
		name, value, _ := strings.Cut(a, "=")
		if _, twice := o[name]; twice {
			ts.Fatalf("%s stands twice", name)
		}
		o[name] = value
	}
	return o
}

func (o options) list(name, standard string) []string {
	v, set := o[name]
	if !set {
		v = standard
	}
	if v == "" {
		return nil
	}
	return strings.Split(v, ",")
}

func (o options) has(name string) bool { _, ok := o[name]; return ok }

// worldCommands say what there is. Places are "home", "home/api", "home/api/operation" and "home/product:name"; home is "service" or a workspace.
var worldCommands = map[string]func(*world, *testscript.TestScript, []string){
	"api":          (*world).addAPI,
	"operation":    (*world).addOperation,
	"product":      (*world).addProduct,
	"subscription": (*world).addSubscription,
	"policy":       (*world).setPolicy,
	"named-value":  (*world).addNamedValue,
	"backend":      (*world).addBackend,
	"gateway":      (*world).addGateway,
	"forward-keys": func(w *world, _ *testscript.TestScript, _ []string) { w.settings.ForwardSubscriptionKey = true },
	"forbid":       func(w *world, _ *testscript.TestScript, a []string) { w.forbidden = a[0] },
	"start":        (*world).start,
	"apply":        (*world).apply,
	"clock":        (*world).moveClock,
}

// api home name [path=P] [protocols=http,https] [rev=N] [offline] [version=V scheme=S parameter=P] [open] [key-header=H] [key-query=Q] [backend=URL] [soap]
func (w *world) addAPI(ts *testscript.TestScript, args []string) {
	h, o := w.home(args[0]), parseOptions(ts, args[2:])
	a := &snapshot.API{
		ID: h.ID + "/apis/" + args[1], Name: args[1], DisplayName: args[1], Path: args[1], Revision: "1", Current: true, Online: !o.has("offline"),
		Version: o["version"], VersionScheme: o["scheme"], VersionParameter: o["parameter"], ServiceURL: w.backend.server.URL,
		Protocols: o.list("protocols", "http,https"), SubscriptionRequired: !o.has("open"), KeyHeader: o["key-header"], KeyQuery: o["key-query"],
	}
	if o.has("soap") {
		a.Type = "soap"
	}
	if p, set := o["path"]; set {
		a.Path = p
	}
	if b, set := o["backend"]; set {
		a.ServiceURL = strings.ReplaceAll(b, "BACKEND", w.backend.server.URL)
	}
	if r := o["rev"]; r != "" {
		a.Revision, a.Current = r, false
		a.ID += ";rev=" + r
	}
	h.APIs = append(h.APIs, []*snapshot.API{a})
}

// operation home/api name METHOD TEMPLATE [ELEMENT]
func (w *world) addOperation(ts *testscript.TestScript, args []string) {
	a := w.api(ts, args[0])
	o := &snapshot.Operation{ID: a.ID + "/operations/" + args[1], Name: args[1], DisplayName: args[1], Method: args[2], URLTemplate: args[3]}
	if len(args) > 4 {
		o.Element = args[4]
	}
	a.Operations = append(a.Operations, o)
}

// api finds "home/api" or "home/api;rev=n".
func (w *world) api(ts *testscript.TestScript, place string) *snapshot.API {
	home, name, _ := strings.Cut(place, "/")
	for a := range w.home(home).APIs.All() {
		if path.Base(a.ID) == name {
			return a
		}
	}
	ts.Fatalf("no API %s", place)
	return nil
}

// product home name [open] [unpublished] apis=a,b
func (w *world) addProduct(ts *testscript.TestScript, args []string) {
	h, o := w.home(args[0]), parseOptions(ts, args[2:])
	p := &snapshot.Product{ID: h.ID + "/products/" + args[1], Name: args[1], DisplayName: args[1], Published: !o.has("unpublished"), SubscriptionRequired: !o.has("open")}
	for _, a := range o.list("apis", "") {
		owner := h
		if home, name, cross := strings.Cut(a, "/"); cross {
			owner, a = w.home(home), name
		}
		p.APIs = append(p.APIs, strings.ToLower(owner.ID+"/apis/"+a))
	}
	h.Products = append(h.Products, p)
}

// subscription home name key=K [secondary=K] scope=all|api:a|product:p [end=RFC3339] [owner=user]
func (w *world) addSubscription(ts *testscript.TestScript, args []string) {
	h, o := w.home(args[0]), parseOptions(ts, args[2:])
	s := &snapshot.Subscription{ID: h.ID + "/subscriptions/" + args[1], Name: args[1], DisplayName: args[1], PrimaryKey: o["key"], SecondaryKey: o["secondary"]}
	switch kind, name, _ := strings.Cut(o["scope"], ":"); kind {
	case "all":
		s.Scope.All = true
	case "api":
		s.Scope.API = strings.ToLower(h.ID + "/apis/" + name)
	case "product":
		s.Scope.Product = strings.ToLower(h.ID + "/products/" + name)
	default:
		ts.Fatalf("unknown scope %q", o["scope"])
	}
	if o.has("end") {
		end, err := time.Parse(time.RFC3339, o["end"])
		ts.Check(err)
		s.End = &end
	}
	if o.has("owner") {
		s.Owner = serviceID + "/users/" + o["owner"]
		h.Users = append(h.Users, &snapshot.User{ID: s.Owner, Name: o["owner"], Email: o["owner"] + "@example.com"})
	}
	h.Subscriptions = append(h.Subscriptions, []*snapshot.Subscription{s})
}

// policy PLACE FILE
func (w *world) setPolicy(ts *testscript.TestScript, args []string) {
	p := &snapshot.Policy{ID: args[0] + "/policies/policy", Format: "rawxml", Text: ts.ReadFile(args[1])}
	parts := strings.Split(args[0], "/")
	h := w.home(parts[0])
	switch {
	case len(parts) == 1:
		h.Policy = p
	case strings.HasPrefix(parts[1], "product:"):
		for _, pr := range h.Products {
			if "product:"+pr.Name == parts[1] {
				changed := *pr
				changed.Policy = p
				h.Products = slices.Clone(h.Products)
				h.Products[slices.Index(h.Products, pr)] = &changed
				return
			}
		}
		ts.Fatalf("no product %s", args[0])
	default:
		w.setAPIPolicy(ts, h, parts, p)
	}
}

// setAPIPolicy replaces the API by a changed copy: snapshots are immutable.
func (w *world) setAPIPolicy(ts *testscript.TestScript, h *snapshot.Shard, parts []string, p *snapshot.Policy) {
	a := w.api(ts, parts[0]+"/"+parts[1])
	changed := *a
	if len(parts) == 2 {
		changed.Policy = p
	} else {
		i := slices.IndexFunc(a.Operations, func(o *snapshot.Operation) bool { return o.Name == parts[2] })
		if i < 0 {
			ts.Fatalf("no operation %s", parts[2])
		}
		op := *a.Operations[i]
		op.Policy = p
		changed.Operations = slices.Clone(a.Operations)
		changed.Operations[i] = &op
	}
	h.APIs = slices.Clone(h.APIs)
	at := slices.IndexFunc(h.APIs, func(chunk []*snapshot.API) bool { return chunk[0] == a })
	h.APIs[at] = []*snapshot.API{&changed}
}

// named-value home NAME VALUE
func (w *world) addNamedValue(_ *testscript.TestScript, args []string) {
	h := w.home(args[0])
	h.NamedValues = append(h.NamedValues, []snapshot.NamedValue{{DisplayName: args[1], Value: args[2]}})
}

// backend home NAME [PATH]: an entity at the recording backend, below PATH, with a header and a query parameter as credentials
func (w *world) addBackend(_ *testscript.TestScript, args []string) {
	h, at := w.home(args[0]), ""
	if len(args) > 2 {
		at = args[2]
	}
	h.Backends = append(h.Backends, &snapshot.Backend{
		ID: h.ID + "/backends/" + args[1], Name: args[1], URL: w.backend.server.URL + at,
		Header: map[string][]string{"X-Credential": {"of " + args[1]}}, Query: map[string][]string{"code": {"c1"}},
	})
}

// gateway NAME hosts=a,b [managed] [default] [serves=workspace,…]
func (w *world) addGateway(ts *testscript.TestScript, args []string) {
	o := parseOptions(ts, args[1:])
	s := &snapshot.Snapshot{Gateway: snapshot.Gateway{
		ID: serviceID + "/gateways/" + args[0], Name: args[0], Hosts: o.list("hosts", args[0]+".localhost"), Managed: o.has("managed"), Default: o.has("default"),
		ServiceID: serviceID, ServiceName: "contoso",
	}}
	w.serves[s] = o.list("serves", "")
	w.gateways = append(w.gateways, s)
}

// start starts the gateways; without any, one managed and default gateway that serves everything.
func (w *world) start(ts *testscript.TestScript, _ []string) {
	if len(w.gateways) == 0 {
		var all []string
		for name := range w.homes {
			if name != "" {
				all = append(all, name)
			}
		}
		slices.Sort(all)
		w.addGateway(ts, []string{"managed", "managed", "default", "serves=" + strings.Join(all, ",")})
	}
	o := gateway.Options{Now: w.now, Log: &w.log, Limits: w.limits, Problem: func(_ string, p snapshot.Problem) { _, _ = w.problems.Write([]byte(p.ID + ": " + p.Message + "\n")) }}
	if w.forbidden != "" {
		o.Forbidden = append(o.Forbidden, addrPort(w.backend.server.URL))
	}
	w.set = gateway.NewSet(o)
	w.apply(ts, nil)
	cert, err := selfSigned()
	ts.Check(err)
	w.server = gateway.NewServer(w.set, gateway.ServerOptions{Limits: w.limits, Certificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return cert, nil }})
	w.plain, err = net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	w.tls, err = net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	go w.server.Serve(w.plain)  //nolint:errcheck // the test ends it
	go w.server.ServeTLS(w.tls) //nolint:errcheck // the test ends it
}

// apply puts the installation as it is now in force.
func (w *world) apply(ts *testscript.TestScript, _ []string) {
	w.version++
	service := *w.homes[""]
	all := make([]*snapshot.Snapshot, len(w.gateways))
	for i, g := range w.gateways {
		s := *g
		s.Version, s.Settings, s.Service = w.version, w.settings, &service
		if !s.Gateway.Managed {
			bare := service
			bare.APIs, bare.Products, bare.Subscriptions, bare.Users = nil, nil, nil, nil
			s.Service = &bare
		}
		for _, name := range w.serves[g] {
			copied := *w.home(name)
			s.Others = append(s.Others, &copied)
		}
		all[i] = &s
	}
	reports, err := w.set.Apply(all)
	ts.Check(err)
	for _, r := range reports {
		for _, p := range r.Problems {
			_, _ = w.problems.Write([]byte(p.ID + ": " + p.Message + "\n"))
		}
	}
}

// clock DURATION
func (w *world) moveClock(ts *testscript.TestScript, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	w.clockLock.Lock()
	defer w.clockLock.Unlock()
	w.clock = w.clock.Add(d)
}

var selfSigned = sync.OnceValues(func() (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
})
