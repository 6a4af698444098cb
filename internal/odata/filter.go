package odata

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// binary are the operators between two operands, by strength.
var binary = map[string]int{
	"or": 1, "and": 2, "eq": 3, "ne": 3, "gt": 4, "ge": 4, "lt": 4, "le": 4, "has": 4, "in": 4, "add": 5, "sub": 5, "mul": 6, "div": 6, "divby": 6, "mod": 6,
}

// calls are the functions of expressions with the number of arguments that they take.
var calls = map[string][2]int{
	"contains": {2, 2}, "startswith": {2, 2}, "endswith": {2, 2}, "length": {1, 1}, "indexof": {2, 2}, "substring": {2, 3}, "tolower": {1, 1}, "toupper": {1, 1},
	"trim": {1, 1}, "concat": {2, 2}, "matchesPattern": {2, 2}, "substringof": {2, 2}, "year": {1, 1}, "month": {1, 1}, "day": {1, 1}, "hour": {1, 1}, "minute": {1, 1},
	"second": {1, 1}, "fractionalseconds": {1, 1}, "date": {1, 1}, "time": {1, 1}, "totaloffsetminutes": {1, 1}, "totalseconds": {1, 1}, "now": {0, 0}, "mindatetime": {0, 0},
	"maxdatetime": {0, 0}, "round": {1, 1}, "floor": {1, 1}, "ceiling": {1, 1}, "cast": {1, 2}, "isof": {1, 2}, "geo.distance": {2, 2}, "geo.intersects": {2, 2},
	"geo.length": {1, 1}, "hassubset": {2, 2}, "hassubsequence": {2, 2}, "case": {1, 100},
}

// filter checks a whole expression against the values of a place.
func (m *Model) filter(at place, text string) error {
	p := &parser{model: m, it: at, scope: map[string]place{}}
	if err := p.read(text); err != nil {
		return err
	}
	if err := p.expression(0); err != nil {
		return err
	}
	if p.kind() != end {
		return fmt.Errorf("an operator is expected%s", p.near())
	}
	return nil
}

var errDeep = fmt.Errorf("expressions nest deeper than %d", maxNesting)

// expression reads operands and the operators between them that are at least as strong.
func (p *parser) expression(strength int) error {
	if p.depth++; p.depth > maxNesting {
		return errDeep
	}
	defer func() { p.depth-- }()
	if err := p.operand(); err != nil {
		return err
	}
	for p.kind() == word {
		s, ok := binary[p.text()]
		if !ok {
			return fmt.Errorf("'%s' is no operator", clip(p.text()))
		}
		if s < strength {
			return nil
		}
		isIn := p.text() == "in"
		p.at++
		if isIn && p.take("(") {
			if err := p.list(); err != nil {
				return err
			}
			continue
		}
		if err := p.expression(s + 1); err != nil {
			return err
		}
	}
	return nil
}

// list reads further operands up to the closing parenthesis.
func (p *parser) list() error {
	for {
		if err := p.expression(0); err != nil {
			return err
		}
		if p.take(")") {
			return nil
		}
		if err := p.need(","); err != nil {
			return err
		}
	}
}

func (p *parser) operand() error {
	switch p.kind() {
	case literal, alias:
		p.at++
		return nil
	case mark:
		if p.take("-") {
			return p.expression(7)
		}
		if !p.take("(") {
			return fmt.Errorf("a value is expected%s", p.near())
		}
		if err := p.expression(0); err != nil {
			return err
		}
		return p.need(")")
	case end:
		return errors.New("a value is expected at the end")
	}
	name := p.text()
	next := token{}
	if p.at+1 < len(p.tokens) {
		next = p.tokens[p.at+1]
	}
	switch {
	case name == "not":
		p.at++
		return p.expression(7)
	case name == "null" || name == "true" || name == "false" || name == "INF" || name == "NaN":
		p.at++
		return nil
	case next.kind == literal && strings.HasPrefix(next.text, "'"): // Namespace.Colour'Red', duration'PT1M'
		p.at += 2
		if name != "duration" && name != "binary" && name != "geography" && name != "geometry" && !p.model.other[p.model.qualified(name)] {
			return fmt.Errorf("'%s' is no type of values", clip(name))
		}
		return nil
	case next.kind == mark && next.text == "(" && !p.named(name):
		p.at += 2
		return p.call(name)
	}
	_, err := p.member(p.it, true)
	return err
}

