package armhttp

import (
	"errors"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
)

// What leaves no trace in the change log is told to who keeps the activity log.

// tell reports a request that would have changed something and was refused for want of a right.
func (h *Handler) tell(r *http.Request, call *control.Call, err error) {
	var e *arm.Error
	if h.Denied == nil || r.Method == http.MethodGet || r.Method == http.MethodHead || !errors.As(err, &e) || e.Status != http.StatusForbidden || e.Action == "" {
		return
	}
	h.Denied(r.Context(), call, e)
}

// tellAct reports a POST word that was performed, before its answer is sent: nobody reads a secret unnoticed.
func (h *Handler) tellAct(r *http.Request, call *control.Call) {
	if h.Acted == nil || r.Method != http.MethodPost {
		return
	}
	path, err := arm.ParsePath(call.Path)
	if err != nil {
		return
	}
	id, word := path.ID, path.Collection
	if m, _, ok := h.Registry.Endpoint(path); ok {
		if how := m.Methods[http.MethodPost]; how != nil && how.As != nil {
			id, word = how.As(path.ID)
		}
	}
	m, ok := h.Registry.Placed(id)
	if !ok {
		return
	}
	if a := m.Kind.Actions[strings.ToLower(word)]; a != nil {
		h.Acted(r.Context(), call, m.PostAction(a), id)
	}
}
