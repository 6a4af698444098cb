package rest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// countedPolicy counts each value of the header Team apart.
const countedPolicy = `<policies><inbound><base /><quota-by-key calls="5" renewal-period="86400" counter-key="@(context.Request.Headers.GetValueOrDefault("Team",""))" />` +
	`<return-response><set-status code="200" /></return-response></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`

// counted is a service whose API "c" counts each team apart.
func counted(t *testing.T, in *installation, name string) *run {
	t.Helper()
	r := newRun(t, in, name, &txtar.Archive{})
	policy, err := json.Marshal(map[string]any{"properties": map[string]string{"format": "rawxml", "value": countedPolicy}})
	if err != nil {
		t.Fatal(err)
	}
	api := r.vars["svc"] + "/apis/c" + name
	for _, put := range [][2]string{
		{api, `{"properties":{"displayName":"C ` + name + `","path":"c","protocols":["http"],"subscriptionRequired":false}}`},
		{api + "/operations/get", `{"properties":{"displayName":"Get","method":"GET","urlTemplate":"/x"}}`},
		{api + "/policies/policy", string(policy)},
	} {
		if err := r.send("PUT", put[0], put[1], nil); err != nil || r.status != http.StatusCreated {
			t.Fatalf("PUT %s: %d %s %v", put[0], r.status, r.body, err)
		}
	}
	return r
}

// flood calls the API once for each team from first to last, on one connection.
func flood(in *installation, host string, first, last int) error {
	conn, err := net.Dial("tcp", strings.TrimPrefix(in.endpoints.Gateway, "http://"))
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // a test
	answers := bufio.NewReader(conn)
	const together = 100
	for at := first; at < last; at += together {
		var b strings.Builder
		n := min(together, last-at)
		for i := range n {
			fmt.Fprintf(&b, "GET /c/x HTTP/1.1\r\nHost: %s\r\nTeam: team-%d\r\n\r\n", host, at+i)
		}
		if _, err := conn.Write([]byte(b.String())); err != nil {
			return err
		}
		for range n {
			res, err := http.ReadResponse(answers, nil)
			if err != nil {
				return err
			}
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK {
				return fmt.Errorf("answered %s", res.Status)
			}
		}
	}
	return nil
}

// TestAHundredThousandCounterKeysAreCountedApart: each is found among them, unknown ones cost nothing, and reports stay small and exact.
func TestAHundredThousandCounterKeysAreCountedApart(t *testing.T) {
	t.Parallel()
	const keys, callers = 100_000, 4
	in := start(t)
	r := counted(t, in, "flooded")
	failed := make(chan error, callers)
	for i := range callers {
		go func() { failed <- flood(in, "flooded.localhost", i*keys/callers, (i+1)*keys/callers) }()
	}
	for range callers {
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
	}
	for _, team := range []string{"team-0", "team-50000", "team-99999"} {
		if err := r.send("GET", r.vars["svc"]+"/quotas/"+team, "", nil); err != nil || !strings.Contains(r.body, `"callsCount":1`) || !strings.Contains(r.body, `"count":1`) {
			t.Errorf("%s: %d %s %v", team, r.status, r.body, err)
		}
	}
	if err := r.send("GET", r.vars["svc"]+"/quotas/team-100000", "", nil); err != nil || !strings.Contains(r.body, `"count":0`) {
		t.Errorf("a team that never called: %d %s %v", r.status, r.body, err)
	}
	filter := "$filter=" + url.QueryEscape(r.vars["time"])
	if err := r.send("GET", r.vars["svc"]+"/reports/byApi?"+filter, "", nil); err != nil || !strings.Contains(r.body, fmt.Sprintf(`"callCountTotal":%d`, keys)) || !strings.Contains(r.body, `"count":1`) {
		t.Errorf("the report: %d %s %v", r.status, r.body, err)
	}
	if err := r.send("GET", r.vars["svc"]+"/reports/byRequest?"+filter, "", nil); err != nil || !strings.Contains(r.body, `"count":500`) {
		t.Errorf("single calls: %d %.300s %v", r.status, r.body, err)
	}
}

// TestCounterKeysAreWhateverCallersSend: odd ones are found under their own name, and no address is an error of ours.
func TestCounterKeysAreWhateverCallersSend(t *testing.T) {
	t.Parallel()
	r := counted(t, start(t), "odd")
	for _, key := range []string{"a b", "ä☃", "%41", "'; drop table", strings.Repeat("k", 1500), "a+b", "<x>", "{{v}}", "periods"} {
		if err := r.gateway("odd.localhost", "/c/x", []string{"Team: " + key}); err != nil || r.status != http.StatusOK {
			t.Errorf("a call of %.20q: %d %s %v", key, r.status, r.body, err)
			continue
		}
		if err := r.send("GET", r.vars["svc"]+"/quotas/"+url.PathEscape(key), "", nil); err != nil || r.status != http.StatusOK || !strings.Contains(r.body, `"callsCount":1`) {
			t.Errorf("%.20q: %d %.300s %v", key, r.status, r.body, err)
		}
	}
	for _, path := range []string{"/quotas/" + strings.Repeat("k", 2500), "/quotas/a%2Fb", "/quotas/%00", "/quotas/..", "/quotas/a/periods/" + strings.Repeat("9", 3000), "/quotas/a/periods", "/quotas/a/periods/1/x", "/quotas/%ff"} {
		if err := r.send("GET", r.vars["svc"]+path, "", nil); err != nil || r.status >= http.StatusInternalServerError || r.status == http.StatusOK {
			t.Errorf("%.40q: %d %.300s %v", path, r.status, r.body, err)
		}
		if err := r.send("PATCH", r.vars["svc"]+path, `{"properties":{"callsCount":1e400}}`, nil); err != nil || r.status >= http.StatusInternalServerError || r.status == http.StatusOK {
			t.Errorf("PATCH %.40q: %d %.300s %v", path, r.status, r.body, err)
		}
	}
}

// TestReportsOutliveTheProcess: what was written before it was killed is told by the next one; what ended gracefully is whole.
func TestReportsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	in := start(t)
	r := counted(t, in, "kept")
	report := r.vars["svc"] + "/reports/byApi?$filter=" + url.QueryEscape(r.vars["time"])
	told := func(want int) {
		t.Helper()
		if err := r.send("GET", report, "", nil); err != nil || !strings.Contains(r.body, fmt.Sprintf(`"callCountTotal":%d,`, want)) {
			t.Errorf("want %d calls: %d %s %v", want, r.status, r.body, err)
		}
	}
	again := func(s syscall.Signal) {
		t.Helper()
		_ = in.stop(s) // a killed process ends with an error
		clear(in.programs)
		if err := in.run(); err != nil {
			t.Fatal(err)
		}
	}
	if err := flood(in, "kept.localhost", 0, 7); err != nil {
		t.Fatal(err)
	}
	told(7) // and so they are written
	again(syscall.SIGKILL)
	told(7)
	if err := flood(in, "kept.localhost", 7, 10); err != nil {
		t.Fatal(err)
	}
	again(syscall.SIGTERM)
	told(10)
}
