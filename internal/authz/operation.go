package authz

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed operations.tsv
var operationsFile string

// Operation is something a role can permit.
type Operation struct {
	Name         string // in catalogue casing: Microsoft.ApiManagement/service/apis/write
	IsDataAction bool   // permitted by dataActions, never by actions
	Former       bool   // no longer in Azure's list; roles that name it are still accepted
	Derived      bool   // not in Azure's list: the name follows from path and verb
}

// Verb is the last word of the name: read, write, delete or action.
func (o Operation) Verb() string { return o.Name[strings.LastIndexByte(o.Name, '/')+1:] }

// Provider is the namespace: Microsoft.ApiManagement.
func (o Operation) Provider() string {
	namespace, _, _ := strings.Cut(o.Name, "/")
	return namespace
}

// catalogue is every known operation. The number of an operation is its place in all.
type catalogue struct {
	all   []Operation
	lower []string
	// number finds an operation by its name in catalogue casing and in lower case, so that the usual spellings cost one look-up.
	number map[string]int
}

var known = sync.OnceValue(func() *catalogue {
	c := &catalogue{number: map[string]int{}}
	for line := range strings.Lines(operationsFile) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		name, marks, _ := strings.Cut(line, "\t")
		o := Operation{Name: name}
		for mark := range strings.SplitSeq(marks, ",") {
			switch mark {
			case "data":
				o.IsDataAction = true
			case "former":
				o.Former = true
			case "derived":
				o.Derived = true
			}
		}
		c.number[name], c.number[lower(name)] = len(c.all), len(c.all)
		c.all, c.lower = append(c.all, o), append(c.lower, lower(name))
	}
	return c
})

// find is the number of an action, or -1.
func (c *catalogue) find(action string) int {
	if n, ok := c.number[action]; ok {
		return n
	}
	if n, ok := c.number[lower(action)]; ok {
		return n
	}
	return -1
}

// Operations are all operations that roles can name, in the order of the provider's documentation. The slice is shared: do not change it.
func Operations() []Operation { return known().all }

// FindOperation looks an action up in the catalogue, whatever its case.
func FindOperation(action string) (Operation, bool) {
	n := known().find(action)
	if n < 0 {
		return Operation{}, false
	}
	return known().all[n], true
}

// covers says whether the pattern names at least one operation of the given plane.
func (c *catalogue) covers(p Pattern, data bool) bool {
	for n, name := range c.lower {
		if c.all[n].IsDataAction == data && p.matches(name) {
			return true
		}
	}
	return false
}
