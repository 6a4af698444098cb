package policy

import (
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
	return types.NewLibrary(base, contextDecls()...)
})
