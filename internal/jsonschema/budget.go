package jsonschema

import (
	"reflect"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atelier-apim/atelier/internal/expr/lib"
)

// Alternatives within alternatives double the work with each level, and a document chooses how many levels there are: one validation may compare so
// many values with schemas and patterns for its length, and take so long.
const (
	freeComparisons = 1_000_000
	perByte         = 4
	maxTime         = 5 * time.Second
)

// compiled is a compiled schema that counts what one validation compares. The library tells its hooks nothing of the validation that they are called
// in, so that each at the same time has a copy of its own. There are no more of them than processors: validation does nothing but compute.
type compiled struct {
	schema *jsonschema.Schema
	left   int
	until  time.Time
}

// spent ends a validation from within.
type spent struct{}

func (c *compiled) count() {
	if c.left--; c.left < 0 || c.left&1023 == 0 && time.Now().After(c.until) {
		panic(spent{})
	}
}

// watch has every schema that can be reached counted when a value is compared with it. The format is the one hook that comes before the schemas within.
func (c *compiled) watch(v reflect.Value, seen map[*jsonschema.Schema]bool) {
	switch v.Kind() {
	case reflect.Interface:
		c.watch(v.Elem(), seen)
	case reflect.Slice:
		for i := range v.Len() {
			c.watch(v.Index(i), seen)
		}
	case reflect.Map:
		for each := v.MapRange(); each.Next(); {
			c.watch(each.Value(), seen)
		}
	case reflect.Pointer:
		s, ok := v.Interface().(*jsonschema.Schema)
		if !ok || s == nil || seen[s] {
			return
		}
		seen[s] = true
		s.Format = c.counting(s.Format)
		fields := reflect.ValueOf(s).Elem()
		for i := range fields.NumField() {
			if fields.Type().Field(i).IsExported() {
				c.watch(fields.Field(i), seen)
			}
		}
	}
}

// counting is the format with the count before it.
func (c *compiled) counting(f *jsonschema.Format) *jsonschema.Format {
	check, name := func(any) error { return nil }, "any"
	if f != nil {
		check, name = f.Validate, f.Name
	}
	if name == "regex" { // the library would go past it by the name
		check, name = checkPattern, "regular expression"
	}
	return &jsonschema.Format{Name: name, Validate: func(v any) error {
		c.count()
		return check(v)
	}}
}

func checkPattern(v any) error {
	if text, ok := v.(string); ok {
		_, err := lib.NewPattern(text)
		return err
	}
	return nil
}

// validate compares a value with the schema. beyond says that it was given up.
func (s *Schema) validate(v any, length int) (beyond bool, err error) {
	c := <-s.copies
	defer func() { s.copies <- c }()
	if c == nil {
		made, err := s.make()
		if err != nil {
			return true, nil //nolint:nilerr // it was made before, so that there is nothing that the caller could learn
		}
		c = made
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(spent); !ours {
				panic(r)
			}
			beyond, err = true, nil
		}
	}()
	c.left, c.until = freeComparisons+perByte*length, time.Now().Add(maxTime)
	return false, c.schema.Validate(v)
}
