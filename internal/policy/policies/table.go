package policies

import (
	"context"
	"time"

	"github.com/atelier-apim/atelier/internal/cache"
	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/sqldata"
	"github.com/atelier-apim/atelier/internal/token"
	"github.com/atelier-apim/atelier/internal/vector"
)

// Env is what policies need of a gateway. The control plane, which only checks documents, leaves it empty.
type Env struct {
	Counters counter.Store
	// Cache keeps responses and values; nil keeps nothing, which is a cache that misses.
	Cache cache.Store
	// Wait lets time pass before a retry, and fails when the context ends first; nil waits by the real clock.
	Wait func(context.Context, time.Duration) error
	// Fetch gets the OpenID documents that token policies name, under the gateway's rules for outgoing calls.
	Fetch token.Fetch
	// Identity gets tokens of the service's managed identity.
	Identity Identity
	// Metrics takes what emit-metric and the token metrics measure; nil for nobody.
	Metrics Metrics
	// Vectors keeps the responses of language models by meaning; nil keeps nothing, which is a cache that misses.
	Vectors vector.Store
	// Call makes the calls that policies need for themselves; nil fails them.
	Call CallBackend
	// Dapr is the address of the Dapr sidecar, "" when none is configured.
	Dapr string
	// Events takes messages for event hubs and returns at once; nil drops them.
	Events func(Event)
	// SQL runs statements on databases; nil fails them. It is safe for concurrent use.
	SQL func(context.Context, sqldata.Query) (*sqldata.Result, error)
}

// Table lists the policies, made for one gateway.
func Table(env Env) []policy.Spec {
	shared := newTokens(env)
	return []policy.Spec{
		AuthenticationBasic,
		AuthenticationCertificate,
		AuthenticationManagedIdentity(env),
		AzureOpenAIEmitTokenMetric(env),
		AzureOpenAISemanticCacheLookup(env),
		AzureOpenAISemanticCacheStore(env),
		AzureOpenAITokenLimit(env),
		CacheLookup(env),
		CacheLookupValue(env),
		CacheRemoveValue(env),
		CacheStore(env),
		CacheStoreValue(env),
		CacheValue(env),
		CheckHeader,
		Choose,
		CORS,
		CosmosDBDataSource(env),
		CrossDomain,
		EmitMetric(env),
		FindAndReplace,
		ForwardRequest,
		GetAuthorizationContext(shared),
		HTTPDataSource,
		InvokeDaprBinding(env),
		InvokeRequest,
		IPFilter,
		JSONP,
		JSONToXML,
		LimitConcurrency(),
		LLMContentSafety(env),
		LLMEmitTokenMetric(env),
		LLMSemanticCacheLookup(env),
		LLMSemanticCacheStore(env),
		LLMTokenLimit(env),
		LogToEventHub(env),
		MockResponse,
		Proxy,
		PublishEvent,
		PublishToDapr(env),
		Quota(env),
		QuotaByKey(env),
		RateLimit(env),
		RateLimitByKey(env),
		RedirectContentURLs,
		Retry(env),
		ReturnResponse,
		RewriteURI,
		SendOneWayRequest,
		SendRequest,
		SendServiceBusMessage(env),
		SetBackendService(env),
		SetBody,
		SetHeader,
		SetMethod,
		SetQueryParameter,
		SetStatus,
		SetVariable,
		SQLDataSource(env),
		Trace,
		ValidateAzureADToken(shared),
		ValidateGraphQLRequest,
		ValidateJWT(shared),
		ValidateODataRequest,
		ValidateClientCertificate(env),
		ValidateContent,
		ValidateHeaders,
		ValidateParameters,
		ValidateStatusCode,
		Wait,
		XMLToJSON,
		XSLTransform,
	}
}
