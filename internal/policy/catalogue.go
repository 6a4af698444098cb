package policy

import (
	"sort"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// The catalogue describes the policy language to editors and reference pages. It is made of the same shapes and tables that check documents.

// Catalogue is everything an editor completes from.
type Catalogue struct {
	Elements []ElementDoc `json:"elements"`
	Sections []string     `json:"sections"`
	Scopes   []string     `json:"scopes"`
	Context  []TypeDoc    `json:"context"` // first the type of context itself
	Types    []TypeDoc    `json:"types"`   // what else expressions may use: the allow-list
}

// ElementDoc describes a policy or a child element.
type ElementDoc struct {
	Name     string       `json:"name"`
	Doc      string       `json:"doc,omitempty"`
	Sections []string     `json:"sections,omitempty"` // of policies
	Scopes   []string     `json:"scopes,omitempty"`   // of policies
	Once     string       `json:"once,omitempty"`     // "document" or "section"
	Attrs    []AttrDoc    `json:"attributes,omitempty"`
	Children []ElementDoc `json:"children,omitempty"`
	Uses     []string     `json:"uses,omitempty"`     // policies that may stand inside by name
	Policies bool         `json:"policies,omitempty"` // any policies of the section may stand inside
	Text     *ValueDoc    `json:"text,omitempty"`
	Min      int          `json:"min,omitempty"`
	Max      int          `json:"max,omitempty"` // 0: any number
}

// AttrDoc describes an attribute.
type AttrDoc struct {
	Name     string `json:"name"`
	Required bool   `json:"required,omitempty"`
	Default  string `json:"default,omitempty"`
	Doc      string `json:"doc,omitempty"`
	ValueDoc
}

// ValueDoc describes what a value may be.
type ValueDoc struct {
	Type       string   `json:"type"`
	Values     []string `json:"values,omitempty"` // the only literals
	Expression bool     `json:"expression,omitempty"`
	Markup     bool     `json:"markup,omitempty"`
}

// TypeDoc describes a type of the context object.
type TypeDoc struct {
	Name    string      `json:"name"`
	Keyword string      `json:"keyword,omitempty"` // of the language, "string" for String
	Bases   []string    `json:"bases,omitempty"`   // types whose members it has as well
	Doc     string      `json:"doc,omitempty"`
	Members []MemberDoc `json:"members,omitempty"`
}

// MemberDoc describes one member.
type MemberDoc struct {
	Name      string `json:"name"`
	Signature string `json:"signature"`
	Type      string `json:"type"` // of the result
	Static    bool   `json:"static,omitempty"`
	Doc       string `json:"doc,omitempty"`
}

// Catalogue describes the engine's policies and the context object.
func (e *Engine) Catalogue() (*Catalogue, error) {
	c := &Catalogue{Sections: sectionNames[:], Scopes: AnyScope.Names()}
	for i := range e.table {
		c.Elements = append(c.Elements, e.table[i].doc())
	}
	sort.Slice(c.Elements, func(i, j int) bool { return c.Elements[i].Name < c.Elements[j].Name })
	lib, err := contextLibrary()
	if err != nil {
		return nil, err
	}
	ours := map[*types.Type]bool{}
	for _, d := range contextDecls() {
		ours[d.Type] = true
	}
	for d, methods := range lib.All {
		switch {
		case ours[d.Type]:
			c.Context = append(c.Context, typeDoc(d, methods))
		case !d.Refused:
			c.Types = append(c.Types, typeDoc(d, methods))
		}
	}
	return c, nil
}

func typeDoc(d types.Decl, methods []*types.Method) TypeDoc {
	t := TypeDoc{Name: d.Type.Name, Keyword: d.Type.Keyword, Doc: d.Doc}
	for _, base := range append([]string{d.Base}, d.Interfaces...) {
		if base != "" {
			t.Bases = append(t.Bases, base)
		}
	}
	for _, m := range methods {
		t.Members = append(t.Members, MemberDoc{Name: m.Name, Signature: m.Row.Sig, Type: m.Result.String(), Static: strings.HasPrefix(m.Row.Sig, "static ") && !strings.Contains(m.Row.Sig, "(this "), Doc: m.Row.Doc})
	}
	return t
}

func (s *Spec) doc() ElementDoc {
	d := s.Shape.doc(s.Name, s.Doc)
	d.Sections, d.Scopes = s.Sections.Names(), s.Scopes.Names()
	d.Once = [...]string{"", "document", "section"}[s.Once]
	return d
}

func (s *Shape) doc(name, text string) ElementDoc {
	d := ElementDoc{Name: name, Doc: text, Policies: s.Policies}
	for _, a := range s.Attrs {
		d.Attrs = append(d.Attrs, AttrDoc{
			Name: a.Name, Required: a.IsRequired, Default: a.DefaultValue, Doc: a.Explanation,
			ValueDoc: ValueDoc{Type: a.Type.Name, Values: a.Type.Enum, Expression: a.TakesExpr},
		})
	}
	for _, e := range s.Elements {
		child := e.Shape.doc(e.Name, e.Explanation)
		child.Min, child.Max = e.Min, e.Max
		d.Children = append(d.Children, child)
	}
	for _, p := range s.Slots {
		d.Uses = append(d.Uses, p.Name)
	}
	if s.Foreign {
		d.Text = &ValueDoc{Type: "xml", Markup: true}
	}
	if t := s.Text; t != nil {
		d.Text = &ValueDoc{Type: t.Type.Name, Values: t.Type.Enum, Expression: t.TakesExpr, Markup: t.TakesMarkup}
		if d.Doc == "" {
			d.Doc = t.Explanation
		}
	}
	return d
}
