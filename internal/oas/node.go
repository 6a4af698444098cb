package oas

import (
	"net/url"
	"strconv"
	"strings"
)

type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

// node is a piece of a document: JSON's data model with order and place kept. Nodes may be shared (YAML aliases), so they never change
// once they are read.
type node struct {
	kind         kind
	value        string // of text; of booleans and numbers as written
	items        []*node
	members      []member
	index        map[string]*node // of long objects
	line, column int
	size         int // nodes in it and beneath, shared ones counted each time
}

type member struct {
	key          string
	line, column int
	value        *node
}

// indexedFrom is the number of members from which a map finds faster than a walk.
const indexedFrom = 12

// seal is called once when an object or list is complete.
func (n *node) seal() *node {
	n.size = 1
	for _, i := range n.items {
		n.size += i.size
	}
	for _, m := range n.members {
		n.size += m.value.size
	}
	if len(n.members) >= indexedFrom {
		n.index = make(map[string]*node, len(n.members))
		for _, m := range n.members {
			n.index[m.key] = m.value
		}
	}
	return n
}

// get is the member of that key; nil when n is no object or lacks it. It may be asked of nil.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	if n.index != nil {
		return n.index[key]
	}
	for i := range n.members {
		if n.members[i].key == key {
			return n.members[i].value
		}
	}
	return nil
}

// text is the scalar at a key as text: a version written as the number 1.0 is "1.0". "" when there is none.
func (n *node) text(key string) string { return n.get(key).scalar() }

func (n *node) scalar() string {
	if n == nil || n.kind == list || n.kind == object {
		return ""
	}
	return n.value
}

func (n *node) truth(key string) bool {
	v := n.get(key)
	return v != nil && v.kind == boolean && v.value == "true"
}

// list is the items at a key; nil when there is no list.
func (n *node) list(key string) []*node {
	if v := n.get(key); v != nil {
		return v.items
	}
	return nil
}

// fields are the members at a key; nil when there is no object. Extensions (x-…) are left out.
func (n *node) fields(key string) []member {
	v := n.get(key)
	if v == nil {
		return nil
	}
	for i := range v.members {
		if isExtension(v.members[i].key) {
			return withoutExtensions(v.members)
		}
	}
	return v.members
}

func withoutExtensions(all []member) (kept []member) {
	for _, m := range all {
		if !isExtension(m.key) {
			kept = append(kept, m)
		}
	}
	return kept
}

func isExtension(key string) bool { return strings.HasPrefix(key, "x-") }

// at follows a JSON pointer ("/components/schemas/Order"), which may be percent-encoded as in a reference. nil when it leads nowhere.
func (n *node) at(pointer string) *node {
	for word := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		word = unescapePointer(word)
		if n != nil && n.kind == list {
			i, err := strconv.Atoi(word)
			if err != nil || i < 0 || i >= len(n.items) {
				return nil
			}
			n = n.items[i]
			continue
		}
		if n = n.get(word); n == nil {
			return nil
		}
	}
	return n
}

// unescapePointer is one word of a pointer as the name it stands for.
func unescapePointer(word string) string {
	if strings.Contains(word, "%") {
		if plain, err := url.PathUnescape(word); err == nil {
			word = plain
		}
	}
	if strings.Contains(word, "~") {
		word = strings.NewReplacer("~1", "/", "~0", "~").Replace(word)
	}
	return word
}
