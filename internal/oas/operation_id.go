package oas

import (
	"cmp"
	"strings"
)

// Operation ids as Azure makes them: lower case, runs of other characters than letters and digits become one hyphen, none at the ends,
// 76 characters, and four more where a number must tell two apart.
const maxOperationID = 76

// operationID makes an id from the document's, or from method and path when it gives none.
func (d *document) operationID(given, method, path string) string {
	id := slug(given)
	if id == "" {
		id = slug(method + " " + path)
	}
	unique := d.ids.unique(id)
	if len(unique) > maxOperationID+4 { // more namesakes than three digits count
		unique = d.ids.unique(strings.TrimRight(id[:maxOperationID-6], "-"))
	}
	if unique != id && slug(given) != "" {
		d.warn("%s %s: the operation id %q is taken; it became %q", strings.ToUpper(method), path, shorten(given, 80), unique)
	}
	return unique
}

// Slug is an id of an operation made of a name; "" when nothing of the name can be in one.
func Slug(name string) string { return slug(name) }

func slug(s string) string {
	b := make([]byte, 0, min(len(s), maxOperationID))
	for i := 0; i < len(s) && len(b) < maxOperationID; i++ {
		c := s[i]
		switch {
		case 'A' <= c && c <= 'Z':
			b = append(b, c+'a'-'A')
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			b = append(b, c)
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
	}
	return strings.TrimRight(string(b), "-")
}

// displayName is the summary, or the id as the author wrote it, or method and path.
func displayName(n *node, method, path string) string {
	name := cmp.Or(strings.TrimSpace(n.text("summary")), strings.TrimSpace(n.text("operationId")))
	if name == "" {
		name = strings.ToUpper(method[:1]) + method[1:] + " - " + path
	}
	return shorten(name, maxDisplayName)
}

// schemaStem begins the name of a schema that an operation spells out in place: OrdersOrderIdGet.
func schemaStem(path, method string) string { return pascal(path) + pascal(method) }

// pascal joins the words of s, each with a capital.
func pascal(s string) string {
	var b strings.Builder
	start := true
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (c < '0' || c > '9') {
			start = true
			continue
		}
		if start && 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		b.WriteByte(c)
		start = false
	}
	return b.String()
}
