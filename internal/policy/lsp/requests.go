package lsp

import (
	"encoding/json"

	"github.com/atelier-apim/atelier/internal/policy/editor"
)

// place is what requests about a document say.
type place struct {
	TextDocument struct {
		URI string `json:"uri"`
	} `json:"textDocument"`
	Position position `json:"position"`
}

// reading decodes the place of a request.
func reading(answer func(place) (any, *rpcError)) func(json.RawMessage) (any, *rpcError) {
	return func(params json.RawMessage) (any, *rpcError) {
		var p place
		if json.Unmarshal(params, &p) != nil {
			return nil, &rpcError{invalidParams, "The request names no document."}
		}
		return answer(p)
	}
}

// text is the document of a place; a document that isn't open is empty.
func (s *Server) text(p place) (string, *rpcError) {
	text, ok := s.open[p.TextDocument.URI]
	if !ok {
		return "", &rpcError{invalidParams, "The document " + p.TextDocument.URI + " is not open."}
	}
	return text, nil
}

// completionKinds are the protocol's numbers for what an item stands for.
var completionKinds = map[editor.ItemKind]int{
	editor.ElementItem: 10, editor.AttributeItem: 5, editor.ValueItem: 12, editor.MemberItem: 2, editor.TypeItem: 7,
}

type completionItem struct {
	Label         string   `json:"label"`
	Kind          int      `json:"kind"`
	Detail        string   `json:"detail,omitempty"`
	Documentation string   `json:"documentation,omitempty"`
	TextEdit      textEdit `json:"textEdit"`
}

type textEdit struct {
	Range   span   `json:"range"`
	NewText string `json:"newText"`
}

func (s *Server) completion(p place) (any, *rpcError) {
	text, failed := s.text(p)
	if failed != nil {
		return nil, failed
	}
	items := []completionItem{}
	for _, i := range s.editor.Complete(text, offset(text, p.Position)) {
		begin := position{p.Position.Line, max(p.Position.Character-i.Word, 0)} // words hold no character of two units
		items = append(items, completionItem{
			Label: i.Label, Kind: completionKinds[i.Kind], Detail: i.Detail, Documentation: i.Doc,
			TextEdit: textEdit{span{begin, p.Position}, i.Label},
		})
	}
	return items, nil
}

func (s *Server) hover(p place) (any, *rpcError) {
	text, failed := s.text(p)
	if failed != nil {
		return nil, failed
	}
	words := s.editor.Hover(text, offset(text, p.Position))
	if words == "" {
		return nil, nil
	}
	return map[string]any{"contents": map[string]string{"kind": "markdown", "value": words}}, nil
}

// formatting indents a document; one that can't be read stays as it is, and its diagnostics say why.
func (s *Server) formatting(p place) (any, *rpcError) {
	text, failed := s.text(p)
	if failed != nil {
		return nil, failed
	}
	out, err := s.editor.Indent(text)
	if err != nil || out == text {
		return []textEdit{}, nil
	}
	return []textEdit{{span{position{}, end(text)}, out}}, nil
}
