package apim

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// checkConnectivity tries to reach an address from here, under the rules for downloads by link: private networks are closed unless the operator opened
// them.
func (c *Catalogue) checkConnectivity(ctx context.Context, a *kind.ActionCall) (any, error) {
	var r struct {
		Destination struct {
			Address string `json:"address"`
			Port    int    `json:"port"`
		} `json:"destination"`
		Protocol string `json:"protocol"`
	}
	if err := arm.DecodeJSON(a.Body, &r); err != nil {
		return nil, err
	}
	d := r.Destination
	switch {
	case d.Address == "" || len(d.Address) > 253 || strings.ContainsAny(d.Address, "/?#@ "):
		return nil, arm.InvalidField("destination.address", "destination.address must be a host name or an address.")
	case d.Port < 1 || d.Port > 65535:
		return nil, arm.InvalidField("destination.port", "destination.port must be 1 to 65535.")
	case c.Dial == nil:
		return nil, arm.Errorf(http.StatusBadRequest, "NotSupported", "This process does not check connections.")
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	begun := time.Now()
	err := c.Dial(ctx, net.JoinHostPort(d.Address, strconv.Itoa(d.Port)))
	took := time.Since(begun).Milliseconds()
	hop := map[string]any{"type": "Internet", "id": "destination", "address": d.Address, "resourceId": d.Address, "nextHopIds": []string{}, "issues": []any{}}
	out := map[string]any{"connectionStatus": "Connected", "avgLatencyInMs": took, "minLatencyInMs": took, "maxLatencyInMs": took, "probesSent": 1, "probesFailed": 0}
	if err != nil {
		hop["issues"] = []any{map[string]any{"origin": "Local", "severity": "Error", "type": "Unknown", "context": []map[string]string{{"error": err.Error()}}}}
		out = map[string]any{"connectionStatus": "Disconnected", "probesSent": 1, "probesFailed": 1}
	}
	out["hops"] = []any{map[string]any{"type": "Source", "id": "source", "address": "", "resourceId": a.ID.String(), "nextHopIds": []string{"destination"}, "issues": []any{}}, hop}
	return out, nil
}
