package sqlite

import (
	"database/sql/driver"
	"fmt"
	"math"

	"github.com/atelier-apim/atelier/internal/store"
)

// bind makes of the arguments of a statement what the driver takes. They are gone with the next statement of the session.
func (s *session) bind(args []any) error {
	s.args = s.args[:0]
	for i, a := range args {
		var v driver.Value
		switch a := a.(type) {
		case string:
			v = a
		case []byte:
			v = a
		case int64:
			v = a
		case int:
			v = int64(a)
		case uint64:
			if a > math.MaxInt64 {
				return fmt.Errorf("argument %d is too large: %d", i+1, a)
			}
			v = int64(a)
		default:
			return fmt.Errorf("argument %d is of a type that has no column: %T", i+1, a)
		}
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return nil
}

// assign takes a row apart. No column is null.
func assign(dest []any, row []driver.Value) error {
	if len(dest) != len(row) {
		return fmt.Errorf("a row has %d columns, not %d", len(row), len(dest))
	}
	for i, d := range dest {
		var ok bool
		switch d := d.(type) {
		case *string:
			*d, ok = row[i].(string)
		case *[]byte:
			*d, ok = row[i].([]byte)
		case *int64:
			*d, ok = row[i].(int64)
		case *int:
			ok = number(d, row[i])
		case *uint64:
			ok = number(d, row[i])
		case *store.OnDelete:
			ok = number(d, row[i])
		}
		if !ok {
			return fmt.Errorf("column %d is %T, which is no %T", i+1, row[i], d)
		}
	}
	return nil
}

func number[N ~int | ~uint64](d *N, v driver.Value) bool {
	n, ok := v.(int64)
	*d = N(n)
	return ok
}
