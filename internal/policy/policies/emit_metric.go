package policies

import "github.com/atelier-apim/atelier/internal/policy"

// EmitMetric measures something of the author's own (policies.md 7.11).
func EmitMetric(env Env) policy.Spec {
	return policy.Spec{
		Name:     "emit-metric",
		Doc:      "Emits a metric of your own, with dimensions.",
		Sections: policy.AnySection,
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("name", policy.Text).Required().Doc("Name of the metric."),
			policy.Attr("value", policy.Double).Default("1").Expr().Doc("What is measured."),
			policy.Attr("namespace", policy.Text).Default(defaultNamespace).Doc("Namespace of the metric."),
			dimensionShape(),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileEmitMetric(env, a) },
	}
}

func compileEmitMetric(env Env, a *policy.Args) (policy.Step, error) {
	known := func(name string) bool { return name != "Backend ID" && knownDimension(name) }
	dimensions, err := readDimensions(a, customDimensions, known)
	if err != nil {
		return nil, err
	}
	name, namespace, value := short(a.Literal("name")), short(a.Literal("namespace")), a.Number("value")
	return func(x *policy.Exchange) error {
		n, err := value.Get(x)
		if err != nil {
			return err
		}
		all, err := measure(x, dimensions, known)
		if err != nil || env.Metrics == nil {
			return err
		}
		env.Metrics.Emit(x, Metric{Namespace: namespace, Name: name, Value: n, Dimensions: dimensionsOf(x, all)})
		return nil
	}, nil
}
