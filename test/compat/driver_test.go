package compat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	apim "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/apimanagement/armapimanagement/v3"
)

// row is one operation of the management API: testdata/operations.tsv.
type row struct {
	Method, Path, Operation string
	Success                 []string // status codes
}

func (r row) id() string { return r.Operation }

// area is the first word below the service or workspace.
func (r row) area() string {
	rest := strings.TrimPrefix(r.Path, "{rg}/service/{serviceName}")
	rest = strings.TrimPrefix(rest, "/workspaces/{workspaceId}")
	for s := range strings.SplitSeq(strings.Trim(rest, "/"), "/") {
		if s != "" && s[0] != '{' {
			return s
		}
	}
	if strings.Contains(r.Path, "{workspaceId}") {
		return "workspaces"
	}
	return "service"
}

func (r row) level() string {
	if strings.Contains(r.Path, "{workspaceId}") {
		return "workspace"
	}
	return "service"
}

func operations(t *testing.T) []row { return rowsOf(t, "testdata/operations.tsv") }

// beyond are the operations of kinds with secrets that Azure hasn't got: no SDK calls them, and no ledger counts them.
func beyond(t *testing.T) []row { return rowsOf(t, "testdata/beyond.tsv") }

func rowsOf(t *testing.T, file string) []row {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		c := strings.Split(line, "\t")
		out = append(out, row{c[0], c[1], c[2], strings.Split(c[3], ",")})
	}
	return out
}

// driver calls operations of the official SDK by their names.
type driver struct {
	*world
	factory reflect.Value
	seen    *seen

	operation string            // see slowOperation
	members   map[string]string // by the path of a list, the parameter that names its members
}

// seen records the first answer to a call, as it went over the wire.
type seen struct {
	path   string
	method string
	status int
	calls  int
}

// Do makes seen a policy of the SDK's pipeline.
func (s *seen) Do(req *policy.Request) (*http.Response, error) {
	res, err := req.Next()
	if s.calls++; s.calls == 1 && res != nil {
		s.method, s.path, s.status = req.Raw().Method, req.Raw().URL.Path, res.StatusCode
	}
	return res, err
}

func newDriver(t *testing.T, w *world) *driver {
	t.Helper()
	d := &driver{world: w, seen: &seen{}, members: map[string]string{}}
	for _, r := range operations(t) {
		at := strings.LastIndexByte(r.Path, '/')
		if name, ok := strings.CutPrefix(r.Path[at+1:], "{"); ok && r.Method == http.MethodPut {
			d.members[r.Path[:at]] = strings.TrimSuffix(name, "}")
		}
	}
	cred, options := w.in.signIn(w.in.admin.ClientID, w.in.admin.ClientSecret)
	options.PerCallPolicies = append(options.PerCallPolicies, d.seen)
	factory, err := apim.NewClientFactory(w.in.admin.SubscriptionID, cred, options)
	if err != nil {
		t.Fatal(err)
	}
	d.factory = reflect.ValueOf(factory)
	return d
}

// outcome is what a run showed of a row.
type outcome struct {
	Status string // works, refused, missing, fails
	Code   string // of the error, or why it fails
	text   string // what the server said
}

// drive makes what the row takes for granted, calls it and judges the answer.
func (d *driver) drive(r row) outcome {
	path, target := d.target(r)
	if target != "" {
		d.need(target)
	}
	if r.Method == http.MethodPut || r.Method == http.MethodPost || r.Method == http.MethodGet {
		d.needs(path, d.fixtureOf(path))
		d.needs(path, d.fixtures[actionKey(path)])
	}
	if r.Method == http.MethodGet {
		d.need(d.member(r, path))
	}
	d.past(r, path)
	if r.countsCalls() {
		d.traffic()
	}
	*d.seen = seen{}
	result, err := d.call(r, path)
	if r.Method == http.MethodDelete {
		clear(d.have) // what lay below is gone as well
	} else if d.seen.status < 300 && r.Method == http.MethodPut {
		d.have[path] = true
	}
	if d.seen.path != "" && !strings.EqualFold(d.seen.path, path) {
		return outcome{"fails", "driver", "called " + d.seen.path + " instead of " + path}
	}
	out := d.judge(r, result, err)
	if out.Status == "works" {
		if lost := d.kept(r, path); lost != "" {
			return outcome{"fails", lost, ""}
		}
	}
	return out
}

// past brings about what a row looks back at: a service that is deleted.
func (d *driver) past(r row, path string) {
	if !strings.Contains(r.Path, "/deletedservices/") {
		return
	}
	gone := d.group() + "/providers/Microsoft.ApiManagement/service/" + path[strings.LastIndexByte(path, '/')+1:]
	d.need(gone)
	d.send(http.MethodDelete, gone, "")
	clear(d.have)
}

