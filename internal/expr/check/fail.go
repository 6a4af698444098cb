package check

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// fail reports a defect at a place and does not return.
func (b *binder) fail(pos int, code, format string, args ...any) {
	panic(&syntax.Error{Source: b.src, Offset: pos, Code: code, Message: fmt.Sprintf(format, args...)})
}

// spend counts a bound node.
func (b *binder) spend(pos int) {
	if b.work++; b.work > maxWork {
		panic(tooMuch{&syntax.Error{Source: b.src, Offset: pos, Code: "CS8078", Message: "An expression is too long or complex to compile"}})
	}
}

// tooMuch is the defect that no attempt at another overload may hide.
type tooMuch struct{ Error *syntax.Error }

// allow applies the allow-list to a member that is used.
func (b *binder) allow(m *types.Method, pos int) {
	owner := m.Owner
	if b.lib.Refused(owner) {
		b.fail(pos, "APIM0001", "Usage of type '%s' is not supported within expressions", owner.Definition().Full())
	}
	if m.Denied {
		b.denied(owner, m.Name, pos)
	}
}

// denied reports a member that the allow-list refuses.
func (b *binder) denied(t *types.Type, name string, pos int) {
	b.fail(pos, "APIM0002", "Usage of member '%s' of type '%s' is not supported within expressions", name, t.Definition().Full())
}

// noMember reports a member that is not there, as C# does, unless the
// allow-list is the reason.
func (b *binder) noMember(t *types.Type, name string, static bool, pos int) {
	if t.Kind == types.KindDynamic {
		b.fail(pos, "APIM0006", "Dynamic member invocation is not supported: cast the value to its type")
	}
	if b.lib.Refused(t) {
		b.fail(pos, "APIM0001", "Usage of type '%s' is not supported within expressions", t.Definition().Full())
	}
	if d, ok := b.lib.Denied(t, name); ok {
		b.denied(d, name, pos)
	}
	if static {
		b.fail(pos, "CS0117", "'%s' does not contain a definition for '%s'", t, name)
	}
	b.fail(pos, "CS1061", "'%s' does not contain a definition for '%s' and no accessible extension method '%s' accepting a first argument of type '%s' could be found (are you missing a using directive or an assembly reference?)", t, name, name, t)
}
