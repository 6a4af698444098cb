package publish

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/store"
)

// A row that can't be read is not served, the change that brought it is reported, and what stands beside it stays in force. A restart refuses it.
func TestARowThatCannotBeReadIsNotServedAndReported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, id, sound string }{
		{"an API", pay + "/apis/a", `{"path":"a"}`},
		{"an operation", pay + "/apis/a/operations/get", `{"method":"GET","urlTemplate":"/x"}`},
		{"a named value", pay + "/namedValues/v", `{"displayName":"v","value":"1"}`},
		{"a subscription", pay + "/subscriptions/s", `{"displayName":"s","scope":"` + pay + `/apis","state":"active","primaryKey":"k"}`},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			served := func() int {
				s := w.given["managed"].Others[1]
				n := s.APIs.Len() + s.NamedValues.Len() + s.Subscriptions.Len()
				for a := range s.APIs.All() {
					n += len(a.Operations)
				}
				return n
			}
			w.put(c.id, c.sound)
			whole := served()
			change := store.Change{Seq: w.seq + 1, Verb: store.VerbPut, ID: c.id, Kind: w.rows[strings.ToLower(c.id)].Kind, Body: []byte(`{"state":1,"path":1,"method":1,"value":1}`)}
			if err := w.p.Apply([]store.Change{change}); err == nil || !strings.Contains(err.Error(), c.id) {
				t.Errorf("the change was reported with %v, which doesn't name the row", err)
			}
			lost := whole - served()
			if c.what == "an API" && lost != 2 || c.what != "an API" && lost != 1 {
				t.Errorf("%d of %d things are not served any more", lost, whole)
			}
			again := newWorld(t)
			row := w.rows[strings.ToLower(c.id)]
			row.Body = change.Body
			w.rows[strings.ToLower(c.id)] = row
			if err := again.p.Load(rows{w}); err == nil || !strings.Contains(err.Error(), c.id) {
				t.Errorf("a restart says %v", err)
			}
			w.put(c.id, c.sound)
			if got := served(); got != whole {
				t.Errorf("a sound row brought %d of %d things back", got, whole)
			}
		})
	}
}
