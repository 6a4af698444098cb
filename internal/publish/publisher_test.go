package publish

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/store"
)

const (
	rg  = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement"
	svc = rg + "/service/contoso"
	pay = svc + "/workspaces/pay"
	cat = svc + "/workspaces/cat"
)

// world is a publisher that is told changes and remembers what gateways were given.
type world struct {
	t     *testing.T
	p     *Publisher
	seq   uint64
	given map[string]*snapshot.Snapshot // by name of the gateway
	rows  map[string]store.Row          // that the changes left, by key
	puts  []string
}

func (w *world) Put(s *snapshot.Snapshot) (snapshot.Report, error) {
	w.given[s.Gateway.Name] = s
	w.puts = append(w.puts, s.Gateway.Name)
	return snapshot.Report{Version: s.Version}, nil
}

func (w *world) Remove(id string) {
	for name, s := range w.given {
		if strings.EqualFold(s.Gateway.ID, id) {
			delete(w.given, name)
		}
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	engine, err := policy.NewEngine(nil)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := kind.NewRegistry((&apim.Catalogue{Policies: engine}).Kinds()...)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, given: map[string]*snapshot.Snapshot{}, rows: map[string]store.Row{}}
	w.p = New(Options{Registry: reg, Domain: "localhost", Sink: w, Open: func(row store.Row) (*kind.Resource, error) {
		m, ok := reg.Mount(row.Kind)
		if !ok {
			return nil, fmt.Errorf("no kind %s", row.Kind)
		}
		v := m.New()
		if err := json.Unmarshal(row.Body, v); err != nil {
			return nil, fmt.Errorf("open %s: %w", row.ID, err)
		}
		return &kind.Resource{ID: row.ID, Kind: m.Kind, Value: v}, nil
	}})
	w.put(svc, `{}`)
	w.put(pay, `{"displayName":"Pay"}`)
	w.put(cat, `{"displayName":"Cat"}`)
	for _, ws := range []string{pay, cat} {
		w.put(ws+"/apis/a", `{"path":"a","serviceUrl":"http://b"}`)
		w.put(ws+"/apis/b", `{"path":"b"}`)
		w.put(ws+"/apis/a/operations/get", `{"method":"GET","urlTemplate":"/x"}`)
	}
	return w
}

func (w *world) change(verb, id, body string) {
	w.t.Helper()
	w.seq++
	at := arm.MustID(id)
	m, ok := w.p.registry.Mount(at.Type())
	if !ok {
		w.t.Fatalf("no kind for %s", id)
	}
	w.rows[at.Key()] = store.Row{ID: at, Kind: m.FullType, Body: json.RawMessage(body)}
	if verb == store.VerbDelete {
		maps.DeleteFunc(w.rows, func(_ string, r store.Row) bool { return r.ID.Within(at) })
	}
	if err := w.p.Apply([]store.Change{{Seq: w.seq, Verb: verb, ID: id, Kind: m.FullType, Body: json.RawMessage(body)}}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) put(id, body string) { w.t.Helper(); w.change(store.VerbPut, id, body) }
func (w *world) remove(id string)    { w.t.Helper(); w.change(store.VerbDelete, id, "") }

// serves are the workspaces that a gateway serves.
func (w *world) serves(gateway string) string {
	s := w.given[gateway]
	if s == nil {
		return "no such gateway"
	}
	var names []string
	for _, o := range s.Others {
		names = append(names, o.Workspace)
	}
	return strings.Join(names, " ")
}

func TestWhoServesAWorkspace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := func(when, managed, edge string) {
		t.Helper()
		if got := w.serves("managed"); got != managed {
			t.Errorf("%s: the managed gateway serves %q, want %q", when, got, managed)
		}
		if got := w.serves("edge"); got != edge {
			t.Errorf("%s: the gateway serves %q, want %q", when, got, edge)
		}
	}
	check("before there is a gateway", "cat pay", "no such gateway")
	w.put(rg+"/gateways/edge", `{"frontend":{"defaultHostname":"edge-1.localhost"}}`)
	check("a gateway without connection", "cat pay", "")
	w.put(pay, `{"displayName":"Pay","atelierConnected":true}`)
	w.put(rg+"/gateways/edge/configConnections/c", `{"sourceId":"`+pay+`","hostnames":["pay.example"]}`)
	check("a connected workspace", "cat", "pay")
	if got := w.given["edge"].Gateway.Hosts; !slices.Equal(got, []string{"edge-1.localhost", "pay.example"}) {
		t.Errorf("the gateway answers to %v", got)
	}
	w.remove(rg + "/gateways/edge/configConnections/c")
	check("after its last connection went", "cat", "")
	w.put(svc, `{"customProperties":{"Atelier.Workspaces.Managed":"PAY"}}`)
	check("named by the service", "cat pay", "")
	w.put(svc, `{"customProperties":{"Atelier.Workspaces.Managed":"never"}}`)
	check("closed to workspaces", "", "")
	w.remove(rg + "/gateways/edge")
	check("after the gateway went", "", "no such gateway")
}

