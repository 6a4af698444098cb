package armhttp

import (
	"context"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
)

// parity answers which operations of Azure's REST API this server has, to everyone who has signed in: it holds facts of the release, none of the
// installation.
func (f Facts) parity(context.Context, *control.Call, arm.Path, []byte) (*control.Answer, error) {
	return answer(f.Parity())
}
