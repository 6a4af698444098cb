package load

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	clients    = 16
	workspaces = 10
	service    = "contoso"
	sampled    = 16 // one write in so many is looked for on the gateway
)

var (
	binary   = os.Getenv("ATELIER_BINARY") // "" builds it
	entities = flag.Int("entities", 100_000, "how many APIs the large installation has")
)

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "load")
	if err != nil {
		panic(err)
	}
	if binary == "" && flag.Lookup("test.bench").Value.String() != "" {
		binary = filepath.Join(dir, "atelier")
		build := exec.Command("go", "build", "-o", binary, "../../cmd/atelier")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
			os.Exit(1)
		}
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// BenchmarkManagement fills an installation through its API, then measures each promise on it.
func BenchmarkManagement(b *testing.B) {
	for _, n := range []int{1_000, *entities} {
		b.Run(fmt.Sprintf("apis=%d", n), func(b *testing.B) {
			data := b.TempDir()
			p, _ := launch(b, data)
			in := &installation{process: p, apis: n}
			began := time.Now()
			in.fill(b)
			b.Logf("%d APIs stored in %s, %.0f a second", n, time.Since(began).Round(time.Millisecond), float64(n)/time.Since(began).Seconds())
			b.Run("put=namedValues", in.namedValues)
			b.Run("put=apis", in.changedAPIs)
			b.Run("put=apis/new", in.newAPIs)
			b.Run("list", in.list)
			b.Run("filter", in.filter)
			for _, operations := range []int{500, 2000} {
				b.Run(fmt.Sprintf("import=%d", operations), func(b *testing.B) { in.imports(b, operations) })
			}
			in.stop(b)
			b.Run("start", func(b *testing.B) {
				for b.Loop() {
					p, took := launch(b, data)
					b.ReportMetric(float64(took.Milliseconds()), "ms-to-ready")
					p.stop(b)
				}
			})
		})
	}
}

// installation is a service with ten workspaces that share its APIs evenly.
type installation struct {
	*process
	apis int
	next atomic.Int64 // numbers what is new
}

func (in *installation) serviceID() string {
	return "/subscriptions/" + in.admin.SubscriptionID + "/resourceGroups/load/providers/Microsoft.ApiManagement/service/" + service
}

func (in *installation) workspaceID(i int) string {
	return fmt.Sprintf("%s/workspaces/w%d", in.serviceID(), i%workspaces)
}

// The global policy tells which API a request reached, so that a write can be seen on the gateway.
const tell = `<policies><inbound><base/></inbound><backend><base/></backend><outbound><base/></outbound><on-error><return-response>` +
	`<set-status code="200"/><set-header name="X-Known" exists-action="override"><value>@(context.Api == null ? "none" : context.Api.Name)</value>` +
	`</set-header></return-response></on-error></policies>`

func (in *installation) fill(b *testing.B) {
	b.Helper()
	group, _, _ := strings.Cut(in.serviceID(), "/providers")
	policy, err := json.Marshal(map[string]any{"properties": map[string]string{"format": "rawxml", "value": tell}})
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range [][2]string{
		{group, `{"location":"local"}`},
		{in.serviceID(), `{"location":"local","sku":{"name":"Premium","capacity":1},"properties":{"publisherName":"P","publisherEmail":"p@example.org"}}`},
		{in.serviceID() + "/policies/policy", string(policy)},
	} {
		if err := in.put(r[0], r[1]); err != nil {
			b.Fatal(err)
		}
	}
	for w := range workspaces {
		if err := in.put(in.workspaceID(w), `{"properties":{"displayName":"W"}}`); err != nil {
			b.Fatal(err)
		}
	}
	in.spread(b, in.apis, func(i int) error { return in.putAPI(i, "first") })
}

// spread lets the clients share n calls and returns how long each took, sorted.
func (in *installation) spread(b *testing.B, n int, call func(i int) error) []time.Duration {
	b.Helper()
	var next atomic.Int64
	took := make([][]time.Duration, clients)
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				began := time.Now()
				if err := call(i); err != nil {
					b.Error(err)
					return
				}
				took[c] = append(took[c], time.Since(began))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(took...)
	slices.Sort(all)
	return all
}

// writes measures b.N calls from all clients.
func (in *installation) writes(b *testing.B, call func(i int) error) {
	b.ResetTimer()
	began, busy := time.Now(), in.busy()
	took := in.spread(b, b.N, call)
	if len(took) == 0 {
		return
	}
	in.reportBusy(b, busy)
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "puts/s")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
}

// reportBusy tells the processor time that the server took for each call since busy: unlike the clock, it doesn't depend on who else uses the machine.
func (in *installation) reportBusy(b *testing.B, since time.Duration) {
	b.ReportMetric(float64((in.busy()-since).Microseconds())/float64(b.N), "server-cpu-µs/op")
}

func (in *installation) apiPath(i int) string { return fmt.Sprintf("team%d/api%06d", i%workspaces, i) }

