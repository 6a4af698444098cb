package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/policy/policytest"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// elsewhere are archives of policies whose scripts say what no gateway can be made to do from outside, each with the reason.
var elsewhere = map[string]string{
	"ip-filter/unknown-caller":             "every connection has an address",
	"validate-jwt/openid-down":             "nothing is looked up by name from a test",
	"validate-jwt/openid-goes-down":        "the same",
	"validate-jwt/openid-one-down":         "the same",
	"cosmosdb-data-source/identity":        "the token would be for the host that stands in, and over http",
	"sql-data-source/sql-server":           "there is no SQL Server for tests; internal/sqldata speaks to a stand-in",
	"send-service-bus-message/example":     "documents name the host alone, which is called over https with a certificate that no test has",
	"send-service-bus-message/topic":       "the same",
	"send-service-bus-message/refused":     "the same",
	"invoke-request/backend-address":       "it names the address of the backend",
	"set-backend-service/dapr":             "the call goes to the sidecar; TestDaprServices makes one",
	"set-body/liquid-context":              "it names a scheme; scripts are called over https, this listener speaks http",
	"redirect-content-urls/inbound":        "it names the address of the backend in its bodies",
	"redirect-content-urls/outbound":       "it names the address of the backend in its bodies",
	"rewrite-uri/uses-template-parameters": "its parameter holds characters that a path holds escaped",
}

