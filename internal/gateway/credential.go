package gateway

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// valuesOfBackends puts the home's named values in place of references in the credentials of its backends. From here on the home remembers which they
// are: a change of one makes the home anew. A reference that names nothing stays as it is.
func (h *home) valuesOfBackends() func(string) string {
	if !refersToValues(h.shard.Backends) {
		return func(s string) string { return s }
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	values := map[string]snapshot.NamedValue{}
	for v := range h.values.All() {
		values[strings.ToLower(v.DisplayName)] = v
	}
	for _, text := range credentialTexts(h.shard.Backends) {
		for _, reference := range valueName.FindAllStringSubmatch(text, -1) {
			h.asked[reference[1]] = true
			if v, ok := values[strings.ToLower(reference[1])]; ok {
				h.asked[v.DisplayName] = true
			}
		}
	}
	return func(s string) string {
		return valueName.ReplaceAllStringFunc(s, func(reference string) string {
			if v, ok := values[strings.ToLower(strings.Trim(reference, "{}"))]; ok {
				return v.Value
			}
			return reference
		})
	}
}

func refersToValues(list []*snapshot.Backend) bool {
	for _, text := range credentialTexts(list) {
		if strings.Contains(text, "{{") {
			return true
		}
	}
	return false
}

// credentialTexts are the parts of credentials that may refer to named values.
func credentialTexts(list []*snapshot.Backend) (texts []string) {
	for _, b := range list {
		for _, group := range []map[string][]string{b.Header, b.Query} {
			for _, values := range group {
				texts = append(texts, values...)
			}
		}
		texts = append(texts, b.Authorization)
		if b.Proxy != nil {
			texts = append(texts, b.Proxy.User, b.Proxy.Password)
		}
	}
	return texts
}
