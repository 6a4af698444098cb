package wsdl

import (
	"slices"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// template is the policy of one operation in the making: an envelope of the request's JSON, and JSON of the answer's envelope, both in Liquid.
type template struct {
	service   *Service
	operation *Operation
	endpoint  string // where the service is, below the API's serviceUrl
	byQuery   bool   // values come as parameters of the template
	b         []byte
	loops     int
}

// Filters. The first argument of Replace is a regular expression.
const (
	inXML  = " | Escape"
	inJSON = ` | Replace: '\\', '\\' | Replace: '"', '\"' | Replace: '\r', '\r' | Replace: '\n', '\n' | Replace: '\t', '\t'`
	digits = ` | Replace: '[^-+.0-9eE]', '' | Replace: '^[+]', ''`
)

func (t *template) line(depth int, text string) {
	t.b = append(append(append(t.b, strings.Repeat("  ", depth)...), text...), '\n')
}

func attribute(s string) string { return string(xmltree.AppendText(nil, s)) }

// policy is the document.
func (t *template) policy(in, out *field) string {
	t.line(0, "<policies>")
	t.line(1, "<inbound>")
	t.line(2, "<base />")
	t.line(2, `<rewrite-uri template="`+attribute(t.endpoint)+`" copy-unmatched-params="false" />`)
	if t.byQuery {
		t.line(2, "<set-method>POST</set-method>")
	}
	content := "text/xml; charset=utf-8"
	if t.service.SOAP12 {
		content = "application/soap+xml; charset=utf-8"
		if t.operation.Action != "" {
			content += `; action="` + t.operation.Action + `"`
		}
	} else {
		t.header(2, "SOAPAction", `"`+t.operation.Action+`"`)
	}
	begin, end := "", ""
	if in.mayLackAttributes() {
		begin, end = "<![CDATA[", "]]>" // tags of Liquid inside a tag of XML are no XML
	}
	t.line(2, `<set-body template="liquid" parse-date="false">`+begin)
	t.envelope(in)
	t.line(2, end+"</set-body>")
	t.header(2, "Content-Type", content)
	t.line(2, `<set-header name="Accept-Encoding" exists-action="delete" />`)
	t.line(1, "</inbound>")
	t.line(1, "<backend>")
	t.line(2, "<base />")
	t.line(1, "</backend>")
	t.line(1, "<outbound>")
	t.line(2, "<base />")
	t.line(2, "<choose>")
	t.line(3, `<when condition="@(context.Response.StatusCode < 400)">`)
	t.answer(out)
	t.line(3, "</when>")
	t.line(3, "<otherwise>")
	t.fault()
	t.line(3, "</otherwise>")
	t.line(2, "</choose>")
	t.header(2, "Content-Type", "application/json")
	t.line(1, "</outbound>")
	t.line(1, "<on-error>")
	t.line(2, "<base />")
	t.line(1, "</on-error>")
	t.line(0, "</policies>")
	return string(t.b)
}

func (t *template) header(depth int, name, value string) {
	t.line(depth, `<set-header name="`+name+`" exists-action="override">`)
	t.line(depth+1, "<value>"+string(xmltree.AppendText(nil, value))+"</value>")
	t.line(depth, "</set-header>")
}

// envelope writes the request of the service.
func (t *template) envelope(in *field) {
	t.line(3, `<soap:Envelope xmlns:soap="`+t.service.envelope()+`" xmlns:xsi="`+spaceXSI+`">`)
	t.line(4, "<soap:Body>")
	if in != nil {
		path := inside("body", jsonName(in.Local))
		if t.byQuery {
			path = "context.Request.MatchedParameters"
		}
		t.element(in, path, 5, "")
	}
	t.line(4, "</soap:Body>")
	t.line(3, "</soap:Envelope>")
}

// mayLackAttributes says whether an element inside has an attribute that callers may leave out.
func (f *field) mayLackAttributes() bool {
	return f != nil && (f.attribute && f.optional || slices.ContainsFunc(f.fields, (*field).mayLackAttributes))
}

// inside is the path of a member. Behind a dot some names mean something of their own, when there is no such member.
func inside(path, name string) string {
	if isPlain(name) && name != "size" && name != "first" && name != "last" {
		return path + "." + name
	}
	return path + "['" + name + "']"
}

// element writes an element of what the caller sent at path.
func (t *template) element(f *field, path string, depth int, around string) {
	begin := "<" + f.Local
	if f.Space != around {
		begin += ` xmlns="` + attribute(f.Space) + `"`
	}
	members := named(f)
	for _, m := range members {
		if m.attribute {
			at := inside(path, m.json)
			text := " " + m.Local + `="{{` + at + inXML + m.fold() + `}}"`
			if m.optional {
				text = "{% if " + at + " != null %}" + text + "{% endif %}"
			}
			begin += text
		}
	}
	end := "</" + f.Local + ">"
	switch {
	case f.text:
		t.line(depth, begin+">{{"+inside(path, textMember)+inXML+f.fold()+"}}"+end)
		return
	case f.kind != "":
		t.line(depth, begin+">{{"+path+inXML+f.fold()+"}}"+end)
		return
	}
	t.line(depth, begin+">")
	if items := f.list(); items != nil {
		t.each(items, path, depth+1, f.Space)
	} else {
		for _, m := range members {
			if !m.attribute {
				t.child(m.field, inside(path, m.json), depth+1, f.Space)
			}
		}
	}
	t.line(depth, end)
}

// fold makes a truth of JSON one of XML, whichever way it is written.
func (f *field) fold() string {
	if f.kind == "boolean" {
		return " | Downcase"
	}
	return ""
}

// child writes an element inside another as often as it is there.
func (t *template) child(f *field, path string, depth int, around string) {
	switch {
	case f.cut != "" && f.optional:
		return
	case f.many:
		t.each(f, path, depth, around)
		return
	case !f.optional && !f.nillable:
		t.element(f, path, depth, around)
		return
	}
	t.line(depth, "{% if "+path+" != null %}")
	t.element(f, path, depth, around)
	if f.nillable && !f.optional {
		t.line(depth, "{% else %}")
		space := ""
		if f.Space != around {
			space = ` xmlns="` + attribute(f.Space) + `"`
		}
		t.line(depth, "<"+f.Local+space+` xsi:nil="true" />`)
	}
	t.line(depth, "{% endif %}")
}

func (t *template) each(f *field, path string, depth int, around string) {
	item := t.item()
	t.line(depth, "{% for "+item+" in "+path+" %}")
	t.element(f, item, depth, around)
	t.line(depth, "{% endfor %}")
}

// item is a name for what a loop goes through.
func (t *template) item() string {
	t.loops++
	return "item" + strconv.Itoa(t.loops)
}

// answer writes the JSON of what the service answered.
func (t *template) answer(out *field) {
	if t.operation.Output == nil {
		t.line(4, "<set-body></set-body>")
		return
	}
	t.line(4, `<set-body template="liquid" parse-date="false" xsi-nil="null">`)
	if out == nil {
		t.line(5, "{}")
	} else {
		t.line(5, "{")
		t.line(6, quoted(jsonName(out.Local))+": "+t.value(out, inside("body.envelope.body", out.Local), 6))
		t.line(5, "}")
	}
	t.line(4, "</set-body>")
}

func quoted(name string) string { return string(appendJSON(nil, name)) }

// value is the template of a value that the service answered at path.
func (t *template) value(f *field, path string, depth int) string {
	switch {
	case f.kind != "" && !f.text:
		return f.scalar(path)
	case f.cut != "":
		return "null"
	}
	if items := f.list(); items != nil {
		return t.array(items, inside(path, items.Local), depth)
	}
	indent := "\n" + strings.Repeat("  ", depth+1)
	var b strings.Builder
	b.WriteString("{")
	if f.text {
		b.WriteString(indent + quoted(textMember) + ": " + f.scalar(path))
	}
	for i, m := range named(f) {
		if i > 0 || f.text {
			b.WriteString(",")
		}
		b.WriteString(indent + quoted(m.json) + ": ")
		switch {
		case m.attribute:
			b.WriteString(m.scalar(path + "['@" + m.Local + "']"))
		case m.many:
			b.WriteString(t.array(m.field, inside(path, m.Local), depth+1))
		default:
			b.WriteString(t.optional(m.field, inside(path, m.Local), depth+1))
		}
	}
	b.WriteString("\n" + strings.Repeat("  ", depth) + "}")
	return b.String()
}

// optional is a value, or null when the service left it out.
func (t *template) optional(f *field, path string, depth int) string {
	v := t.value(f, path, depth)
	if f.kind != "" && !f.text || f.cut != "" || !f.optional && !f.nillable || f.list() != nil {
		return v
	}
	return "{% if " + path + " != null %}" + v + "{% else %}null{% endif %}"
}

func (t *template) array(f *field, path string, depth int) string {
	item := t.item()
	return "[{% JSONArrayFor " + item + " in " + path + " %}" + t.value(f, item, depth+1) + "{% endJSONArrayFor %}]"
}

// scalar is the template of a text as JSON.
func (f *field) scalar(path string) string {
	switch f.kind {
	case "boolean":
		return "{% if " + path + " == null %}null{% elsif " + path + " == 'true' or " + path + " == '1' %}true{% else %}false{% endif %}"
	case "integer", "number":
		return "{% assign n = " + path + digits + " %}{% if n == null or n == '' %}null{% else %}{{ n }}{% endif %}"
	}
	return "{% if " + path + " != null %}\"{{" + path + inJSON + "}}\"{% else %}null{% endif %}"
}

// fault writes the JSON of an error, in the form of Azure's guidelines for REST. What the backend wrote beside a fault stays inside.
func (t *template) fault() {
	code, message := "body.envelope.body.fault.faultcode", "body.envelope.body.fault.faultstring"
	if t.service.SOAP12 {
		code, message = "body.envelope.body.fault.code.value", "body.envelope.body.fault.reason.text"
	}
	t.line(4, `<set-body template="liquid" parse-date="false">`)
	t.line(5, "{% if body.envelope.body.fault != null %}")
	t.line(5, `{ "error": { "code": "{{`+code+inJSON+`}}", "message": "{{`+message+inJSON+`}}" } }`)
	t.line(5, "{% else %}")
	t.line(5, `{ "error": { "code": "InvalidErrorResponseBody", "message": "The service answered {{ context.Response.StatusCode }} without a SOAP fault." } }`)
	t.line(5, "{% endif %}")
	t.line(4, "</set-body>")
}
