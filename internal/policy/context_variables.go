package policy

import (
	"slices"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var variablesType = types.Interface("IVariables")

// variables are the variables of an exchange.
type variables Exchange

// NetType makes them the value of context.Variables.
func (v *variables) NetType() *types.Type { return variablesType }

var objectPair = types.KeyValuePair.Of(types.String, types.Object)

func variablesDecl() types.Decl {
	return types.Decl{
		Type: variablesType, Doc: "Values that policies have kept; names ignore case.",
		Interfaces: []string{"IReadOnlyDictionary<string, object>"},
		Members: []types.Member{
			{Sig: "object this[string key] { get; }", Do: types.Fn2(func(v *variables, key string) types.Value {
				value, _ := v.Get(key)
				return value
			}), Doc: "The value of a variable; null when there is none."},
		},
	}
}

// Len is their number.
func (v *variables) Len() int { return len(v.Variables) }

// Get finds a variable.
func (v *variables) Get(key types.Value) (types.Value, bool) {
	name, _ := key.(string)
	return (*Exchange)(v).Variable(name)
}

// Enumerate gives the variables by name.
func (v *variables) Enumerate(*types.Env) types.Enumerator {
	var names []string
	for n := range v.Variables {
		names = append(names, n)
	}
	slices.Sort(names)
	var items []types.Value
	for _, n := range names {
		items = append(items, types.Pair{Type: objectPair, Key: n, Value: v.Variables[n]})
	}
	return types.Slice(items)
}
