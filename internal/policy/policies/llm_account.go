package policies

import (
	"io"
	"strings"

	"github.com/atelier-apim/atelier/internal/llm"
	"github.com/atelier-apim/atelier/internal/policy"
)

// maxConversation is the most of a request or an answer of a language model that is read.
const maxConversation = policy.DefaultMaxBody

// account is what the policies for language models know together of one exchange: the request is read once, and its tokens are counted once.
type account struct {
	begun   bool
	request *llm.Request // nil when the body is none
	prompt  int64        // estimated; 0 before
	usage   llm.Usage
	known   bool // the usage is final
	told    []func(*policy.Exchange, llm.Usage)
}

// accountOf begins the account at its first use. A body that is too long to be read is refused: nobody could say what it costs.
func accountOf(x *policy.Exchange, place *policy.Place) (*account, error) {
	a := policy.Of[account](x)
	if a.begun {
		return a, nil
	}
	a.begun = true
	body, fits, err := x.Request.Body.Peek(maxConversation)
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, tooLong()
	}
	if r, err := llm.ReadRequest(body); err == nil {
		a.request = r
	}
	// An answer that is compressed could not be counted.
	x.Request.Header.Set("Accept-Encoding", "identity")
	x.WhenAnswered(place, a.answered)
	return a, nil
}

func tooLong() *policy.Error {
	return &policy.Error{
		Reason: "RequestBodyTooLarge", Message: "the body is larger than a policy may read", Status: 413,
		Public: "The body of the request is too large.",
	}
}

// estimate is how many tokens the request has.
func (a *account) estimate(x *policy.Exchange) int64 {
	if a.prompt == 0 && a.request != nil {
		a.prompt = a.request.Tokens(model(x))
	}
	return a.prompt
}

// model is the deployment that the address names, "" when it names none.
func model(x *policy.Exchange) string {
	for _, path := range [...]string{x.Backend.Path, x.Request.OriginalURL.Path} {
		if _, rest, ok := strings.Cut(path, "/deployments/"); ok {
			name, _, _ := strings.Cut(rest, "/")
			return name
		}
	}
	return ""
}

func (a *account) model(x *policy.Exchange) string {
	if a.request != nil && a.request.Model != "" {
		return a.request.Model
	}
	return model(x)
}

// whenKnown has f told of the usage once it is final: before outbound, or after a stream has ended. It isn't told of answers that consumed nothing.
func (a *account) whenKnown(f func(*policy.Exchange, llm.Usage)) { a.told = append(a.told, f) }

func (a *account) tell(x *policy.Exchange) {
	a.known = true
	for _, f := range a.told {
		f(x, a.usage)
	}
}

// answered looks at the backend's answer. The tokens of a stream are always estimated (policies.md 7.2), while it passes; those of any other answer are
// what it tells, and estimated when it doesn't, so that no backend's silence is free.
func (a *account) answered(x *policy.Exchange) error {
	r := x.Response
	if r == nil || r.Body == nil || r.Status >= 400 {
		return nil
	}
	if streams(r) {
		a.follow(x, r.Body)
		return nil
	}
	body, fits, err := r.Body.Peek(maxConversation)
	if err != nil {
		return err
	}
	answer := llm.ReadAnswer(body)
	switch {
	case fits && answer.Usage.Told:
		a.usage = answer.Usage
	case a.request == nil:
		return nil
	case !fits || compressed(r):
		a.usage = llm.Usage{Prompt: a.estimate(x), Completion: max(int64(len(body)), r.Body.Length, 0) / bytesPerToken}
	default:
		a.usage = llm.Usage{Prompt: a.estimate(x), Completion: answer.Tokens(a.model(x))}
	}
	a.tell(x)
	return nil
}

// bytesPerToken is what is assumed of an answer that can't be read.
const bytesPerToken = 4

func streams(r *policy.Response) bool {
	return r.Body != nil && plainType(r.Header.Get("Content-Type")) == "text/event-stream"
}

func compressed(r *policy.Response) bool {
	e := r.Header.Get("Content-Encoding")
	return e != "" && !strings.EqualFold(e, "identity")
}

// follow counts a stream while it passes, and tells when the exchange is over, however it ended.
func (a *account) follow(x *policy.Exchange, body *policy.Body) {
	a.usage.Prompt = a.estimate(x)
	counter := llm.NewCounter(a.model(x))
	s := llm.NewStream(counter.Write)
	var bytes int64
	body.Through(func(from io.ReadCloser) io.ReadCloser {
		return &overheard{from, func(p []byte) {
			bytes += int64(len(p))
			_, _ = s.Write(p)
		}}
	})
	unreadable := compressed(x.Response)
	x.Afterwards = append(x.Afterwards, func(x *policy.Exchange) {
		s.End()
		a.usage.Completion = counter.Total()
		if unreadable {
			a.usage.Completion = bytes / bytesPerToken
		}
		a.tell(x)
	})
}

// overheard is a stream that somebody listens to.
type overheard struct {
	io.ReadCloser
	heard func([]byte)
}

func (o *overheard) Read(p []byte) (int, error) {
	n, err := o.ReadCloser.Read(p)
	o.heard(p[:n])
	return n, err
}
