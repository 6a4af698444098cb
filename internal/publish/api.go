package publish

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// api translates an API with its operations.
func (p *Publisher) api(n *node) *snapshot.API {
	v := opened[apim.API](p, n)
	if v == nil {
		return nil
	}
	out := &snapshot.API{
		ID: n.id.String(), Name: n.id.Name(), DisplayName: v.DisplayName, Type: p.words.of(v.Type), Path: v.Path, Revision: p.words.of(v.APIRevision),
		Current: v.IsCurrent == nil || *v.IsCurrent, Online: v.IsOnline == nil || *v.IsOnline, Version: p.words.of(v.APIVersion),
		ServiceURL: v.ServiceURL, Protocols: p.words.list(v.Protocols), SubscriptionRequired: v.NeedsSubscription(),
		KeyHeader: apim.DefaultKeyHeader, KeyQuery: apim.DefaultKeyQuery, Policy: p.policyOf(n),
	}
	out.VersionScheme, out.VersionParameter = versioning(n, v)
	if k := v.KeyNames; k != nil {
		if k.Header != "" {
			out.KeyHeader = p.words.of(k.Header)
		}
		if k.Query != "" {
			out.KeyQuery = p.words.of(k.Query)
		}
	}
	n.each("schemas", func(c *node) {
		if s, ok := value[apim.Schema](c); ok && s.Describes() {
			out.Definition = cached(c, func(*node) *snapshot.Definition {
				return &snapshot.Definition{ContentType: s.ContentType, Text: s.Document.Value}
			})
		}
	})
	n.each("resolvers", func(c *node) {
		r, _ := value[apim.Resolver](c)
		out.Resolvers = append(out.Resolvers, &snapshot.Resolver{ID: c.id.String(), Path: r.Path, Policy: p.policyOf(c)})
	})
	n.each("operations", func(c *node) {
		if o := cached(c, p.operation); o != nil {
			out.Operations = append(out.Operations, o)
		}
	})
	out.Contract = p.contract(n)
	pack(&out.DisplayName, &out.Path, &out.ServiceURL)
	return out
}

// versioning is how requests say which version of an API they mean; its version set stands beside it.
func versioning(n *node, v *apim.API) (scheme, parameter string) {
	if v.APIVersionSetID == "" {
		return "", ""
	}
	name := strings.ToLower(v.APIVersionSetID[strings.LastIndexByte(v.APIVersionSetID, '/')+1:])
	set, ok := value[apim.VersionSet](n.parent.member("apiversionsets", name))
	if !ok {
		return "", ""
	}
	return set.VersioningScheme, set.Parameter()
}

func (p *Publisher) operation(n *node) *snapshot.Operation {
	v := opened[apim.Operation](p, n)
	if v == nil {
		return nil
	}
	out := &snapshot.Operation{
		ID: n.id.String(), Name: n.id.Name(), DisplayName: v.DisplayName, Method: p.words.of(v.Method), URLTemplate: v.URLTemplate, Policy: p.policyOf(n),
	}
	out.Element = element(v)
	pack(&out.DisplayName, &out.URLTemplate)
	for _, r := range v.Responses {
		mock := snapshot.Response{Status: r.StatusCode}
		for _, rep := range r.Representations {
			mock.Representations = append(mock.Representations, representation(rep))
		}
		out.Responses = append(out.Responses, mock)
	}
	return out
}

// element is what the body of a SOAP call holds: the type of the envelope that the operation takes.
func element(v *apim.Operation) string {
	if v.Request == nil || !strings.Contains(strings.ToLower(v.URLTemplate), "soapaction=") {
		return ""
	}
	for _, r := range v.Request.Representations {
		if r.ContentType == "text/xml" || r.ContentType == "application/soap+xml" {
			return r.TypeName[strings.LastIndexByte(r.TypeName, ':')+1:]
		}
	}
	return ""
}

// representation carries the examples of an answer for mock-response, in order of their names.
func representation(r apim.Representation) snapshot.Representation {
	out := snapshot.Representation{ContentType: r.ContentType}
	for _, name := range slices.Sorted(maps.Keys(r.Examples)) {
		switch v := r.Examples[name].Value.(type) {
		case nil:
		case string:
			out.Examples = append(out.Examples, []byte(v))
		default:
			if b, err := json.Marshal(v); err == nil {
				out.Examples = append(out.Examples, b)
			}
		}
	}
	if r.Generated != "" {
		out.Sample = []byte(r.Generated)
	}
	return out
}
