package llm

import "strings"

// Usage is what a request has consumed.
type Usage struct {
	Prompt, Completion int64
	Told               bool // by the model, rather than estimated
}

// Total is both.
func (u Usage) Total() int64 { return u.Prompt + u.Completion }

// Answer is a whole answer of a model.
type Answer struct {
	Usage Usage
	Parts []string // its texts
	Read  bool     // it is JSON that can be read
}

// answers are the members that hold what a model has said.
var answers = [...]string{"choices", "output", "content"}

// ReadAnswer reads the body of an answer. One that is none has neither texts nor a usage.
func ReadAnswer(body []byte) (a Answer) {
	v, err := decode(body)
	if err != nil {
		return a
	}
	a.Read = true
	a.Usage = usageOf(member(v, "usage"))
	for _, name := range answers {
		words(member(v, name), &a.Parts)
	}
	return a
}

// usageOf reads the usage of chat completions, completions and embeddings, or of responses and messages.
func usageOf(v any) (u Usage) {
	prompt, ok := number(member(v, "prompt_tokens"))
	if ok {
		u.Prompt, u.Told = prompt, true
		u.Completion, _ = number(member(v, "completion_tokens"))
		return u
	}
	if u.Prompt, u.Told = number(member(v, "input_tokens")); u.Told {
		for _, name := range [...]string{"cache_creation_input_tokens", "cache_read_input_tokens"} { // of messages, beside the others
			n, _ := number(member(v, name))
			u.Prompt += n
		}
		u.Completion, _ = number(member(v, "output_tokens"))
	}
	return u
}

// Text is every text of the answer, a line for each.
func (a *Answer) Text() string { return strings.Join(a.Parts, "\n") }

// Tokens estimates the tokens of the answer.
func (a *Answer) Tokens(model string) int64 {
	c := NewCounter(model)
	for _, p := range a.Parts {
		c.Write(p)
		c.Break()
	}
	return c.Total()
}
