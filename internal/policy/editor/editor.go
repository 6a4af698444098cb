package editor

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Editor answers for one engine. It is immutable.
type Editor struct {
	engine   *policy.Engine
	policies map[string]*policy.ElementDoc
	sections []string
	types    map[string]*policy.TypeDoc // by name without type arguments
	statics  []string                   // names of types, for the start of a path
}

// New makes the editor of an engine.
func New(engine *policy.Engine) (*Editor, error) {
	c, err := engine.Catalogue()
	if err != nil {
		return nil, err
	}
	e := &Editor{engine: engine, policies: map[string]*policy.ElementDoc{}, sections: c.Sections, types: map[string]*policy.TypeDoc{}}
	for i := range c.Elements {
		e.policies[c.Elements[i].Name] = &c.Elements[i]
	}
	for _, list := range [][]policy.TypeDoc{c.Types, c.Context} {
		for i := range list {
			e.types[list[i].Name] = &list[i]
			if k := list[i].Keyword; k != "" {
				e.types[k] = &list[i]
			}
		}
	}
	for _, t := range c.Types {
		if slices.ContainsFunc(t.Members, func(m policy.MemberDoc) bool { return m.Static }) {
			e.statics = append(e.statics, t.Name)
		}
	}
	slices.Sort(e.statics)
	if len(c.Context) > 0 {
		e.types["context"] = &c.Context[0]
	}
	return e, nil
}

// Problems are what is wrong with a document so far, as the engine's Lint finds it.
func (e *Editor) Problems(source string) []policy.Problem { return e.engine.Lint(source) }

// Indent is the engine's.
func (e *Editor) Indent(source string) (string, error) { return e.engine.Indent(source) }

// element finds what the innermost of open elements is; nil for sections, roots and what isn't known. section is the one they stand in.
func (e *Editor) element(stack []string) (doc *policy.ElementDoc, section string) {
	from := 1
	if len(stack) > 1 && stack[0] == "policies" {
		section, from = stack[1], 2
	}
	for i := from; i < len(stack); i++ {
		doc = e.within(doc, stack[i])
		if doc == nil {
			return nil, section
		}
	}
	return doc, section
}

// within finds the child of an element by name; parent nil stands for a section.
func (e *Editor) within(parent *policy.ElementDoc, name string) *policy.ElementDoc {
	if parent == nil || parent.Policies || slices.Contains(parent.Uses, name) {
		return e.policies[name]
	}
	for i := range parent.Children {
		if parent.Children[i].Name == name {
			return &parent.Children[i]
		}
	}
	return nil
}

func bareType(name string) string {
	name, _, _ = strings.Cut(name, "<")
	return strings.TrimRight(name, "?")
}
