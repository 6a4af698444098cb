package policy

import (
	"slices"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// contextLibrary is the standard library with the context object on top. It is built once; an error is a defect of a table, which a test catches.
var contextLibrary = sync.OnceValues(func() (*types.Library, error) {
	base, err := lib.Standard()
	if err != nil {
		return nil, err
	}
	return types.NewLibrary(base, known(base, contextDecls())...)
})

// borrowed are the library types that rows of the context object mention.
var borrowed = []string{"DateTime", "Guid", "TimeSpan", "Uri", "X509Certificate2"}

// known leaves out rows that mention a type which the library doesn't have.
func known(base *types.Library, decls []types.Decl) []types.Decl {
	for i := range decls {
		decls[i].Members = slices.DeleteFunc(slices.Clone(decls[i].Members), func(m types.Member) bool {
			return slices.ContainsFunc(borrowed, func(name string) bool {
				return base.Lookup(name, 0) == nil && strings.Contains(m.Sig, name)
			})
		})
	}
	return decls
}
