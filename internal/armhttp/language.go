package armhttp

import (
	"context"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
)

// Language knows the policy language, for editors. Values are ready for JSON.
type Language interface {
	// Catalogue is the whole: elements with their shapes, the context object, and the types and members that expressions may use.
	Catalogue() any
	// Complete lists what may be written at a place of an unfinished document, whose lines and columns count from 1.
	Complete(document string, line, column int) any
	// Explain tells what the word at a place means, as Markdown; "" when nothing is known of it.
	Explain(document string, line, column int) string
	// Check lists what is wrong with a document, as far as it can be known without its home.
	Check(document string) any
}

// language are its endpoints. They are open to everyone who has signed in: they hold facts of the release, and look at nothing but what they are sent.
func (f Facts) language(into map[string]Special) {
	into["GET atelier/policylanguage"] = func(context.Context, *control.Call, arm.Path, []byte) (*control.Answer, error) {
		return answer(f.Language.Catalogue())
	}
	into["POST atelier/completepolicy"] = about(func(d documentPlace) any {
		return values{f.Language.Complete(d.Document, d.Line, d.Column)}
	})
	into["POST atelier/explainpolicy"] = about(func(d documentPlace) any {
		return map[string]string{"markdown": f.Language.Explain(d.Document, d.Line, d.Column)}
	})
	into["POST atelier/checkpolicy"] = about(func(d documentPlace) any {
		return values{f.Language.Check(d.Document)}
	})
}

// documentPlace is a document that is being written, and a place in it.
type documentPlace struct {
	Document string `json:"document"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
}

// maxDocument bounds a document to what a policy or fragment may have at most.
const maxDocument = 512 << 10

func about(tell func(documentPlace) any) Special {
	return func(_ context.Context, _ *control.Call, _ arm.Path, body []byte) (*control.Answer, error) {
		var d documentPlace
		if err := arm.CheckJSON(body); err != nil {
			return nil, err
		}
		if err := arm.DecodeJSON(body, &d); err != nil {
			return nil, err
		}
		if len(d.Document) > maxDocument {
			return nil, arm.InvalidField("document", "document: a policy has %d bytes at most.", maxDocument)
		}
		return answer(tell(d))
	}
}
