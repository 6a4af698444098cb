package policy

// Spec is a policy: its name, where it may stand, its shape, and how a use of it becomes a step. The table of specs is handed to NewEngine.
type Spec struct {
	Name     string
	Doc      string // one sentence for people who write policies
	Sections SectionSet
	Scopes   ScopeSet
	Once     Once
	// HTTPOnly says that the policy has no meaning for a WebSocket connection: it can't stand at the handshake operation, and one that is inherited
	// is passed over. Inside a policy that puts together a message of its own, such as return-response, it stands for that message.
	HTTPOnly bool
	Resolves bool // it is a data source: the root of a resolver's document, and stands nowhere else
	Shape    *Shape
	// Compile turns one use into a step. Everything that can be known before a request is decided here; the error is a problem of the element.
	Compile func(*Args) (Step, error)
}

// Once says how often a policy may stand among siblings.
type Once uint8

// The rules of policies.md 1.1; both count direct siblings only.
const (
	AnyNumber Once = iota
	OncePerDocument
	OncePerSection
)

// SectionSet is a set of sections.
type SectionSet uint8

// In makes a set of sections.
func In(all ...Section) (set SectionSet) {
	for _, s := range all {
		set |= 1 << s
	}
	return set
}

// AnySection is all four.
const AnySection SectionSet = 1<<sections - 1

// Has says whether s is in the set.
func (set SectionSet) Has(s Section) bool { return set&(1<<s) != 0 }

// Names lists the sections in order.
func (set SectionSet) Names() (names []string) {
	for s := range Section(sections) {
		if set.Has(s) {
			names = append(names, s.String())
		}
	}
	return names
}

// ScopeSet is a set of scopes.
type ScopeSet uint8

// At makes a set of scopes.
func At(all ...Scope) (set ScopeSet) {
	for _, s := range all {
		set |= 1 << s
	}
	return set
}

// AnyScope is all five.
const AnyScope ScopeSet = 1<<(OperationScope+1) - 1

// Has says whether s is in the set.
func (set ScopeSet) Has(s Scope) bool { return set&(1<<s) != 0 }

// Names lists the scopes, broad to narrow.
func (set ScopeSet) Names() (names []string) {
	for s := Global; s <= OperationScope; s++ {
		if set.Has(s) {
			names = append(names, s.String())
		}
	}
	return names
}
