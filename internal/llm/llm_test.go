package llm_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/llm"
)

// The numbers are those of OpenAI's own tokenizer for these texts.
func TestTokensAreThoseOfTheModelsVocabulary(t *testing.T) {
	t.Parallel()
	tests := []struct {
		model, text string
		want        int64
	}{
		{"gpt-4o", "hello world", 2},
		{"gpt-4o", "antidisestablishmentarianism", 6},
		{"gpt-4", "antidisestablishmentarianism", 6},
		{"gpt-4", "お誕生日おめでとう", 9},
		{"gpt-4o", "お誕生日おめでとう", 8},
		{"", "", 0},
	}
	for _, test := range tests {
		c := llm.NewCounter(test.model)
		c.Write(test.text)
		if got := c.Total(); got != test.want {
			t.Errorf("%s: %q has %d tokens, want %d", test.model, test.text, got, test.want)
		}
	}
}

// Whatever a text is made of, counting it is a matter of moments, and one that is longer than what is counted is not free.
func TestCountingIsBoundedForHostileTexts(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{"blanks": " ", "letters": "a", "lines": "\n", "signs": "!?", "marks": "\u0301", "broken": "\xff", "blank lines": " \n "} {
		begun := time.Now()
		c := llm.NewCounter("gpt-4o")
		c.Write(strings.Repeat(unit, (8<<20)/len(unit)))
		if c.Total() < 1000 {
			t.Errorf("%s: %d tokens", name, c.Total())
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// A text counts alike however it is cut on its way.
func TestTextsInPiecesCountAsTheWhole(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("the quick brown fox jumps over the lazy dog; ", 200)
	whole, pieces := llm.NewCounter(""), llm.NewCounter("")
	whole.Write(text)
	for i := range text {
		pieces.Write(text[i : i+1])
	}
	if whole.Total() != pieces.Total() || whole.Total() < 2000 {
		t.Errorf("%d tokens in one piece, %d in many", whole.Total(), pieces.Total())
	}
}

func TestBodiesThatAreNoRequestAreRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"nothing": "", "no JSON": "hello", "a list": "[]", "no prompt": `{"model":"gpt-4o"}`, "two": `{"prompt":"a"} {"prompt":"b"}`,
		"a member twice": `{"prompt":"good","prompt":"bad"}`, "too deep": `{"prompt":` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + `}`,
		"broken": `{"prompt":"a`, "another case": `{"Prompt":"a"}`,
	} {
		if r, err := llm.ReadRequest([]byte(body)); err == nil {
			t.Errorf("%s is read as %+v", name, r)
		}
	}
}

func TestTextsAreFoundWhereverARequestHasThem(t *testing.T) {
	t.Parallel()
	body := `{"model":"m","instructions":"one","messages":[{"role":"user","content":"two"},{"role":"user","content":[{"type":"text","text":"three"},{"type":"image_url","image_url":{"url":"data:"}}]},
		{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"four","arguments":"{\"a\":\"five\"}"}}]},{"role":"tool","tool_call_id":"call_1","content":"six"}],"suffix":"seven"}`
	r, err := llm.ReadRequest([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Text(), "one\ntwo\nthree\n{\"a\":\"five\"}\nfour\nsix\nseven"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStreamsAreHeardWhateverTheirPiecesAre(t *testing.T) {
	t.Parallel()
	events := "event: a\r\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"one\"}},{\"text\":\" two\"}]}\r\n\r\n" +
		"data: {\"type\":\"response.output_text.delta\",\"delta\":\" three\"}\n\ndata: {\"type\":\"response.output_text.done\",\"text\":\" three\"}\n\n" +
		"data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\" four\"}}\n\ndata: [DONE]\n\ndata: {\"choices\":[{\"text\":\" five\"}]}"
	for size := 1; size <= len(events); size += 7 {
		var heard strings.Builder
		s := llm.NewStream(func(text string) { heard.WriteString(text) })
		for rest := events; rest != ""; {
			n := min(size, len(rest))
			_, _ = s.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		s.End()
		if heard.String() != "one two three four five" {
			t.Errorf("in pieces of %d: %q", size, heard.String())
		}
	}
}
