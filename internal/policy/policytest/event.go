package policytest

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// logger makes a logger of the home.
func (c *Case) logger(_ bool, a []string) error {
	c.home.Loggers[a[0]] = &policy.Logger{ID: a[0], Type: a[1], Credentials: map[string]string{"name": "hub"}}
	return nil
}

func (c *Case) take(e policies.Event) { c.events = append(c.events, e) }

// event asserts the next message: its logger, text, and key=… or partition=…; with an exclamation mark, that there is no further message.
func (c *Case) event(yes bool, a []string) error {
	if len(c.events) == 0 {
		if !yes {
			return nil
		}
		return errors.New("there is no further message")
	}
	e := c.events[0]
	c.events = c.events[1:]
	got := []string{e.Logger.ID, e.Text}
	if e.HasKey {
		got = append(got, "key="+e.Key)
	}
	if e.Partition >= 0 {
		got = append(got, "partition="+strconv.Itoa(int(e.Partition)))
	}
	if fmt.Sprint(got) != fmt.Sprint(a) || !yes {
		return fmt.Errorf("the next message is %q", got)
	}
	return nil
}
