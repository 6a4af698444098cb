package policies

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/jsonschema"
	"github.com/atelier-apim/atelier/internal/libxml"
	"github.com/atelier-apim/atelier/internal/policy"
)

// ValidateContent compares the body with its schema.
var ValidateContent = policy.Spec{
	Name:     "validate-content",
	Doc:      "Compares the body with its schema: of the request in inbound, of the response in outbound and on-error.",
	Sections: policy.In(policy.Inbound, policy.Outbound, policy.OnError),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		actionAttr("unspecified-content-type-action", "About content types that are not listed here.").Required().Expr(),
		policy.Attr("max-size", policy.IntRange(1, policy.DefaultMaxBody)).Required().Expr().Doc("Most bytes that a body may have."),
		actionAttr("size-exceeded-action", "About bodies that are larger.").Required().Expr(),
		errorsVariable(),
		policy.Child("content-type-map",
			policy.Attr("any-content-type-value", policy.Text).Doc("Content type that every body counts as."),
			policy.Attr("missing-content-type-value", policy.Text).Doc("Content type of bodies that come without one."),
			policy.Child("type",
				policy.Attr("from", policy.Text).Doc("Content type that is replaced."),
				policy.Attr("when", policy.Bool).Expr().Doc("Whether the content type is replaced; instead of from."),
				policy.Attr("to", policy.Text).Required().Doc("What it is replaced by."),
			).Many().Doc("Replaces a content type; the first that applies counts."),
		).Doc("What content types count as."),
		policy.Child("content",
			policy.Attr("type", policy.Text).Doc("Content type; every one that the API defines when left out."),
			policy.Attr("validate-as", policy.OneOf("json", "xml", "soap")).Required().Doc("How the body is read; of soap what the envelope holds."),
			actionAttr("action", "About bodies that don't conform.").Required(),
			policy.Attr("schema-id", policy.Text).Doc("Name of a schema; the operation's own when left out."),
			policy.Attr("schema-ref", policy.Text).Doc("Where in the schema the type stands, such as #/components/schemas/Order."),
			policy.Attr("allow-additional-properties", policy.Bool).Doc("Whether objects may have properties that the schema doesn't name, whatever it says."),
			policy.Attr("case-insensitive-property-names", policy.Bool).Default("false").Doc("Whether names of properties ignore case."),
		).Many().Doc("What a content type is compared with."),
	),
	Compile: compileValidateContent,
}

// contentRule is a content element.
type contentRule struct {
	contentType string // "" for all that the API defines
	action      string
	as          string // "json", "xml" or "soap"
	options     jsonschema.Options
	schema      *jsonschema.Schema // of schema-id; this and xml are nil for the operation's own
	xml         *libxml.Schema
	name        string // of the schema, for messages
}

type contentValidation struct {
	unspecified, exceeded policy.TextValue
	maxSize               policy.IntValue
	variable              string
	types                 contentTypes
	rules                 []contentRule
}

func compileValidateContent(a *policy.Args) (policy.Step, error) {
	v := &contentValidation{
		unspecified: a.Text("unspecified-content-type-action"), exceeded: a.Text("size-exceeded-action"), maxSize: a.Int("max-size"),
		variable: a.Literal("errors-variable-name"),
	}
	var err error
	if v.types, err = readContentTypes(a.One("content-type-map")); err != nil {
		return nil, err
	}
	for _, c := range a.All("content") {
		r, err := readContentRule(c)
		if err != nil {
			return nil, err
		}
		v.rules = append(v.rules, r)
	}
	return v.run, nil
}

