package activity

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// Localized is a word of Azure Monitor with what people read for it.
type Localized struct {
	Value          string `json:"value"`
	LocalizedValue string `json:"localizedValue"`
}

func local(s string) Localized { return Localized{s, s} }

// Event is one entry in the shape of Azure Monitor's EventData. Properties holds before and after as JSON texts, secrets blanked.
type Event struct {
	ID            string            `json:"id"`
	EventDataID   string            `json:"eventDataId"`
	Timestamp     time.Time         `json:"eventTimestamp"`
	Submitted     time.Time         `json:"submissionTimestamp"`
	Caller        string            `json:"caller"`
	Claims        map[string]string `json:"claims"`
	Authorization Authorization     `json:"authorization"`
	Category      Localized         `json:"category"`
	EventName     Localized         `json:"eventName"`
	Operation     Localized         `json:"operationName"`
	Status        Localized         `json:"status"`
	SubStatus     Localized         `json:"subStatus"`
	Level         string            `json:"level"`
	Channels      string            `json:"channels"`
	Correlation   string            `json:"correlationId"`
	OperationID   string            `json:"operationId"`
	Description   string            `json:"description"`
	HTTPRequest   HTTPRequest       `json:"httpRequest"`
	ResourceID    string            `json:"resourceId"`
	ResourceType  Localized         `json:"resourceType"`
	Provider      Localized         `json:"resourceProviderName"`
	Group         string            `json:"resourceGroupName"`
	Subscription  string            `json:"subscriptionId"`
	Tenant        string            `json:"tenantId"`
	Properties    map[string]string `json:"properties"`

	at  arm.ID
	seq uint64
}

// Authorization is what the caller asked for.
type Authorization struct {
	Action string `json:"action"`
	Scope  string `json:"scope"`
}

// HTTPRequest is where it came from.
type HTTPRequest struct {
	ClientIP        string `json:"clientIpAddress"`
	ClientRequestID string `json:"clientRequestId"`
}

// verbs are the words of role actions for those of the change log.
var verbs = map[string]string{store.VerbPut: "write", store.VerbDelete: "delete"}

// eventOf reads an entry of the change log; false for one that is not to be shown.
func (l *Log) eventOf(c store.Change) (*Event, bool) {
	id, err := arm.ParseID(c.ID)
	if err != nil {
		return nil, false
	}
	e := &Event{
		EventDataID: c.Hash, Timestamp: c.Time.UTC(), Submitted: c.Time.UTC(), Caller: c.Actor.Name,
		Claims:   map[string]string{"http://schemas.microsoft.com/identity/claims/objectidentifier": c.Actor.ObjectID, "ipaddr": c.Actor.IP},
		Category: local(Administrative), EventName: Localized{"EndRequest", "End request"}, Status: local(Succeeded), SubStatus: local(""),
		Level: "Informational", Channels: "Operation", Correlation: c.Actor.Request, OperationID: c.Actor.Request,
		HTTPRequest: HTTPRequest{ClientIP: c.Actor.IP, ClientRequestID: c.Actor.Request}, Tenant: l.tenant,
		Properties: map[string]string{"sequence": strconv.FormatUint(c.Seq, 10), "hash": c.Hash}, at: id, seq: c.Seq,
	}
	if strings.EqualFold(c.Kind, eventType) {
		if !e.happened(c.Body) {
			return nil, false
		}
	} else {
		e.Operation = local(c.Kind + "/" + verbs[c.Verb])
	}
	e.place()
	return e, true
}

// happened reads an entry that a Recorder wrote.
func (e *Event) happened(body []byte) bool {
	var h Happening
	if json.Unmarshal(body, &h) != nil {
		return false
	}
	at, err := arm.ParseID(h.Resource)
	if err != nil {
		return false
	}
	e.at = at
	e.Category, e.Operation, e.Status = local(h.Category), local(h.Operation), local(h.Outcome)
	e.SubStatus, e.Description = local(h.Code), h.Message
	if h.Outcome == Failed {
		e.Level = "Warning"
	}
	for k, v := range h.More {
		e.Properties[k] = v
	}
	if h.Unrecorded > 0 {
		e.Properties["unrecordedBefore"] = strconv.Itoa(h.Unrecorded)
	}
	return true
}

// place fills what follows from the resource.
func (e *Event) place() {
	e.ResourceID = e.at.String()
	e.ID = fmt.Sprintf("%s/events/%s/ticks/%d", strings.TrimSuffix(e.ResourceID, "/"), e.EventDataID, e.Timestamp.UnixNano()/100)
	e.ResourceType = local(e.at.Type())
	ns, _, _ := strings.Cut(e.at.Type(), "/")
	e.Provider = local(ns)
	if rg, ok := e.at.Ancestor(arm.TypeResourceGroup); ok {
		e.Group = rg.Name()
	}
	if sub, ok := e.at.Ancestor(arm.TypeSubscription); ok {
		e.Subscription = sub.Name()
	}
	e.Authorization = Authorization{Action: e.Operation.Value, Scope: e.ResourceID}
}

// field gives a filter what it asks for. A resource stands for everything beneath it.
func (e *Event) field(name string) arm.Field {
	switch strings.ToLower(name) {
	case "eventtimestamp":
		return e.Timestamp
	case "resourceuri", "resourceid":
		var up []string
		for at := e.at; ; at = at.Parent() {
			if up = append(up, at.String()); at.IsRoot() {
				return up
			}
		}
	case "resourcegroupname":
		return e.Group
	case "resourceprovider":
		return e.Provider.Value
	case "resourcetype":
		return e.ResourceType.Value
	case "correlationid":
		return e.Correlation
	case "caller":
		return e.Caller
	case "status":
		return e.Status.Value
	case "operationname":
		return e.Operation.Value
	case "eventchannels":
		return []string{"Admin", "Operation"}
	case "levels", "level":
		return e.Level
	case "category":
		return e.Category.Value
	}
	return nil
}

// filterFields are what $filter may name: Azure's, and those that people who look for something need.
var filterFields = []string{
	"eventTimestamp", "resourceUri", "resourceId", "resourceGroupName", "resourceProvider", "resourceType", "correlationId", "caller", "status", "operationName",
	"eventChannels", "levels", "level", "category",
}
