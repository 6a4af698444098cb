package apim

import (
	"regexp"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Diagnostic says what of requests goes to a logger: of every API of its service or workspace, or of one API. Blocks that aren't given stay away:
// clients compare them.
type Diagnostic struct {
	LoggerID                string    `json:"loggerId" rule:"required"`
	AlwaysLog               string    `json:"alwaysLog,omitempty" rule:"enum=allErrors"`
	Sampling                *Sampling `json:"sampling,omitempty"`
	Frontend                *Pipeline `json:"frontend,omitempty"`
	Backend                 *Pipeline `json:"backend,omitempty"`
	LogClientIP             *bool     `json:"logClientIp,omitempty"`
	HTTPCorrelationProtocol string    `json:"httpCorrelationProtocol,omitempty" rule:"enum=None|Legacy|W3C"`
	Verbosity               string    `json:"verbosity,omitempty" rule:"enum=verbose|information|error"`
	OperationNameFormat     string    `json:"operationNameFormat,omitempty" rule:"enum=Name|Url"`
	Metrics                 *bool     `json:"metrics,omitempty"`
}

// Sampling is the share of requests that is logged.
type Sampling struct {
	SamplingType string   `json:"samplingType,omitempty" rule:"enum=fixed"`
	Percentage   *float64 `json:"percentage,omitempty"`
}

// Pipeline is one side of a gateway: towards consumers or towards backends.
type Pipeline struct {
	Request  *MessageDiagnostic `json:"request,omitempty"`
	Response *MessageDiagnostic `json:"response,omitempty"`
}

// MessageDiagnostic says what of a message is logged.
type MessageDiagnostic struct {
	Headers     []string        `json:"headers,omitempty" rule:"max=200"`
	Body        *BodyDiagnostic `json:"body,omitempty"`
	DataMasking *DataMasking    `json:"dataMasking,omitempty"`
}

// BodyDiagnostic bounds the bytes of a body that are logged.
type BodyDiagnostic struct {
	Bytes *int `json:"bytes,omitempty" rule:"min=0,max=8192"`
}

// DataMasking hides headers and query parameters from logs.
type DataMasking struct {
	QueryParams []Masked `json:"queryParams,omitempty" rule:"max=200"`
	Headers     []Masked `json:"headers,omitempty" rule:"max=200"`
}

// Masked is one header or parameter; "*" for all.
type Masked struct {
	Value string `json:"value,omitempty"`
	Mode  string `json:"mode,omitempty" rule:"enum=Mask|Hide"`
}

func diagnostic() *kind.Kind {
	return kind.Entity[Diagnostic]{
		Type: "diagnostics", Noun: "Diagnostic", Under: []string{kind.Service, kind.Workspace, "apis"}, Filters: "name",
		Names: kind.Names{Min: 1, Max: 80, Pattern: regexp.MustCompile(`(?i)^(applicationinsights|azuremonitor|local)$`), Words: "Use applicationinsights, azuremonitor or local."},
		View:  kind.View{One: "Diagnostic", Many: "Diagnostics", Summary: "What of requests goes to a logger.", Columns: []string{"loggerId", "verbosity"}},
		Default: func(w *kind.Typed[Diagnostic]) error {
			if w.New.LoggerID != "" {
				w.New.LoggerID = childID(homeOf(w.ID), "loggers", w.New.LoggerID)
			}
			return nil
		},
		Validate: func(w *kind.Typed[Diagnostic]) error {
			if s := w.New.Sampling; s != nil && s.Percentage != nil && (*s.Percentage < 0 || *s.Percentage > 100) {
				return arm.InvalidField("sampling.percentage", "sampling.percentage must be 0 to 100.")
			}
			return inHome(w.Write, "loggerId", w.New.LoggerID, "loggers")
		},
		Refs: func(w *kind.Typed[Diagnostic]) []kind.Ref {
			return []kind.Ref{{To: idOf(w.New.LoggerID), Field: "loggerId"}}
		},
	}.Kind()
}

// childID is the full id of an entity of a home that a body names in any of the forms clients write: a full id, "/loggers/x", "loggers/x" or "x".
func childID(home arm.ID, typ, text string) string {
	if strings.HasPrefix(strings.ToLower(text), "/subscriptions/") {
		return text
	}
	name := strings.TrimPrefix(text, "/")
	if len(name) > len(typ) && strings.EqualFold(name[:len(typ)+1], typ+"/") {
		name = name[len(typ)+1:]
	}
	if name == "" || strings.Contains(name, "/") {
		return text
	}
	return home.Child(typ, name).String()
}

// inHome refuses an id that isn't of one of the entities of that type in the resource's own home. It never tells what another home holds.
func inHome(w *kind.Write, field, text, typ string) error {
	id, err := arm.ParseID(text)
	if err != nil || !strings.EqualFold(lastWord(id.Type()), typ) {
		return arm.InvalidField(field, "%s must be the full resource id of one of the %s.", field, typ)
	}
	if !id.Parent().Equal(homeOf(w.ID)) {
		return arm.InvalidField(field, "%s points at '%s', which does not exist here: it must be one of the %s of '%s'.", field, text, typ, homeOf(w.ID))
	}
	return nil
}
