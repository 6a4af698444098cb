package gateway

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// An operation of a SOAP API stands at POST /?soapAction=…. Callers name it in the query as the template does, by the SOAPAction header, or by the
// action parameter of SOAP 1.2's content type; or not at all, and then what the body holds tells it. A call that names two operations in two of these
// places is none: its policies would be those of one, and the service would do the other.

const soapAction = "soapAction"

// maxPeek is how much of a body is looked at for what it holds. Headers of an envelope, signatures among them, come before it.
const maxPeek = 64 << 10

// soapCalls are the operations of a SOAP API by what calls name them with; the values are actions.
type soapCalls struct {
	actions  map[string]bool
	elements map[string]string // "" where several operations have the element
}

func newSOAPCalls() *soapCalls {
	return &soapCalls{actions: map[string]bool{}, elements: map[string]string{}}
}

// add notes an operation; one without an action is found as those of other APIs are.
func (s *soapCalls) add(o *snapshot.Operation) {
	if s == nil {
		return
	}
	_, query, _ := strings.Cut(o.URLTemplate, "?")
	action, _ := route.QueryValue(query, soapAction)
	if action == "" || strings.HasPrefix(action, "{") {
		return
	}
	s.actions[action] = true
	if o.Element == "" {
		return
	}
	if _, twice := s.elements[o.Element]; twice {
		action = ""
	}
	s.elements[o.Element] = action
}

// callBySOAP is the query to find the operation by: the caller's, with the action when it stands elsewhere. ok is false when the call contradicts
// itself.
func (x *exchange) callBySOAP(calls *soapCalls, depth int) (query string, ok bool) {
	q := &x.Request
	query = q.URL.Query
	if q.Method != http.MethodPost {
		return query, true
	}
	if x.path.Rest(depth) == "/" {
		x.Backend.Path = "" // the service's address is that of one page: /Service.asmx/ is another
	}
	inQuery, count := route.QueryValue(query, soapAction)
	inHeader, single := actionOf(q.Header)
	if count > 1 || !single || count == 1 && calls.actions[inHeader] && inHeader != inQuery {
		return "", false
	}
	action := inQuery
	if count == 0 {
		action = inHeader
	}
	name, whole := x.peek()
	if !whole && len(calls.elements) > 0 {
		return "", false
	}
	holds := calls.elements[name]
	switch {
	case holds == "":
	case !calls.actions[action]:
		action = holds
	case holds != action:
		return "", false
	}
	if count == 1 || action == "" {
		return query, count == 0 || action == inQuery
	}
	if query != "" {
		query += "&"
	}
	return query + soapAction + "=" + url.QueryEscape(action), true
}

// actionOf is the action that the header names, "" for none; single is false when it names several.
func actionOf(h policy.Header) (action string, single bool) {
	for _, v := range h.Values("SOAPAction") {
		v = strings.Trim(strings.TrimSpace(v), `"`)
		if action != "" && v != action {
			return "", false
		}
		action = v
	}
	content := h.Get("Content-Type")
	if strings.IndexByte(content, ';') < 0 {
		return action, true
	}
	if _, params, err := mime.ParseMediaType(content); err == nil && params["action"] != "" {
		if action != "" && action != params["action"] {
			return "", false
		}
		action = params["action"]
	}
	return action, true
}

// peek is the local name of what the body of an envelope holds; "" when there is none, or it is compressed or part of a package. whole is false when
// what comes before is too long. The body is then as if nobody had looked. What the headers say of it does not count: there are services that don't ask.
func (x *exchange) peek() (name string, whole bool) {
	if x.body == nil {
		return "", true
	}
	var seen bytes.Buffer
	name = firstInBody(io.TeeReader(io.LimitReader(x.body, maxPeek), &seen))
	length := x.Request.Body.Length
	x.Request.Body = x.StreamBody(struct {
		io.Reader
		io.Closer
	}{io.MultiReader(&seen, x.body), x.body}, length, x.gateway.limits.BufferedBody)
	return name, name != "" || seen.Len() < maxPeek || !looksLikeXML(seen.Bytes())
}

// looksLikeXML says whether a text begins as a document does: a compressed body or a package doesn't.
func looksLikeXML(b []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("<")) || len(bytes.TrimSpace(b)) == 0
}

// firstInBody reads an envelope up to the first element inside its body.
func firstInBody(r io.Reader) string {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.ErrUnsupported }
	depth, inBody := 0, false
	for {
		t, err := d.RawToken()
		if err != nil {
			return ""
		}
		switch t := t.(type) {
		case xml.Directive:
			return "" // envelopes have no document type
		case xml.StartElement:
			if depth++; depth == 3 && inBody {
				return t.Name.Local
			}
			switch {
			case depth == 1 && t.Name.Local != "Envelope":
				return ""
			case depth == 2:
				inBody = t.Name.Local == "Body"
			}
		case xml.EndElement:
			if depth--; depth == 1 && inBody {
				return "" // an empty body
			}
		}
	}
}
