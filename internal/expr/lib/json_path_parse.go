package lib

import (
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// pathParser reads a JSONPath.
type pathParser struct {
	env   *types.Env
	s     string
	i     int
	depth int
}

func pathError(text string) error { return types.Throw(jsonException, text) }

func parsePath(env *types.Env, path string) ([]pathStep, error) {
	if err := env.Charge(16 * len(path)); err != nil {
		return nil, err
	}
	p := &pathParser{env: env, s: path}
	p.space()
	if p.i < len(p.s) && p.s[p.i] == '$' {
		rest := p.s[p.i+1:]
		if strings.TrimSpace(rest) == "" {
			return nil, nil
		}
		if rest[0] == '.' || rest[0] == '[' {
			p.i++
		}
	}
	steps, err := p.steps(false)
	if err == nil && p.i < len(p.s) {
		err = pathError("Unexpected character while parsing path: " + p.s[p.i:p.i+1])
	}
	return steps, err
}

func (p *pathParser) space() {
	for p.i < len(p.s) && p.s[p.i] == ' ' {
		p.i++
	}
}

func (p *pathParser) peek(text string) bool { return strings.HasPrefix(p.s[p.i:], text) }

// steps reads steps up to the end, or inside a filter up to an operator.
func (p *pathParser) steps(inFilter bool) ([]pathStep, error) {
	var out []pathStep
	first := !inFilter
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == '[' || c == '(':
			scan := false
			step, err := p.indexer(scan)
			if err != nil {
				return nil, err
			}
			out = append(out, step)
		case c == '.':
			p.i++
			scan := p.peek(".")
			if scan {
				p.i++
			}
			if scan && p.peek("[") {
				step, err := p.indexer(true)
				if err != nil {
					return nil, err
				}
				if _, isFilter := step.(filterStep); !isFilter {
					if f, isField := step.(fieldStep); isField {
						step = scanStep(f)
					} else {
						out = append(out, scanStep{})
					}
				}
				out = append(out, step)
				break
			}
			name := p.member(inFilter)
			if name == "" {
				return nil, pathError("Unexpected end while parsing path.")
			}
			out = append(out, memberStep(name, scan))
		case inFilter && strings.IndexByte(" ()=<>!&|]", c) >= 0:
			return out, nil
		case c == ' ':
			p.space()
		case first:
			out = append(out, memberStep(p.member(false), false))
		default:
			return nil, pathError("Unexpected character following indexer: " + string(c))
		}
		first = false
	}
	return out, nil
}

func memberStep(name string, scan bool) pathStep {
	var names []string
	if name != "*" {
		names = []string{name}
	}
	if scan {
		return scanStep{names}
	}
	return fieldStep{names}
}

// member reads a bare name.
func (p *pathParser) member(inFilter bool) string {
	stop := ".[("
	if inFilter {
		stop = ".[( )=<>!&|]"
	}
	start := p.i
	for p.i < len(p.s) && strings.IndexByte(stop, p.s[p.i]) < 0 {
		if p.s[p.i] == ' ' {
			break
		}
		p.i++
	}
	return p.s[start:p.i]
}

// indexer reads what stands in brackets.
func (p *pathParser) indexer(scan bool) (pathStep, error) {
	end := byte(']')
	if p.s[p.i] == '(' {
		end = ')'
	}
	p.i++
	p.space()
	if p.i >= len(p.s) {
		return nil, pathError("Path ended with open indexer.")
	}
	var step pathStep
	var err error
	switch c := p.s[p.i]; c {
	case '\'', '"':
		step, err = p.names(end)
	case '?':
		p.i++
		step, err = p.filter(scan)
	case '*':
		p.i++
		step = indexStep{}
	default:
		step, err = p.numbers(end)
	}
	if err != nil {
		return nil, err
	}
	p.space()
	if p.i >= len(p.s) {
		return nil, pathError("Path ended with open indexer.")
	}
	if p.s[p.i] != end {
		return nil, pathError("Unexpected character while parsing path indexer: " + p.s[p.i:p.i+1])
	}
	p.i++
	return step, nil
}

func (p *pathParser) names(end byte) (pathStep, error) {
	var names []string
	for {
		p.space()
		s, err := p.quoted()
		if err != nil {
			return nil, err
		}
		names = append(names, s)
		p.space()
		if !p.peek(",") {
			return fieldStep{names}, nil
		}
		p.i++
	}
}

// quoted reads a string in either sort of quotes, with backslash escapes.
func (p *pathParser) quoted() (string, error) {
	if p.i >= len(p.s) || p.s[p.i] != '\'' && p.s[p.i] != '"' {
		return "", pathError("Unexpected character while parsing path indexer.")
	}
	quote := p.s[p.i]
	var b strings.Builder
	for p.i++; p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; {
		case c == '\\' && p.i+1 < len(p.s):
			p.i++
			if j := strings.IndexByte(`bfnrt`, p.s[p.i]); j >= 0 {
				b.WriteByte("\b\f\n\r\t"[j])
			} else {
				b.WriteByte(p.s[p.i])
			}
		case c == quote:
			p.i++
			return b.String(), nil
		default:
			b.WriteByte(c)
		}
	}
	return "", pathError("Path ended with an open string.")
}

// numbers reads indexes with commas, or a slice.
func (p *pathParser) numbers(end byte) (pathStep, error) {
	start := p.i
	for p.i < len(p.s) && p.s[p.i] != end {
		p.i++
	}
	text := p.s[start:p.i]
	number := func(s string) (int, error) {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			return 0, pathError("Unexpected character while parsing path indexer: " + text)
		}
		return n, nil
	}
	if strings.Contains(text, ":") {
		var bounds [3]*int
		parts := strings.Split(text, ":")
		if len(parts) > 3 {
			return nil, pathError("Unexpected character while parsing path indexer: :")
		}
		for i, s := range parts {
			if strings.TrimSpace(s) == "" {
				continue
			}
			n, err := number(s)
			if err != nil {
				return nil, err
			}
			bounds[i] = &n
		}
		if bounds[2] != nil && *bounds[2] == 0 {
			return nil, pathError("Step cannot be zero.")
		}
		return sliceStep{bounds[0], bounds[1], bounds[2]}, nil
	}
	var at []int
	for s := range strings.SplitSeq(text, ",") {
		n, err := number(s)
		if err != nil {
			return nil, err
		}
		at = append(at, n)
	}
	return indexStep{at}, nil
}
