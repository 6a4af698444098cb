package policies

import (
	"github.com/atelier-apim/atelier/internal/llm"
	"github.com/atelier-apim/atelier/internal/policy"
)

// LLMEmitTokenMetric measures the tokens of language models (policies.md 7.2).
func LLMEmitTokenMetric(env Env) policy.Spec {
	return tokenMetric(env, "llm-emit-token-metric", "Emits how many tokens a call of a language model has taken, as metrics with dimensions.", 5)
}

// AzureOpenAIEmitTokenMetric is the same under its older name, with the limits of that time.
func AzureOpenAIEmitTokenMetric(env Env) policy.Spec {
	return tokenMetric(env, "azure-openai-emit-token-metric", "The older name of llm-emit-token-metric.", customDimensions,
		policy.Attr("value", policy.Double).Default("1").Expr().Doc("Without meaning; old documents have it."))
}

func tokenMetric(env Env, name, doc string, limit int, more ...policy.Part) policy.Spec {
	return policy.Spec{
		Name: name, Doc: doc, Sections: policy.In(policy.Inbound), Scopes: policy.AnyScope, HTTPOnly: true,
		Shape: policy.Element(append([]policy.Part{
			policy.Attr("namespace", policy.Text).Default(defaultNamespace).Doc("Namespace of the metrics."),
			dimensionShape(),
		}, more...)...),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileTokenMetric(env, a, limit) },
	}
}

func compileTokenMetric(env Env, a *policy.Args, limit int) (policy.Step, error) {
	dimensions, err := readDimensions(a, limit, knownDimension)
	if err != nil {
		return nil, err
	}
	namespace, place := short(a.Literal("namespace")), a.Place()
	return func(x *policy.Exchange) error {
		all, err := measure(x, dimensions, knownDimension)
		if err != nil || env.Metrics == nil {
			return err
		}
		acc, err := accountOf(x, place)
		if err != nil {
			return err
		}
		acc.whenKnown(func(x *policy.Exchange, u llm.Usage) {
			known := dimensionsOf(x, all)
			for _, m := range [...]struct {
				name   string
				tokens int64
			}{{"Total Tokens", u.Total()}, {"Prompt Tokens", u.Prompt}, {"Completion Tokens", u.Completion}} {
				env.Metrics.Emit(x, Metric{Namespace: namespace, Name: m.name, Value: float64(m.tokens), Dimensions: known})
			}
		})
		return nil
	}, nil
}
