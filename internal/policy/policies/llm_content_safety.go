package policies

import (
	"errors"
	"fmt"

	"github.com/atelier-apim/atelier/internal/policy"
)

// maxSafetyText is the most characters that Azure AI Content Safety looks at in one call.
const maxSafetyText = 10_000

// LLMContentSafety has Azure AI Content Safety look at what goes to and comes from language models (policies.md 7.2).
func LLMContentSafety(env Env) policy.Spec {
	return policy.Spec{
		Name:     "llm-content-safety",
		Doc:      "Has Azure AI Content Safety look at the texts of requests to language models, or of their answers, and refuses harmful ones with 403.",
		Sections: policy.In(policy.Inbound, policy.Outbound),
		Scopes:   policy.AnyScope,
		HTTPOnly: true,
		Shape: policy.Element(
			policy.Attr("backend-id", policy.Text).Required().Expr().Doc("Backend entity of the content safety service; its address ends before /contentsafety."),
			policy.Attr("shield-prompt", policy.Bool).Default("false").Expr().Doc("Whether prompts are checked for attacks on the model."),
			policy.Attr("enforce-on-completions", policy.Bool).Default("false").Expr().Doc("Whether a policy of inbound checks the answer, too."),
			policy.Attr("window-size", policy.IntRange(1, maxSafetyText)).Expr().Doc("Characters of an answer that are checked at once; all of them when left out."),
			policy.Attr("window-overlap-size", policy.IntRange(0, maxSafetyText)).Expr().Doc("Characters that two windows have in common."),
			policy.Child("categories",
				policy.Attr("output-type", policy.OneOf("FourSeverityLevels", "EightSeverityLevels")).Default("FourSeverityLevels").Expr().Doc("Severities 0, 2, 4 and 6, or 0 to 7."),
				policy.Child("category",
					policy.Attr("name", policy.OneOf("Hate", "SelfHarm", "Sexual", "Violence")).Required().Expr().Doc("What kind of harm."),
					policy.Attr("threshold", policy.IntRange(0, 7)).Required().Expr().Doc("Severity from which a text is refused."),
				).Many().Required().Doc("A kind of harm that is refused."),
			).Doc("Kinds of harm that are refused."),
			policy.Child("blocklists",
				policy.Children("id", policy.Text).Required().Expr().Doc("Name of a block list of the content safety service."),
			).Doc("Block lists whose terms are refused."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileContentSafety(env, a) },
	}
}

// safety is one use of the policy.
type safety struct {
	env                 Env
	workspace           string
	place               *policy.Place
	backend             func(*policy.Exchange) (*policy.Backend, error)
	shield, completions policy.BoolValue
	window, overlap     policy.IntValue
	windowed            bool
	output              policy.TextValue
	categories          []safetyCategory
	lists               []policy.TextValue
}

type safetyCategory struct {
	name      policy.TextValue
	threshold policy.IntValue
}

func compileContentSafety(env Env, a *policy.Args) (policy.Step, error) {
	s := &safety{
		env: env, workspace: a.Home().Workspace, place: a.Place(), shield: a.Bool("shield-prompt"), completions: a.Bool("enforce-on-completions"),
		window: a.Int("window-size"), overlap: a.Int("window-overlap-size"), windowed: a.Set("window-size"),
	}
	var err error
	if s.backend, err = backendOf(a, "backend-id"); err != nil {
		return nil, err
	}
	if c := a.One("categories"); c != nil {
		s.output = c.Text("output-type")
		for _, one := range c.All("category") {
			s.categories = append(s.categories, safetyCategory{one.Text("name"), one.Int("threshold")})
		}
	}
	if b := a.One("blocklists"); b != nil {
		for _, id := range b.All("id") {
			s.lists = append(s.lists, id.Content())
		}
	}
	if never, literal := s.shield.Literal(); literal && !never && len(s.categories)+len(s.lists) == 0 {
		return nil, errors.New("it checks nothing; one of the child elements 'categories' and 'blocklists', or shield-prompt, is required")
	}
	if window, known := s.window.Literal(); s.windowed && known {
		if overlap, literal := s.overlap.Literal(); literal && overlap >= window {
			return nil, errors.New("windows overlap by less than their size; make 'window-overlap-size' smaller")
		}
	}
	return s.step, nil
}

func (s *safety) step(x *policy.Exchange) error {
	c, err := s.check(x)
	if err != nil {
		return err
	}
	if x.Section == policy.Outbound {
		return c.answer(x)
	}
	text, err := requestText(x)
	if err != nil {
		return err
	}
	if err := c.request(x, text); err != nil {
		return err
	}
	enforce, err := s.completions.Get(x)
	if err != nil || !enforce {
		return err
	}
	x.Request.Header.Set("Accept-Encoding", "identity") // an answer that is compressed could not be read
	x.WhenAnswered(s.place, c.answer)
	return nil
}

// check is what the policy asks for in this request.
func (s *safety) check(x *policy.Exchange) (*safetyCheck, error) {
	c := &safetyCheck{env: s.env, workspace: s.workspace, window: maxSafetyText, windowed: s.windowed}
	var err error
	if c.backend, err = s.backend(x); err != nil {
		return nil, err
	}
	if c.shield, err = s.shield.Get(x); err != nil {
		return nil, err
	}
	if c.output, err = s.output.Get(x); err != nil {
		return nil, err
	}
	for _, category := range s.categories {
		var t threshold
		if t.category, err = category.name.Get(x); err != nil {
			return nil, err
		}
		if t.severity, err = category.threshold.Get(x); err != nil {
			return nil, err
		}
		c.thresholds = append(c.thresholds, t)
	}
	for _, list := range s.lists {
		id, err := list.Get(x)
		if err != nil {
			return nil, err
		}
		c.lists = append(c.lists, id)
	}
	if !s.windowed {
		return c, nil
	}
	if c.window, err = s.window.Get(x); err != nil {
		return nil, err
	}
	if c.overlap, err = s.overlap.Get(x); err != nil {
		return nil, err
	}
	if c.overlap >= c.window {
		return nil, fmt.Errorf("the overlap of %d is not smaller than the window of %d", c.overlap, c.window)
	}
	return c, nil
}
