package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// Work that ends within Patience ends in its request. What takes longer goes on by itself: the caller gets two addresses to ask, and the operation is
// a row of the store, so that it survives a restart (as a failure, since nobody works on it any more).

// Patience is how long a request waits for its work.
const Patience = 2 * time.Second

// workLimit ends work that nobody should wait for.
const workLimit = 2 * time.Minute

// keepOperations is how long a finished operation can be asked for.
const keepOperations = 24 * time.Hour

const operationType = arm.NamespaceAPIM + "/locations/operationStatuses"

// Operation is an asynchronous operation as it is stored.
type Operation struct {
	Status   string     `json:"status"` // InProgress, Succeeded, Failed
	Start    time.Time  `json:"startTime"`
	End      *time.Time `json:"endTime,omitempty"`
	Resource string     `json:"resource"` // what it writes
	Caller   string     `json:"caller"`   // object id of who may ask
	Error    *arm.Error `json:"error,omitempty"`
}

// States of an operation.
const (
	inProgress = "InProgress"
	succeeded  = "Succeeded"
	failed     = "Failed"
)

// longPut is Put for kinds whose preparation may reach outside.
func (c *Control) longPut(ctx context.Context, w *writing) (*Answer, error) {
	type outcome struct {
		answer *Answer
		err    error
	}
	done := make(chan outcome, 1)
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), workLimit)
	go func() {
		defer cancel()
		a, err := w.perform(work)
		done <- outcome{a, err}
	}()
	timer := time.NewTimer(c.Patience)
	defer timer.Stop()
	select {
	case o := <-done:
		return o.answer, o.err
	case <-timer.C:
	}
	id, err := c.begun(ctx, w)
	if err != nil {
		return nil, err
	}
	go func() { c.finish(id, (<-done).err) }()
	return c.accepted(w, id)
}

// begun stores a new operation.
func (c *Control) begun(ctx context.Context, w *writing) (arm.ID, error) {
	sub, _ := w.asked.Ancestor(arm.TypeSubscription) // not w.ID, which the work may be resolving
	id := sub.Provider(arm.NamespaceAPIM, "locations", "local").Child("operationStatuses", uuid.NewString())
	op := Operation{Status: inProgress, Start: c.Now().UTC(), Resource: w.asked.String(), Caller: w.call.ObjectID}
	return id, c.keep(ctx, id, op)
}

func (c *Control) keep(ctx context.Context, id arm.ID, op Operation) error {
	body, err := json.Marshal(op)
	if err != nil {
		return err
	}
	now := c.Now().UTC()
	_, err = c.Store.Update(ctx, store.Actor{Name: "operations"}, func(tx store.Tx) error {
		return tx.Put(store.Write{Row: store.Row{ID: id, Kind: operationType, Body: body, ETag: newTag(), Created: op.Start, Modified: now}})
	})
	return err
}

// finish notes how an operation ended.
func (c *Control) finish(id arm.ID, outcome error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	op, err := c.operation(ctx, id)
	if err == nil {
		now := c.Now().UTC()
		op.Status, op.End = succeeded, &now
		if outcome != nil {
			op.Status, op.Error = failed, c.told(id, outcome)
		}
		err = c.keep(ctx, id, op)
	}
	if err != nil {
		slog.Error("an operation's end could not be noted", "operation", id.Name(), "error", err)
	}
}

// told is what a caller may know of a failure.
func (c *Control) told(id arm.ID, err error) *arm.Error {
	var e *arm.Error
	if errors.As(err, &e) {
		return e
	}
	slog.Error("an operation failed", "operation", id.Name(), "error", err)
	return arm.Errorf(http.StatusInternalServerError, "InternalServerError", "The server met an error of its own. Give this id to its operator: %s.", id.Name())
}

func (c *Control) operation(ctx context.Context, id arm.ID) (op Operation, err error) {
	err = c.Store.View(ctx, func(r store.Reader) error {
		row, err := r.Get(id)
		if err != nil {
			return err
		}
		return json.Unmarshal(row.Body, &op)
	})
	return op, err
}

