package kind

import (
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/arm"
)

// rules are the checks that the tags of a wire type declare. They are read once when the kind is declared; a malformed tag panics there, in
// every test of the catalogue.
//
//	rule:"required,min=1,max=100,enum=a|b,url,email"   min and max count characters, items, or are bounds of a number
//	pattern:"^[a-z]+$"                                 regular expression for a text
//	said:"Use lower-case letters."                     the pattern in words
type rules struct{ fields []fieldRule }

type fieldRule struct {
	index    int
	name     string // JSON name
	required bool
	min, max int // -1 when not bounded
	enum     []string
	format   string
	pattern  *regexp.Regexp
	said     string
	nested   *rules // of a struct, or of the items of a slice
}

func rulesOf[T any]() *rules {
	var t *T
	return rulesOfType(reflect.TypeOf(t).Elem(), 0)
}

func rulesOfType(t reflect.Type, depth int) *rules {
	r := &rules{}
	if t.Kind() != reflect.Struct || depth > 8 {
		return r
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" || name == "" {
			continue
		}
		fr := parseRule(f)
		fr.index, fr.name = i, name
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner != t {
			if n := rulesOfType(inner, depth+1); len(n.fields) > 0 {
				fr.nested = n
			}
		}
		if fr.any() {
			r.fields = append(r.fields, fr)
		}
	}
	return r
}

// membersOf are the JSON names of a wire type's fields.
func membersOf(t reflect.Type) []string {
	var out []string
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			out = append(out, name)
		}
	}
	return out
}

func (f fieldRule) any() bool {
	return f.required || f.min >= 0 || f.max >= 0 || f.enum != nil || f.format != "" || f.pattern != nil || f.nested != nil
}

func parseRule(f reflect.StructField) fieldRule {
	fr := fieldRule{min: -1, max: -1, said: f.Tag.Get("said")}
	for part := range strings.SplitSeq(f.Tag.Get("rule"), ",") {
		word, arg, _ := strings.Cut(part, "=")
		switch word {
		case "":
		case "required":
			fr.required = true
		case "min", "max":
			n, err := strconv.Atoi(arg)
			if err != nil {
				panic("kind: rule of " + f.Name + ": " + part)
			}
			if word == "min" {
				fr.min = n
			} else {
				fr.max = n
			}
		case "enum":
			fr.enum = strings.Split(arg, "|")
		case "url", "email":
			fr.format = word
		default:
			panic("kind: rule of " + f.Name + ": " + part)
		}
	}
	if p := f.Tag.Get("pattern"); p != "" {
		fr.pattern = regexp.MustCompile(p)
	}
	return fr
}

func (r *rules) check(v any) []arm.Detail {
	var out []arm.Detail
	r.walk(reflect.ValueOf(v).Elem(), "", &out)
	return out
}

func (r *rules) walk(v reflect.Value, prefix string, out *[]arm.Detail) {
	for i := range r.fields {
		f := &r.fields[i]
		path := prefix + f.name
		fv, given := v.Field(f.index), false
		for fv.Kind() == reflect.Pointer && !fv.IsNil() {
			fv, given = fv.Elem(), true
		}
		if fv.IsZero() && !given {
			if f.required {
				*out = append(*out, arm.Detail{Target: path, Message: fmt.Sprintf("%s is required.", path)})
			}
			continue
		}
		if m := f.fault(fv); m != "" {
			*out = append(*out, arm.Detail{Target: path, Message: path + " " + m})
			continue
		}
		f.settle(fv)
		f.descend(fv, path, out)
	}
}

// settle gives a choice the casing of its declaration, so that what is stored can be compared.
func (f *fieldRule) settle(v reflect.Value) {
	if f.enum == nil || v.Kind() != reflect.String {
		return
	}
	for _, e := range f.enum {
		if strings.EqualFold(e, v.String()) {
			v.SetString(e)
			return
		}
	}
}

func (f *fieldRule) descend(v reflect.Value, path string, out *[]arm.Detail) {
	switch {
	case f.nested == nil:
	case v.Kind() == reflect.Struct:
		f.nested.walk(v, path+".", out)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			item := v.Index(i)
			for item.Kind() == reflect.Pointer && !item.IsNil() {
				item = item.Elem()
			}
			if item.Kind() == reflect.Struct {
				f.nested.walk(item, fmt.Sprintf("%s[%d].", path, i), out)
			}
		}
	}
}

// fault says what is wrong with a value that is set; "" when nothing is.
func (f *fieldRule) fault(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return f.textFault(v.String())
	case reflect.Slice, reflect.Map:
		return f.countFault(v.Len(), "items")
	case reflect.Int, reflect.Int64:
		n := int(v.Int())
		if (f.min >= 0 && n < f.min) || (f.max >= 0 && n > f.max) {
			return "must be " + f.span("") + "."
		}
	}
	return ""
}

func (f *fieldRule) textFault(s string) string {
	if m := f.countFault(utf8.RuneCountInString(s), "characters"); m != "" {
		return m
	}
	switch {
	case f.enum != nil && !containsFold(f.enum, s):
		return "must be one of " + strings.Join(f.enum, ", ") + "."
	case f.pattern != nil && !f.pattern.MatchString(s):
		if f.said != "" {
			return "is not allowed. " + f.said
		}
		return "must match " + f.pattern.String() + "."
	case f.format == "url":
		if u, err := url.Parse(s); err != nil || u.Host == "" || !containsFold([]string{"http", "https", "ws", "wss"}, u.Scheme) {
			return "must be an absolute URL such as https://example.org/base."
		}
	case f.format == "email":
		if at := strings.LastIndexByte(s, '@'); at < 1 || at == len(s)-1 || strings.ContainsAny(s, " \r\n\t<>,;") {
			return "must be an e-mail address."
		}
	}
	return ""
}

func (f *fieldRule) countFault(n int, unit string) string {
	if (f.min >= 0 && n < f.min) || (f.max >= 0 && n > f.max) {
		return "must have " + f.span(unit) + "."
	}
	return ""
}

func (f *fieldRule) span(unit string) string {
	var s string
	switch {
	case f.min >= 0 && f.max >= 0:
		s = fmt.Sprintf("%d to %d", f.min, f.max)
	case f.max >= 0:
		s = fmt.Sprintf("at most %d", f.max)
	default:
		s = fmt.Sprintf("at least %d", f.min)
	}
	return strings.TrimSpace(s + " " + unit)
}

func containsFold(list []string, s string) bool {
	for _, l := range list {
		if strings.EqualFold(l, s) {
			return true
		}
	}
	return false
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
