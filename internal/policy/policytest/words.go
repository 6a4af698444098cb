package policytest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// word is what a line of a script may begin with. What it needs, its entry in the guide and what it does are said here, once.
type word struct {
	name string
	args string // UPPER stands for a value, [x] may be left out, x… repeats, a | b is one or the other
	doc  string
	do   func(c *Case, yes bool, args []string) error // nil: tokens or services do it, which other drivers share
}

// section is a group of words as the guide shows them.
type section struct {
	title string
	words []word
}

var sections = []section{
	{"Documents and what they refer to", documentWords},
	{"The call and its API", callWords},
	{"Identities, tokens and connections", identityWords},
	{"What others answer", answerWords},
	{"What happens", actWords},
	{"What came of it", outcomeWords},
	{"What others saw", seenWords},
}

var words = func() map[string]word {
	all := map[string]word{}
	for _, s := range sections {
		for _, w := range s.words {
			all[w.name] = w
		}
	}
	return all
}()

// least is how many arguments the word needs.
func (w word) least() int {
	n, depth := 0, 0
	quoted, alternative := false, false
	for _, part := range strings.Fields(w.args) {
		opens := !quoted && depth == 0 && !alternative && part != "|" && !strings.HasPrefix(part, "[")
		if opens {
			n++
		}
		alternative = part == "|"
		depth += strings.Count(part, "[") - strings.Count(part, "]")
		quoted = quoted != (strings.Count(part, "'")%2 == 1)
	}
	return n
}

// usage is the word with its arguments.
func (w word) usage() string { return strings.TrimSpace(w.name + " " + w.args) }

// line runs one line of the script.
func (c *Case) line(line string) error {
	args, err := Split(line)
	if err != nil || len(args) == 0 {
		return err
	}
	yes := args[0] != "!"
	if !yes {
		args = args[1:]
	}
	if len(args) == 0 {
		return errors.New("a word is expected after the exclamation mark")
	}
	w, ok := words[args[0]]
	if !ok {
		return fmt.Errorf("%s is not a word of scripts; those are %s", args[0], strings.Join(slices.Sorted(maps.Keys(words)), ", "))
	}
	if least := w.least(); len(args)-1 < least {
		return fmt.Errorf("%s needs %d arguments: %s", w.name, least, w.usage())
	}
	if w.do == nil {
		return c.shared[w.name](yes, args[1:])
	}
	return w.do(c, yes, args[1:])
}

// Split cuts a line at blanks outside of single quotes; a quote is doubled inside of them. Comments begin with #.
func Split(line string) (args []string, err error) {
	var word strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(line); i++ {
		switch ch := line[i]; {
		case ch == '\'' && quoted && i+1 < len(line) && line[i+1] == '\'':
			word.WriteByte('\'')
			i++
		case ch == '\'':
			quoted, inWord = !quoted, true
		case quoted:
			word.WriteByte(ch)
		case ch == '#' && !inWord:
			return args, nil
		case ch == ' ' || ch == '\t':
			if inWord {
				args = append(args, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteByte(ch)
			inWord = true
		}
	}
	if quoted {
		return nil, errors.New("a quote is not closed")
	}
	if inWord {
		args = append(args, word.String())
	}
	return args, nil
}
