package odata

import (
	"fmt"
	"strings"
)

// Operation is one way to use a service.
type Operation struct {
	ID               string // unique: lower-case letters, digits and single hyphens, 80 characters at most
	Method, Template string
	Title            string
	Parameters       []string // of the template
}

// Operations are the ways to use a service, by a rule: the service document, $metadata and $batch; for each entity set the set (GET, POST), its count,
// one entity by its key (GET, PATCH, PUT, DELETE) and whatever lies below it; the same without key for singletons; GET for each overload of a function
// that is imported, POST for each action.
func (m *Model) Operations() []Operation {
	out := []Operation{
		{ID: "service-document", Method: "GET", Template: "/", Title: "Service document"},
		{ID: "metadata", Method: "GET", Template: "/$metadata", Title: "Metadata"},
		{ID: "batch", Method: "POST", Template: "/$batch", Title: "Batch"},
	}
	ids := map[string]int{"service-document": 1, "metadata": 1, "batch": 1}
	seen := map[string]bool{} // overloads may have parameters of the same names
	add := func(method, template, title string, parameters ...string) {
		if seen[method+template] {
			return
		}
		seen[method+template] = true
		out = append(out, Operation{uniqueID(ids, title), method, template, title, parameters})
	}
	for _, s := range m.Sets {
		add("GET", "/"+s.Name, "List "+s.Name)
		add("POST", "/"+s.Name, "Add to "+s.Name)
		add("GET", "/"+s.Name+"/$count", "Count "+s.Name)
		m.single(add, "/"+s.Name+"({key})", "one of "+s.Name, s.Type, "key")
	}
	for _, s := range m.Singletons {
		m.single(add, "/"+s.Name, s.Name, s.Type)
	}
	for _, f := range m.Functions {
		for _, o := range f.Overloads {
			parts := make([]string, len(o.Parameters))
			for i, p := range o.Parameters {
				parts[i] = p + "={" + p + "}"
			}
			add("GET", "/"+f.Name+"("+strings.Join(parts, ",")+")", "Call "+f.Name, o.Parameters...)
		}
	}
	for _, a := range m.Actions {
		add("POST", "/"+a.Name, "Run "+a.Name)
	}
	return out
}

// uniqueID makes a name of a title, with a number where another has it.
func uniqueID(taken map[string]int, title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := b.String()
	id = strings.Trim(id[:min(len(id), 70)], "-")
	for {
		if taken[id]++; taken[id] == 1 {
			return id
		}
		if next := fmt.Sprintf("%s-%d", id, taken[id]); taken[next] == 0 {
			taken[next]++
			return next
		}
	}
}

// single adds the uses of one entity.
func (m *Model) single(add func(method, template, title string, parameters ...string), at, what string, t *Type, parameters ...string) {
	add("GET", at, "Get "+what, parameters...)
	add("PATCH", at, "Update "+what, parameters...)
	add("PUT", at, "Replace "+what, parameters...)
	if len(parameters) > 0 {
		add("DELETE", at, "Delete "+what, parameters...)
	}
	if !m.navigates(t) {
		return
	}
	for _, verb := range [...][2]string{{"GET", "Get from "}, {"POST", "Add to "}, {"PATCH", "Update in "}, {"PUT", "Replace in "}, {"DELETE", "Delete from "}} {
		add(verb[0], at+"/*", verb[1]+what, parameters...)
	}
}
