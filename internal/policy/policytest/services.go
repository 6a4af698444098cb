package policytest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// Services are what policies call by themselves, beside the backend of the request. They do the words answer, asked, asked-body and asked-header.
type Services struct {
	mu      sync.Mutex
	answers []serviceAnswer
	seen    []serviceRequest
}

type serviceAnswer struct{ address, reply, holds string }

type serviceRequest struct {
	address, body string
	header        http.Header
}

// Words are the words that it does over the files of an archive.
func (s *Services) Words(file func(string) (string, error)) map[string]func(yes bool, args []string) error {
	return map[string]func(bool, []string) error{
		"answer": func(_ bool, a []string) error {
			text, err := file(a[1])
			s.answers = append(s.answers, serviceAnswer{a[0], text, strings.Join(a[2:], "")})
			return err
		},
		"asked": func(_ bool, a []string) error {
			if got := strconv.Itoa(len(s.below(a[0]))); got != a[1] {
				return fmt.Errorf("it was asked %s times", got)
			}
			return nil
		},
		"asked-body": func(yes bool, a []string) error {
			want := a[1]
			if text, err := file(want); err == nil {
				want = text
			}
			if got := s.last(a[0]).body; (strings.TrimSpace(got) == strings.TrimSpace(want)) != yes {
				return fmt.Errorf("the body is\n%s", got)
			}
			return nil
		},
		"asked-header": func(yes bool, a []string) error {
			name, value, _ := strings.Cut(a[1], ": ")
			if got := s.last(a[0]).header.Get(name); (got == value) != yes {
				return fmt.Errorf("the header is %q", got)
			}
			return nil
		},
	}
}

func (s *Services) below(address string) (all []serviceRequest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.seen {
		if strings.HasPrefix(r.address, address) {
			all = append(all, r)
		}
	}
	return all
}

func (s *Services) last(address string) serviceRequest {
	all := s.below(address)
	if len(all) == 0 {
		return serviceRequest{}
	}
	return all[len(all)-1]
}

// Ask finds the answer to a request and remembers it; false when the address is none of a service.
func (s *Services) Ask(address, body string, h http.Header) (status int, reply string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.answers) - 1; i >= 0; i-- {
		a := s.answers[i]
		if !strings.HasPrefix(address, a.address) {
			continue
		}
		if !ok {
			s.seen, ok = append(s.seen, serviceRequest{address, body, h}), true
		}
		if !strings.Contains(body, a.holds) {
			continue
		}
		m, err := readMessage(a.reply)
		if fields := strings.Fields(m.line); err == nil && len(fields) > 1 {
			status, _ = strconv.Atoi(fields[1])
		}
		return status, m.body, true
	}
	return 404, "", ok
}

// call implements policies.CallBackend.
func (c *Case) call(_ *policy.Exchange, b *policy.Backend, call policies.BackendCall) (policies.BackendAnswer, error) {
	h := http.Header{}
	for _, f := range call.Header {
		h.Set(f.Name, f.Value)
	}
	address := strings.TrimRight(b.URL, "/") + call.Path
	if call.Query != "" {
		address += "?" + call.Query
	}
	status, reply, ok := c.backend.services.Ask(address, string(call.Body), h)
	if !ok {
		return policies.BackendAnswer{}, fmt.Errorf("nothing answers at %s", address)
	}
	return policies.BackendAnswer{Status: status, Body: []byte(reply)}, nil
}
