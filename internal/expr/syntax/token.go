package syntax

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokIdent
	tokKeyword
	tokLiteral
	tokInterp
	tokOp
	tokBad
)

// token is a lexical element. text is what was written; for an identifier with
// @ or escapes it is the name meant.
type token struct {
	kind  tokenKind
	pos   int
	end   int
	text  string
	value any    // of a literal; []piece of an interpolated string
	code  string // of a bad token; value holds the message
}

// keywords are the reserved words of C#. Contextual ones (var, when, nameof,
// from …) are identifiers.
var keywords = words(
	"abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
	"decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
	"fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock",
	"long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected",
	"public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string",
	"struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
	"using", "virtual", "void", "volatile", "while",
)

func words(list ...string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, w := range list {
		set[w] = true
	}
	return set
}

// predefined are the keywords that name types.
var predefined = map[string]bool{
	"bool": true, "byte": true, "char": true, "decimal": true, "double": true, "float": true, "int": true, "long": true,
	"object": true, "sbyte": true, "short": true, "string": true, "uint": true, "ulong": true, "ushort": true, "void": true,
}

// operators, longest first. >> is not among them: the parser joins two > that
// touch, so that List<List<int>> needs no special care.
var operators = []string{
	"<<=", "...", "??=", "=>", "==", "!=", "<=", ">=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
	"<<", "??", "?.", "::", "->", "..",
	"(", ")", "[", "]", "{", "}", ".", ",", ";", ":", "?", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "=", "<", ">", "@", "#", "$",
}
