package policies

import (
	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Env is what policies need of a gateway. The control plane, which only checks documents, leaves it empty.
type Env struct {
	Counters counter.Store
}

// Table lists the policies, made for one gateway.
func Table(env Env) []policy.Spec {
	return []policy.Spec{
		CheckHeader,
		Choose,
		CORS,
		ForwardRequest,
		IPFilter,
		MockResponse,
		QuotaByKey(env),
		RateLimit(env),
		RateLimitByKey(env),
		ReturnResponse,
		RewriteURI,
		SetBackendService,
		SetBody,
		SetHeader,
		SetMethod,
		SetQueryParameter,
		SetStatus,
		SetVariable,
		Trace,
	}
}
