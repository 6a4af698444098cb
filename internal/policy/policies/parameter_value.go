package policies

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/jsonschema"
	"github.com/atelier-apim/atelier/internal/policy"
)

// checkParameter compares the values of a parameter with its definition; kind and word say what it is.
func checkParameter(x *policy.Exchange, p *policy.Parameter, all []string, kind, word, action string, f *findings) {
	wrong := func(format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		f.add(finding{p.Name, kind, "IncorrectMessage", text, text, action})
	}
	if all == nil {
		if p.Required {
			wrong("The value of the %s %s does not conform to the definition. The %s is required. Line: 0, Position: 0", word, p.Name, word)
		}
		return
	}
	typ := strings.ToLower(p.Type)
	if len(all) > 1 && typ != "array" {
		wrong("Request cannot contain multiple values for the %s %s.", word, p.Name)
		return
	}
	v, problem := parameterValue(typ, all)
	if problem != "" {
		wrong("Value of the %s %s couldn't be parsed according to the definition. %s", word, p.Name, problem)
		return
	}
	if len(p.Values) > 0 {
		for _, s := range all {
			if !slices.Contains(p.Values, s) {
				wrong("The value of the %s %s does not conform to the definition. Value %s is not defined in enum. Line: 1, Position: %d", word, p.Name, strconv.Quote(s), len(s))
			}
		}
	}
	if p.Schema.ID == "" || x.API == nil {
		return
	}
	s, err := apiSchema(x.API, p.Schema, jsonschema.Options{})
	if err != nil {
		f.add(finding{p.Name, kind, "ValidationError", fmt.Sprintf("The definition of the %s %s can't be used: %v", word, p.Name, err), "", action})
		return
	}
	for _, w := range s.ValidateValue(v) {
		wrong("The value of the %s %s does not conform to the definition. %s Line: 1, Position: %d", word, p.Name, w.Message, len(strings.Join(all, ",")))
	}
}

// parameterValue reads a value as its type says; an array is the values, or one text with commas. What doesn't read is a problem, in the service's
// words.
func parameterValue(typ string, all []string) (v any, problem string) {
	switch typ {
	case "array":
		if len(all) == 1 {
			all = strings.Split(all[0], ",")
		}
		out := make([]any, len(all))
		for i, s := range all {
			out[i] = s
		}
		return out, ""
	case "integer", "int", "number", "float", "double", "decimal":
		s := strings.TrimSpace(all[0])
		if !isNumberText(s) || strings.HasPrefix(typ, "int") && strings.ContainsAny(s, ".eE") {
			return nil, fmt.Sprintf("Could not convert string to %s: %s.", numberWord(typ), all[0])
		}
		return json.Number(s), ""
	case "boolean", "bool":
		b, err := strconv.ParseBool(strings.ToLower(all[0]))
		if err != nil || len(all[0]) == 1 {
			return nil, fmt.Sprintf("Could not convert string to boolean: %s.", all[0])
		}
		return b, ""
	case "object":
		d := json.NewDecoder(bytes.NewReader([]byte(all[0])))
		d.UseNumber()
		var object map[string]any
		if err := d.Decode(&object); err != nil {
			return nil, fmt.Sprintf("Could not read the object: %v.", err)
		}
		return object, ""
	}
	return all[0], ""
}

// isNumberText says whether s is a number of JSON.
func isNumberText(s string) bool {
	var n json.Number
	return s != "" && (s[0] == '-' || s[0] >= '0' && s[0] <= '9') && len(s) < 400 && json.Unmarshal([]byte(s), &n) == nil
}

func numberWord(typ string) string {
	if strings.HasPrefix(typ, "int") {
		return "integer"
	}
	return "decimal"
}
