package gateway

import (
	"strconv"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// metrics writes the measurements of policies into the access log: a line for each, tied to the call by its activity id.
type metrics struct{}

// Emit implements policies.Metrics.
func (metrics) Emit(p *policy.Exchange, m policies.Metric) {
	x, ok := p.Host.(*exchange)
	if !ok || x.gateway.log.w == nil {
		return
	}
	x.gateway.log.line(func(b []byte) []byte {
		b = x.appendPlace(b, "metric", x.gateway.now())
		b = appendMember(b, "namespace", m.Namespace)
		b = appendMember(b, "name", m.Name)
		b = append(b, `,"value":`...)
		b = strconv.AppendFloat(b, m.Value, 'g', -1, 64)
		b = append(b, `,"dimensions":{`...)
		for i, d := range m.Dimensions {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSON(b, d.Name), ':')
			b = appendJSON(b, d.Value)
		}
		return append(b, '}')
	})
}
