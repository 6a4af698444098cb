package liquid

import (
	"regexp"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// condition is a comparison and what follows it. "and" and "or" bind alike, from the right: a and b or c is a and (b or c).
type condition struct {
	left, right expression
	op          string // "" asks for the truth of left alone
	join        string // "and", "or", "" at the end
	next        *condition
}

var (
	word      = regexp.MustCompile(quotedFragment)
	operators = []string{"==", "!=", "<>", "<", ">", "<=", ">=", "contains", "startsWith", "endsWith", "hasKey", "hasValue"}
	glued     = regexp.MustCompile(`^[^'"]+(==|!=|<>|<=|>=|<|>)`)
)

// maxConditions is how many comparisons one tag may have.
const maxConditions = 500

// operator finds an operator; its first letter may be either case.
func operator(s string) string {
	for _, op := range operators {
		if op == s || strings.ToLower(op) == s || strings.EqualFold(op[:1], s[:1]) && op[1:] == s[1:] {
			return op
		}
	}
	return ""
}

// condition reads the markup of if and its relatives.
func (p *parser) condition(g tag) (*condition, error) {
	words := word.FindAllString(g.markup, -1)
	if len(words) == 0 {
		return nil, g.fail("the tag %s needs a condition, as in {%% %s body.count > 1 %%}", g.name, g.name)
	}
	first := &condition{}
	for c, count := first, 1; ; count++ {
		n := 0
		for n < len(words) && words[n] != "and" && words[n] != "or" {
			n++
		}
		if count > maxConditions {
			return nil, g.fail("the condition has more than %d comparisons", maxConditions)
		}
		if err := p.comparison(g, c, words[:n]); err != nil {
			return nil, err
		}
		if n == len(words) {
			return first, nil
		}
		c.join, c.next = words[n], &condition{}
		c, words = c.next, words[n+1:]
	}
}

func (p *parser) comparison(g tag, c *condition, words []string) error {
	if len(words) == 0 || len(words) == 2 {
		return g.fail("the condition is incomplete; write a value, or two values and an operator between them")
	}
	if glued.MatchString(words[0]) {
		p.warn(g.offset, "'%s' reads as the name of one variable; put blanks around the operator", words[0])
	}
	c.left = compile(strings.TrimLeft(words[0], "("))
	if strings.Contains(words[0], "..") {
		c.left = compile(words[0])
	}
	if len(words) == 1 {
		return nil
	}
	if c.op = operator(words[1]); c.op == "" {
		return g.fail("the operator %s is not known; known are %s", words[1], strings.Join(operators, ", "))
	}
	if len(words) > 3 {
		p.warn(g.offset, "'%s' behind the comparison is not looked at; join comparisons with and, or", strings.Join(words[3:], " "))
	}
	c.right = compile(strings.TrimRight(words[2], ")"))
	if strings.Contains(words[2], "..") {
		c.right = compile(words[2])
	}
	return nil
}

// holds says whether the condition is true.
func (c *condition) holds(r *run) (bool, error) {
	if err := r.env.Step(1); err != nil {
		return false, err
	}
	ok, err := c.alone(r)
	if err != nil || c.next == nil || ok == (c.join == "or") {
		return ok, err
	}
	return c.next.holds(r)
}

func (c *condition) alone(r *run) (bool, error) {
	a, err := c.left.eval(r)
	if err != nil || c.op == "" {
		return truthy(a), err
	}
	b, err := c.right.eval(r)
	if err != nil {
		return false, err
	}
	return test(r.env, c.op, a, b)
}

func test(env *types.Env, op string, a, b any) (bool, error) {
	switch op {
	case "==":
		return equal(env, a, b), nil
	case "!=", "<>":
		return !equal(env, a, b), nil
	case "contains":
		return holdsItem(env, a, b)
	case "startsWith", "endsWith":
		return edge(env, op == "startsWith", a, b), nil
	case "hasKey":
		h, ok := a.(Lookup)
		if !ok || b == nil {
			return false, nil
		}
		_, found := h.Get(types.ToString(b))
		return found, nil
	case "hasValue":
		h, ok := a.(*Hash)
		if !ok {
			return false, nil
		}
		for _, v := range h.values {
			if equal(env, v, b) {
				return true, nil
			}
		}
		return false, nil
	}
	if a == nil || b == nil {
		return false, nil
	}
	n, err := compare(env, a, b)
	switch op {
	case "<":
		return n < 0, err
	case ">":
		return n > 0, err
	case "<=":
		return n <= 0, err
	}
	return n >= 0, err
}

// holdsItem is contains: a part of a text, or an item of a list. Text and number are never the same item.
func holdsItem(env *types.Env, a, b any) (bool, error) {
	if s, ok := a.(string); ok {
		if b == nil {
			return false, nil
		}
		part, ok := b.(string)
		if !ok {
			return false, types.Throw(types.InvalidCast, "Unable to cast object of type '"+typeOf(b).Full()+"' to type 'System.String'.")
		}
		return strings.Contains(s, part), nil
	}
	items, ok := a.([]any)
	if !ok {
		return false, nil
	}
	if err := env.Step(int64(len(items))); err != nil {
		return false, err
	}
	_, wantsText := b.(string)
	for _, item := range items {
		if _, isText := item.(string); isText == wantsText && equal(env, item, b) {
			return true, nil
		}
	}
	return false, nil
}

func edge(env *types.Env, atStart bool, a, b any) bool {
	if items, ok := a.([]any); ok {
		if len(items) == 0 {
			return b == nil
		}
		if atStart {
			return equal(env, items[0], b)
		}
		return equal(env, items[len(items)-1], b)
	}
	s, ok := a.(string)
	part, also := b.(string)
	if atStart {
		return ok && also && strings.HasPrefix(s, part)
	}
	return ok && also && strings.HasSuffix(s, part)
}
