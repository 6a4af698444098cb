package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// eventType is the kind of rows that exist for the log's sake.
const eventType = "Atelier.Activity/events"

// Bounds on recorded events: of one actor in a minute, of actors remembered, and of rows. Rows are reused in turn; the change log keeps every event.
const (
	maxPerMinute = 120
	maxActors    = 10_000
	slots        = 256
)

// Happening is something that changed nothing and is recorded nevertheless.
type Happening struct {
	Category  string            `json:"category"` // Administrative or SignIn
	Operation string            `json:"operation"`
	Resource  string            `json:"resource"` // id it was about
	Outcome   string            `json:"outcome"`  // Succeeded or Failed
	Code      string            `json:"code,omitempty"`
	Message   string            `json:"message,omitempty"`
	More      map[string]string `json:"more,omitempty"`
	// Unrecorded is how many happenings of the same actor were left out before this one, because they were too many.
	Unrecorded int `json:"unrecorded,omitempty"`
}

// Categories and outcomes, in Azure Monitor's words where it has them.
const (
	Administrative = "Administrative"
	SignIn         = "SignIn"
	Succeeded      = "Succeeded"
	Failed         = "Failed"
)

// Recorder writes happenings into the change log.
type Recorder struct {
	store store.Store
	now   func() time.Time

	mu     sync.Mutex
	slot   int
	actors map[string]*allowance
}

// allowance is what one actor may still have recorded in this minute.
type allowance struct {
	minute  time.Time
	used    int
	omitted int
}

// NewRecorder makes a Recorder; now is time.Now when nil.
func NewRecorder(s store.Store, now func() time.Time) *Recorder {
	if now == nil {
		now = time.Now
	}
	return &Recorder{store: s, now: now, actors: map[string]*allowance{}}
}

// Record writes a happening durably before it returns. It outlives the request: who hangs up is recorded as well. A fault is logged, because the
// refusal or sign-in that it is about stands either way.
func (r *Recorder) Record(ctx context.Context, actor store.Actor, h Happening) {
	slot, omitted, ok := r.admit(actor, h.Category == Administrative && h.Outcome == Succeeded)
	if !ok {
		return
	}
	h.Unrecorded = omitted
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	body, err := json.Marshal(h)
	if err == nil {
		now, id := r.now().UTC(), arm.Root.Provider("Atelier.Activity", "events", fmt.Sprint(slot))
		_, err = r.store.Update(ctx, actor, func(tx store.Tx) error {
			return tx.Put(store.Write{Row: store.Row{ID: id, Kind: eventType, Body: body, ETag: now.Format(time.RFC3339Nano), Created: now, Modified: now}})
		})
	}
	if err != nil {
		slog.Error("an event could not be recorded in the activity log", "operation", h.Operation, "outcome", h.Outcome, "resource", h.Resource, "error", err)
	}
}

// admit gives a happening its row, unless its actor had too many in this minute; what was left out is told by the next one. What somebody was
// allowed to do is never left out: it is no flood of strangers.
func (r *Recorder) admit(actor store.Actor, always bool) (slot, omitted int, ok bool) {
	key := actor.ObjectID
	if key == "" {
		key = actor.IP
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	minute := r.now().Truncate(time.Minute)
	a := r.actors[key]
	if a == nil {
		if len(r.actors) >= maxActors {
			r.forget(minute)
		}
		a = &allowance{}
		r.actors[key] = a
	}
	if !a.minute.Equal(minute) {
		a.minute, a.used = minute, 0
	}
	if a.used >= maxPerMinute && !always {
		a.omitted++
		return 0, 0, false
	}
	a.used++
	omitted, a.omitted = a.omitted, 0
	r.slot = (r.slot + 1) % slots
	return r.slot, omitted, true
}

// forget drops actors of earlier minutes; when all are of this one, all of them.
func (r *Recorder) forget(minute time.Time) {
	for key, a := range r.actors {
		if a.minute.Before(minute) {
			delete(r.actors, key)
		}
	}
	if len(r.actors) >= maxActors {
		clear(r.actors)
	}
}
