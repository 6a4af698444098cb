// Command oracle asks Microsoft's C# compiler and a .NET runtime what they make of our own expressions, and writes the answers down as vectors that
// the tests of internal/expr hold the engine against. tools/oracle installs both and starts it:
//
//	go run ./test/oracle -o internal/expr/testdata/oracle.jsonl DRIVER ARGUMENT…
//
// The expressions are tables (values by members by formats) and trees that a seeded generator grows. What the allow-list refuses isn't asked.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr"
)

func main() {
	output := flag.String("o", "", "file of vectors to write")
	only := flag.String("group", "", "ask the cases of one group only")
	flag.Parse()
	if flag.NArg() == 0 || *output == "" {
		fmt.Fprintln(os.Stderr, "usage: oracle -o FILE DRIVER ARGUMENT…")
		os.Exit(1)
	}
	if err := run(*output, *only, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

// question is one expression; answer is what came of it there.
type question struct {
	ID         string `json:"id"`
	Expression string `json:"expression"`
}

type answer struct {
	ID         string  `json:"id"`
	Expression string  `json:"expression"`
	OK         bool    `json:"ok"`
	Type       string  `json:"type,omitempty"`
	Value      *string `json:"value,omitempty"`
	Error      string  `json:"error,omitempty"`
	Code       string  `json:"code,omitempty"` // of the compiler, all that it reports
}

func run(output, only string, driver []string) error {
	var asked []question
	refused := 0
	for _, q := range questions() {
		switch {
		case only != "" && !strings.HasPrefix(q.ID, only+"-"):
		case isRefused(q.Expression):
			refused++
		default:
			asked = append(asked, q)
		}
	}
	answers, err := ask(asked, driver)
	if err != nil {
		return err
	}
	fmt.Printf("%d expressions asked; %d more use what the allow-list refuses\n", len(answers), refused)
	return write(output, answers)
}

// isRefused reports whether the engine refuses a type or a member by the allow-list.
func isRefused(expression string) bool {
	_, err := expr.Compile(expression, expr.Options{})
	var ce *expr.Error
	return errors.As(err, &ce) && ce.Kind == expr.Refused
}

func ask(questions []question, driver []string) ([]answer, error) {
	var in, out bytes.Buffer
	enc := encoder(&in)
	for _, q := range questions {
		if err := enc.Encode(q); err != nil {
			return nil, err
		}
	}
	cmd := exec.Command(driver[0], driver[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("the driver: %w", err)
	}
	var answers []answer
	lines := bufio.NewScanner(&out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var a answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return nil, err
		}
		a.Expression = questions[len(answers)].Expression
		if a.ID != questions[len(answers)].ID {
			return nil, fmt.Errorf("%s was answered for %s", a.ID, questions[len(answers)].ID)
		}
		answers = append(answers, a)
	}
	return answers, lines.Err()
}

func write(output string, answers []answer) error {
	var text bytes.Buffer
	enc := encoder(&text)
	for _, a := range answers {
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
	return os.WriteFile(output, text.Bytes(), 0o644)
}

func encoder(b *bytes.Buffer) *json.Encoder {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	return enc
}
