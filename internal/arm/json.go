package arm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Limits on request bodies of the management API.
const (
	MaxBody      = 12 << 20 // bytes; imports carry documents of up to 10 MiB
	maxJSONDepth = 100
)

// CheckJSON refuses a body that isn't one JSON object, nests deeper than 100 or names a member twice: two readers of such a body could
// understand two things. An empty body is an empty object.
func CheckJSON(body []byte) *Error {
	if len(bytes.TrimSpace(body)) == 0 || json.Valid(body) && isPlain(body) {
		return nil
	}
	return examine(body)
}

// fewNames is how many members an object may have for isPlain to compare each with all before it.
const fewNames = 64

// isPlain says of valid JSON that CheckJSON has nothing against it. It leaves to examine what is not as bodies commonly are: names that are written
// with escapes or beyond ASCII, and large objects.
func isPlain(body []byte) bool {
	var roomForLevels [16]int
	var roomForNames [32][]byte
	open, names := roomForLevels[:0], roomForNames[:0] // of each level that is open, where its names begin; the names of all of them
	if bytes.TrimSpace(body)[0] != '{' {
		return false
	}
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			if len(open) == maxJSONDepth {
				return false
			}
			open = append(open, len(names))
		case '}', ']':
			names, open = names[:open[len(open)-1]], open[:len(open)-1]
		case '"':
			text, plain := textAt(body, i+1)
			i += len(text) + 1
			if !isName(body, i+1) {
				continue
			}
			before := names[open[len(open)-1]:]
			if !plain || len(before) == fewNames || slices.ContainsFunc(before, func(n []byte) bool { return bytes.Equal(n, text) }) {
				return false
			}
			names = append(names, text)
		}
	}
	return true
}

// textAt is the text that begins at i of valid JSON, as it is written, and whether it stands for itself.
func textAt(body []byte, i int) (text []byte, plain bool) {
	plain = true
	for at := i; at < len(body); at++ {
		switch c := body[at]; {
		case c == '"':
			return body[i:at], plain
		case c == '\\':
			at++
			plain = false
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	return body[i:], false // not valid
}

// Names are those of the members of an object, in their order. Of other valid JSON there are none.
func Names(object []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		depth := 0
		for i := 0; i < len(object); i++ {
			switch object[i] {
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			case '"':
				text, plain := textAt(object, i+1)
				end := min(i+len(text)+2, len(object))
				quoted := object[i:end]
				i = end - 1
				if depth != 1 || !isName(object, end) {
					continue
				}
				name := string(text)
				if !plain && json.Unmarshal(quoted, &name) != nil || !yield(name) {
					return
				}
			}
		}
	}
}

// OnlyMember is the value of an object's only member, when it has that name; it is part of object. Of other valid JSON it is false.
func OnlyMember(object []byte, name string) (value []byte, only bool) {
	others := 0
	for n := range Names(object) {
		if n != name || only {
			others++
		}
		only = true
	}
	if !only || others > 0 {
		return nil, false
	}
	_, value, _ = bytes.Cut(object, []byte(":"))
	return bytes.TrimSpace(value[:bytes.LastIndexByte(value, '}')]), true
}

// isName says whether the text that ends before i is a member's name.
func isName(body []byte, i int) bool {
	for ; i < len(body); i++ {
		switch body[i] {
		case ' ', '\t', '\r', '\n':
		default:
			return body[i] == ':'
		}
	}
	return false
}

// examine finds what is wrong with a body, if anything, and where.
func examine(body []byte) *Error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	type level struct {
		names map[string]bool // nil in an array
		key   bool            // the next token is a member's name
	}
	var open []level
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return nil
		}
		if err != nil {
			line, col := position(body, d.InputOffset())
			return badJSON("The request body is not valid JSON near line %d, column %d: %s.", line, col, strings.TrimPrefix(err.Error(), "json: "))
		}
		delim, isDelim := tok.(json.Delim)
		if len(open) == 0 && (delim != '{' || d.InputOffset() > 1 && len(bytes.TrimSpace(body[:d.InputOffset()-1])) > 0) {
			return badJSON("The request body must be one JSON object.")
		}
		switch {
		case isDelim && (delim == '}' || delim == ']'):
			open = open[:len(open)-1]
		case isDelim:
			if len(open) > 0 {
				open[len(open)-1].key = open[len(open)-1].names != nil
			}
			if len(open) == maxJSONDepth {
				return badJSON("The request body nests deeper than %d levels.", maxJSONDepth)
			}
			l := level{}
			if delim == '{' {
				l = level{names: map[string]bool{}, key: true}
			}
			open = append(open, l)
		case open[len(open)-1].key:
			top := &open[len(open)-1]
			name := tok.(string)
			if top.names[name] {
				line, col := position(body, d.InputOffset())
				return badJSON("The request body names the member %q twice, the second time at line %d, column %d.", clip(name), line, col)
			}
			top.names[name], top.key = true, false
		default:
			open[len(open)-1].key = open[len(open)-1].names != nil
		}
	}
}