// named says whether a word is a property or a variable rather than a function.
func (p *parser) named(name string) bool {
	if _, variable := p.scope[name]; variable {
		return true
	}
	return p.it.typ != nil && p.it.typ.Property(name) != nil
}

// call reads the arguments of a function.
func (p *parser) call(name string) error {
	bounds, known := calls[name]
	if !known {
		if strings.Contains(name, ".") && p.model.all[p.model.qualified(name)] != nil {
			bounds, known = [2]int{0, 100}, true
		} else {
			return fmt.Errorf("'%s' is no function", clip(name))
		}
	}
	n := 0
	for !p.take(")") {
		if n > 0 {
			if err := p.need(","); err != nil {
				return err
			}
		}
		n++
		if (name == "cast" || name == "isof") && p.kind() == word && strings.Contains(p.text(), ".") { // a type
			p.at++
			continue
		}
		if strings.Contains(name, ".") && p.at+1 < len(p.tokens) && p.tokens[p.at+1] == (token{mark, "="}) {
			p.at += 2 // the name of the argument
		}
		if err := p.expression(0); err != nil {
			return err
		}
		if name == "case" && p.take(":") {
			if err := p.expression(0); err != nil {
				return err
			}
		}
	}
	if n < bounds[0] || n > bounds[1] {
		return fmt.Errorf("%s takes other arguments", name)
	}
	return nil
}

// member reads a path of properties, which may end in any, all or $count.
func (p *parser) member(from place, first bool) (place, error) {
	at := from
	for {
		if p.kind() != word {
			return place{}, fmt.Errorf("a property is expected%s", p.near())
		}
		name := p.text()
		p.at++
		if first && (name == "$it" || name == "$this" || name == "$root") {
			if name == "$root" {
				at = place{primitive: "?"}
			}
		} else if v, ok := p.scope[name]; first && ok {
			at = v
		} else if done, err := p.lambda(at, name); done || err != nil {
			return place{primitive: "Edm.Boolean"}, err
		} else {
			to, err := p.step(at, name)
			if err != nil {
				return place{}, err
			}
			at = to
		}
		first = false
		if !p.take("/") {
			return at, nil
		}
	}
}

// step is where one name of a path leads.
func (p *parser) step(at place, name string) (place, error) {
	switch {
	case at.primitive == "?" || at.typ == nil && at.primitive == "":
		return place{primitive: "?"}, nil
	case name == "$count" && at.many:
		return place{primitive: "Edm.Int64"}, nil
	case strings.Contains(name, "."):
		if t := p.model.typeOf(name); t != nil && at.typ != nil && (t.derives(at.typ) || at.typ.derives(t)) {
			at.typ = t
			return at, nil
		}
		if p.model.all[p.model.qualified(name)] != nil {
			return place{primitive: "?"}, nil
		}
		return place{}, fmt.Errorf("'%s' is not of the type '%s'", clip(at.name()), clip(name))
	case at.typ == nil:
		return place{}, fmt.Errorf("'%s' has no properties", clip(at.name()))
	}
	if prop := at.typ.Property(name); prop != nil {
		return place{typ: p.model.types[prop.Type], primitive: prop.Type, many: prop.Many}, nil
	}
	if at.typ.open() {
		return place{primitive: "?"}, nil
	}
	return place{}, fmt.Errorf("the type '%s' has no property '%s'", at.typ.Name, clip(name))
}

// lambda reads any(…) and all(…) behind a collection.
func (p *parser) lambda(at place, name string) (bool, error) {
	if name != "any" && name != "all" || !at.many && at.primitive != "?" || !p.take("(") {
		return false, nil
	}
	if name == "any" && p.take(")") {
		return true, nil
	}
	if p.kind() != word {
		return true, fmt.Errorf("a variable is expected%s", p.near())
	}
	variable := p.text()
	p.at++
	if err := p.need(":"); err != nil {
		return true, err
	}
	outer := p.scope
	p.scope = maps.Clone(outer)
	p.scope[variable] = place{typ: at.typ, primitive: at.primitive}
	err := p.expression(0)
	p.scope = outer
	if err != nil {
		return true, err
	}
	return true, p.need(")")
}
