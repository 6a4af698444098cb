package policies

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/atelier-apim/atelier/internal/llm"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/vector"
)

// LLMSemanticCacheLookup answers with what a language model has answered to a prompt that means the same (policies.md 7.2).
func LLMSemanticCacheLookup(env Env) policy.Spec {
	return semanticLookup(env, "llm-semantic-cache-lookup", "Answers with the response that llm-semantic-cache-store has kept for a prompt that means about the same.")
}

// AzureOpenAISemanticCacheLookup is the same under its older name.
func AzureOpenAISemanticCacheLookup(env Env) policy.Spec {
	return semanticLookup(env, "azure-openai-semantic-cache-lookup", "The older name of llm-semantic-cache-lookup.")
}

func semanticLookup(env Env, name, doc string) policy.Spec {
	return policy.Spec{
		Name: name, Doc: doc, Sections: policy.In(policy.Inbound), Scopes: policy.AnyScope, Once: policy.OncePerSection, HTTPOnly: true,
		Shape: policy.Element(
			policy.Attr("score-threshold", policy.DoubleRange(0, 1)).Required().Doc("The greatest distance in meaning that is still the same prompt: 0 for none; begin with 0.05."),
			policy.Attr("embeddings-backend-id", policy.Text).Required().Doc("Backend entity of the model that makes vectors of prompts; its address is the whole address of that operation."),
			policy.Attr("embeddings-backend-auth", policy.OneOf("system-assigned")).Required().Doc("The service's identity signs in, where the backend has no credentials of its own."),
			policy.Attr("ignore-system-messages", policy.Bool).Default("false").Doc("Whether system messages make no difference."),
			policy.Attr("max-message-count", policy.Count).Doc("Conversations with more messages are not cached."),
			policy.Attr("cache-id", policy.Text).Doc("Cache entity; there is one cache, and the name keeps its entries apart."),
			policy.Children("vary-by", policy.Text).Expr().Doc("Each value has responses of its own; several together count as one."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileSemanticLookup(env, a) },
	}
}

// semantic is one use of the policy.
type semantic struct {
	env          Env
	workspace    string
	threshold    policy.NumberValue
	backend      func(*policy.Exchange) (*policy.Backend, error)
	ignoreSystem bool
	most         int64 // messages; -1 for any number
	cacheID      string
	vary         []policy.TextValue
}

// semanticMiss is what a lookup that found nothing leaves for the store that belongs to it.
type semanticMiss struct {
	in     vector.Partition
	vector []float32 // nil when the answer is not to be kept
}

func compileSemanticLookup(env Env, a *policy.Args) (policy.Step, error) {
	s := &semantic{
		env: env, workspace: a.Home().Workspace, threshold: a.Number("score-threshold"), ignoreSystem: a.Literal("ignore-system-messages") == "true",
		most: -1, cacheID: a.Literal("cache-id"),
	}
	var err error
	if s.backend, err = backendOf(a, "embeddings-backend-id"); err != nil {
		return nil, err
	}
	if a.Set("max-message-count") {
		s.most, _ = a.Int("max-message-count").Literal()
	}
	for _, v := range a.All("vary-by") {
		s.vary = append(s.vary, v.Content())
	}
	return s.run, nil
}

// run looks for an answer. Whatever fails on the way is a miss; only the author's own expressions can fail the request.
func (s *semantic) run(x *policy.Exchange) error {
	miss := policy.Of[semanticMiss](x)
	*miss = semanticMiss{}
	var vary []string
	for _, v := range s.vary {
		text, err := v.Get(x)
		if err != nil {
			return err
		}
		vary = append(vary, text)
	}
	threshold, err := s.threshold.Get(x)
	if err != nil {
		return err
	}
	r, prompt, ok := s.prompt(x)
	if !ok || s.env.Vectors == nil {
		return nil
	}
	b, err := s.backend(x)
	if err != nil {
		return nil //nolint:nilerr // a miss
	}
	v, err := embedding(s.env, x, s.workspace, b, prompt)
	if err != nil {
		return nil //nolint:nilerr // a miss
	}
	miss.in, miss.vector = s.partition(x, r, vary), v
	data, found, err := s.env.Vectors.Nearest(x.Context, miss.in, v, threshold)
	if err != nil || !found {
		return nil //nolint:nilerr // a miss
	}
	answer, _, ok := readResponse(data, x.Host.Now())
	if !ok {
		return nil
	}
	return x.Serve(answer)
}

// maxPrompt is the most bytes of a prompt that is looked up; longer ones are no embedding model's.
const maxPrompt = 32 << 10

// prompt is the text whose meaning is compared; false when the request is none that is cached: not text alone, too long, or streamed.
func (s *semantic) prompt(x *policy.Exchange) (*llm.Request, string, bool) {
	body, fits, err := x.Request.Body.Peek(maxConversation)
	if err != nil || !fits {
		return nil, "", false
	}
	r, err := llm.ReadRequest(body)
	if err != nil || r.Stream {
		return nil, "", false
	}
	text, dialogue := "", int64(0)
	for i := range r.Messages {
		m := &r.Messages[i]
		if !m.Plain {
			return nil, "", false
		}
		if !m.System() {
			dialogue++
		}
		if m.System() && s.ignoreSystem {
			continue
		}
		for _, p := range m.Parts {
			text += m.Role + ": " + p + "\n"
		}
		if len(text) > maxPrompt {
			return nil, "", false
		}
	}
	if dialogue == 0 || s.most >= 0 && dialogue > s.most {
		return nil, "", false
	}
	return r, text, true
}

// partition is what is searched together: prompts to one operation that differ in nothing but their messages. Each part has its length before it, so
// that no two lists of parts are one text.
func (s *semantic) partition(x *policy.Exchange, r *llm.Request, vary []string) vector.Partition {
	d := sha256.New()
	add := func(parts ...string) {
		for _, p := range parts {
			d.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
		}
	}
	add(s.cacheID, s.workspace, r.Rest, x.Request.OriginalURL.Path, x.Backend.Base)
	if x.API != nil {
		add(x.API.ID, x.API.Revision)
	}
	if x.Operation != nil {
		add(x.Operation.ID)
	}
	for _, v := range queryValues(x) {
		add("query", v.name)
		add(v.all...)
	}
	add("vary")
	add(vary...)
	return vector.Partition{Workspace: workspaceOf(x), Name: hex.EncodeToString(d.Sum(nil))}
}
