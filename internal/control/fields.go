package control

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/arm"
)

// fieldsOf gives a filter the members of a resource that may be shown: its name, and what stands in its properties, by name without case. What JSON
// leaves out is nil.
func fieldsOf(name string, v any, more map[string]any) func(string) arm.Field {
	at := reflect.Indirect(reflect.ValueOf(v))
	members := membersOf(at.Type())
	return func(field string) arm.Field {
		field = strings.ToLower(field)
		if v, ok := more[field]; ok {
			return v
		}
		if m, ok := members[field]; ok {
			if f, err := at.FieldByIndexErr(m.index); err == nil && !(m.omitEmpty && isEmpty(f)) {
				return plain(f)
			}
		}
		if field == "name" {
			return name
		}
		return nil
	}
}

// member is where a member of the JSON form lies in a struct.
type member struct {
	index     []int
	omitEmpty bool
}

var knownMembers sync.Map // reflect.Type to map[string]member

// membersOf are the members of a struct's JSON form by lower-case name; none of anything else.
func membersOf(t reflect.Type) map[string]member {
	if known, ok := knownMembers.Load(t); ok {
		return known.(map[string]member)
	}
	members := map[string]member{}
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.IsExported() || name == "-" || f.Anonymous && name == "" {
				continue
			}
			if name == "" {
				name = f.Name
			}
			members[strings.ToLower(name)] = member{f.Index, strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")}
		}
	}
	knownMembers.Store(t, members)
	return members
}

// isEmpty says whether omitempty leaves a value out.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map, reflect.Array, reflect.String:
		return v.Len() == 0
	}
	return v.IsZero() && v.Kind() != reflect.Struct
}

// plain turns a value into what filters compare: texts, numbers, truth values, lists of texts, as JSON has them.
func plain(v reflect.Value) any {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	_, special := v.Interface().(json.Marshaler)
	if !special {
		switch v.Kind() {
		case reflect.String:
			return v.String()
		case reflect.Bool:
			return v.Bool()
		}
	}
	b, err := json.Marshal(v.Interface())
	var out any
	if err != nil || json.Unmarshal(b, &out) != nil {
		return nil
	}
	items, ok := out.([]any)
	if !ok {
		return out
	}
	texts := []string{}
	for _, i := range items {
		if s, ok := i.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}
