package kind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Mount is a kind at one place of the tree: "namedValues" of the service, or of workspaces.
type Mount struct {
	*Kind
	FullType string // "Microsoft.ApiManagement/service/workspaces/namedValues"
	Parent   string // full type of what it stands in; "" for kinds that stand anywhere or in the root
}

// Action is the role action that guards a verb: read, write, delete.
func (m *Mount) Action(verb string) string { return m.right() + "/" + verb }

// right is the full type as role actions write it.
func (m *Mount) right() string {
	if m.Right == "" {
		return m.FullType
	}
	return strings.TrimSuffix(m.FullType, m.Type) + m.Right
}

// PostAction is the role action that guards a POST word.
func (m *Mount) PostAction(a *Action) string { return m.right() + "/" + a.Name + "/action" }

// Registry is every kind at every place. It is made once and not changed.
type Registry struct {
	mounts    map[string]*Mount // by full type, in lower case and as it is declared
	endpoints map[string]*Mount
	order     []*Mount
}

// NewRegistry mounts the kinds. A parent must come before what stands under it.
func NewRegistry(kinds ...*Kind) (*Registry, error) {
	r := &Registry{mounts: map[string]*Mount{}, endpoints: map[string]*Mount{}}
	for _, k := range kinds {
		if k.Namespace != "" && len(k.Under) == 0 {
			parent := ""
			if err := r.add(&Mount{Kind: k, FullType: k.Namespace + "/" + k.Type, Parent: parent}); err != nil {
				return nil, err
			}
			continue
		}
		for _, parent := range r.parents(k) {
			full := parent + "/" + k.Type
			if k.Namespace != "" {
				full = k.Namespace + "/" + k.Type
			}
			if err := r.add(&Mount{Kind: k, FullType: full, Parent: parent}); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// parents are the full types that the kind's Under stands for.
func (r *Registry) parents(k *Kind) []string {
	var out []string
	for _, u := range k.Under {
		if strings.Contains(u, "/") {
			out = append(out, u)
			continue
		}
		for _, m := range r.order {
			if m.Type == u && !m.Mirror {
				out = append(out, m.FullType)
			}
		}
	}
	return out
}

func (r *Registry) add(m *Mount) error {
	key := strings.ToLower(m.FullType)
	if r.mounts[key] != nil || r.endpoints[key] != nil {
		return fmt.Errorf("kind: %s is mounted twice", m.FullType)
	}
	if m.Noun == "" {
		return fmt.Errorf("kind: %s has no noun", m.FullType)
	}
	if m.Methods != nil {
		r.endpoints[key] = m
		return nil
	}
	r.mounts[key], r.mounts[m.FullType] = m, m
	r.order = append(r.order, m)
	return nil
}

// Mount finds the kind of a full type, compared without case.
func (r *Registry) Mount(fullType string) (*Mount, bool) {
	if m, ok := r.mounts[fullType]; ok {
		return m, true
	}
	m, ok := r.mounts[strings.ToLower(fullType)]
	return m, ok
}

// Of finds the kind of an id's type, wherever the id stands.
func (r *Registry) Of(id arm.ID) (*Mount, bool) {
	var room [arm.TypeRoom]byte
	m, ok := r.mounts[string(id.AppendTypeKey(room[:0]))]
	return m, ok
}

// Placed finds the kind of a resource id. It is false when there is none, and when the id, or one that it lies in, stands where its kind is not
// mounted: a service inside a workspace would be governed by whoever owns the workspace.
func (r *Registry) Placed(id arm.ID) (*Mount, bool) {
	found, ok := r.Of(id)
	if !ok {
		return nil, false
	}
	for at := id; !at.IsRoot(); at = at.Parent() {
		m, known := r.Of(at)
		if known && !m.Anywhere && !at.Parent().IsType(m.Parent) {
			return nil, false
		}
	}
	return found, true
}

// All are the mounts in order of declaration.
func (r *Registry) All() []*Mount { return slices.Clone(r.order) }

// Children are the mounts directly under a full type.
func (r *Registry) Children(fullType string) []*Mount {
	var out []*Mount
	for _, m := range r.order {
		if m.Parent != "" && strings.EqualFold(m.Parent, fullType) {
			out = append(out, m)
		}
	}
	return out
}

// Actions are the role actions that the registry derives: what it enforces, and nothing else.
func (r *Registry) Actions() []string {
	var out []string
	for _, m := range r.order {
		out = append(out, m.Action("read"))
		if !m.ReadOnly && !m.Derived {
			out = append(out, m.Action("write"))
		}
		if !m.ReadOnly && !m.Permanent {
			out = append(out, m.Action("delete"))
		}
		for _, a := range m.Kind.Actions {
			out = append(out, m.PostAction(a))
		}
	}
	for _, m := range r.endpoints {
		for method, how := range m.Methods {
			if how.As == nil {
				out = append(out, m.MethodAction(method))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Canonical is id with every type word in the casing of the declarations; names keep theirs.
func (r *Registry) Canonical(id arm.ID) arm.ID {
	var room [arm.SegmentRoom]string
	segs, changed := id.AppendSegments(room[:0]), false
	put := func(i int, word string) {
		if segs[i] != word {
			segs[i], changed = word, true
		}
	}
	for at := id; !at.IsRoot(); at = at.Parent() {
		m, ok := r.Of(at)
		if !ok {
			continue
		}
		n := strings.Count(at.String(), "/") // as many as segments
		put(n-2, m.FullType[strings.LastIndexByte(m.FullType, '/')+1:])
		if n >= 4 && strings.EqualFold(segs[n-4], "providers") {
			namespace, _, _ := strings.Cut(m.FullType, "/")
			put(n-4, "providers")
			put(n-3, namespace)
		}
	}
	if !changed {
		return id
	}
	out, err := arm.ParseID("/" + strings.Join(segs, "/"))
	if err != nil {
		return id
	}
	return out
}
