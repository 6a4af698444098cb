// Package policy is the policy language without its words: documents, scopes and <base/>, shapes, the compiler, the exchange that
// steps work on, and the context object that expressions see. The policies themselves live one a file in policy/policies.
//
// A document is parsed once (Parse), checked when it is saved (Engine.Check) and compiled into a Plan when a gateway's table is built
// (Engine.Compile); at request time only steps run. The room knows no HTTP server, no store and no control plane: what the outside
// must do for a step (calling a backend, counting, caching, the clock) is handed in. Start with exchange.go, plan.go and engine.go.
package policy
