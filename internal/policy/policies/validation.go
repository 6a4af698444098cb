package policies

import (
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/jsonschema"
	"github.com/atelier-apim/atelier/internal/policy"
)

// What the policies that validate share: their actions, the objects of their errors, and how they end (policies.md 7.5, 8).

// actions are what is done about an error.
var actions = policy.OneOf("ignore", "prevent", "detect")

// internalError is what callers are told of errors that aren't theirs.
const internalError = "The request could not be processed due to an internal error. Contact the API owner."

// finding is one error of a validation.
type finding struct {
	name, kind, rule, details string
	public                    string // for the caller; "" for the text of internal errors
	action                    string
}

// findings are the errors of one policy.
type findings struct {
	policy   string // its name
	variable string // where they are kept, "" for nowhere
	all      []finding
}

// maxFindings is how many errors are kept.
const maxFindings = 50

func (f *findings) add(v finding) {
	if v.action != "ignore" && len(f.all) < maxFindings {
		f.all = append(f.all, v)
	}
}

// settle keeps the errors in the variable, traces them, and fails the request when one of them is to be prevented.
func (f *findings) settle(x *policy.Exchange) error {
	if len(f.all) == 0 {
		return nil
	}
	if f.variable != "" {
		list := lib.NewJArray()
		for i := range f.all {
			list.Push(f.all[i].token())
		}
		x.SetVariable(f.variable, list)
	}
	for i := range f.all {
		x.Host.Trace(x, policy.TraceRecord{Source: f.policy, Severity: "error", Message: f.all[i].details})
	}
	for i := range f.all {
		if f.all[i].action == "prevent" {
			return f.all[i].refusal(x)
		}
	}
	return nil
}

func (v *finding) token() *lib.JToken {
	o := lib.NewJObject()
	for _, p := range [...][2]string{{"Name", v.name}, {"Type", v.kind}, {"ValidationRule", v.rule}, {"Details", v.details}, {"Action", v.action}} {
		o.Add(p[0], lib.NewJValue(p[1]))
	}
	return o
}

// refusal is the error that ends the request: the caller's fault before a backend was asked, the API's afterwards.
func (v *finding) refusal(x *policy.Exchange) *policy.Error {
	e := &policy.Error{Reason: "Bad request", Message: v.details, Status: 400, Public: v.public}
	if x.Section == policy.Outbound || x.Section == policy.OnError {
		e.Reason, e.Status, e.Public = "Response not allowed", 502, internalError
	}
	if e.Public == "" {
		e.Public = internalError
	}
	return e
}

// errorsVariable is the attribute that all of them have.
func errorsVariable() *policy.AttrShape {
	return policy.Attr("errors-variable-name", policy.Text).Doc("Name of the variable that keeps the errors.")
}

func actionAttr(name, doc string) *policy.AttrShape { return policy.Attr(name, actions).Doc(doc) }

// namedActions are the actions of child elements by name in lower case.
func namedActions(all []*policy.Args, name string) map[string]string {
	out := map[string]string{}
	for _, a := range all {
		out[strings.ToLower(a.Literal(name))] = a.Literal("action")
	}
	return out
}

// apiSchema is a type of the API's schemas, compiled once for all operations that use it.
func apiSchema(api *policy.API, ref policy.SchemaRef, o jsonschema.Options) (*jsonschema.Schema, error) {
	document, ok := api.Schemas.Document(ref.ID)
	if !ok {
		return nil, fmt.Errorf("the API has no schema '%s'", ref.ID)
	}
	if document.Kind != "json" {
		return nil, fmt.Errorf("the schema '%s' is no JSON schema", ref.ID)
	}
	type made struct {
		schema *jsonschema.Schema
		err    error
	}
	key := apiSchemaKey{strings.ToLower(ref.ID), ref.Type, additional(o), o.FoldNames}
	m := api.Schemas.Once(key, func() any {
		s, err := compileType(document.Text, ref.Type, o)
		return made{s, err}
	}).(made)
	return m.schema, m.err
}

type apiSchemaKey struct {
	id, typ    string
	additional string
	fold       bool
}

func additional(o jsonschema.Options) string {
	if o.Additional == nil {
		return ""
	}
	return fmt.Sprint(*o.Additional)
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1", "%", "%25")

// compileType finds a named type where OpenAPI keeps it; without a name the document is the schema.
func compileType(document []byte, name string, o jsonschema.Options) (*jsonschema.Schema, error) {
	if name == "" || strings.HasPrefix(name, "#") {
		return jsonschema.Compile(document, name, o)
	}
	var first error
	for _, at := range []string{"/components/schemas/", "/definitions/", "/schemas/"} {
		s, err := jsonschema.Compile(document, at+pointerEscape.Replace(name), o)
		if err == nil {
			return s, nil
		}
		if first == nil || strings.Contains(first.Error(), "not found") {
			first = err
		}
	}
	return nil, first
}
