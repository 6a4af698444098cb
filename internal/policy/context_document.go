package policy

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A context document describes an exchange in JSON, so that expressions can be tried without a gateway. Every member is optional.
type contextDocument struct {
	Now, Timestamp *time.Time
	RequestID      string `json:"requestId"`
	Elapsed        string
	Tracing        bool
	Request        *requestDocument
	Response       *responseDocument
	Variables      ordered
	API            *apiDocument `json:"api"`
	Operation      *struct{ ID, Name, Method, URLTemplate string }
	Product        *productDocument
	Subscription   *subscriptionDocument
	User           *userDocument
	Workspace      *Workspace
	Deployment     *deploymentDocument
	Backend        *struct{ ID, Type, AzureRegion string }
	GraphQL        *struct{ Arguments, Parent json.RawMessage }
	LastError      *struct {
		Source, Reason, Message, Scope, Section, Path, PolicyID string
		HTTPErrorCode                                           int
	}
}

// ordered is a JSON object whose order counts.
type ordered []member

type member struct {
	name  string
	value json.RawMessage
}

// UnmarshalJSON keeps the order of the members.
func (o *ordered) UnmarshalJSON(data []byte) error {
	*o = nil
	if string(data) == "null" {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.New("an object is expected")
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
		*o = append(*o, member{name.(string), value})
	}
	return nil
}

// ParseContextDocument makes an exchange of a context document; null and nothing are the empty one. The instant that the clock shall show is the
// document's, else now. Unknown members are an error when strict is set.
func ParseContextDocument(data []byte, now time.Time, strict bool) (*Exchange, time.Time, error) {
	var d contextDocument
	if text := bytes.TrimSpace(data); len(text) > 0 && string(text) != "null" {
		dec := json.NewDecoder(bytes.NewReader(text))
		if strict {
			dec.DisallowUnknownFields()
		}
		if err := dec.Decode(&d); err != nil {
			return nil, now, fmt.Errorf("context document: %w", err)
		}
		if dec.More() {
			return nil, now, errors.New("context document: something follows the object")
		}
	}
	if d.Now != nil {
		now = d.Now.UTC()
	}
	x, err := d.exchange(now)
	if err != nil {
		return nil, now, fmt.Errorf("context document: %w", err)
	}
	return x, now, nil
}

func (d *contextDocument) exchange(now time.Time) (*Exchange, error) {
	x := &Exchange{Context: context.Background(), Received: now, Tracing: d.Tracing, Workspace: d.Workspace, elapsed: new(time.Duration)}
	if d.Timestamp != nil {
		x.Received = d.Timestamp.UTC()
	}
	var err error
	if d.Elapsed != "" {
		if *x.elapsed, err = parseSpan(d.Elapsed); err != nil {
			return nil, err
		}
	}
	if d.RequestID != "" {
		id, err := hex.DecodeString(strings.ReplaceAll(d.RequestID, "-", ""))
		if err != nil || len(id) != len(x.ID) {
			return nil, fmt.Errorf("requestId %q is not a GUID", d.RequestID)
		}
		copy(x.ID[:], id)
	}
	request := d.Request
	if request == nil {
		request = &requestDocument{}
	}
	if err := request.fill(&x.Request); err != nil {
		return nil, err
	}
	if x.Response, err = d.Response.response(); err != nil {
		return nil, err
	}
	if g := d.GraphQL; g != nil {
		x.GraphQL = &GraphQL{Arguments: &DataObject{JSON: []byte(or(string(g.Arguments), "{}"))}, Parent: &DataObject{JSON: []byte(or(string(g.Parent), "{}"))}}
	}
	d.facts(x)
	return x, d.variables(x)
}

func or(s, absent string) string {
	if s == "" {
		return absent
	}
	return s
}