func readContentRule(a *policy.Args) (contentRule, error) {
	r := contentRule{
		contentType: strings.ToLower(mediaType(a.Literal("type"))), as: a.Literal("validate-as"), action: a.Literal("action"), name: a.Literal("schema-ref"),
	}
	if r.as != "json" {
		for _, name := range []string{"schema-ref", "allow-additional-properties", "case-insensitive-property-names"} {
			if a.Set(name) {
				return r, a.Errorf("'%s' is for validate-as=\"json\" only; take it away", name)
			}
		}
	}
	r.options.FoldNames = a.Literal("case-insensitive-property-names") == "true"
	if a.Set("allow-additional-properties") {
		allowed := a.Literal("allow-additional-properties") == "true"
		r.options.Additional = &allowed
	}
	id := a.Literal("schema-id")
	if id == "" {
		if r.name != "" {
			return r, a.Errorf("schema-ref needs a schema-id")
		}
		return r, nil
	}
	document := a.Home().Schemas[strings.ToLower(id)]
	switch {
	case document == nil && a.Home().Unknown:
		return r, nil
	case document == nil:
		return r, a.Errorf("Schema '%s' could not be found; create it where this policy lives", id)
	case (document.Kind == "json") != (r.as == "json"):
		return r, a.Errorf("the schema '%s' is one of %s; validate-as=\"%s\" needs one of %s", id, strings.ToUpper(document.Kind), r.as, languageOf[r.as])
	}
	var err error
	if r.as == "json" {
		r.schema, err = jsonschema.Compile(document.Text, r.name, r.options)
	} else {
		r.xml, err = libxml.Shared().Schema(context.Background(), libxml.Document{Name: id, Text: document.Text})
	}
	if err != nil {
		return r, a.Errorf("the schema '%s' can't be used: %v", id, err)
	}
	r.name = id + r.name
	return r, nil
}

// languageOf is what schemas are written in, by validate-as.
var languageOf = map[string]string{"json": "JSON", "xml": "XML", "soap": "XML"}

func (v *contentValidation) run(x *policy.Exchange) error {
	h, body := x.Message()
	if *body == nil {
		return nil
	}
	f := findings{policy: "validate-content", variable: v.variable}
	where := "RequestBody"
	if x.Section != policy.Inbound {
		where = "ResponseBody"
	}
	data, fits, err := v.read(x, h, *body, where, &f)
	if err != nil || !fits {
		return err
	}
	contentType, err := v.types.of(x, h.Get("Content-Type"))
	if err != nil || len(data) == 0 {
		return err
	}
	rule := v.rule(x, contentType)
	if rule == nil {
		action, err := v.unspecified.Get(x)
		if err != nil {
			return err
		}
		text := fmt.Sprintf("Unspecified content type %s is not allowed.", contentType)
		f.add(finding{contentType, where, "Unspecified", text, text, action})
		return f.settle(x)
	}
	if rule.action != "ignore" {
		if err := rule.check(x, data, contentType, where, &f); err != nil {
			return err
		}
	}
	return f.settle(x)
}

// read takes the body when it is small enough. A compressed body counts as it is: its length isn't known before.
func (v *contentValidation) read(x *policy.Exchange, h *policy.Header, b *policy.Body, where string, f *findings) (data []byte, fits bool, err error) {
	limit, err := v.maxSize.Get(x)
	if err != nil {
		return nil, false, err
	}
	size := b.Length
	if n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil && size < 0 {
		size = n
	}
	if size <= limit {
		data, err = b.Bytes(true)
		if err != nil && !errors.Is(err, policy.ErrBodyTooLarge) {
			return nil, false, err
		}
		if size = int64(len(data)); err != nil {
			size = limit + 1
		}
	}
	if size <= limit {
		return data, true, nil
	}
	action, err := v.exceeded.Get(x)
	if err != nil {
		return nil, false, err
	}
	whose := "Request's"
	if where == "ResponseBody" {
		whose = "Response's"
	}
	f.add(finding{
		kind: where, rule: "SizeLimit", action: action,
		details: fmt.Sprintf("%s body is %d bytes long and it exceeds the configured limit of %d bytes.", whose, size, limit),
		public:  fmt.Sprintf("%s body is %d bytes long and it exceeds the limit of %d bytes.", whose, size, limit),
	})
	return nil, false, f.settle(x)
}

// rule is the content element for a content type: one that names it, else one for all that the API defines.
func (v *contentValidation) rule(x *policy.Exchange, contentType string) *contentRule {
	var all *contentRule
	for i := range v.rules {
		switch r := &v.rules[i]; {
		case r.contentType == contentType:
			return r
		case r.contentType == "" && all == nil:
			all = r
		}
	}
	if all != nil && (all.schema != nil || definition(x, contentType) != nil) {
		return all
	}
	return nil
}

