package armhttp

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
)

// ServeLink gives out what a link of an export leads to. The link is the right to it: there is no token, and no api-version.
func (h *Handler) ServeLink(w http.ResponseWriter, r *http.Request) {
	id := uuid.NewString()
	answerHeaders(w, r, id)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.refuse(w, r, id, arm.Errorf(http.StatusMethodNotAllowed, "MethodNotAllowed", "%s is not allowed here.", r.Method))
		return
	}
	e, err := h.Control.Linked(r.Context(), strings.TrimPrefix(r.URL.Path, control.ExportPath))
	if err != nil {
		h.refuse(w, r, id, err)
		return
	}
	w.Header().Set("Content-Type", e.Type)
	w.Header().Set("Content-Length", strconv.Itoa(len(e.Body)))
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": e.File}))
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodGet {
		_, _ = w.Write(e.Body) // the caller is gone when this fails
	}
}
