package wsdl

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// maxPolicy bounds the policy of one operation.
const maxPolicy = 200 << 10

// ToREST makes of every call an operation in JSON, and the policy that translates it, in the same order.
//
// A call is POST /Name with the content of its envelope as JSON: an object with one member, which is named by the element and holds what the element
// holds, names beginning in lower case. It is GET /Name when it takes nothing; or when its name begins with a word that only asks, and all it takes are
// single values that must be there, which then are query parameters. Answers are JSON in the same way.
func ToREST(s *Service) (*oas.API, []string, error) {
	t := &translation{service: s, api: s.api(), left: maxAllFields, ids: ids{}, paths: map[string]bool{}, schemas: map[string]bool{}}
	t.api.Version, t.api.XML = oas.OpenAPI30, nil
	path := "/"
	if u, err := url.Parse(s.Address); err == nil && s.Address != "" {
		path = u.EscapedPath()
		if u.RawQuery != "" {
			path += "?" + u.RawQuery
		}
		t.api.Servers = []string{u.Scheme + "://" + u.Host} // the path is each policy's to set, because operations have paths of their own
	}
	if strings.ContainsAny(path, `{}<>"'`) {
		return nil, nil, fmt.Errorf("the address %q holds braces or quotes, which mean something in policies", xmltree.Shorten(s.Address, 200))
	}
	for i := range s.Operations {
		if err := t.operation(&s.Operations[i], cmp.Or(path, "/")); err != nil {
			return nil, nil, fmt.Errorf("operation '%s' can't be called in JSON: %w", s.Operations[i].Name, err)
		}
	}
	return t.api, t.policies, nil
}

// translation is an API in the making.
type translation struct {
	service  *Service
	api      *oas.API
	policies []string
	left     int // fields that may still be made
	ids      ids
	paths    map[string]bool
	schemas  map[string]bool
}

func (t *translation) operation(o *Operation, endpoint string) error {
	if strings.ContainsAny(o.Action, "{}<>\"'\r\n\t ") || strings.HasPrefix(o.Action, "@") {
		return fmt.Errorf("the action %q holds what means something in policies", xmltree.Shorten(o.Action, 120))
	}
	in, err := t.service.shape(o, &o.Input, &t.left)
	if err != nil {
		return err
	}
	var out *field
	if o.Output != nil {
		if out, err = t.service.shape(o, o.Output, &t.left); err != nil {
			return err
		}
	}
	op := oas.Operation{ID: t.ids.unique(o.Name), DisplayName: xmlDisplay(o.Name), Description: o.Documentation, Method: "POST", URLTemplate: t.path(o.Name)}
	asks := byQuery(o.Name, in)
	if asks {
		op.Method = "GET"
		mark := "?"
		for _, f := range named(in) {
			op.URLTemplate += mark + f.json + "={" + f.json + "}"
			op.TemplateParameters = append(op.TemplateParameters, oas.Parameter{Name: f.json, Description: f.doc, Type: f.kind, Required: true, Values: f.values})
			mark = "&"
		}
	} else {
		op.Request.Representations = []oas.Representation{t.representation(in)}
	}
	answer := oas.Response{StatusCode: 200}
	if o.Output == nil {
		answer.StatusCode = 202
	} else {
		answer.Description = o.Output.Name
		answer.Representations = []oas.Representation{t.representation(out)}
	}
	op.Responses = []oas.Response{answer}
	if len(o.Faults) > 0 {
		op.Responses = append(op.Responses, oas.Response{StatusCode: 500, Description: o.Faults[0].Name, Representations: []oas.Representation{{ContentType: "application/json"}}})
	}
	text := (&template{service: t.service, operation: o, endpoint: endpoint, byQuery: asks}).policy(in, out)
	if len(text) > maxPolicy {
		return errTooLarge
	}
	t.api.Operations = append(t.api.Operations, op)
	t.policies = append(t.policies, text)
	return nil
}

// path is the path of a call, its own among calls of one name.
func (t *translation) path(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, name)
	clean = cmp.Or(strings.Trim(clean, "."), "operation")
	free := clean
	for n := 2; t.paths[strings.ToLower(free)]; n++ {
		free = clean + strconv.Itoa(n)
	}
	t.paths[strings.ToLower(free)] = true
	return "/" + free
}

// askingWords begin the names of calls that change nothing.
var askingWords = []string{"get", "find", "list", "search", "query", "read", "lookup", "count", "is", "has"}

// maxQuery is how many values a call by query takes.
const maxQuery = 10

// byQuery says whether a call is a GET.
func byQuery(name string, in *field) bool {
	if in == nil || in.kind == "" && in.cut == "" && len(in.fields) == 0 {
		return true
	}
	asks := false
	for _, w := range askingWords {
		rest, ok := cutFold(name, w)
		asks = asks || ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z')
	}
	if !asks || in.kind != "" || in.cut != "" || len(in.fields) > maxQuery {
		return false
	}
	seen := map[string]bool{}
	for _, f := range named(in) {
		folded := strings.ToLower(f.json)
		if seen[folded] {
			return false
		}
		seen[folded] = true
		if f.kind == "" || f.optional || f.many || f.nillable || f.attribute || !isPlain(f.json) {
			return false
		}
	}
	return true
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// isPlain says whether a name can stand in a template of any sort without marks around it.
func isPlain(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// member is a field with its name in JSON.
type member struct {
	*field
	json string
}

// textMember is the name in JSON of the text of an element that has attributes.
const textMember = "value"

// named gives the fields inside a field their names in JSON: beginning in lower case, unless another has that name.
func named(f *field) []member {
	if f == nil {
		return nil
	}
	taken := map[string]bool{}
	if f.text {
		taken[textMember] = true
	}
	var out []member
	for _, c := range f.fields {
		name := jsonName(c.Local)
		for n := 1; taken[name]; n++ {
			if name = c.Local; n > 1 {
				name = jsonName(c.Local) + strconv.Itoa(n)
			}
		}
		taken[name] = true
		out = append(out, member{c, name})
	}
	return out
}

func jsonName(s string) string {
	if s != "" && s[0] >= 'A' && s[0] <= 'Z' {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

// list says whether the field holds nothing but one list, as arrays do in messages; JSON then has the list in its place.
func (f *field) list() *field {
	if f.top || f.many || f.text || f.cut != "" || len(f.fields) != 1 || !f.fields[0].many || f.fields[0].attribute {
		return nil
	}
	return f.fields[0]
}

// representation is a message as JSON.
func (t *translation) representation(f *field) oas.Representation {
	r := oas.Representation{ContentType: "application/json"}
	if f == nil {
		return r
	}
	name := f.Local
	for n := 2; t.schemas[name]; n++ {
		name = f.Local + strconv.Itoa(n)
	}
	t.schemas[name] = true
	around := &field{fields: []*field{f}}
	t.api.Schemas = append(t.api.Schemas, oas.Schema{Name: name, JSON: around.schema(nil)})
	r.TypeName = name
	r.Examples = []oas.Example{{Name: "default", Value: around.example(nil), Generated: true}}
	return r
}
