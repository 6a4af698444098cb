package libxml

import (
	"context"
	"errors"
	"strings"
)

// Stylesheet is a stylesheet of XSLT 1.0 that compiles. It is immutable and may be used by many goroutines.
type Stylesheet struct {
	engine *Engine
	source []byte
	key    digest
}

// Param is a top-level parameter of a stylesheet; its value is text.
type Param struct{ Name, Value string }

// Method is the output method of a transformation.
type Method string

// The methods of XSLT 1.0.
const (
	XML  Method = "xml"
	HTML Method = "html"
	Text Method = "text"
)

// Result is what a transformation gives.
type Result struct {
	Body      []byte
	Method    Method
	MediaType string   // of xsl:output; "" when it names none
	Encoding  string   // of Body; UTF-8 unless xsl:output says another
	Messages  []string // of xsl:message
}

// Stylesheet compiles a stylesheet. The error of one that doesn't compile is Problems.
func (e *Engine) Stylesheet(ctx context.Context, source []byte) (*Stylesheet, error) {
	if len(source) > e.limits.Input {
		return nil, e.limits.tooMuchInput("the stylesheet", len(source))
	}
	s := &Stylesheet{engine: e, source: source, key: digestOf([]byte("stylesheet"), source)}
	_, err := s.image(ctx)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Stylesheet) image(ctx context.Context) (*image, error) {
	return s.engine.compiled(ctx, s.key, func(ctx context.Context, m *machine) error {
		at, err := m.put(ctx, s.source)
		if err != nil {
			return err
		}
		found, err := m.call(ctx, "stylesheet", at, uint64(len(s.source)))
		if found {
			return s.problems(m.told())
		}
		return err
	})
}

// problems tells in the stylesheet's terms what is wrong with it.
func (s *Stylesheet) problems(all []told) error {
	return errorsOf(all, func(string) (string, []byte) { return "", s.source })
}

// Transform applies the stylesheet to a document. The error is Problems, of document or stylesheet, or a *LimitError.
func (s *Stylesheet) Transform(ctx context.Context, document []byte, params ...Param) (*Result, error) {
	if len(document) > s.engine.limits.Input {
		return nil, s.engine.limits.tooMuchInput("the document", len(document))
	}
	texts := make([]string, 0, 2*len(params))
	for _, p := range params {
		if strings.ContainsRune(p.Name+p.Value, 0) {
			return nil, errors.New("parameter '" + p.Name + "' holds a zero character, which XML doesn't have")
		}
		texts = append(texts, p.Name, p.Value)
	}
	img, err := s.image(ctx)
	if err != nil {
		return nil, err
	}
	var out *Result
	err = s.engine.work(ctx, img, func(ctx context.Context, m *machine) (err error) {
		out, err = s.transform(ctx, m, document, row(texts...))
		return err
	})
	return out, err
}

func (s *Stylesheet) transform(ctx context.Context, m *machine, document, params []byte) (*Result, error) {
	doc, err := m.put(ctx, document)
	if err != nil {
		return nil, err
	}
	ps, err := m.put(ctx, params)
	if err != nil {
		return nil, err
	}
	found, err := m.call(ctx, "transform", doc, uint64(len(document)), ps, uint64(len(params)))
	if err != nil {
		return nil, err
	}
	all := m.told()
	if found {
		for _, t := range all {
			if strings.Contains(t.Message, "infinite template recursion") {
				return nil, m.limits.tooDeep()
			}
		}
		return nil, s.problems(describe(all))
	}
	out := &Result{Body: m.result(), Method: XML, MediaType: m.text(m.field(stateMedia)), Encoding: m.text(m.field(stateEncoding))}
	switch m.field(stateKind) {
	case 2:
		out.Method = HTML
	case 3:
		out.Method = Text
	}
	if out.Encoding == "" {
		out.Encoding = "UTF-8"
	}
	for _, t := range all {
		if t.level == levelNote {
			out.Messages = append(out.Messages, t.Message)
		}
	}
	return out, nil
}

// describe gives the message of xsl:message terminate="yes" as the reason of the failure.
func describe(all []told) []told {
	for i := range all {
		if last := &all[i]; i > 0 && last.Path == "message" && all[i-1].level == levelNote {
			last.Message += ": " + all[i-1].Message
		}
	}
	return all
}
