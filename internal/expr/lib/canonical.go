package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// CanonicalForm gives the name and text of a result, for those types of the
// library whose form is not their ToString() (see types.Canonical).

// CanonicalForm implements types.Canonical: format "o".
func (d DateTime) CanonicalForm() (name, text string) {
	text, _ = formatDate(d.civil(), "o")
	return "DateTime", text
}

// CanonicalForm implements types.Canonical: format "o".
func (d DateTimeOffset) CanonicalForm() (name, text string) {
	text, _ = formatDate(d.civil(), "o")
	return "DateTimeOffset", text
}

// CanonicalForm implements types.Canonical: format "c".
func (s TimeSpan) CanonicalForm() (name, text string) { return "TimeSpan", s.constant() }

// CanonicalForm implements types.Canonical.
func (g Guid) CanonicalForm() (name, text string) { return "Guid", g.NetString() }

// CanonicalForm implements types.Canonical.
func (u *Uri) CanonicalForm() (name, text string) { return "Uri", u.NetString() }

// CanonicalForm implements types.Canonical.
func (s *StringBuilder) CanonicalForm() (name, text string) { return "StringBuilder", s.NetString() }

// CanonicalForm implements types.Canonical: compact JSON.
func (t *JToken) CanonicalForm() (name, text string) { return t.NetType().Name, t.JSON(false) }

// CanonicalForm implements types.Canonical: XML without added white space.
func (n *Node) CanonicalForm() (name, text string) { return n.NetType().Name, n.XML(false) }

var _ = []types.Canonical{DateTime{}, DateTimeOffset{}, TimeSpan(0), Guid{}, (*Uri)(nil), (*StringBuilder)(nil), (*JToken)(nil), (*Node)(nil)}
