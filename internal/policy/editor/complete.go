package editor

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Item is one completion of the word before the cursor.
type Item struct {
	Label  string   `json:"label"`
	Kind   ItemKind `json:"kind"`
	Detail string   `json:"detail,omitempty"` // signature or type
	Doc    string   `json:"doc,omitempty"`
	Word   int      `json:"word"` // how many characters before the cursor the label replaces
}

// ItemKind is what an item stands for.
type ItemKind string

// The kinds of items.
const (
	ElementItem   ItemKind = "element"
	AttributeItem ItemKind = "attribute"
	ValueItem     ItemKind = "value"
	MemberItem    ItemKind = "member"
	TypeItem      ItemKind = "type"
)

// Complete lists what may be written at an offset of a document, in order of names. Nothing is known within comments and in text.
func (e *Editor) Complete(source string, offset int) []Item {
	at := locate(source, offset)
	var items []Item
	switch at.kind {
	case inElementName:
		items = e.elements(at)
	case inEndTag:
		if n := len(at.stack); n > 0 {
			items = []Item{{Label: at.stack[n-1], Kind: ElementItem}}
		}
	case inAttributeName:
		items = e.attributes(at)
	case inAttributeValue:
		items = e.values(at)
	case inExpression:
		return e.members(at.expression)
	}
	return begun(items, at.word)
}

// begun keeps the items that go on from a word.
func begun(items []Item, word string) []Item {
	items = slices.DeleteFunc(items, func(i Item) bool { return !hasPrefixFold(i.Label, word) })
	for i := range items {
		items[i].Word = len([]rune(word))
	}
	slices.SortStableFunc(items, func(a, b Item) int { return strings.Compare(a.Label, b.Label) })
	return items
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// elements are those that may stand within the innermost open one.
func (e *Editor) elements(at cursor) (items []Item) {
	switch len(at.stack) {
	case 0:
		return []Item{{Label: "policies", Kind: ElementItem, Doc: "A policy document."}, {Label: "fragment", Kind: ElementItem, Doc: "A policy fragment."}}
	case 1:
		if at.stack[0] == "policies" {
			for _, s := range e.sections {
				items = append(items, Item{Label: s, Kind: ElementItem, Doc: sectionDocs[s]})
			}
			return items
		}
	case 2:
		if at.stack[0] == "policies" {
			items = append(items, Item{Label: "base", Kind: ElementItem, Doc: "The policies of the next broader scope."})
		}
	}
	doc, section := e.element(at.stack)
	known := doc != nil || len(at.stack) <= 2
	if !known {
		return nil
	}
	if doc == nil || doc.Policies {
		return append(items, e.policiesIn(section)...)
	}
	for _, c := range doc.Children {
		items = append(items, Item{Label: c.Name, Kind: ElementItem, Doc: c.Doc})
	}
	for _, name := range doc.Uses {
		if p := e.policies[name]; p != nil {
			items = append(items, Item{Label: p.Name, Kind: ElementItem, Doc: p.Doc})
		}
	}
	return items
}

var sectionDocs = map[string]string{
	"inbound": "Runs on the request, before the backend is called.", "backend": "Calls the backend.",
	"outbound": "Runs on the response.", "on-error": "Runs after an error, in place of what is left.",
}

// policiesIn are the policies that a section allows; all of them when it isn't known, as in a fragment.
func (e *Editor) policiesIn(section string) (items []Item) {
	for name, p := range e.policies {
		if section == "" || slices.Contains(p.Sections, section) {
			items = append(items, Item{Label: name, Kind: ElementItem, Doc: p.Doc})
		}
	}
	return items
}

func (e *Editor) attributes(at cursor) (items []Item) {
	parent, _ := e.element(at.stack)
	doc := e.within(parent, at.element)
	if doc == nil || len(at.stack) < 1 {
		return nil
	}
	for _, a := range doc.Attrs {
		if !slices.Contains(at.written, a.Name) {
			items = append(items, Item{Label: a.Name, Kind: AttributeItem, Detail: attributeDetail(a), Doc: a.Doc})
		}
	}
	return items
}

func attributeDetail(a policy.AttrDoc) string {
	parts := []string{a.Type}
	if a.Required {
		parts = append(parts, "required")
	}
	if a.Default != "" {
		parts = append(parts, "default "+a.Default)
	}
	if a.Expression {
		parts = append(parts, "takes an expression")
	}
	return strings.Join(parts, ", ")
}

// values are the literals that an attribute takes, when they can be told.
func (e *Editor) values(at cursor) (items []Item) {
	parent, _ := e.element(at.stack)
	doc := e.within(parent, at.element)
	if doc == nil {
		return nil
	}
	for _, a := range doc.Attrs {
		if a.Name == at.attribute {
			for _, v := range a.Values {
				items = append(items, Item{Label: v, Kind: ValueItem})
			}
		}
	}
	return items
}