// slowOperation is the id of an asynchronous operation: an import from a server that takes longer than a request may wait.
func (d *driver) slowOperation() string {
	if d.operation != "" {
		return d.operation
	}
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(patience):
		case <-r.Context().Done():
		}
		_, _ = w.Write([]byte(`{"openapi":"3.0.3","info":{"title":"Slow","version":"1"},"paths":{}}`))
	}))
	d.in.t.Cleanup(slow.Close)
	api := d.service("") + "/apis/slow"
	header := d.header(http.MethodPut, api, `{"properties":{"path":"slow","format":"openapi-link","value":"`+slow.URL+`/openapi.json"}}`)
	address, _, _ := strings.Cut(header.Get("Azure-AsyncOperation"), "?")
	d.operation = address[strings.LastIndexByte(address, '/')+1:]
	if d.operation == "" {
		d.in.t.Errorf("a slow import answered no operation: %v", header)
	}
	return d.operation
}

// patience is longer than a request of the management API waits for its work.
const patience = 2500 * time.Millisecond

func (d *driver) judge(r row, result reflect.Value, err error) outcome {
	var said *azcore.ResponseError
	if errors.As(err, &said) {
		switch {
		case said.ErrorCode == "InvalidResourceType":
			return outcome{"missing", said.ErrorCode, ""}
		case said.ErrorCode == "" && d.seen.method == http.MethodHead:
			return outcome{"fails", fmt.Sprint(said.StatusCode), "HEAD"}
		case said.StatusCode == http.StatusMethodNotAllowed:
			return outcome{"missing", said.ErrorCode, ""}
		}
		return outcome{"fails", fmt.Sprintf("%d %s", said.StatusCode, said.ErrorCode), said.Error()}
	}
	if err != nil {
		return outcome{"fails", "client", err.Error()}
	}
	if !slices.Contains(r.Success, fmt.Sprint(d.seen.status)) && !(slices.Contains(r.Success, "success") && d.seen.status < 300) {
		if d.seen.method == http.MethodHead && d.seen.status == http.StatusNotFound {
			return outcome{"fails", "404", "HEAD"}
		}
		return outcome{"fails", fmt.Sprintf("answers %d", d.seen.status), ""}
	}
	if r.countsCalls() {
		if m := uncounted(r, result); m != "" {
			return outcome{"fails", m, ""}
		}
	}
	if m := unidentified(result); m != "" && r.Method != http.MethodDelete {
		return outcome{"fails", m, ""}
	}
	return outcome{Status: "works"}
}

// unidentified finds what an entity lacks that every client takes for granted.
func unidentified(v reflect.Value) string {
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range []string{"ID", "Name", "Type"} {
		f := v.FieldByName(name)
		if !v.FieldByName("Properties").IsValid() || !f.IsValid() || f.Kind() != reflect.Pointer || f.Type().Elem().Kind() != reflect.String {
			continue
		}
		if f.IsNil() {
			return "answer without " + strings.ToLower(name)
		}
	}
	return ""
}

// target is the path that the row is called with, and the entity that must exist before: the parent of what a PUT makes, else what is named.
func (d *driver) target(r row) (path, target string) {
	variant := map[string]string{http.MethodPut: "-new", http.MethodDelete: "-old"}[r.Method]
	segments := strings.Split(r.Path, "/")
	last := len(segments) - 1
	for i, s := range segments {
		name, ok := strings.CutPrefix(s, "{")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		switch name {
		case "rg":
			segments[i] = d.provider()
			continue
		case "sub":
			segments[i] = "/subscriptions/" + d.in.admin.SubscriptionID + "/providers/Microsoft.ApiManagement"
			continue
		case "tenant":
			segments[i] = "/providers/Microsoft.ApiManagement"
			continue
		}
		value := names[name]
		if special := d.special(r, name); special != "" {
			value = special
		}
		if i == last && variant != "" && !strings.Contains(fixed, " "+name+" ") {
			value = strings.Replace(value, "@", variant+"@", 1)
			if !strings.Contains(value, "@") {
				value += variant
			}
		}
		segments[i] = value
	}
	path = strings.Join(segments, "/")
	named := len(segments)
	switch {
	case !strings.HasPrefix(r.Path, "{rg}"):
		return path, ""
	case r.Method == http.MethodPost, named%2 == 0: // an action or a list: what stands before the last word
		named -= 1
		if strings.HasSuffix(r.Path, "/confirmations/password/send") {
			named -= 2
		}
		if named%2 == 0 {
			named--
		}
	case r.Method == http.MethodPut:
		named -= 2
	}
	return path, strings.Join(segments[:max(named, 1)], "/")
}

// special is the value of a parameter that rows of some paths need.
func (d *driver) special(r row, name string) string {
	switch {
	case name == "operationId" && strings.Contains(r.Path, "/locations/"):
		return d.slowOperation()
	case name == "quotaPeriodKey":
		return d.traffic()
	case name == "serviceName" && strings.Contains(r.Path, "/deletedservices/"):
		return "parity-gone"
	case name == "serviceName" && (r.level() == "workspace" || strings.Contains(r.Path, "/workspaceLinks")):
		return teamService
	case name == "apiId" && strings.Contains(r.Path, "/resolvers"):
		return "graph"
	case name == "sid" && strings.Contains(r.Path, "/users/"):
		return "danas"
	}
	return ""
}

