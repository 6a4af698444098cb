package sqldata

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Parameter is a value of a statement: JSON, with the type that it has in SQL if one is given.
type Parameter struct {
	Name string // as in the statement, without @
	Type string // in lower case, "" for what the server makes of it
	JSON json.RawMessage
}

var parameterName = regexp.MustCompile(`^@[A-Za-z][A-Za-z0-9_]{0,99}$`)

// ParameterName reads a name in the notation of statements: @name.
func ParameterName(s string) (string, error) {
	if !parameterName.MatchString(s) {
		return "", errors.New("a parameter's name is an @ with a letter, and letters, digits or underscores behind it")
	}
	return s[1:], nil
}

// family is what the values of a type are.
type family uint8

const (
	textual family = iota // a text that the server reads
	narrow                // SQL Server: a text in one byte for each character
	whole
	floating
	boolean
	binary
)

// sqlTypes are the types of parameters: of SQL Server by its names, and of PostgreSQL by those of both.
var sqlTypes = map[string]struct {
	family   family
	postgres string // "" for SQL Server alone
}{
	"bigint": {whole, "bigint"}, "int": {whole, "integer"}, "smallint": {whole, "smallint"}, "tinyint": {whole, "smallint"}, "bit": {boolean, "boolean"},
	"decimal": {textual, "numeric"}, "numeric": {textual, "numeric"}, "money": {textual, "numeric"}, "smallmoney": {textual, "numeric"},
	"float": {floating, "double precision"}, "real": {floating, "real"},
	"char": {narrow, "text"}, "varchar": {narrow, "text"}, "text": {narrow, "text"}, "nchar": {textual, "text"}, "nvarchar": {textual, "text"}, "ntext": {textual, "text"},
	"xml": {textual, "xml"}, "sysname": {textual, "text"},
	"date": {textual, "date"}, "time": {textual, "time"}, "datetime": {textual, "timestamp"}, "datetime2": {textual, "timestamp"}, "smalldatetime": {textual, "timestamp"},
	"datetimeoffset": {textual, "timestamptz"}, "uniqueidentifier": {textual, "uuid"},
	"binary": {binary, "bytea"}, "varbinary": {binary, "bytea"}, "image": {binary, "bytea"},
	"integer": {whole, "integer"}, "boolean": {boolean, "boolean"}, "bytea": {binary, "bytea"}, "uuid": {textual, "uuid"}, "json": {textual, "json"}, "jsonb": {textual, "jsonb"},
	"timestamp": {textual, "timestamp"}, "timestamptz": {textual, "timestamptz"},
}

// TypeName reads the name of a type, which may have a length: nvarchar(50).
func TypeName(s string) (string, error) {
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "(")
	name = strings.TrimSpace(name)
	if _, ok := sqlTypes[name]; !ok {
		return "", fmt.Errorf("'%.40s' is no type that a parameter can have", s)
	}
	return name, nil
}

// plain is what JSON holds: nil, a text, a number as it is written, a bool, or a document.
func (p *Parameter) plain() (v any, document bool, err error) {
	if len(p.JSON) == 0 {
		return nil, false, nil
	}
	switch c := p.JSON[0]; c {
	case '{', '[':
		return string(p.JSON), true, nil
	case '"':
		var s string
		if err := json.Unmarshal(p.JSON, &s); err != nil {
			return nil, false, p.bad("text")
		}
		return s, false, nil
	case 't', 'f':
		return c == 't', false, nil
	case 'n':
		return nil, false, nil
	}
	return json.Number(p.JSON), false, nil
}

func (p *Parameter) bad(what string) error {
	return &Error{Kind: Refused, Message: fmt.Sprintf("the parameter @%s is no %s", p.Name, what)}
}

// bytes are what a text of base64 stands for.
func (p *Parameter) bytes(v any) ([]byte, error) {
	s, ok := v.(string)
	b, err := base64.StdEncoding.DecodeString(s)
	if !ok || err != nil {
		return nil, p.bad("bytes in base64")
	}
	return b, nil
}

// forPostgres is the value as PostgreSQL reads it from text; nil is null. A JSON array is an array, unless its type is a document's.
func (p *Parameter) forPostgres() ([]byte, error) {
	v, document, err := p.plain()
	if err != nil || v == nil {
		return nil, err
	}
	if sqlTypes[p.Type].family == binary {
		b, err := p.bytes(v)
		return fmt.Appendf(nil, `\x%x`, b), err
	}
	if document && p.JSON[0] == '[' && p.Type == "" {
		return p.array()
	}
	s := fmt.Sprint(v)
	if strings.ContainsRune(s, 0) {
		return nil, p.bad("text that PostgreSQL takes: it holds a NUL character")
	}
	return []byte(s), nil
}

// array is a JSON array of plain values as PostgreSQL writes it.
func (p *Parameter) array() ([]byte, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(p.JSON, &items); err != nil {
		return nil, p.bad("array")
	}
	out := []byte{'{'}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		v, document, err := (&Parameter{Name: p.Name, JSON: item}).plain()
		switch {
		case err != nil:
			return nil, err
		case v == nil:
			out = append(out, "NULL"...)
			continue
		case document && item[0] == '[':
			return nil, p.bad("array of plain values")
		}
		s := fmt.Sprint(v)
		if strings.ContainsRune(s, 0) {
			return nil, p.bad("text that PostgreSQL takes: it holds a NUL character")
		}
		out = append(out, '"')
		out = append(out, arrayText.Replace(s)...)
		out = append(out, '"')
	}
	return append(out, '}'), nil
}

var arrayText = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// forSQLServer is the value as a Go type that the driver declares as a type of SQL: bigint, float, bit, nvarchar, varchar or varbinary.
func (p *Parameter) forSQLServer(narrowText func(string) any) (any, error) {
	v, document, err := p.plain()
	if err != nil || v == nil {
		return nil, err
	}
	if document {
		return v, nil // a text that OPENJSON reads
	}
	number, isNumber := v.(json.Number)
	switch sqlTypes[p.Type].family {
	case whole:
		n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
		if err != nil {
			return nil, p.bad("whole number")
		}
		return n, nil
	case floating:
		f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
		if err != nil {
			return nil, p.bad("number")
		}
		return f, nil
	case boolean:
		b, err := strconv.ParseBool(fmt.Sprint(v))
		if err != nil {
			return nil, p.bad("boolean")
		}
		return b, nil
	case binary:
		return p.bytes(v)
	case narrow:
		return narrowText(fmt.Sprint(v)), nil
	}
	if b, ok := v.(bool); ok && p.Type == "" {
		return b, nil
	}
	if isNumber && p.Type == "" {
		if n, err := strconv.ParseInt(number.String(), 10, 64); err == nil {
			return n, nil
		}
		if f, err := number.Float64(); err == nil {
			return f, nil
		}
	}
	return fmt.Sprint(v), nil
}
