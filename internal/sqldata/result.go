package sqldata

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Bounds of what a statement brings.
const (
	MaxRows   = 10_000
	MaxResult = 8 << 20 // bytes of JSON
)

// table puts rows into JSON: an array of objects with the columns in their order.
type table struct {
	names []string // quoted, with colon
	out   []byte
	rows  int
}

// begin forgets what was there and takes the columns of a result.
func (t *table) begin(columns []string) error {
	seen := make(map[string]bool, len(columns))
	t.names, t.out, t.rows = t.names[:0], append(t.out[:0], '['), 0
	for i, name := range columns {
		if name == "" {
			name = "column" + strconv.Itoa(i+1)
		}
		if seen[name] {
			return &Error{Kind: Refused, Message: fmt.Sprintf("two columns of the result are named '%.60s'; give one another name with AS", name)}
		}
		seen[name] = true
		quoted, err := json.Marshal(name)
		if err != nil {
			return err
		}
		t.names = append(t.names, string(quoted)+":")
	}
	return nil
}

// row begins a row; column is called for each value then.
func (t *table) row() error {
	if t.rows++; t.rows > MaxRows {
		return &Error{Kind: TooLarge, Message: fmt.Sprintf("the result has more than %d rows; ask for fewer", MaxRows)}
	}
	if t.rows > 1 {
		t.out = append(t.out, ',')
	}
	t.out = append(t.out, '{')
	return nil
}

func (t *table) column(i int) {
	if i > 0 {
		t.out = append(t.out, ',')
	}
	t.out = append(t.out, t.names[i]...)
}

func (t *table) endRow() error {
	t.out = append(t.out, '}')
	if len(t.out) > MaxResult {
		return &Error{Kind: TooLarge, Message: fmt.Sprintf("the result has more than %d MiB; ask for less", MaxResult>>20)}
	}
	return nil
}

// Result is what a statement brought: the rows of its last result, as a JSON array of objects.
type Result struct {
	JSON []byte
	Rows int
}

func (t *table) result() *Result {
	if t.out == nil {
		t.out = []byte{'['}
	}
	return &Result{JSON: append(t.out, ']'), Rows: t.rows}
}

// Object is the one row of a result, or null. More than one is an error.
func (r *Result) Object() ([]byte, error) {
	switch r.Rows {
	case 0:
		return []byte("null"), nil
	case 1:
		return r.JSON[1 : len(r.JSON)-1], nil
	}
	return nil, &Error{Kind: Refused, Message: fmt.Sprintf("the result has %d rows where single-result allows one", r.Rows)}
}

func appendText(b []byte, s string) []byte {
	quoted, err := json.Marshal(strings.ToValidUTF8(s, "\uFFFD"))
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, quoted...)
}

// appendNumber takes a number as the server writes it; what JSON has no number for is a text.
func appendNumber(b []byte, s string) []byte {
	if s == "" || !isDigit(s[0]) && !(s[0] == '-' && len(s) > 1 && isDigit(s[1])) || !json.Valid([]byte(s)) {
		return appendText(b, s)
	}
	return append(b, s...)
}