// call finds the method of the row and gives it its arguments: path values in their order, If-Match, the body of the fixture.
func (d *driver) call(r row, path string) (result reflect.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the SDK panicked: %v", p)
		}
	}()
	client, method, _ := strings.Cut(r.Operation, ".")
	make := d.factory.MethodByName("New" + client + "Client")
	if client == "Client" {
		make = d.factory.MethodByName("NewClient")
	}
	if !make.IsValid() {
		return result, fmt.Errorf("the SDK has no client %s", client)
	}
	f := make.Call(nil)[0].MethodByName(method)
	if !f.IsValid() {
		return result, fmt.Errorf("the SDK has no %s", r.Operation)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	args, err := d.arguments(ctx, r, path, f.Type())
	if err != nil {
		return result, err
	}
	out := f.Call(args)
	if strings.HasSuffix(method, "Pager") {
		return firstPage(ctx, out[0])
	}
	if err, _ := out[1].Interface().(error); err != nil {
		return result, err
	}
	if strings.HasPrefix(method, "Begin") {
		done := out[0].MethodByName("PollUntilDone").Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(&runtime.PollUntilDoneOptions{Frequency: time.Second})})
		err, _ := done[1].Interface().(error)
		return done[0], err
	}
	return out[0], nil
}

// firstPage follows a list to its end, three pages at most, and returns its first page.
func firstPage(ctx context.Context, pager reflect.Value) (first reflect.Value, err error) {
	for i := range 3 {
		out := pager.MethodByName("NextPage").Call([]reflect.Value{reflect.ValueOf(ctx)})
		if err, _ := out[1].Interface().(error); err != nil {
			return reflect.Value{}, err
		}
		if i == 0 {
			first = out[0]
		}
		if !pager.MethodByName("More").Call(nil)[0].Bool() {
			break
		}
	}
	return first, nil
}

func (d *driver) arguments(ctx context.Context, r row, path string, f reflect.Type) ([]reflect.Value, error) {
	values := pathValues(r, path)
	if strings.HasPrefix(r.Operation, "DeletedServices.") {
		slices.Reverse(values) // the SDK names the service before its location
	}
	var args []reflect.Value
	for i := range f.NumIn() {
		in := f.In(i)
		v := reflect.New(in).Elem()
		switch {
		case in.Kind() == reflect.Interface:
			v = reflect.ValueOf(ctx)
		case in.Name() == "ExportFormat":
			v.SetString("openapi-link")
		case in.Name() == "ExportAPI":
			v.SetString("true")
		case in.Kind() == reflect.String && len(values) > 0:
			v.SetString(values[0])
			values = values[1:]
		case in.Kind() == reflect.String:
			v.SetString(looseArgument(r, len(args)))
		case in.Kind() == reflect.Struct:
			if err := d.body(r, path, v); err != nil {
				return nil, err
			}
		}
		args = append(args, v)
	}
	return args, nil
}

// looseArgument is the value of a text that stands in no path: a report's period, or If-Match.
func looseArgument(r row, i int) string {
	switch {
	case !strings.Contains(r.Path, "/reports/"):
		return "*"
	case i == 2:
		now := time.Now().UTC()
		return "timestamp ge datetime'" + now.Add(-24*time.Hour).Format("2006-01-02T15:04:05") + "' and timestamp le datetime'" + now.Add(24*time.Hour).Format("2006-01-02T15:04:05") + "'"
	}
	return "PT1H"
}

// pathValues are the names that the row's parameters have in path.
func pathValues(r row, path string) []string {
	from, to := strings.Split(r.Path, "/"), strings.Split(path, "/")
	shift := len(to) - len(from)
	var out []string
	for i, s := range from {
		switch s {
		case "{sub}", "{tenant}":
		case "{rg}":
			out = append(out, names["rg"])
		default:
			if s[0] == '{' {
				out = append(out, to[i+shift])
			}
		}
	}
	return out
}

// body decodes the fixture into the type that the SDK wants.
func (d *driver) body(r row, path string, v reflect.Value) error {
	f := d.fixtureOf(path)
	var text json.RawMessage
	switch r.Method {
	case http.MethodPut:
		text = f.Put
	case http.MethodPatch:
		text = f.Patch
	default:
		text = d.fixtures[actionKey(path)].Post
	}
	if text == nil {
		return nil
	}
	return json.Unmarshal([]byte(d.fill(string(text), path)), v.Addr().Interface())
}

// actionKey is the key of an action's body in fixtures: the words of what it stands on, and its own.
func actionKey(path string) string {
	at := strings.LastIndexByte(path, '/')
	on, word := path[:at], path[at+1:]
	if key := keyOf(on); strings.HasPrefix(path, "/subscriptions/") && key != "service" && !strings.HasPrefix(key, "@") && strings.Contains(path, "/resourceGroups/") {
		return key + "/" + word
	}
	return word
}