func (in *installation) putAPI(i int, title string) error {
	id := fmt.Sprintf("%s/apis/api%06d", in.workspaceID(i), i)
	return in.put(id, fmt.Sprintf(`{"properties":{"displayName":%q,"path":%q,"protocols":["http","https"],"serviceUrl":"https://backend%d.example.org","description":%q}}`,
		title, in.apiPath(i), i%7, strings.Repeat("What this API is for. ", 10)))
}

// scattered names the entities in an order in which neighbours lie apart.
func (in *installation) scattered(i int) int { return i * 7919 % in.apis }

func (in *installation) namedValues(b *testing.B) {
	in.writes(b, func(i int) error {
		n := in.scattered(i)
		id := fmt.Sprintf("%s/namedValues/value%06d", in.workspaceID(n), n)
		return in.put(id, fmt.Sprintf(`{"properties":{"displayName":"value%06d","value":"text %d"}}`, n, i))
	})
}

func (in *installation) changedAPIs(b *testing.B) {
	in.writes(b, func(i int) error {
		return in.inForce(in.scattered(i), i, fmt.Sprintf("title %d of %d", i, b.N))
	})
}

func (in *installation) newAPIs(b *testing.B) {
	in.writes(b, func(i int) error {
		return in.inForce(900_000+int(in.next.Add(1)), i, "new")
	})
}

// inForce stores API n, the i-th call, and looks for it on the gateway once in a while.
func (in *installation) inForce(n, i int, title string) error {
	if err := in.putAPI(n, title); err != nil || i%sampled != 0 {
		return err
	}
	got, err := in.serves("/" + in.apiPath(n) + "/x")
	if err == nil && got != title {
		err = fmt.Errorf("API %d was answered but is not in force: the gateway knows %q, not %q", n, got, title)
	}
	return err
}

// page is what a list answers.
type page struct {
	Value    []json.RawMessage `json:"value"`
	NextLink string            `json:"nextLink"`
}

func (in *installation) pages(b *testing.B, address string) (found int) {
	b.Helper()
	for address != "" {
		status, answer, err := in.send(http.MethodGet, address, "")
		var p page
		if err == nil {
			err = json.Unmarshal(answer, &p)
		}
		if err != nil || status != http.StatusOK {
			b.Fatalf("GET %s: %d %v", address, status, err)
		}
		found += len(p.Value)
		address = p.NextLink
	}
	return found
}

func (in *installation) list(b *testing.B) {
	defer in.reportBusy(b, in.busy())
	for b.Loop() {
		if got := in.pages(b, in.workspaceID(3)+"/apis"); got < in.apis/workspaces {
			b.Fatalf("the list has %d APIs", got)
		}
	}
}

func (in *installation) filter(b *testing.B) {
	query := url.Values{"$filter": {"contains(path,'api000013')"}}
	if in.apis < 14 {
		b.Fatal("too few APIs")
	}
	defer in.reportBusy(b, in.busy())
	for b.Loop() {
		if got := in.pages(b, in.workspaceID(3)+"/apis?"+query.Encode()); got != 1 {
			b.Fatalf("the filter found %d APIs", got)
		}
	}
}

// document is an OpenAPI document with so many operations.
func document(operations int) string {
	paths := map[string]any{}
	for i := range operations / 2 {
		item := map[string]any{}
		for _, method := range []string{"get", "put"} {
			item[method] = map[string]any{
				"operationId": fmt.Sprintf("%sThing%d", method, i), "summary": "Handles a thing.",
				"parameters": []any{map[string]any{"name": "id", "in": "path", "required": true, "schema": map[string]any{"type": "string"}}},
				"responses": map[string]any{"200": map[string]any{"description": "Fine.", "content": map[string]any{
					"application/json": map[string]any{"schema": map[string]any{"type": "object", "properties": map[string]any{"name": map[string]any{"type": "string"}}}},
				}}},
			}
		}
		paths[fmt.Sprintf("/things%d/{id}", i)] = item
	}
	text, err := json.Marshal(map[string]any{"openapi": "3.0.3", "info": map[string]any{"title": "Things", "version": "1"}, "paths": paths})
	if err != nil {
		panic(err) // plain maps and texts
	}
	return string(text)
}

func (in *installation) imports(b *testing.B, operations int) {
	doc := document(operations)
	text, err := json.Marshal(map[string]any{"properties": map[string]any{"format": "openapi+json", "value": doc, "path": "PATH"}})
	if err != nil {
		b.Fatal(err)
	}
	defer in.reportBusy(b, in.busy())
	for b.Loop() {
		name := fmt.Sprintf("imported%d", in.next.Add(1))
		if err := in.put(in.workspaceID(5)+"/apis/"+name, strings.Replace(string(text), `"PATH"`, `"`+name+`"`, 1)); err != nil {
			b.Fatal(err)
		}
	}
}
