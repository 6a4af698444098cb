package policy

import (
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// contextProperties are the properties of the context object and of what it leads to, by type and by name in lower case.
var contextProperties = sync.OnceValue(func() map[*types.Type]map[string]*types.Method {
	out := map[*types.Type]map[string]*types.Method{}
	all, err := contextLibrary()
	if err != nil {
		return out
	}
	for _, d := range contextDecls() {
		byName := map[string]*types.Method{}
		for _, m := range d.Members {
			name, _, _ := strings.Cut(m.Sig, " {")
			name = name[strings.LastIndexByte(name, ' ')+1:]
			for _, p := range all.Declares(d.Type, name) {
				if p.Form == types.FormProperty {
					byName[foldName(name)] = p
				}
			}
		}
		out[d.Type] = byName
	}
	return out
})

// Property reads a property of the context object, or of a value that it led to, as templates name it: without regard to case. ok is false when
// there is none.
func (x *Exchange) Property(of types.Value, name string) (value types.Value, ok bool, err error) {
	typed, ok := of.(types.Typed)
	if !ok {
		return nil, false, nil
	}
	p := contextProperties()[typed.NetType()][foldName(name)]
	if p == nil {
		return nil, false, nil
	}
	env := x.Evaluation()
	if env.Library == nil {
		if env.Library, err = contextLibrary(); err != nil {
			return nil, false, err
		}
	}
	value, err = p.Row.Do.Call(&types.Call{Env: env, This: of, Owner: p.Owner, Method: p})
	return value, err == nil, err
}
