package main

import (
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/editor"
)

// language answers editors for the management API.
type language struct {
	catalogue *policy.Catalogue
	editor    *editor.Editor
}

func newLanguage(engine *policy.Engine) (*language, error) {
	c, err := engine.Catalogue()
	if err != nil {
		return nil, err
	}
	e, err := editor.New(engine)
	return &language{c, e}, err
}

func (l *language) Catalogue() any { return l.catalogue }

func (l *language) Complete(document string, line, column int) any {
	items := l.editor.Complete(document, editor.Offset(document, line, column))
	if items == nil {
		items = []editor.Item{}
	}
	return items
}

func (l *language) Explain(document string, line, column int) string {
	return l.editor.Hover(document, editor.Offset(document, line, column))
}

// problem is one of policy.Problem for JSON.
type problem struct {
	Line     int             `json:"line"`
	Column   int             `json:"column"`
	Element  string          `json:"element"`
	Message  string          `json:"message"`
	Severity policy.Severity `json:"severity"`
}

func (l *language) Check(document string) any {
	out := []problem{}
	for _, p := range l.editor.Problems(document) {
		out = append(out, problem(p))
	}
	return out
}