func badJSON(format string, args ...any) *Error {
	return Errorf(http.StatusBadRequest, "InvalidRequestContent", format, args...)
}

// position turns a byte offset into a 1-based line and column.
func position(b []byte, offset int64) (line, col int) {
	before := b[:min(int(offset), len(b))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, len(before) - bytes.LastIndexByte(before, '\n')
}

// DecodeJSON reads checked JSON into v; a member of the wrong type is an error that names it.
func DecodeJSON(body []byte, v any) *Error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	err := json.Unmarshal(body, v)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		field := strings.TrimPrefix(wrong.Field, "properties.")
		return InvalidField(field, "%s is a JSON %s where %s is needed.", field, wrong.Value, jsonNoun(wrong.Type.Kind().String()))
	}
	return badJSON("The request body can't be read: %s.", fmt.Sprint(err))
}

func jsonNoun(goKind string) string {
	switch {
	case strings.HasPrefix(goKind, "int"), strings.HasPrefix(goKind, "uint"):
		return "a whole number"
	case strings.HasPrefix(goKind, "float"):
		return "a number"
	case goKind == "string":
		return "a text"
	case goKind == "bool":
		return "true or false"
	case goKind == "slice", goKind == "array":
		return "an array"
	case goKind == "struct", goKind == "map":
		return "an object"
	}
	return "a " + goKind
}

// MergePatch applies an RFC 7396 merge patch to a JSON object: members of patch replace those of doc, objects are merged, null removes.
func MergePatch(doc, patch []byte) ([]byte, error) {
	var d, p map[string]any
	if err := unmarshalNumbers(doc, &d); err != nil {
		return nil, fmt.Errorf("merge patch into stored document: %w", err)
	}
	if err := unmarshalNumbers(patch, &p); err != nil {
		return nil, fmt.Errorf("merge patch: %w", err)
	}
	return json.Marshal(merge(d, p))
}

func merge(d, p map[string]any) map[string]any {
	if d == nil {
		d = map[string]any{}
	}
	for k, v := range p {
		switch v := v.(type) {
		case nil:
			delete(d, k)
		case map[string]any:
			old, _ := d[k].(map[string]any)
			d[k] = merge(old, v)
		default:
			d[k] = v
		}
	}
	return d
}

func unmarshalNumbers(b []byte, v any) error {
	if len(bytes.TrimSpace(b)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(v)
}

// Marshal is json.Marshal without the escapes that are for HTML pages: policies come back as they are read.
func Marshal(v any) ([]byte, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() <= largestBuffer {
			b.Reset()
			buffers.Put(b)
		}
	}()
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// buffers are where answers grow; the copy that leaves them has the size it needs.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestBuffer is what a buffer may hold to be used again.
const largestBuffer = 64 << 10
