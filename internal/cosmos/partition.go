package cosmos

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/ascii"
)

// None is the key of items without a value for it.
const None = "[{}]"

// PartitionKey is a value as headers hold it, by the type that policies say: string, number, bool, none or null.
func PartitionKey(kind, text string) (string, error) {
	switch kind {
	case "none":
		return None, nil
	case "null":
		return "[null]", nil
	case "number":
		if f, err := strconv.ParseFloat(text, 64); err != nil || !json.Valid([]byte(text)) || f != f {
			return "", fmt.Errorf("the partition key '%.40s' is no number", text)
		}
		return "[" + text + "]", nil
	case "bool":
		switch strings.ToLower(text) {
		case "true", "false":
			return "[" + strings.ToLower(text) + "]", nil
		}
		return "", fmt.Errorf("the partition key '%.40s' is neither true nor false", text)
	}
	quoted, err := json.Marshal(text)
	return "[" + ascii.JSON(string(quoted)) + "]", err
}

// Paths are where items of a container have the values of their partition key, of its definition.
func Paths(definition []byte) ([][]string, error) {
	var read struct{ PartitionKey struct{ Paths []string } }
	if err := json.Unmarshal(definition, &read); err != nil {
		return nil, errors.New("the container's definition can't be read")
	}
	var out [][]string
	for _, p := range read.PartitionKey.Paths {
		steps := strings.Split(strings.TrimPrefix(p, "/"), "/")
		for i, s := range steps {
			steps[i] = strings.Trim(s, `"`)
		}
		out = append(out, steps)
	}
	return out, nil
}

// KeyOf is the partition key of an item, "" in a container that has none.
func KeyOf(item []byte, paths [][]string) (string, error) {
	if len(paths) == 0 {
		return "", nil
	}
	values := make([]string, len(paths))
	for i, steps := range paths {
		value, err := step(item, steps)
		if err != nil {
			return "", fmt.Errorf("the item's '/%s' can't be its partition key: %w", strings.Join(steps, "/"), err)
		}
		values[i] = value
	}
	return "[" + strings.Join(values, ",") + "]", nil
}

func step(at json.RawMessage, steps []string) (string, error) {
	for _, name := range steps {
		var fields map[string]json.RawMessage
		if json.Unmarshal(at, &fields) != nil || fields[name] == nil {
			return "{}", nil
		}
		at = fields[name]
	}
	text := strings.TrimSpace(string(at))
	if text[0] == '{' || text[0] == '[' {
		return "", errors.New("it is no plain value")
	}
	return ascii.JSON(text), nil
}
