package lsp

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/editor"
)

// maxOpen is how many documents a client may have open at once.
const maxOpen = 1000

// Server serves one client.
type Server struct {
	editor  *editor.Editor
	out     io.Writer
	open    map[string]string // text by URI
	methods map[string]func(json.RawMessage) (any, *rpcError)
	over    bool // the client has said shutdown
}

// New makes a server that writes to out.
func New(e *editor.Editor, out io.Writer) *Server {
	s := &Server{editor: e, out: out, open: map[string]string{}}
	s.methods = map[string]func(json.RawMessage) (any, *rpcError){
		"initialize":              func(json.RawMessage) (any, *rpcError) { return capabilities, nil },
		"shutdown":                func(json.RawMessage) (any, *rpcError) { s.over = true; return nil, nil },
		"textDocument/completion": reading(s.completion),
		"textDocument/hover":      reading(s.hover),
		"textDocument/formatting": reading(s.formatting),
	}
	return s
}

var capabilities = map[string]any{
	"capabilities": map[string]any{
		"textDocumentSync":           map[string]any{"openClose": true, "change": 1}, // the whole text each time
		"completionProvider":         map[string]any{"triggerCharacters": []string{"<", "/", " ", "\"", ".", "("}},
		"hoverProvider":              true,
		"documentFormattingProvider": true,
	},
	"serverInfo": map[string]any{"name": "atelier policy lsp"},
}

// Serve answers until the client says exit or closes its stream. The error is nil when it said shutdown before.
func (s *Server) Serve(in io.Reader) error {
	r := bufio.NewReader(in)
	for {
		body, err := read(r)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var m message
		if json.Unmarshal(body, &m) != nil {
			if err := write(s.out, message{ID: json.RawMessage("null"), Error: &rpcError{parseError, "The message is not JSON."}}); err != nil {
				return err
			}
			continue
		}
		if m.Method == "exit" {
			if !s.over {
				return errors.New("the client left without shutdown")
			}
			return nil
		}
		if err := s.handle(m); err != nil {
			return err
		}
	}
}

// handle answers a request, or takes a notification.
func (s *Server) handle(m message) error {
	if m.ID == nil {
		return s.note(m)
	}
	answer := message{ID: m.ID, Result: json.RawMessage("null")}
	switch method := s.methods[m.Method]; {
	case s.over:
		answer.Result, answer.Error = nil, &rpcError{invalidRequest, "The server is shut down."}
	case method == nil:
		answer.Result, answer.Error = nil, &rpcError{methodNotFound, "The method " + m.Method + " is not supported."}
	default:
		result, failed := method(m.Params)
		switch {
		case failed != nil:
			answer.Result, answer.Error = nil, failed
		case result != nil:
			answer.Result = result
		}
	}
	return write(s.out, answer)
}

// note takes what the client tells of documents. What isn't understood is passed over, as the protocol wants.
func (s *Server) note(m message) error {
	var p struct {
		TextDocument struct {
			URI  string `json:"uri"`
			Text string `json:"text"`
		} `json:"textDocument"`
		ContentChanges []struct {
			Text string `json:"text"`
		} `json:"contentChanges"`
	}
	if json.Unmarshal(m.Params, &p) != nil {
		return nil
	}
	uri := p.TextDocument.URI
	switch m.Method {
	case "textDocument/didOpen":
		if len(s.open) >= maxOpen {
			return nil
		}
		s.open[uri] = p.TextDocument.Text
	case "textDocument/didChange":
		if _, ok := s.open[uri]; !ok || len(p.ContentChanges) == 0 {
			return nil
		}
		s.open[uri] = p.ContentChanges[len(p.ContentChanges)-1].Text
	case "textDocument/didClose":
		delete(s.open, uri)
		return s.publish(uri, []diagnostic{})
	default:
		return nil
	}
	return s.publish(uri, s.diagnose(s.open[uri]))
}

type diagnostic struct {
	Range    span   `json:"range"`
	Severity int    `json:"severity"` // 1 error, 2 warning
	Source   string `json:"source"`
	Message  string `json:"message"`
}

func (s *Server) diagnose(text string) []diagnostic {
	out := []diagnostic{}
	for _, p := range s.editor.Problems(text) {
		begin := at(text, p.Line, p.Column)
		d := diagnostic{Range: span{begin, wordEnd(text, begin)}, Severity: 1, Source: "atelier", Message: p.Message}
		if p.Severity == policy.SeverityWarning {
			d.Severity = 2
		}
		out = append(out, d)
	}
	return out
}

func (s *Server) publish(uri string, diagnostics []diagnostic) error {
	params, err := json.Marshal(map[string]any{"uri": uri, "diagnostics": diagnostics})
	if err != nil {
		return err
	}
	return write(s.out, message{Method: "textDocument/publishDiagnostics", Params: params})
}