// definition is what the operation defines of a content type.
func definition(x *policy.Exchange, contentType string) *policy.Media {
	if x.Operation == nil || x.Operation.Contract == nil {
		return nil
	}
	bodies := x.Operation.Contract.Bodies
	if x.Section != policy.Inbound {
		bodies = nil
		if r := x.Operation.Contract.Defined(x.EnsureResponse().Status); r != nil {
			bodies = r.Bodies
		}
	}
	for i := range bodies {
		if strings.EqualFold(mediaType(bodies[i].ContentType), contentType) {
			return &bodies[i]
		}
	}
	return nil
}

// check compares the body with its schema.
func (r *contentRule) check(x *policy.Exchange, data []byte, contentType, where string, f *findings) error {
	var ref policy.SchemaRef
	name := r.name
	if r.schema == nil && r.xml == nil {
		var ok bool
		if ref, ok = r.defined(x, contentType, where, f); !ok {
			return nil
		}
		if name = ref.Type; name == "" {
			name = ref.ID
		}
	}
	whose := "request"
	if where == "ResponseBody" {
		whose = "response"
	}
	report := func(message string, line, position int) {
		text := fmt.Sprintf("Body of the %s does not conform to the definition %s, which is associated with the content type %s. %s Line: %d, Position: %d",
			whose, name, contentType, message, line, position)
		f.add(finding{contentType, where, "IncorrectMessage", text, text, r.action})
	}
	compare := r.compareXML
	if r.as == "json" {
		compare = r.compareJSON
	}
	err := compare(x, ref, data, report)
	switch {
	case err != nil && x.Context != nil && x.Context.Err() != nil:
		return &policy.Error{Reason: "ClientConnectionFailure", Message: "The caller closed the connection.", Status: 499, Cause: err}
	case err != nil:
		f.add(finding{contentType, where, "ValidationException", "The definition of the body can't be used: " + err.Error(), "", r.action})
	}
	return nil
}

// defined is the type that the operation defines for a content type; what is missing is an error of the API's.
func (r *contentRule) defined(x *policy.Exchange, contentType, where string, f *findings) (policy.SchemaRef, bool) {
	if x.API == nil || x.API.Schemas == nil || len(x.API.Schemas.Documents) == 0 {
		f.add(finding{kind: "ApiSchema", details: "API's schema does not exist or it could not be resolved.", action: r.action})
		return policy.SchemaRef{}, false
	}
	m := definition(x, contentType)
	if m == nil || m.Schema.ID == "" {
		if set := xmlSchemasOf(x.API); r.as == "soap" && len(set.documents) > 0 {
			return policy.SchemaRef{ID: set.documents[0].Name}, true // a fault has no definition; what else is in an envelope must have one in the set
		}
		f.add(finding{contentType, where, "MissingDefinition", fmt.Sprintf("The content type %s has no definition in the API's schema.", contentType), "", r.action})
		return policy.SchemaRef{}, false
	}
	return m.Schema, true
}

// reporting takes an error of a body with its place.
type reporting func(message string, line, position int)

// longDocument is how many bytes of JSON are compared without a seat for long work.
const longDocument = 64 << 10

func (r *contentRule) compareJSON(x *policy.Exchange, ref policy.SchemaRef, data []byte, report reporting) error {
	schema := r.schema
	if schema == nil {
		var err error
		if schema, err = apiSchema(x.API, ref, r.options); err != nil {
			return err
		}
	}
	var violations []jsonschema.Violation
	compare := func() (err error) {
		violations, err = schema.Validate(data)
		return err
	}
	var err error
	if len(data) <= longDocument {
		err = compare()
	} else {
		err = x.Heavy(compare)
	}
	var refused *policy.Error
	if errors.As(err, &refused) {
		return err
	}
	var bad *jsonschema.ErrSyntax
	if errors.As(err, &bad) {
		report(bad.Message, bad.Line, bad.Position)
	}
	for _, w := range violations {
		report(w.Message, w.Line, w.Position)
	}
	return nil
}