// accepted answers a write that goes on: the resource as it will be named, and where to ask.
func (c *Control) accepted(w *writing, id arm.ID) (*Answer, error) {
	body, err := arm.Marshal(shown{ID: w.asked.String(), Type: w.mount.FullType, Name: w.asked.Name(), Properties: map[string]string{"provisioningState": inProgress}})
	if err != nil {
		return nil, err
	}
	version := "?api-version=" + arm.DefaultAPIVersion
	results := strings.Replace(id.String(), "/operationStatuses/", "/operationResults/", 1)
	return &Answer{Status: http.StatusCreated, Body: body, Header: http.Header{
		"Azure-AsyncOperation": {w.call.BaseURL + id.String() + version},
		"Location":             {w.call.BaseURL + results + version},
		"Retry-After":          {"1"},
		"Retry-After-Ms":       {"100"},
	}}, nil
}

// OperationStatus answers GET …/operationStatuses/{id}. Who began an operation may ask; others need the right to read operations there.
func (c *Control) OperationStatus(ctx context.Context, call *Call, id arm.ID) (*Answer, error) {
	op, err := c.mine(ctx, call, id)
	if err != nil {
		return nil, err
	}
	percent := 100
	if op.Status == inProgress {
		percent = 50
	}
	body, err := arm.Marshal(struct {
		ID      string     `json:"id"`
		Name    string     `json:"name"`
		Status  string     `json:"status"`
		Start   time.Time  `json:"startTime"`
		End     *time.Time `json:"endTime,omitempty"`
		Percent int        `json:"percentComplete"`
		Error   *arm.Error `json:"error,omitempty"`
	}{id.String(), id.Name(), op.Status, op.Start, op.End, percent, op.Error})
	return &Answer{Status: http.StatusOK, Body: body, Header: running(op)}, err
}

// OperationResult answers GET …/operationResults/{id}: 202 while the work goes on, then what it made, or why it failed.
func (c *Control) OperationResult(ctx context.Context, call *Call, id arm.ID) (*Answer, error) {
	status, err := arm.ParseID(strings.Replace(id.String(), "/"+lastType(id)+"/", "/operationStatuses/", 1))
	if err != nil {
		return nil, arm.NotFound("Operation")
	}
	op, err := c.mine(ctx, call, status)
	switch {
	case err != nil:
		return nil, err
	case op.Status == inProgress:
		return &Answer{Status: http.StatusAccepted, Header: running(op)}, nil
	case op.Status == failed:
		e := *op.Error
		e.Status = http.StatusBadRequest
		return nil, &e
	}
	resource, err := arm.ParseID(op.Resource)
	if err != nil {
		return nil, fmt.Errorf("operation %s: %w", id, err)
	}
	return c.Get(ctx, call, resource)
}

func lastType(id arm.ID) string {
	segs := id.Segments()
	return segs[len(segs)-2]
}

func running(op Operation) http.Header {
	if op.Status != inProgress {
		return nil
	}
	return http.Header{"Retry-After": {"1"}, "Retry-After-Ms": {"100"}}
}

// mine reads an operation that the caller may ask about.
func (c *Control) mine(ctx context.Context, call *Call, id arm.ID) (Operation, error) {
	op, err := c.operation(ctx, id)
	known := err == nil && op.Caller == call.ObjectID
	if !known {
		if err := c.allow(call, arm.NamespaceAPIM+"/locations/operationsStatuses/read", id); err != nil {
			return op, err
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return op, arm.NotFound("Operation")
	}
	return op, err
}

// Abandon ends, at the start of a process that is the only one, operations that the process before it left behind, and forgets old ones.
func (c *Control) Abandon(ctx context.Context) error {
	var rows []store.Row
	err := c.Store.View(ctx, func(r store.Reader) (err error) {
		rows, err = r.List(store.Query{Under: true, Kind: operationType})
		return err
	})
	for _, row := range rows {
		var op Operation
		if err := json.Unmarshal(row.Body, &op); err != nil {
			return fmt.Errorf("operation %s: %w", row.ID, err)
		}
		switch {
		case op.Status == inProgress:
			c.finish(row.ID, arm.Errorf(http.StatusConflict, "OperationAbandoned", "The server stopped while it worked on this. Send the request again."))
		case c.Now().Sub(row.Modified) > keepOperations:
			if _, err := c.Store.Update(ctx, store.Actor{Name: "operations"}, func(tx store.Tx) error { return tx.Delete(row.ID) }); err != nil {
				return err
			}
		}
	}
	return err
}
