package policies

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/odata"
	"github.com/atelier-apim/atelier/internal/policy"
)

// ValidateODataRequest checks requests to an OData API against its metadata (policies.md 7.5).
var ValidateODataRequest = policy.Spec{
	Name:     "validate-odata-request",
	Doc:      "Validates address, headers and parameters of requests to an OData API.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.At(policy.Global, policy.WorkspaceScope, policy.ProductScope, policy.APIScope),
	Once:     policy.OncePerSection,
	Shape: policy.Element(
		policy.Attr("error-variable-name", policy.Text).Doc("Variable that the error goes to."),
		policy.Attr("default-odata-version", odataVersion).Default("4.0").Doc("Version of requests that name none."),
		policy.Attr("min-odata-version", odataVersion).Doc("Oldest version that requests may have."),
		policy.Attr("max-odata-version", odataVersion).Doc("Newest version that requests may have."),
		policy.Attr("max-size", policy.Count).Doc("Most bytes of a request's body."),
	),
	Compile: compileValidateODataRequest,
}

// odataVersion is a version of the protocol.
var odataVersion = policy.OneOf("4.0", "4.01")

type odataGuard struct {
	variable             string
	standard, least, top float64 // versions; 0 for no bound
	size                 int64   // -1 for no bound
}

func compileValidateODataRequest(a *policy.Args) (policy.Step, error) {
	g := &odataGuard{variable: a.Literal("error-variable-name"), size: -1}
	g.standard, _ = strconv.ParseFloat(a.Literal("default-odata-version"), 64) //nolint:errcheck // of the type
	g.least, _ = strconv.ParseFloat(a.Literal("min-odata-version"), 64)        //nolint:errcheck // of the type; none is 0
	g.top, _ = strconv.ParseFloat(a.Literal("max-odata-version"), 64)          //nolint:errcheck // the same
	if a.Set("max-size") {
		g.size, _ = a.Int("max-size").Literal()
	}
	if g.top != 0 && g.least > g.top {
		return nil, errors.New("the 'min-odata-version' attribute is greater than 'max-odata-version'")
	}
	return g.run, nil
}

func (g *odataGuard) run(x *policy.Exchange) error {
	model, err := odataModel(x.API)
	if err != nil {
		return err
	}
	err = g.versions(x.Request.Header)
	if err == nil {
		err = g.fits(x.Request.Body)
	}
	if err == nil {
		err = model.Check(x.Request.Method, x.Backend.Path, x.Request.URL.Query)
	}
	if err == nil {
		return nil
	}
	if g.variable != "" {
		text, marshalErr := json.Marshal([]map[string]string{{"message": err.Error()}})
		if marshalErr != nil {
			return marshalErr
		}
		value, parseErr := policy.ParseJSON(x, text)
		if parseErr != nil {
			return parseErr
		}
		x.SetVariable(g.variable, value)
	}
	message := "The request is not valid OData: " + err.Error() + "."
	return &policy.Error{Reason: "ODataRequestInvalid", Message: message, Status: 400, Public: message}
}

// odataModel is the metadata of an OData API, read once.
func odataModel(a *policy.API) (*odata.Model, error) {
	if a == nil || a.Schema == nil {
		return nil, errors.New("the API has no OData metadata to validate requests with")
	}
	v, err := a.Schema.Read(func(text string) (any, error) { return odata.Read([]byte(text)) })
	if err != nil {
		return nil, fmt.Errorf("the API's OData metadata can't be read: %w", err)
	}
	model, ok := v.(*odata.Model)
	if !ok {
		return nil, errors.New("the API's schema is not OData metadata")
	}
	return model, nil
}

// versions checks OData-Version, which says what the request is, and OData-MaxVersion, which says what the answer may be.
func (g *odataGuard) versions(h policy.Header) error {
	version := g.standard
	for _, name := range [...]string{"OData-Version", "OData-MaxVersion"} {
		values := h.Values(name)
		if len(values) == 0 {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(values[0]), 64)
		if err != nil || len(values) > 1 || v < 1 || v > 99 {
			return fmt.Errorf("the header %s holds no version", name)
		}
		if name == "OData-Version" {
			version = v
		} else if g.least != 0 && v < g.least {
			return fmt.Errorf("the header %s asks for an older version than %v", name, decimalVersion(g.least))
		}
	}
	switch {
	case g.least != 0 && version < g.least:
		return fmt.Errorf("the version %s is older than %s", decimalVersion(version), decimalVersion(g.least))
	case g.top != 0 && version > g.top:
		return fmt.Errorf("the version %s is newer than %s", decimalVersion(version), decimalVersion(g.top))
	}
	return nil
}

func decimalVersion(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// fits checks the size of a body; one of unknown length is read for that.
func (g *odataGuard) fits(b *policy.Body) error {
	if g.size < 0 || b == nil {
		return nil
	}
	length := b.Length
	if length < 0 {
		data, err := b.Bytes(true)
		if err != nil {
			return err
		}
		length = int64(len(data))
	}
	if length > g.size {
		return fmt.Errorf("the body has %d bytes; %d are allowed", length, g.size)
	}
	return nil
}
