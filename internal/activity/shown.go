package activity

import (
	"encoding/json"
	"slices"

	"github.com/atelier-apim/atelier/internal/store"
)

// plainMembers are what may be shown of rows that no declaration describes, those of the directory: names and switches. Everything else there may be a secret.
var plainMembers = []string{"displayName", "userPrincipalName", "mailNickname", "accountEnabled", "appId", "description", "createdDateTime", "issuer", "enabled"}

// shown is the document of a change as people may see it: JSON with every secret blank, "" when there is nothing to show.
func (l *Log) shown(c store.Change) string {
	if len(c.Body) == 0 {
		return ""
	}
	var doc map[string]json.RawMessage
	if json.Unmarshal(c.Body, &doc) != nil {
		return ""
	}
	m, known := l.registry.Mount(c.Kind)
	if !known {
		for name := range doc {
			if !slices.Contains(plainMembers, name) {
				delete(doc, name)
			}
		}
		return text(doc)
	}
	v := m.New()
	if len(doc["properties"]) > 0 && json.Unmarshal(doc["properties"], v) != nil {
		return ""
	}
	for _, secret := range m.SecretFields(v) {
		*secret = ""
	}
	properties, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	doc["properties"] = properties
	return text(doc)
}

func text(doc map[string]json.RawMessage) string {
	b, err := json.Marshal(doc)
	if err != nil || len(doc) == 0 {
		return ""
	}
	return string(b)
}
