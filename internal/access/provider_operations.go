package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/authz"
)

// ProviderOperations are the operations of one resource provider that roles can name, in the shape of Microsoft.Authorization/providerOperations.
type ProviderOperations struct {
	ID            string               `json:"id"`
	Type          string               `json:"type"`
	Name          string               `json:"name"` // namespace
	DisplayName   string               `json:"displayName"`
	ResourceTypes []ResourceOperations `json:"resourceTypes"`
	Operations    []ProviderOperation  `json:"operations"` // of the provider itself
}

// ResourceOperations are the operations of one resource type.
type ResourceOperations struct {
	Name        string              `json:"name"` // without the namespace: service/apis
	DisplayName string              `json:"displayName"`
	Operations  []ProviderOperation `json:"operations"`
}

// ProviderOperation is one operation as the lists for people who write roles show it.
type ProviderOperation struct {
	Name         string `json:"name"`
	DisplayName  string `json:"displayName"`
	Description  string `json:"description"`
	Origin       string `json:"origin"`
	IsDataAction bool   `json:"isDataAction"`
}

// Operation is one operation in the shape of GET /providers/{namespace}/operations.
type Operation struct {
	Name         string  `json:"name"`
	IsDataAction bool    `json:"isDataAction"`
	Origin       string  `json:"origin"`
	Display      Display `json:"display"`
}

// Display is an operation in words.
type Display struct {
	Provider    string `json:"provider"`
	Resource    string `json:"resource"`
	Operation   string `json:"operation"`
	Description string `json:"description"`
}

// providerNames are the namespaces in words.
var providerNames = map[string]string{
	"microsoft.apimanagement": "API Management", "microsoft.authorization": "Authorization", "microsoft.insights": "Monitor", "microsoft.resources": "Resource Manager",
}

// Providers are what roles can name: the catalogue of operations, and those that only the declarations know, sorted by provider and name.
func Providers(enforced []string) []ProviderOperations {
	byProvider := map[string][]authz.Operation{}
	for _, o := range withOthers(enforced) {
		key := strings.ToLower(o.Provider())
		byProvider[key] = append(byProvider[key], o)
	}
	var out []ProviderOperations
	for key, operations := range byProvider {
		out = append(out, providerOf(providerNames[key], operations))
	}
	slices.SortFunc(out, func(a, b ProviderOperations) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// withOthers are the operations of the catalogue that are current, and enforced ones that it lacks.
func withOthers(enforced []string) []authz.Operation {
	var out []authz.Operation
	for _, o := range authz.Operations() {
		if !o.Former {
			out = append(out, o)
		}
	}
	for _, a := range enforced {
		if _, known := authz.FindOperation(a); !known {
			out = append(out, authz.Operation{Name: a})
		}
	}
	return out
}

func providerOf(title string, operations []authz.Operation) ProviderOperations {
	slices.SortFunc(operations, func(a, b authz.Operation) int { return strings.Compare(a.Name, b.Name) })
	name := operations[0].Provider()
	p := ProviderOperations{
		ID: "/providers/Microsoft.Authorization/providerOperations/" + name, Type: "Microsoft.Authorization/providerOperations",
		Name: name, DisplayName: title, ResourceTypes: []ResourceOperations{}, Operations: []ProviderOperation{},
	}
	at := map[string]int{}
	for _, o := range operations {
		resource, said := inWords(o)
		if resource == "" {
			p.Operations = append(p.Operations, said)
			continue
		}
		i, ok := at[strings.ToLower(resource)]
		if !ok {
			i = len(p.ResourceTypes)
			at[strings.ToLower(resource)] = i
			p.ResourceTypes = append(p.ResourceTypes, ResourceOperations{Name: resource, DisplayName: resource})
		}
		p.ResourceTypes[i].Operations = append(p.ResourceTypes[i].Operations, said)
	}
	return p
}

// inWords is the resource type of an operation, "" for one of the provider itself, and the operation in words.
func inWords(o authz.Operation) (string, ProviderOperation) {
	parts := strings.Split(o.Name, "/")
	words := parts[1 : len(parts)-1] // without namespace and verb
	verb := strings.ToLower(o.Verb())
	said := ""
	if verb == "action" && len(words) > 0 {
		said, words = words[len(words)-1], words[:len(words)-1]
	}
	resource := strings.Join(words, "/")
	last := "the provider"
	if len(words) > 0 {
		last = words[len(words)-1]
	}
	sentence := map[string]string{
		"read": fmt.Sprintf("List or get %s", last), "write": fmt.Sprintf("Create or update %s", last), "delete": fmt.Sprintf("Delete %s", last),
		"action": fmt.Sprintf("Perform %s on %s", said, last),
	}[verb]
	return resource, ProviderOperation{Name: o.Name, DisplayName: sentence, Description: sentence + ".", Origin: "user,system", IsDataAction: o.IsDataAction}
}

// Enforced are the operations of a namespace that are enforced, in the shape of GET …/operations.
func Enforced(namespace string, actions []string) []Operation {
	out := []Operation{}
	for _, a := range actions {
		o := authz.Operation{Name: a}
		if known, ok := authz.FindOperation(a); ok {
			o = known
		}
		if !strings.EqualFold(o.Provider(), namespace) {
			continue
		}
		resource, said := inWords(o)
		out = append(out, Operation{o.Name, o.IsDataAction, said.Origin, Display{providerNames[strings.ToLower(namespace)], resource, said.DisplayName, said.Description}})
	}
	return out
}
