package odata

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// option is one system query option.
type option struct{ name, value string }

// systemOptions are the names that begin with a dollar sign.
var systemOptions = map[string]bool{
	"$filter": true, "$select": true, "$expand": true, "$orderby": true, "$top": true, "$skip": true, "$count": true, "$search": true, "$format": true, "$compute": true,
	"$apply": true, "$index": true, "$levels": true, "$skiptoken": true, "$deltatoken": true, "$schemaversion": true, "$id": true,
}

// readOptions takes the system query options out of a URL's query. Others are the service's own business.
func readOptions(query string) ([]option, error) {
	var out []option
	seen := map[string]bool{}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		if err == nil {
			value, err = url.QueryUnescape(value)
		}
		switch {
		case err != nil:
			return nil, errors.New("the query can't be read")
		case !strings.HasPrefix(name, "$"):
			continue
		case !systemOptions[name]:
			return nil, fmt.Errorf("'%s' is no query option of OData", clip(name))
		case seen[name]:
			return nil, fmt.Errorf("the query option '%s' stands twice", name)
		}
		seen[name] = true
		out = append(out, option{name, value})
	}
	return out, nil
}

// options checks query options against what a path leads to.
func (m *Model) options(at place, list []option, depth int) error {
	if depth > maxNesting {
		return errDeep
	}
	for _, o := range list {
		if err := m.option(at, o, depth); err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
	}
	return nil
}

func (m *Model) option(at place, o option, depth int) error {
	collection := at.many || at.primitive == "?"
	switch o.name {
	case "$filter", "$orderby", "$top", "$skip", "$count", "$search", "$apply":
		if !collection {
			return errors.New("it is for collections")
		}
	case "$select", "$expand":
		if at.typ == nil && at.primitive != "?" {
			return errors.New("it is for entities and complex values")
		}
	}
	one := at
	one.many = false
	switch o.name {
	case "$filter":
		return m.filter(one, o.value)
	case "$orderby":
		return m.orderBy(one, o.value)
	case "$top", "$skip", "$index":
		if n, err := strconv.ParseInt(o.value, 10, 64); err != nil || n < 0 && o.name != "$index" {
			return fmt.Errorf("'%s' is no number of entities", clip(o.value))
		}
	case "$count":
		if o.value != "true" && o.value != "false" {
			return fmt.Errorf("'%s' is neither true nor false", clip(o.value))
		}
	case "$levels":
		if n, err := strconv.Atoi(o.value); o.value != "max" && (err != nil || n < 1) {
			return fmt.Errorf("'%s' is neither max nor a number", clip(o.value))
		}
	case "$select":
		return m.selects(one, o.value, depth)
	case "$expand":
		return m.expands(one, o.value, depth)
	}
	return nil
}

// orderBy checks expressions with a direction each.
func (m *Model) orderBy(at place, text string) error {
	for _, item := range splitOutside(text, ',') {
		item = strings.TrimSpace(item)
		item = strings.TrimSuffix(strings.TrimSuffix(item, " desc"), " asc")
		if err := m.filter(at, item); err != nil {
			return err
		}
	}
	return nil
}

// selects checks a list of property paths, each with options of its own in parentheses.
func (m *Model) selects(at place, text string, depth int) error {
	return m.items(at, text, depth, func(p *parser, name string) (place, error) {
		if name == "*" || strings.HasSuffix(name, ".*") {
			return place{end: true}, nil
		}
		return p.path(at, name)
	})
}

// expands checks a list of paths to navigation properties.
func (m *Model) expands(at place, text string, depth int) error {
	return m.items(at, text, depth, func(p *parser, name string) (place, error) {
		if name == "*" {
			return place{primitive: "?"}, nil
		}
		name = strings.TrimSuffix(strings.TrimSuffix(name, "/$ref"), "/$count")
		to, err := p.path(at, name)
		if err != nil || to.primitive == "?" {
			return to, err
		}
		if to.typ == nil || !to.typ.Entity {
			return place{}, fmt.Errorf("'%s' is no navigation property", clip(name))
		}
		return to, nil
	})
}

// items goes through a list of paths with options in parentheses: Orders($top=1;$select=Id),Name.
func (m *Model) items(_ place, text string, depth int, find func(p *parser, name string) (place, error)) error {
	for _, item := range splitOutside(text, ',') {
		name, inner, nested := strings.Cut(strings.TrimSpace(item), "(")
		if name == "" {
			return errors.New("a name is missing")
		}
		to, err := find(&parser{model: m, scope: map[string]place{}}, name)
		if err != nil {
			return err
		}
		if !nested {
			continue
		}
		inner, closed := strings.CutSuffix(inner, ")")
		if !closed {
			return errors.New("a parenthesis is not closed")
		}
		var list []option
		for _, part := range splitOutside(inner, ';') {
			name, value, ok := strings.Cut(part, "=")
			if !ok || !systemOptions[name] {
				return fmt.Errorf("'%s' is no query option of OData", clip(name))
			}
			list = append(list, option{name, value})
		}
		if err := m.options(to, list, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// path walks a path of properties.
func (p *parser) path(at place, text string) (place, error) {
	if err := p.read(text); err != nil {
		return place{}, err
	}
	if p.kind() == word && p.model.bound[p.text()] != nil && at.typ != nil && at.typ.Property(p.text()) == nil {
		return place{end: true}, nil // the name of a bound function or action
	}
	to, err := p.member(at, false)
	if err == nil && p.kind() != end {
		err = fmt.Errorf("a path is expected%s", p.near())
	}
	return to, err
}

// splitOutside cuts at a character outside of quotes and parentheses.
func splitOutside(s string, by byte) (out []string) {
	from, depth, quoted := 0, 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == by && depth == 0:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}