func TestAChangeReachesOnlyWhomItConcernsAndSharesTheRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(pay, `{"displayName":"Pay","atelierConnected":true}`)
	w.put(rg+"/gateways/edge", `{"frontend":{"defaultHostname":"edge-1.localhost"}}`)
	w.put(rg+"/gateways/edge/configConnections/c", `{"sourceId":"`+pay+`"}`)
	before := w.given["edge"].Others[0]
	w.puts = nil
	w.put(pay+"/apis/a/operations/get/policies/policy", `{"value":"<policies/>","format":"rawxml"}`)
	if !slices.Equal(w.puts, []string{"edge"}) {
		t.Errorf("a policy of one workspace went to %v, want its gateway alone", w.puts)
	}
	after := w.given["edge"].Others[0]
	old, now := slices.Collect(before.APIs.All()), slices.Collect(after.APIs.All())
	if before == after || old[0] == now[0] || old[1] != now[1] {
		t.Error("the touched API must be new, the other the same pointer")
	}
	if p := now[0].Operations[0].Policy; p == nil || p.Format != "rawxml" {
		t.Errorf("the policy published is %+v", p)
	}
	if old[0].Operations[0].Policy != nil {
		t.Error("what was handed out before has changed")
	}
	w.puts = nil
	w.put(svc+"/policies/policy", `{"value":"<policies/>"}`)
	slices.Sort(w.puts)
	if !slices.Equal(w.puts, []string{"edge", "managed"}) {
		t.Errorf("a policy of the service went to %v, want every gateway of it", w.puts)
	}
	w.puts = nil
	w.put(svc+"/apis/own", `{"path":"own"}`)
	if !slices.Equal(w.puts, []string{"managed"}) {
		t.Errorf("an API of the service went to %v, want the managed gateway alone", w.puts)
	}
	if got := w.given["edge"].Service; got.APIs.Len()+len(got.Products)+got.Subscriptions.Len()+len(got.Users) > 0 || got.Policy == nil {
		t.Errorf("a workspace gateway is given %+v of its service; want the policy and what it refers to", got)
	}
	w.puts = nil
	w.put(svc+"/tags/t", `{"displayName":"T"}`)
	if len(w.puts) != 0 {
		t.Errorf("a tag, which gateways don't know, went to %v", w.puts)
	}
}

func TestKeysOpenOnlyWhileTheirSubscriptionIsActive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	keys := func() int {
		for _, o := range w.given["managed"].Others {
			if o.Workspace == "pay" {
				return o.Subscriptions.Len()
			}
		}
		return -1
	}
	id := pay + "/subscriptions/k"
	for _, c := range []struct {
		state string
		want  int
	}{{"submitted", 0}, {"active", 1}, {"suspended", 0}, {"active", 1}, {"cancelled", 0}} {
		w.put(id, fmt.Sprintf(`{"displayName":"k","scope":"%s/apis","state":%q,"primaryKey":"p","secondaryKey":"s"}`, pay, c.state))
		if got := keys(); got != c.want {
			t.Errorf("%s: %d subscriptions are published, want %d", c.state, got, c.want)
		}
	}
}

func TestDeletingAWorkspaceTakesItFromEveryGateway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.remove(pay)
	if got := w.serves("managed"); got != "cat" {
		t.Errorf("the managed gateway serves %q after the deletion", got)
	}
	w.remove(svc)
	if len(w.given) != 0 {
		t.Errorf("gateways remain: %v", w.given)
	}
}

func TestLoadGivesWhatChangesGave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	again := &world{t: t, given: map[string]*snapshot.Snapshot{}}
	again.p = New(Options{Registry: w.p.registry, Domain: "localhost", Sink: again, Open: w.p.open})
	if err := again.p.Load(rows{w}); err != nil {
		t.Fatal(err)
	}
	a, err := json.Marshal(w.given["managed"])
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(again.given["managed"])
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Errorf("a restart publishes\n%s\nwhere the changes had published\n%s", b, a)
	}
}

// rows gives what a world was told as a store would.
type rows struct{ w *world }

func (r rows) List(q store.Query) (out []store.Row, err error) {
	for _, key := range slices.Sorted(maps.Keys(r.w.rows)) {
		if row := r.w.rows[key]; row.Kind == q.Kind {
			out = append(out, row)
		}
	}
	return out, nil
}

func (r rows) Each(kind string, f func(store.Row) error) error {
	all, err := r.List(store.Query{Under: true, Kind: kind})
	for i := 0; err == nil && i < len(all); i++ {
		err = f(all[i])
	}
	return err
}

func (rows) Get(arm.ID) (store.Row, error)                { return store.Row{}, store.ErrNotFound }
func (rows) Count(store.Query) (int, error)               { return 0, nil }
func (rows) Claimed(string, string) (arm.ID, bool, error) { return arm.Root, false, nil }
func (rows) Referrers(arm.ID) ([]store.Referrer, error)   { return nil, nil }
func (r rows) Version() uint64                            { return r.w.seq }