// TestPolicyArchivesOnAGateway runs the archives that policies are tested with in process once more: against a gateway on a real listener, before a
// real backend. What can be seen from outside must be the same: replies, what the backend got, traces, and the error in the access log.
func TestPolicyArchivesOnAGateway(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../policy/policies/testdata/*/*.txtar")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d archives, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "../policy/policies/testdata/"), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if elsewhere[name] != "" {
				return
			}
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(name, "http-data-source/") || strings.HasPrefix(name, "publish-event/") {
				return // addresses of their calls can't be moved to another host; graphql archives here make such calls
			}
			c := newOutside(t, archive)
			defer c.stop()
			for i, line := range strings.Split(string(archive.Comment), "\n") {
				if err := c.line(line); err != nil {
					t.Fatalf("line %d: %s: %v", i+1, line, err)
				}
			}
		})
	}
}

// outside is a case that is run from outside of a gateway. Its words are those of policytest.
type outside struct {
	t       *testing.T
	files   map[string]string
	backend *scripted
	others  *others
	gateway *gateway.Gateway
	server  *gateway.Server
	at      string
	log     lockedBuffer

	clockLock sync.Mutex
	clock     time.Time

	workspace    string
	home         *snapshot.Shard // where documents live
	service      *snapshot.Shard // the same without a workspace
	api          *snapshot.API
	operation    *snapshot.Operation
	product      *snapshot.Product
	subscription string
	caller       atomic.Value // its address
	params       []string
	variables    []string
	schemas      []*snapshot.Schema // of the home
	version      uint64
	changed      bool

	tlsAt       string
	certificate *tls.Certificate // of the caller; nil without one: calls go without TLS
	authorities []snapshot.Authority

	tokens      *policytest.Tokens
	identityFor string
	connections *policytest.Connections
	broker      string      // address, "" until a logger needs it
	messages    *kgo.Client // of the broker

	resolver string // its document
	resolved bool   // the answer is the data of a field
	typed    string // the schema of the API that has it
	database *archiveDatabase

	answer  *http.Response
	answers int
	body    string
}

func newOutside(t *testing.T, archive *txtar.Archive) *outside {
	c := &outside{
		t: t, files: map[string]string{}, clock: policytest.Start, subscription: "master", backend: &scripted{reply: "HTTP/1.1 200 OK\n"}, changed: true,
	}
	c.caller.Store("203.0.113.7")
	for _, f := range archive.Files {
		c.files[f.Name] = strings.TrimSuffix(string(f.Data), "\n")
	}
	c.backend.server = httptest.NewServer(c.backend)
	c.others = newOthers(c)
	c.service = &snapshot.Shard{ID: "/service"}
	c.tokens, c.connections = policytest.NewTokens(c.file), policytest.NewConnections(c.file)
	c.home = c.service
	c.operation = &snapshot.Operation{Name: "op", DisplayName: "Op", Method: "*", URLTemplate: "/*"}
	c.api = &snapshot.API{Name: "echo", DisplayName: "Echo", Revision: "1", Current: true, Online: true, ServiceURL: c.backend.server.URL + "/base", Protocols: []string{"http", "https"}}
	var err error
	c.gateway, err = gateway.New(gateway.Options{Now: c.now, Wait: c.wait, Log: &c.log, InstanceID: "managed", Document: c.tokens.Document, Identity: c.tokens.Identity, Dapr: c.others.sidecar()})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.at = listener.Addr().String()
	c.server = gateway.NewServer(c.gateway, gateway.ServerOptions{Certificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return selfSigned() }})
	go c.server.Serve(&from{listener, c}) //nolint:errcheck // the test ends it
	if strings.Contains(string(archive.Comment), "\nclient-certificate ") {
		c.listenTLS()
	}
	return c
}

func (c *outside) stop() {
	_ = c.server.Drain(context.Background())
	c.gateway.Close()
	c.others.stop()
	c.backend.server.Close()
}

func (c *outside) now() time.Time {
	c.clockLock.Lock()
	defer c.clockLock.Unlock()
	return c.clock
}

// wait lets a policy's wait pass at once.
func (c *outside) wait(ctx context.Context, d time.Duration) error {
	c.clockLock.Lock()
	c.clock = c.clock.Add(d)
	c.clockLock.Unlock()
	return ctx.Err()
}

// from is a listener whose connections come from the caller that the script names.
type from struct {
	net.Listener
	c *outside
}

func (l *from) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(l.c.caller.Load().(string))
	if ip == nil {
		return conn, nil
	}
	return &called{conn, &net.TCPAddr{IP: ip, Port: 40000}}, nil
}

type called struct {
	net.Conn
	remote net.Addr
}

func (c *called) RemoteAddr() net.Addr { return c.remote }

func (c *outside) line(line string) error {
	args, err := policytest.Split(line)
	if err != nil || len(args) == 0 {
		return err
	}
	yes := args[0] != "!"
	if !yes {
		args = args[1:]
	}
	err = c.word(yes, args)
	for deadline := time.Now().Add(10 * time.Second); err != nil && seenElsewhere(args[0]) && time.Now().Before(deadline); err = c.word(yes, args) {
		time.Sleep(time.Millisecond)
	}
	return err
}

// seenElsewhere says whether a word is about what others got: what policies send without waiting for an answer may still be on its way.
func seenElsewhere(word string) bool {
	return strings.HasPrefix(word, "host-") || strings.HasPrefix(word, "asked") || strings.HasPrefix(word, "backend-") && word != "backend-reply" && word != "backend-fails"
}

func (c *outside) word(yes bool, args []string) error {
	if act := c.tokens.Words()[args[0]]; act != nil && args[0] != "fetched" { // how often is seen in process alone
		return act(yes, args[1:])
	}
	if act, ok := hostWords[args[0]]; ok {
		return act(c.others, yes, args[1:])
	}
	if act := c.backend.services.Words(c.file)[args[0]]; act != nil {
		return act(yes, args[1:])
	}
	if act, ok := resolverWords[args[0]]; ok {
		return act(c, yes, args[1:])
	}
	if act, ok := outsideWords[args[0]]; ok {
		return act(c, yes, args[1:])
	}
	return nil // what is seen in process alone: problems of documents, variables
}

var outsideWords = map[string]func(c *outside, yes bool, a []string) error{
	"policy": (*outside).policy,
	"workspace": func(c *outside, _ bool, a []string) error {
		c.workspace = a[0]
		c.home = &snapshot.Shard{ID: "/service/workspaces/" + a[0], Workspace: a[0], DisplayName: a[0]}
		c.changed = true
		return nil
	},
	"named-value":  (*outside).namedValue,
	"secret-value": (*outside).namedValue,
	"fragment": func(c *outside, _ bool, a []string) error {
		c.home.Fragments = append(c.home.Fragments, &snapshot.Fragment{Name: a[0], Policy: snapshot.Policy{Format: "rawxml", Text: c.files[a[1]]}})
		c.changed = true
		return nil
	},
	"backend": func(c *outside, _ bool, a []string) error {
		c.home.Backends = append(c.home.Backends, &snapshot.Backend{ID: c.home.ID + "/backends/" + a[0], Name: a[0], URL: c.backend.server.URL + "/=" + a[1]})
		c.changed = true
		return nil
	},
	"certificate": func(c *outside, _ bool, a []string) error {
		c.home.Certificates = append(c.home.Certificates, &snapshot.Certificate{Name: a[0], Data: []byte(c.files[a[1]])})
		c.changed = true
		return nil
	},
	"client-certificate": (*outside).clientCertificate,
	"authority":          (*outside).authority,
	"identity-for":       func(c *outside, _ bool, a []string) error { c.identityFor, c.changed = a[0], true; return nil },
	"connection": func(c *outside, _ bool, a []string) error {
		c.changed = true
		return c.connections.Connection(c.home.ID, c.now(), a)
	},
	"access": func(c *outside, _ bool, a []string) error {
		c.changed = true
		return c.connections.Access(c.home.ID, a)
	},
	"principal": func(c *outside, _ bool, a []string) error {
		c.connections.Principal, c.changed = a[0], true
		return nil
	},
	"issuer":     func(c *outside, _ bool, a []string) error { c.connections.Issuer, c.changed = a[0], true; return nil },
	"schema":     (*outside).schema,
	"api-schema": (*outside).apiSchema,
	"contract":   (*outside).operationContract,
	"logger":     (*outside).logger,
	"event":      (*outside).event,
	"definition": func(c *outside, _ bool, a []string) error {
		c.api.Definition = &snapshot.Definition{ContentType: a[0], Text: c.files[a[1]]}
		c.changed = true
		return nil
	},
	"subscription": func(c *outside, _ bool, a []string) error { c.subscription, c.changed = a[0], true; return nil },
	"caller":       func(c *outside, _ bool, a []string) error { c.caller.Store(a[0]); return nil },
	"operation": func(c *outside, _ bool, a []string) error {
		c.operation.Method, c.operation.URLTemplate, c.changed = a[0], a[1], true
		return nil
	},
	"param": func(c *outside, _ bool, a []string) error {
		c.params, c.changed = append(c.params, a...), true
		return nil
	},
	"variable": func(c *outside, _ bool, a []string) error {
		c.variables, c.changed = append(c.variables, a...), true
		return nil
	},
	"example":       func(c *outside, _ bool, a []string) error { return c.documented(a, true) },
	"sample":        func(c *outside, _ bool, a []string) error { return c.documented(a, false) },
	"backend-reply": func(c *outside, _ bool, a []string) error { c.backend.set(c.files[a[0]], ""); return nil },
	"backend-fails": func(c *outside, _ bool, a []string) error { c.backend.set("", a[0]); return nil },
	"clock": func(c *outside, _ bool, a []string) error {
		d, err := time.ParseDuration(a[0])
		c.clockLock.Lock()
		c.clock = c.clock.Add(d)
		c.clockLock.Unlock()
		return err
	},
	"send":      func(c *outside, _ bool, a []string) error { return c.send(a[0]) },
	"preflight": func(c *outside, _ bool, a []string) error { return c.send(a[0]) },
	"reply":     (*outside).reply,
	"reply-header": func(c *outside, yes bool, a []string) error {
		return hasHeader(yes, c.answer.Header, a[0])
	},
	"reply-body":  func(c *outside, yes bool, a []string) error { return c.text(yes, c.body, a[0]) },
	"backend-saw": func(c *outside, _ bool, a []string) error { return c.backend.saw(a[0]) },
	"backend-header": func(c *outside, yes bool, a []string) error {
		return hasHeader(yes, c.backend.last().Header, a[0])
	},
	"backend-body": func(c *outside, yes bool, a []string) error { return c.text(yes, c.backend.lastBody(), a[0]) },
	"backend-request": func(c *outside, yes bool, a []string) error {
		if got := c.backend.lastLine(); (got == a[0]) != yes {
			return fmt.Errorf("the backend saw %s", got)
		}
		return nil
	},
	"last-error": (*outside).lastError,
	"trace":      (*outside).trace,
	"metric":     (*outside).metric,
}

// backendHost is the address of a backend in a document. Nothing answers there: the script's backend stands in.
var backendHost = regexp.MustCompile(`https://(other|eu|us)\.example`)

func (c *outside) policy(_ bool, a []string) error {
	format := "rawxml"
	if len(a) > 2 {
		format = a[2]
	}
	p := &snapshot.Policy{ID: "/policies/" + a[0], Format: format, Text: c.others.placed(backendHost.ReplaceAllString(c.files[a[1]], c.backend.server.URL+"/=${0}"))}
	if bad(p, c) {
		return nil // the save is refused; what was there stays
	}
	c.changed = true
	switch a[0] {
	case "global":
		c.service.Policy = p
	case "workspace":
		c.home.Policy = p
	case "product":
		c.product = &snapshot.Product{Name: "p", DisplayName: "P", Published: true, SubscriptionRequired: true, Policy: p}
	case "api":
		c.api.Policy = p
	case "operation":
		c.operation.Policy = p
	default:
		return fmt.Errorf("unknown scope %s", a[0])
	}
	return nil
}

var checking = sync.OnceValues(func() (*policy.Engine, error) { return policy.NewEngine(policies.Table(policies.Env{})) })

// bad says whether the control plane would refuse the document by itself.
func bad(p *snapshot.Policy, c *outside) bool {
	engine, err := checking()
	if err != nil {
		c.t.Fatal(err)
	}
	for _, problem := range engine.Lint(p.Text) {
		if problem.Severity == policy.SeverityError {
			return true
		}
	}
	return false
}

func (c *outside) namedValue(_ bool, a []string) error {
	c.home.NamedValues = append(c.home.NamedValues, []snapshot.NamedValue{{DisplayName: a[0], Value: c.inDatabase(c.others.placed(a[1]))}})
	c.changed = true
	return nil
}

// logger makes a logger that sends to a broker on this machine.
func (c *outside) logger(_ bool, a []string) error {
	if c.broker == "" {
		c.broker = kafka(c.t)
		c.messages = consumer(c.t, c.broker)
	}
	c.home.Loggers = append(c.home.Loggers, &snapshot.Logger{Name: a[0], Type: a[1], Credentials: map[string]string{"name": "hub", "endpointAddress": "kafka://" + c.broker}})
	c.changed = true
	return nil
}

// event asserts the next message of the broker. Which logger it came by can't be seen.
func (c *outside) event(yes bool, a []string) error {
	if !yes {
		return nil // that there is none is seen in process
	}
	r, err := nextRecord(c.messages, 20*time.Second)
	if err != nil {
		return err
	}
	got := []string{a[0], string(r.Value)}
	if r.Key != nil {
		got = append(got, "key="+string(r.Key))
	}
	if len(a) > 2 && strings.HasPrefix(a[2], "partition=") {
		got = append(got, fmt.Sprint("partition=", r.Partition))
	}
	if fmt.Sprint(got) != fmt.Sprint(a) {
		return fmt.Errorf("the next message is %q", got)
	}
	return nil
}

func (c *outside) documented(a []string, example bool) error {
	status, err := strconv.Atoi(a[0])
	rep := snapshot.Representation{ContentType: a[1]}
	if example {
		rep.Examples = [][]byte{[]byte(c.files[a[2]])}
	} else {
		rep.Sample = []byte(c.files[a[2]])
	}
	c.operation.Responses = append(c.operation.Responses, snapshot.Response{Status: status, Representations: []snapshot.Representation{rep}})
	c.changed = true
	return err
}

// apply puts in force what the script has said so far.
func (c *outside) apply(path string) error {
	if !c.changed {
		return nil
	}
	c.changed = false
	c.version++
	operation, api, home, service := *c.operation, *c.api, *c.home, *c.service
	for i := 0; i+1 < len(c.params); i += 2 {
		path, _, _ = strings.Cut(path, "?")
		if at := strings.Index(path, "/"+c.params[i+1]); at >= 0 && operation.URLTemplate == "/*" {
			operation.URLTemplate = path[:at] + "/{" + c.params[i] + "}" + path[at+1+len(c.params[i+1]):]
		}
	}
	api.ID = home.ID + "/apis/echo"
	operation.ID = api.ID + "/operations/op"
	if operation.Method == "*" {
		operation.Method = ""
	}
	api.Operations = nil
	for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "QUERY"} {
		if operation.Method == "" || strings.EqualFold(operation.Method, method) {
			one := operation
			one.Method = method
			api.Operations = append(api.Operations, &one)
		}
	}
	api.SubscriptionRequired = c.subscription != "-"
	home.APIs = snapshot.List[*snapshot.API]{{&api}}
	if c.resolver != "" {
		home.APIs = append(home.APIs, []*snapshot.API{c.graph(home.ID)})
	}
	if c.subscription != "-" {
		s := &snapshot.Subscription{ID: home.ID + "/subscriptions/" + c.subscription, Name: c.subscription, DisplayName: c.subscription, PrimaryKey: "key-of-" + c.subscription, Scope: snapshot.Scope{All: true}}
		if c.product != nil {
			p := *c.product
			p.ID, p.APIs = home.ID+"/products/p", []string{strings.ToLower(api.ID)}
			home.Products = []*snapshot.Product{&p}
			s.Scope = snapshot.Scope{Product: strings.ToLower(p.ID)}
		}
		home.Subscriptions = snapshot.List[*snapshot.Subscription]{{s}}
	}
	service.Policy = c.withVariables(service.Policy)
	for _, p := range []**snapshot.Policy{&service.Policy, &home.Policy, &api.Policy} {
		if *p != nil && len(c.schemas) > 0 {
			named := **p
			named.Schemas = c.schemas
			*p = &named
		}
	}
	shot := &snapshot.Snapshot{
		Version: c.version, Service: &service,
		Gateway:     snapshot.Gateway{ID: "/service", Name: "managed", Hosts: []string{"gateway.example"}, Managed: true, Default: true, ServiceID: "/service", ServiceName: "contoso", Region: "local", AsksForCertificate: true},
		Authorities: c.authorities,
	}
	shot.Settings.IdentityFor = c.identityFor
	shot.Settings.Principal, shot.Settings.Tenant, shot.Settings.Issuer = c.connections.Principal, policytest.Tenant, c.connections.Issuer
	service.Connections = connectionsOfScript(c.connections, service.ID)
	home.Connections = connectionsOfScript(c.connections, home.ID)
	if c.workspace == "" {
		shot.Service = &home
		home.Policy = service.Policy
	} else {
		shot.Others = []*snapshot.Shard{&home}
	}
	if report := c.gateway.Apply(shot); len(report.Problems) > 0 {
		return fmt.Errorf("the gateway reports %+v", report.Problems)
	}
	return nil
}

// activity is the id of a call, which scripts know as the first.
var activity = regexp.MustCompile(`"activityId": "[0-9a-f-]{36}"`)

func (c *outside) send(file string) error {
	head, body, _ := strings.Cut(c.tokens.Fill(c.files[file]), "\n\n")
	lines := strings.Split(strings.TrimRight(head, "\n"), "\n")
	fields := strings.Fields(lines[0])
	if err := c.apply(fields[1]); err != nil {
		return err
	}
	headers := strings.ToLower(head)
	if !strings.Contains(headers, "\nhost:") {
		lines = append(lines, "Host: gateway.example")
	}
	if c.subscription != "-" {
		lines = append(lines, "Ocp-Apim-Subscription-Key: key-of-"+c.subscription)
	}
	if body != "" && !strings.Contains(headers, "\ncontent-length:") && !strings.Contains(headers, "\ntransfer-encoding:") {
		lines = append(lines, "Content-Length: "+strconv.Itoa(len(body)))
	}
	conn, err := c.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\n\r\n"+body); err != nil {
		return err
	}
	c.answer, err = http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: fields[0]})
	if err != nil {
		return err
	}
	c.answers++
	c.resolved = false
	got, err := io.ReadAll(c.answer.Body)
	c.body = activity.ReplaceAllString(string(got), `"activityId": "00000000-0000-0000-0000-000000000001"`)
	return err
}

func (c *outside) reply(_ bool, a []string) error {
	if got := strconv.Itoa(c.answer.StatusCode); got != a[0] {
		c.gateway.Flush()
		return fmt.Errorf("the status is %s, body %s\n%s", got, c.body, c.log.String())
	}
	for _, want := range a[1:] {
		if !strings.Contains(want, ": ") {
			continue // a reason phrase: Go's server sends the standard one
		}
		if err := hasHeader(true, c.answer.Header, want); err != nil {
			return err
		}
	}
	return nil
}

func hasHeader(yes bool, h http.Header, want string) error {
	name, value, hasValue := strings.Cut(want, ": ")
	found := len(h.Values(name)) > 0
	if hasValue {
		found = false
		for _, v := range h.Values(name) {
			found = found || v == value
		}
	}
	if found != yes {
		return fmt.Errorf("the headers are %v", h)
	}
	return nil
}

func (c *outside) text(yes bool, got, want string) error {
	if file, ok := c.files[want]; ok {
		want = file
	}
	if c.resolved && sameJSON(got, want) == yes {
		return nil
	}
	if (strings.TrimSpace(got) == strings.TrimSpace(want)) != yes {
		return fmt.Errorf("it is\n%s", got)
	}
	return nil
}

// records are the lines of the access log of a kind. A line is written after its answer: the log is read again until it has one for each answer.
func (c *outside) records(event string) (all []map[string]any) {
	for deadline := time.Now().Add(10 * time.Second); strings.Count(c.log.String(), `"kind":"call"`) < c.answers && time.Now().Before(deadline); {
		c.gateway.Flush()
	}
	for _, line := range strings.Split(c.log.String(), "\n") {
		var m map[string]any
		if json.Unmarshal([]byte(line), &m) == nil && m["kind"] == event {
			all = append(all, m)
		}
	}
	return all
}

func (c *outside) lastError(_ bool, a []string) error {
	if c.resolved {
		return c.resolverError(a)
	}
	calls := c.records("call")
	if len(calls) == 0 {
		return fmt.Errorf("there is no call in the log: %s", c.log.String())
	}
	last := calls[len(calls)-1]
	if last["errorSource"] != a[0] || last["errorReason"] != a[1] || len(a) > 2 && last["errorMessage"] != a[2] {
		return fmt.Errorf("the log says %v", last)
	}
	return nil
}

func (c *outside) trace(yes bool, a []string) error {
	traces := c.records("trace")
	for _, m := range traces {
		line := fmt.Sprintf("%v %v %v", m["severity"], m["source"], m["message"])
		more, _ := m["metadata"].(map[string]any)
		words := len(more)
		for name, value := range more {
			if strings.Contains(strings.Join(a, " "), fmt.Sprintf(" %s=%v", name, value)) {
				words--
			}
		}
		if strings.HasPrefix(strings.Join(a, " "), line) && words == 0 {
			if !yes {
				return fmt.Errorf("there is %v", m)
			}
			return nil
		}
	}
	if yes {
		return fmt.Errorf("the traces are %v", traces)
	}
	return nil
}

// scripted is a backend that answers as the script says and remembers what it got.
type scripted struct {
	server *httptest.Server
	mu     sync.Mutex
	reply  string
	fails  string
	seen   []*http.Request
	bodies []string

	services policytest.Services // what policies call by themselves
}

func (s *scripted) set(reply, fails string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply, s.fails = reply, fails
	if reply == "" {
		s.reply = "HTTP/1.1 200 OK\n"
	}
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asService(w, r, string(body)) {
		return
	}
	s.seen, s.bodies = append(s.seen, r), append(s.bodies, string(body))
	if s.fails != "" {
		panic(http.ErrAbortHandler)
	}
	writeAnswer(w, s.reply)
}

// writeAnswer writes an answer as a file holds it.
func writeAnswer(w http.ResponseWriter, text string) {
	head, content, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimRight(head, "\n"), "\n")
	for _, l := range lines[1:] {
		name, value, _ := strings.Cut(l, ":")
		w.Header().Add(name, strings.TrimSpace(value))
	}
	status, err := strconv.Atoi(strings.Fields(lines[0])[1])
	if err != nil {
		panic(err)
	}
	w.WriteHeader(status)
	_, _ = io.Copy(w, bytes.NewReader([]byte(content)))
}

func (s *scripted) saw(n string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if got := strconv.Itoa(len(s.seen)); got != n {
		return fmt.Errorf("the backend saw %s requests", got)
	}
	return nil
}

func (s *scripted) last() *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) == 0 {
		return &http.Request{}
	}
	return s.seen[len(s.seen)-1]
}

func (s *scripted) lastBody() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.bodies) == 0 {
		return ""
	}
	return s.bodies[len(s.bodies)-1]
}

// lastLine is the last request as policytest tells it: with the address that the script knows the backend by.
func (s *scripted) lastLine() string {
	r := s.last()
	if r.URL == nil {
		return ""
	}
	at := "https://backend.example" + r.RequestURI
	if own, ok := strings.CutPrefix(r.RequestURI, "/="); ok {
		at = own
	}
	return r.Method + " " + at
}
