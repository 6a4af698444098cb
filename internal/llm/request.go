package llm

import (
	"encoding/json"
	"strings"
)

// imageTokens is what an image counts when tokens are estimated (policies.md 7.2).
const imageTokens = 1200

// What the form of a chat adds to its texts: for each message, and for the beginning of the answer.
const (
	messageTokens = 3
	replyTokens   = 3
)

// Message is one message of a conversation.
type Message struct {
	Role   string
	Parts  []string // its texts
	Images int
	Given  int64 // tokens that it is made of, where it is made of tokens
	Plain  bool  // nothing but text
}

// Request is a request to a language model.
type Request struct {
	Model    string
	Stream   bool
	Chat     bool // made of messages
	Messages []Message
	Rest     string // everything but the messages, as JSON in one form for all that mean the same
}

// prompts are the members that hold what a model is asked.
var prompts = [...]string{"system", "instructions", "messages", "prompt", "input", "suffix"}

// ReadRequest reads the body of a request. Its error says why it is none.
func ReadRequest(body []byte) (*Request, error) {
	v, err := decode(body)
	if err != nil {
		return nil, err
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, errShape
	}
	r := &Request{Model: text(o["model"])}
	r.Stream, _ = o["stream"].(bool)
	found := false
	for _, name := range prompts {
		if p := o[name]; p != nil {
			found = found || name != "system" && name != "instructions" && name != "suffix"
			r.add(name, p)
			delete(o, name)
		}
	}
	if !found {
		return nil, errShape
	}
	rest, err := json.Marshal(o)
	r.Rest = string(rest)
	return r, err
}

func (r *Request) add(name string, v any) {
	all, many := v.([]any)
	switch {
	case name == "system" || name == "instructions":
		r.message("system", v)
	case many && name == "messages":
		r.Chat = true
		for _, m := range all {
			r.message(text(member(m, "role")), m)
		}
	case many && name == "input" && len(all) > 0 && isObject(all[0]): // of responses
		r.Chat = true
		for _, m := range all {
			r.message(text(member(m, "role")), m)
		}
	case many: // several prompts, or prompts as tokens
		r.message("", v)
		m := &r.Messages[len(r.Messages)-1]
		m.Plain, m.Given = false, given(all)
	default:
		r.message("", v)
	}
}

// given counts the tokens of a prompt, or of a list of prompts, that is made of them.
func given(all []any) (n int64) {
	for _, v := range all {
		switch v := v.(type) {
		case json.Number:
			n++
		case []any:
			n += given(v)
		}
	}
	return n
}

func isObject(v any) bool { _, ok := v.(map[string]any); return ok }

func (r *Request) message(role string, v any) {
	m := Message{Role: role}
	m.Images = words(v, &m.Parts)
	m.Plain = plain(v)
	r.Messages = append(r.Messages, m)
}

// plain says whether a message holds text and nothing else.
func plain(v any) bool {
	o, isMessage := v.(map[string]any)
	if !isMessage {
		_, ok := v.(string)
		return ok
	}
	for name := range o {
		if name != "role" && name != "content" && name != "type" && name != "name" {
			return false
		}
	}
	switch c := o["content"].(type) {
	case string:
		return true
	case []any:
		for _, part := range c {
			if kind := text(member(part, "type")); kind != "text" && kind != "input_text" && kind != "output_text" {
				return false
			}
		}
		return true
	}
	return false
}

// System says whether a message is one of the application's rather than of the dialogue.
func (m *Message) System() bool { return m.Role == "system" || m.Role == "developer" }

// Text is every text of the request, a line for each.
func (r *Request) Text() string {
	var all []string
	for i := range r.Messages {
		all = append(all, r.Messages[i].Parts...)
	}
	return strings.Join(all, "\n")
}

// Tokens estimates the tokens of the request for a model: its own, or the one that a deployment is called after.
func (r *Request) Tokens(model string) int64 {
	if r.Model != "" {
		model = r.Model
	}
	c := NewCounter(model)
	total := int64(0)
	for i := range r.Messages {
		m := &r.Messages[i]
		for _, p := range m.Parts {
			c.Write(p)
			c.Break()
		}
		total += int64(m.Images)*imageTokens + m.Given
		if r.Chat {
			total += messageTokens + 1
		}
	}
	if r.Chat {
		total += replyTokens
	}
	return total + c.Total()
}
