package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxDepth is how deep the JSON of a body may be.
const maxDepth = 64

// errShape is the error of a body that is no JSON of ours.
var errShape = errors.New("the body is not JSON that can be read")

// decode reads JSON into objects, lists, strings, numbers and the rest. An object that has a member twice is refused: two readers could take it for two
// different requests.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := value(d, 0)
	if err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errShape
	}
	return v, nil
}

func value(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, errShape
	}
	open, nested := t.(json.Delim)
	switch {
	case !nested:
		return t, nil
	case depth == maxDepth:
		return nil, fmt.Errorf("the body is nested deeper than %d levels", maxDepth)
	case open == '[':
		return list(d, depth+1)
	}
	return object(d, depth+1)
}

func list(d *json.Decoder, depth int) (any, error) {
	all := []any{}
	for d.More() {
		v, err := value(d, depth)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	_, err := d.Token()
	return all, err
}

func object(d *json.Decoder, depth int) (any, error) {
	all := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, errShape
		}
		name, _ := t.(string)
		if _, twice := all[name]; twice {
			return nil, fmt.Errorf("the body has the member %q twice in one object", name)
		}
		if all[name], err = value(d, depth); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return all, err
}

// member is a member of an object, nil when there is none.
func member(v any, name string) any {
	o, _ := v.(map[string]any)
	return o[name]
}

func text(v any) string { s, _ := v.(string); return s }

// number is a count; anything else is none.
func number(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil && i >= 0 && i < 1<<40
}

// names are members whose text says what a value is and is none of the conversation.
var names = []string{"type", "role", "id", "status", "finish_reason", "call_id", "tool_call_id", "tool_use_id", "logprobs", "annotations", "object", "signature", "encrypted_content"}

// words appends the texts inside a value to parts, and counts its images. What is neither text nor image, sound and files, is left out.
func words(v any, parts *[]string) (images int) {
	switch v := v.(type) {
	case string:
		if v != "" {
			*parts = append(*parts, v)
		}
	case []any:
		for _, e := range v {
			images += words(e, parts)
		}
	case map[string]any:
		switch kind := text(v["type"]); {
		case strings.Contains(kind, "image"):
			return 1
		case kind == "input_audio" || kind == "file" || kind == "input_file" || kind == "document":
			return 0
		}
		for _, name := range members(v) {
			if !slices.Contains(names, name) {
				images += words(v[name], parts)
			}
		}
	}
	return images
}

// members are the names of an object's members, in order.
func members(o map[string]any) []string {
	all := make([]string, 0, len(o))
	for name := range o {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}
