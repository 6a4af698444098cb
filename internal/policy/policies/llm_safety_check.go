package policies

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/llm"
	"github.com/atelier-apim/atelier/internal/policy"
)

// The content safety service: its version, and bounds of a call.
const (
	safetyVersion = "api-version=2024-09-01"
	safetyTime    = 10 * time.Second
	safetyAnswer  = 256 << 10
)

// safetyCheck is what the policy asks for in one request.
type safetyCheck struct {
	env             Env
	workspace       string
	backend         *policy.Backend
	shield          bool
	output          string
	thresholds      []threshold
	lists           []string
	window, overlap int64 // characters
	windowed        bool
}

type threshold struct {
	category string
	severity int64
}

// requestText is the text of a request. A body that isn't read as a request to a model is text as it is: what can't be understood is not let pass unseen.
func requestText(x *policy.Exchange) (string, error) {
	body, fits, err := x.Request.Body.Peek(maxConversation)
	switch {
	case err != nil:
		return "", err
	case !fits:
		return "", tooLong()
	}
	r, err := llm.ReadRequest(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "�"), nil
	}
	return r.Text(), nil
}

// request checks a prompt, which is one window.
func (c *safetyCheck) request(x *policy.Exchange, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if utf8.RuneCountInString(text) > maxSafetyText {
		return unsafe("Request", "it is longer than the content safety service takes")
	}
	if c.shield {
		attack, err := c.attacks(x, text)
		if err != nil {
			return err
		}
		if attack {
			return unsafe("Request", "an attack was detected")
		}
	}
	return c.harm(x, "Request", text)
}

// answer checks what a model has answered; a stream, while it passes.
func (c *safetyCheck) answer(x *policy.Exchange) error {
	r := x.Response
	if r == nil || r.Body == nil || r.Status >= 400 {
		return nil
	}
	if compressed(r) {
		return uncheckable(fmt.Errorf("the answer has the encoding %s", r.Header.Get("Content-Encoding")))
	}
	if streams(r) {
		r.Body.Through(func(from io.ReadCloser) io.ReadCloser {
			return newScreen(from, c.window, c.overlap, func(text string) error { return c.harm(x, "Response", text) })
		})
		return nil
	}
	body, fits, err := r.Body.Peek(maxConversation)
	if err != nil {
		return err
	}
	if !fits {
		return unsafe("Response", "it is longer than the content safety service takes")
	}
	text := strings.ToValidUTF8(string(body), "�")
	if a := llm.ReadAnswer(body); a.Read {
		text = a.Text()
	}
	if !c.windowed && utf8.RuneCountInString(text) > maxSafetyText {
		return unsafe("Response", "it is longer than the content safety service takes")
	}
	for _, part := range windows(text, c.window, c.overlap) {
		if err := c.harm(x, "Response", part); err != nil {
			return err
		}
	}
	return nil
}

// windows cuts a text into windows of a size in characters that overlap.
func windows(text string, size, overlap int64) (all []string) {
	runes := []rune(text)
	for at := int64(0); at < int64(len(runes)); at += size - overlap {
		end := min(at+size, int64(len(runes)))
		all = append(all, string(runes[at:end]))
		if end == int64(len(runes)) {
			break
		}
	}
	return all
}

// attacks asks whether a prompt attacks the model.
func (c *safetyCheck) attacks(x *policy.Exchange, text string) (bool, error) {
	var told struct {
		UserPromptAnalysis *struct{ AttackDetected *bool }
		DocumentsAnalysis  []struct{ AttackDetected bool }
	}
	if err := c.ask(x, "/contentsafety/text:shieldPrompt", map[string]any{"userPrompt": text, "documents": []string{}}, &told); err != nil {
		return false, err
	}
	if told.UserPromptAnalysis == nil || told.UserPromptAnalysis.AttackDetected == nil {
		return false, uncheckable(fmt.Errorf("the content safety service told nothing of attacks"))
	}
	return *told.UserPromptAnalysis.AttackDetected, nil
}

// harm refuses a text of a severity from a threshold on, or with a term of a block list.
func (c *safetyCheck) harm(x *policy.Exchange, what, text string) error {
	if len(c.thresholds)+len(c.lists) == 0 || strings.TrimSpace(text) == "" {
		return nil
	}
	asked := map[string]any{"text": text}
	if len(c.thresholds) > 0 {
		var names []string
		for _, t := range c.thresholds {
			names = append(names, t.category)
		}
		asked["categories"], asked["outputType"] = names, c.output
	}
	if len(c.lists) > 0 {
		asked["blocklistNames"], asked["haltOnBlocklistHit"] = c.lists, true
	}
	var told struct {
		BlocklistsMatch    []struct{ BlocklistName string }
		CategoriesAnalysis []struct {
			Category string
			Severity *int64
		}
	}
	if err := c.ask(x, "/contentsafety/text:analyze", asked, &told); err != nil {
		return err
	}
	if len(told.BlocklistsMatch) > 0 {
		return unsafe(what, fmt.Sprintf("it has a term of the block list '%s'", told.BlocklistsMatch[0].BlocklistName))
	}
	severities := map[string]int64{}
	for _, a := range told.CategoriesAnalysis {
		if a.Severity != nil {
			severities[a.Category] = *a.Severity
		}
	}
	for _, t := range c.thresholds {
		severity, known := severities[t.category]
		switch {
		case !known:
			return uncheckable(fmt.Errorf("the content safety service told nothing of the category %s", t.category))
		case severity >= t.severity:
			return unsafe(what, fmt.Sprintf("its severity of %s is %d", t.category, severity))
		}
	}
	return nil
}

// ask calls the content safety service. Without an answer that can be read nothing passes.
func (c *safetyCheck) ask(x *policy.Exchange, path string, question, told any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	a, err := callAI(c.env, x, c.workspace, c.backend, BackendCall{Path: path, Query: safetyVersion, Body: body, Timeout: safetyTime, MaxAnswer: safetyAnswer})
	if err == nil && a.Status != 200 {
		err = fmt.Errorf("the content safety service answered with status %d", a.Status)
	}
	if err == nil {
		err = json.Unmarshal(a.Body, told)
	}
	if err != nil {
		return uncheckable(err)
	}
	return nil
}

func unsafe(what, why string) *policy.Error {
	return &policy.Error{
		Reason: "ContentSafetyCheckFailed", Message: what + " failed content safety check: " + why, Status: 403,
		Public: what + " failed content safety check",
	}
}

func uncheckable(err error) *policy.Error {
	return &policy.Error{Reason: "ContentSafetyUnavailable", Message: "the content safety check could not be made: " + err.Error(), Status: 500, Cause: err}
}

func isUnsafe(err error) bool {
	e, ok := err.(*policy.Error)
	return ok && e.Status == 403
}
