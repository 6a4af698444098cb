package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// pathTest is the condition of a filter [?(…)].
type pathTest interface {
	match(w *pathWalk, t *JToken) (bool, error)
}

type (
	bothTest   struct{ left, right pathTest }
	eitherTest struct{ left, right pathTest }
	// compareTest compares two operands; op "" asks whether the left exists.
	compareTest struct {
		left, right pathOperand
		op          string
	}
)

// pathOperand is a path, from $ or @, or a constant.
type pathOperand struct {
	steps []pathStep
	root  bool
	value *JToken
	regex *Regex
}

func (t bothTest) match(w *pathWalk, k *JToken) (bool, error) {
	ok, err := t.left.match(w, k)
	if !ok || err != nil {
		return false, err
	}
	return t.right.match(w, k)
}

func (t eitherTest) match(w *pathWalk, k *JToken) (bool, error) {
	ok, err := t.left.match(w, k)
	if ok || err != nil {
		return ok, err
	}
	return t.right.match(w, k)
}

func (o pathOperand) find(w *pathWalk, t *JToken) ([]*JToken, error) {
	if o.value != nil {
		return []*JToken{o.value}, nil
	}
	if o.root {
		t = w.root
	}
	lax := *w
	lax.strict = false
	return lax.run(o.steps, []*JToken{t})
}

func (t compareTest) match(w *pathWalk, k *JToken) (bool, error) {
	left, err := t.left.find(w, k)
	if err != nil || t.op == "" {
		return len(left) > 0, err
	}
	if t.op == "=~" {
		for _, l := range left {
			if l.kind == JString && t.right.regex != nil {
				ok, err := t.right.regex.isMatch(w.env, types.ToString(l.value))
				if ok || err != nil {
					return ok, err
				}
			}
		}
		return false, nil
	}
	right, err := t.right.find(w, k)
	if err != nil {
		return false, err
	}
	for _, l := range left {
		for _, r := range right {
			if matches(l, r, t.op) {
				return true, nil
			}
		}
	}
	return false, nil
}

func matches(l, r *JToken, op string) bool {
	if !l.isValue() || !r.isValue() {
		return op == "!=" || op == "<>"
	}
	switch op {
	case "==", "===":
		return looseEqual(l, r)
	case "!=", "<>", "!==":
		return !looseEqual(l, r)
	}
	if isNumberKind(l.kind) != isNumberKind(r.kind) {
		return false
	}
	n, err := compareTokens(l, r)
	if err != nil {
		return false
	}
	switch op {
	case "<":
		return n < 0
	case "<=":
		return n <= 0
	case ">":
		return n > 0
	}
	return n >= 0
}

// looseEqual compares numbers of either kind, and text with dates and other
// values that were text in the JSON.
func looseEqual(l, r *JToken) bool {
	if isNumberKind(l.kind) && isNumberKind(r.kind) {
		n, err := compareTokens(l, r)
		return err == nil && n == 0
	}
	if valuesEqual(l, r) {
		return true
	}
	if r.kind != JString {
		return false
	}
	text := types.ToString(r.value)
	switch v := l.value.(type) {
	case DateTime:
		return jsonDate(v.civil()) == text
	case DateTimeOffset:
		return jsonDate(v.civil()) == text
	case *types.ByteArray:
		return base64Text(v.B) == text
	case Guid, TimeSpan:
		return types.ToString(v) == text
	case *Uri:
		return v.original == text
	}
	return false
}

// filter reads the parenthesised condition after [?.
func (p *pathParser) filter(scan bool) (pathStep, error) {
	p.space()
	if !p.peek("(") {
		return nil, pathError("Unexpected character while parsing path indexer.")
	}
	p.i++
	where, err := p.either()
	if err != nil {
		return nil, err
	}
	p.space()
	if !p.peek(")") {
		return nil, pathError("Path ended with open query.")
	}
	p.i++
	return filterStep{where, scan}, nil
}

func (p *pathParser) either() (pathTest, error) {
	left, err := p.both()
	for err == nil {
		if p.space(); !p.peek("||") {
			return left, nil
		}
		p.i += 2
		var right pathTest
		if right, err = p.both(); err == nil {
			left = eitherTest{left, right}
		}
	}
	return nil, err
}

func (p *pathParser) both() (pathTest, error) {
	left, err := p.comparison()
	for err == nil {
		if p.space(); !p.peek("&&") {
			return left, nil
		}
		p.i += 2
		var right pathTest
		if right, err = p.comparison(); err == nil {
			left = bothTest{left, right}
		}
	}
	return nil, err
}

var pathOperators = []string{"===", "!==", "==", "!=", "<>", "<=", ">=", "=~", "<", ">"}

func (p *pathParser) comparison() (pathTest, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, pathError("The path is nested too deeply.")
	}
	defer func() { p.depth-- }()
	p.space()
	if p.peek("(") {
		p.i++
		inner, err := p.either()
		if err != nil {
			return nil, err
		}
		if p.space(); !p.peek(")") {
			return nil, pathError("Path ended with open query.")
		}
		p.i++
		return inner, nil
	}
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	p.space()
	for _, op := range pathOperators {
		if p.peek(op) {
			p.i += len(op)
			right, err := p.operand()
			return compareTest{left, right, op}, err
		}
	}
	return compareTest{left: left}, nil
}

func (p *pathParser) operand() (pathOperand, error) {
	p.space()
	if p.i >= len(p.s) {
		return pathOperand{}, pathError("Path ended with open query.")
	}
	switch c := p.s[p.i]; c {
	case '@', '$':
		p.i++
		steps, err := p.steps(true)
		return pathOperand{steps: steps, root: c == '$'}, err
	case '\'', '"':
		s, err := p.quoted()
		return pathOperand{value: NewJValue(s)}, err
	case '/':
		return p.regex()
	}
	start := p.i
	for p.i < len(p.s) && strings.IndexByte(" )=<>!&|]", p.s[p.i]) < 0 {
		p.i++
	}
	switch word := p.s[start:p.i]; word {
	case "true", "false":
		return pathOperand{value: NewJValue(word == "true")}, nil
	case "null":
		return pathOperand{value: NewJValue(nil)}, nil
	default:
		v, ok := jsonNumber(word)
		if word == "" || !ok {
			return pathOperand{}, pathError("Could not read query operator.")
		}
		return pathOperand{value: NewJValue(v)}, nil
	}
}

// regex reads /pattern/options.
func (p *pathParser) regex() (pathOperand, error) {
	start := p.i + 1
	for p.i = start; p.i < len(p.s) && p.s[p.i] != '/'; p.i++ {
		if p.s[p.i] == '\\' {
			p.i++
		}
	}
	if p.i >= len(p.s) {
		return pathOperand{}, pathError("Path ended with an open regex.")
	}
	pattern := p.s[start:p.i]
	options := int64(0)
	for p.i++; p.i < len(p.s) && strings.IndexByte("imsx", p.s[p.i]) >= 0; p.i++ {
		options |= map[byte]int64{'i': 1, 'm': 2, 's': 16, 'x': 32}[p.s[p.i]]
	}
	re, err := compileRegex(p.env, pattern, options)
	return pathOperand{regex: re}, err
}
