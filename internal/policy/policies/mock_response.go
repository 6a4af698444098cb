package policies

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// MockResponse answers with an example or a sample of the operation's documentation.
var MockResponse = policy.Spec{
	Name:     "mock-response",
	Doc:      "Ends the pipeline and answers as the operation is documented: with an example, else a sample of the schema, else empty.",
	Sections: policy.In(policy.Inbound, policy.Outbound, policy.OnError),
	Scopes:   policy.AnyScope,
	HTTPOnly: true,
	Shape: policy.Element(
		policy.Attr("status-code", policy.IntRange(100, 999)).Default("200").Doc("Status of the answer, and of the documented response that is used."),
		policy.Attr("content-type", policy.Text).Doc("Content type of the documented response that is used; the first one when left out."),
		policy.Attr("index", policy.Count).Default("0").Doc("Number of the example that is used, from 0."),
	),
	Compile: compileMockResponse,
}

func compileMockResponse(a *policy.Args) (policy.Step, error) {
	status, _ := a.Int("status-code").Literal()
	index, _ := a.Int("index").Literal()
	contentType := a.Literal("content-type")
	return func(x *policy.Exchange) error {
		r := &policy.Response{Status: int(status)}
		if rep := documented(x.Operation, int(status), contentType); rep != nil {
			r.Header.Add("Content-Type", rep.ContentType)
			if body := sample(rep, int(index)); body != nil {
				r.Body = policy.NewBody(body)
			}
		} else if contentType != "" {
			r.Header.Add("Content-Type", contentType)
		}
		return x.Reply(r)
	}, nil
}

// documented finds the representation of a status; without a content type the first that has an example, else the first.
func documented(op *policy.Operation, status int, contentType string) *policy.Representation {
	if op == nil {
		return nil
	}
	var first *policy.Representation
	for i := range op.Responses {
		if op.Responses[i].Status != status {
			continue
		}
		for j := range op.Responses[i].Representations {
			rep := &op.Responses[i].Representations[j]
			if contentType != "" {
				if strings.EqualFold(mediaType(rep.ContentType), mediaType(contentType)) {
					return rep
				}
				continue
			}
			if len(rep.Examples) > 0 {
				return rep
			}
			if first == nil {
				first = rep
			}
		}
	}
	return first
}

func mediaType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	return strings.TrimSpace(s)
}

func sample(rep *policy.Representation, index int) []byte {
	if index < len(rep.Examples) {
		return rep.Examples[index]
	}
	if len(rep.Examples) > 0 {
		return rep.Examples[0]
	}
	return rep.Sample
}
