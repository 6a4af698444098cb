package apim

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Logger is where gateways send what they saw. Its credentials may refer to named values; those that don't are secret, except what only tells where
// the receiver is.
type Logger struct {
	LoggerType  string             `json:"loggerType" rule:"required,enum=applicationInsights|azureEventHub|azureMonitor"`
	Description string             `json:"description,omitempty" rule:"max=256"`
	Credentials map[string]*string `json:"credentials,omitempty" rule:"max=16"`
	IsBuffered  *bool              `json:"isBuffered,omitempty"`
	ResourceID  string             `json:"resourceId,omitempty" rule:"max=2000"`
}

// openCredentials are the members of credentials that tell an address and no secret.
var openCredentials = []string{"name", "endpointAddress", "identityClientId"}

func logger() *kind.Kind {
	return kind.Entity[Logger]{
		Type: "loggers", Noun: "Logger", Under: serviceAndWorkspaces, Names: named(256), Publish: true, Filters: "name description loggerType resourceId",
		View:    kind.View{One: "Logger", Many: "Loggers", Summary: "Where gateways send what they saw.", Columns: []string{"loggerType", "description"}},
		Secrets: (*Logger).secrets,
		Default: func(w *kind.Typed[Logger]) error {
			if w.New.IsBuffered == nil {
				w.New.IsBuffered = ptr(true)
			}
			w.New.keepSecrets(w.ID, w.Old)
			return nil
		},
		Validate: func(w *kind.Typed[Logger]) error {
			if err := keepsType(w); err != nil {
				return err
			}
			return validateLogger(w.Lookup, w.ID, w.New)
		},
		Refs: func(w *kind.Typed[Logger]) []kind.Ref {
			var refs []kind.Ref
			for key, value := range w.New.Credentials {
				if name, ok := referenceIn(value); ok {
					if id, known := namedValueID(w.Lookup, homeOf(w.ID), name); known {
						refs = append(refs, kind.Ref{To: id, Field: "credentials." + key})
					}
				}
			}
			return refs
		},
		Claims: func(w *kind.Typed[Logger]) []kind.Claim {
			return []kind.Claim{uniqueName(w.ID, "loggers", "Logger")}
		},
		Render: func(r *kind.Rendering, v *Logger) {
			for key, value := range v.Credentials {
				if value != nil && *value == "" {
					v.Credentials[key] = ptr(placeholder(r.ID, key)) // what was blanked
				}
			}
		},
	}.Kind()
}

// keepsType refuses another type for a logger that policies send to: they would no longer compile.
func keepsType(w *kind.Typed[Logger]) error {
	if w.Old == nil || strings.EqualFold(w.Old.LoggerType, w.New.LoggerType) {
		return nil
	}
	for _, user := range w.Lookup.Referrers(w.ID) {
		_, document := kind.Of[Policy](w.Lookup, user)
		_, fragment := kind.Of[PolicyFragment](w.Lookup, user)
		if document || fragment {
			return arm.InvalidField("loggerType", "loggerType can't be changed from %s while %s sends to the logger.", w.Old.LoggerType, user)
		}
	}
	return nil
}

func (l *Logger) secrets() []*string {
	var out []*string
	for key, value := range l.Credentials {
		if value != nil && !slices.Contains(openCredentials, key) && !namesOnly.MatchString(*value) {
			out = append(out, value)
		}
	}
	return out
}

// placeholder stands for a secret in answers. A PUT that sends it back keeps the secret.
func placeholder(logger arm.ID, key string) string {
	sum := sha256.Sum256([]byte(logger.Key() + "|" + key))
	return "{{Logger-Credentials--" + hex.EncodeToString(sum[:12]) + "}}"
}

// keepSecrets fills credentials that came back as answers show them with what is stored.
func (l *Logger) keepSecrets(id arm.ID, old *Logger) {
	for key, value := range l.Credentials {
		if value == nil {
			delete(l.Credentials, key)
			continue
		}
		if old == nil || old.Credentials[key] == nil || (*value != "" && *value != placeholder(id, key)) {
			continue
		}
		l.Credentials[key] = ptr(*old.Credentials[key])
	}
}

// referenceIn is the named value that a credential consists of.
func referenceIn(value *string) (name string, ok bool) {
	if value == nil || !namesOnly.MatchString(*value) || strings.Count(*value, "{{") != 1 {
		return "", false
	}
	return strings.Trim(*value, "{}"), true
}

// credentialsOf says which credentials a logger needs: one of each group.
var credentialsOf = map[string][][]string{
	"applicationinsights": {{"instrumentationKey", "connectionString"}},
	"azureeventhub":       {{"name"}, {"connectionString", "endpointAddress"}},
	"azuremonitor":        {},
}

func validateLogger(l kind.Lookup, id arm.ID, v *Logger) error {
	for _, group := range credentialsOf[strings.ToLower(v.LoggerType)] {
		if !slices.ContainsFunc(group, func(key string) bool { return v.Credentials[key] != nil && *v.Credentials[key] != "" }) {
			return arm.InvalidField("credentials", "credentials: a logger of type %s needs %s.", v.LoggerType, strings.Join(group, " or "))
		}
	}
	for key, value := range v.Credentials {
		if len(*value) > 4096 {
			return arm.InvalidField("credentials."+key, "credentials.%s must have at most 4096 characters.", key)
		}
		if name, ok := referenceIn(value); ok {
			if _, known := namedValueID(l, homeOf(id), name); !known {
				return arm.InvalidField("credentials."+key, "credentials.%s refers to the named value '%s', which does not exist.", key, name)
			}
		}
	}
	return nil
}

// gatherLogger reads the named values that a logger uses, by display name.
func gatherLogger(l kind.Lookup, home arm.ID, h *policy.Home, v *Logger) {
	for _, value := range v.Credentials {
		name, ok := referenceIn(value)
		if !ok {
			continue
		}
		if id, known := namedValueID(l, home, name); known {
			if nv, ok := kind.Of[NamedValue](l, id); ok {
				h.NamedValues[nv.DisplayName] = nv.Value
			}
		}
	}
}

// missing refuses a home that lacks a named value which the logger uses.
func (l *Logger) missing(h *policy.Home) error {
	for key, value := range l.Credentials {
		name, ok := referenceIn(value)
		if !ok {
			continue
		}
		found := false
		for known := range h.NamedValues {
			found = found || strings.EqualFold(known, name)
		}
		if !found {
			return arm.InvalidField("credentials."+key, "credentials.%s refers to the named value '%s', which does not exist.", key, name)
		}
	}
	return nil
}
