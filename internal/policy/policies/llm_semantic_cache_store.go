package policies

import (
	"encoding/json"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// LLMSemanticCacheStore keeps the response for the lookup that found none.
func LLMSemanticCacheStore(env Env) policy.Spec {
	return semanticStore(env, "llm-semantic-cache-store", "Keeps the response of a language model for llm-semantic-cache-lookup.")
}

// AzureOpenAISemanticCacheStore is the same under its older name.
func AzureOpenAISemanticCacheStore(env Env) policy.Spec {
	return semanticStore(env, "azure-openai-semantic-cache-store", "The older name of llm-semantic-cache-store.")
}

func semanticStore(env Env, name, doc string) policy.Spec {
	return policy.Spec{
		Name: name, Doc: doc, Sections: policy.In(policy.Outbound), Scopes: policy.AnyScope, Once: policy.OncePerSection, HTTPOnly: true,
		Shape: policy.Element(
			policy.Attr("duration", policy.Seconds(1, 1<<31-1, false)).Required().Expr().Doc("How many seconds the response is kept."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileSemanticStore(env, a) },
	}
}

func compileSemanticStore(env Env, a *policy.Args) (policy.Step, error) {
	a.Stores = true
	duration := a.Int("duration")
	return func(x *policy.Exchange) error {
		miss, r := policy.Of[semanticMiss](x), x.EnsureResponse()
		if miss.vector == nil || env.Vectors == nil || r.Status != 200 || compressed(r) || !mayBeKept(r, false) {
			return nil
		}
		seconds, err := duration.Get(x)
		if err != nil {
			return err
		}
		body, fits, err := r.Body.Peek(maxItem)
		if err != nil || !fits {
			return err
		}
		keep := time.Duration(seconds) * time.Second
		data, err := json.Marshal(storedResponse{r.Status, r.Reason, keptHeaders(r.Header), body, x.Host.Now().Add(keep)})
		if err == nil && len(data) <= 2*maxItem {
			_ = env.Vectors.Keep(x.Context, miss.in, miss.vector, data, keep) // a cache may forget anything
		}
		return nil
	}, nil
}
