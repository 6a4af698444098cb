package jsonschema

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// locate finds where the value at a location ends, or begins when it is an object or a list: its line and position.
func locate(document []byte, location []string, fold bool) (line, position int) {
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	for _, step := range location {
		tok, err := d.Token()
		if err != nil || !into(d, tok, step, fold) {
			break
		}
	}
	if _, err := d.Token(); err != nil {
		return 1, 0
	}
	return place(document, int(d.InputOffset()))
}

// into moves to a member of the object or list that tok has opened.
func into(d *json.Decoder, tok json.Token, step string, fold bool) bool {
	for i := 0; d.More(); i++ {
		name := strconv.Itoa(i)
		if tok == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return false
			}
			name, _ = key.(string)
		}
		if name == step || fold && strings.EqualFold(name, step) {
			return true
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}

// place is the line of an offset, from 1, and the characters of that line before it.
func place(document []byte, offset int) (line, position int) {
	before := document[:min(max(offset, 0), len(document))]
	return 1 + bytes.Count(before, []byte("\n")), utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}
