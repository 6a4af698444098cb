package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// metric reads the access log, as trace does.
func (c *outside) metric(yes bool, a []string) error {
	found := false
	all := c.records("metric")
	for _, m := range all {
		dimensions, _ := m["dimensions"].(map[string]any)
		same := m["namespace"] == a[0] && m["name"] == a[1] && fmt.Sprint(m["value"]) == a[2] && len(dimensions) == len(a)-3
		for _, want := range a[3:] {
			name, value, _ := strings.Cut(want, "=")
			same = same && dimensions[name] == value
		}
		found = found || same
	}
	if found != yes {
		return fmt.Errorf("the metrics are %v", all)
	}
	return nil
}

// file is a file of the archive.
func (c *outside) file(name string) (string, error) {
	text, ok := c.files[name]
	if !ok {
		return "", fmt.Errorf("the archive has no file %s", name)
	}
	return text, nil
}

// asService answers a request that a policy makes by itself; false when it is one for the backend.
func (s *scripted) asService(w http.ResponseWriter, r *http.Request, body string) bool {
	address, named := strings.CutPrefix(r.RequestURI, "/=")
	if !named {
		return false
	}
	status, reply, ok := s.services.Ask(address, body, r.Header)
	if ok {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, reply)
	}
	return ok
}
