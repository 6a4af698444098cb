package compat

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
)

// countsCalls says whether a row tells of calls.
func (r row) countsCalls() bool {
	return strings.Contains(r.Path, "/reports/") || strings.Contains(r.Path, "/quotas/")
}

// countedPolicy counts calls of the key that rows of quotas name.
const countedPolicy = `<policies><inbound><base /><quota-by-key calls="1000" bandwidth="1000" renewal-period="86400" counter-key="counter" /><return-response><set-status code="200" /></return-response></inbound>` +
	`<backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`

// traffic calls an API of the first service through its gateway, and returns the period that its quota counts in. Rows that tell of calls have something to
// tell then.
func (d *driver) traffic() (period string) {
	d.in.t.Helper()
	service := d.service("")
	d.need(service)
	api := service + "/apis/counted"
	policy, err := json.Marshal(map[string]any{"properties": map[string]string{"format": "rawxml", "value": countedPolicy}})
	if err != nil {
		d.in.t.Fatal(err)
	}
	for _, put := range [][2]string{
		{api, `{"properties":{"displayName":"Counted","path":"counted","protocols":["http","https"],"subscriptionRequired":false}}`},
		{api + "/operations/get", `{"properties":{"displayName":"Get","method":"GET","urlTemplate":"/x"}}`},
		{api + "/policies/policy", string(policy)},
	} {
		if status, body := d.send(http.MethodPut, put[0], put[1]); status >= 300 {
			d.in.t.Fatalf("PUT %s: %d %s", put[0], status, body)
		}
	}
	for range 2 {
		if status, _, body := d.in.call(names["serviceName"]+".localhost", "/counted/x"); status != http.StatusOK {
			d.in.t.Fatalf("the counted API answers %d %s", status, body)
		}
	}
	_, body := d.send(http.MethodGet, service+"/quotas/"+names["quotaCounterKey"], "")
	var counters struct{ Value []struct{ PeriodKey string } }
	if err := json.Unmarshal([]byte(body), &counters); err != nil || len(counters.Value) == 0 {
		d.in.t.Fatalf("the quota has no period: %s %v", body, err)
	}
	return counters.Value[0].PeriodKey
}

// uncounted finds what an answer about calls lacks when there were some.
func uncounted(r row, result reflect.Value) string {
	value := result.FieldByName("Value")
	if !value.IsValid() || value.IsZero() {
		return "tells of no calls"
	}
	if value.Kind() == reflect.Slice {
		if value.Len() == 0 {
			return "tells of no calls"
		}
		value = value.Index(0).Elem()
		if strings.Contains(r.Path, "/quotas/") {
			value = value.FieldByName("Value")
		}
	}
	if value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	for _, name := range []string{"CallsCount", "CallCountTotal", "ResponseCode"} {
		if f := value.FieldByName(name); f.IsValid() {
			switch {
			case f.IsNil():
				return "answer without " + strings.ToLower(name[:1]) + name[1:]
			case r.Method == http.MethodGet && f.Elem().Int() == 0:
				return "counts no calls"
			}
			return ""
		}
	}
	return "answer without counts"
}

// counted is what a counter holds, in the answer that lists its periods or in that of a period.
func counted(answer map[string]any) any {
	if list, ok := answer["value"].([]any); ok && len(list) > 0 {
		answer, _ = list[0].(map[string]any)
	}
	return answer["value"]
}
