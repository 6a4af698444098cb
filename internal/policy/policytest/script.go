package policytest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

func (c *Case) fragment(_ bool, a []string) error {
	doc, err := c.parse(a[1], "rawxml")
	if err != nil || doc == nil {
		return err
	}
	problems := c.engine.CheckFragment(doc, c.home)
	c.problems = append(c.problems, problems...)
	c.named(doc, a[1], problems)
	c.home.Fragments[a[0]] = doc
	return nil
}

func (c *Case) documented(a []string, example bool) error {
	status, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	text, err := c.file(a[2])
	if err != nil {
		return err
	}
	rep := policy.Representation{ContentType: a[1]}
	if example {
		rep.Examples = [][]byte{[]byte(text)}
	} else {
		rep.Sample = []byte(text)
	}
	c.exchange.responses = append(c.exchange.responses, policy.MockResponse{Status: status, Representations: []policy.Representation{rep}})
	return nil
}

func (c *Case) clock(_ bool, a []string) error {
	d, err := time.ParseDuration(a[0])
	c.now = c.now.Add(d)
	return err
}

func (c *Case) answer() *policy.Response {
	if c.last == nil || c.last.Response == nil {
		return &policy.Response{}
	}
	return c.last.Response
}

func (c *Case) reply(_ bool, a []string) error {
	r := c.answer()
	got := strconv.Itoa(r.Status)
	if got != a[0] {
		return fmt.Errorf("the status is %s, body %s, error %v", got, bodyText(r.Body), c.failure())
	}
	for _, want := range a[1:] {
		if strings.Contains(want, ": ") {
			if err := header(true, r.Header, want); err != nil {
				return err
			}
		} else if reason := reasonOf(r); reason != want {
			return fmt.Errorf("the reason is %s", reason)
		}
	}
	return nil
}

// failure is the error of the last exchange.
func (c *Case) failure() error {
	if c.last == nil || c.last.LastError == nil {
		return nil
	}
	return c.last.LastError
}

func reasonOf(r *policy.Response) string {
	if r.Reason != "" {
		return r.Reason
	}
	return http.StatusText(r.Status)
}

// header asserts a line "Name: value"; without a value, that the header is there.
func header(yes bool, h policy.Header, want string) error {
	name, value, hasValue := strings.Cut(want, ": ")
	found := h.Has(name)
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

// text compares with a text or with a file of the archive.
func (c *Case) text(yes bool, what, got, want string) error {
	if file, ok := c.files[want]; ok {
		want = file
	}
	if (strings.TrimSpace(got) == strings.TrimSpace(want)) != yes {
		return fmt.Errorf("the %s is\n%s", what, got)
	}
	return nil
}

func (c *Case) backendSaw(_ bool, a []string) error {
	if got := strconv.Itoa(len(c.backend.requests)); got != a[0] {
		return fmt.Errorf("the backend saw %s requests", got)
	}
	return nil
}

func (c *Case) lastError(_ bool, a []string) error {
	if c.last == nil {
		return errors.New("nothing was sent")
	}
	e := c.last.LastError
	if e == nil {
		return errors.New("there was no error")
	}
	if e.Source != a[0] || e.Reason != a[1] || len(a) > 2 && e.Message != a[2] {
		return fmt.Errorf("the error is %s %s '%s'", e.Source, e.Reason, e.Message)
	}
	return nil
}

func (c *Case) trace(yes bool, a []string) error {
	var got []string
	for _, t := range c.backend.traces {
		line := t.Severity + " " + t.Source + " " + t.Message
		for _, m := range t.Metadata {
			line += " " + m.Name + "=" + m.Value
		}
		if line == strings.Join(a, " ") {
			got = append(got, line)
		}
	}
	if (len(got) > 0) != yes {
		return fmt.Errorf("the traces are %v", c.backend.traces)
	}
	return nil
}

func (c *Case) variable(yes bool, a []string) error {
	if c.last == nil {
		return errors.New("nothing was sent")
	}
	v, ok := c.last.Variable(a[0])
	if got := fmt.Sprint(v); (ok && got == a[1]) != yes {
		return fmt.Errorf("the variable is %v", v)
	}
	return nil
}

// noWarning insists that the documents so far have no warning with a text beside those that the script has named.
func (c *Case) noWarning(text string) error {
	for _, p := range c.problems[c.asserted:] {
		if p.Severity == policy.SeverityWarning && strings.Contains(p.Error(), text) {
			return p
		}
	}
	return nil
}

// problem asserts the next problem of the severity; a place "line:column" may stand before its text, of which a part is enough.
func (c *Case) problem(severity policy.Severity, a []string) error {
	for _, p := range c.problems[c.asserted:] {
		c.asserted++
		if p.Severity != severity {
			continue
		}
		place := fmt.Sprintf("%d:%d", p.Line, p.Column)
		if !strings.Contains(p.Error(), a[len(a)-1]) || len(a) > 1 && a[0] != place {
			return fmt.Errorf("the next problem is at %s: %w", place, p)
		}
		return nil
	}
	return errors.New("there is no such problem")
}
