package policies

import (
	"context"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Env is what policies need of a gateway. The control plane, which only checks documents, leaves it empty.
type Env struct {
	Counters counter.Store
	// Wait lets time pass before a retry, and fails when the context ends first; nil waits by the real clock.
	Wait func(context.Context, time.Duration) error
}

// Table lists the policies, made for one gateway.
func Table(env Env) []policy.Spec {
	return []policy.Spec{
		AuthenticationBasic,
		CheckHeader,
		Choose,
		CORS,
		FindAndReplace,
		ForwardRequest,
		HTTPDataSource,
		IPFilter,
		JSONP,
		LimitConcurrency(),
		MockResponse,
		Quota(env),
		QuotaByKey(env),
		RateLimit(env),
		RateLimitByKey(env),
		Retry(env),
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
		ValidateGraphQLRequest,
		ValidateODataRequest,
	}
}
