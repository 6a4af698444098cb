package syntax

// Node is a part of the tree.
type Node interface {
	// Pos is the byte offset of the node's most telling token.
	Pos() int
}

// At is the position of a node; every node embeds it.
type At int

// Pos implements Node.
func (a At) Pos() int { return int(a) }

// Expr is an expression.
type Expr interface{ Node }

// The expressions.
type (
	// Literal is a number, string, char, true, false or null. Value holds the
	// Go value: int32 uint32 int64 uint64 float32 float64 string rune-sized
	// Char bool nil, or a Decimal.
	Literal struct {
		At
		Value any
		Text  string // as written
	}
	// Interp is an interpolated string.
	Interp struct {
		At
		Parts []InterpPart
	}
	// Name is a simple name with optional type arguments.
	Name struct {
		At
		Name string
		Args []*TypeExpr
	}
	// Member is X.Name, or X?.Name below a Conditional access.
	Member struct {
		At
		X    Expr
		Name string
		Args []*TypeExpr
	}
	// Access is X?. or X?[ with what follows: Rest starts at a Hole, which
	// stands for the value of X when it is not null.
	Access struct {
		At
		X, Rest Expr
	}
	// Hole is the receiver inside Access.Rest.
	Hole struct{ At }
	// Call is Fun(Args).
	Call struct {
		At
		Fun  Expr
		Args []Arg
	}
	// Index is X[Args].
	Index struct {
		At
		X    Expr
		Args []Arg
	}
	// Unary is a prefix operator: + - ! ~ ++ --.
	Unary struct {
		At
		Op string
		X  Expr
	}
	// Postfix is X++ or X--.
	Postfix struct {
		At
		Op string
		X  Expr
	}
	// Binary is every binary operator but assignment, is and as.
	Binary struct {
		At
		Op   string
		X, Y Expr
	}
	// Assign is X = Y and the compound forms; Op is "=" or "+=" ….
	Assign struct {
		At
		Op   string
		X, Y Expr
	}
	// Cond is C ? X : Y.
	Cond struct {
		At
		C, X, Y Expr
	}
	// Cast is (Type)X.
	Cast struct {
		At
		Type *TypeExpr
		X    Expr
	}
	// As is X as Type.
	As struct {
		At
		X    Expr
		Type *TypeExpr
	}
	// Is is X is Pattern.
	Is struct {
		At
		X       Expr
		Pattern Pattern
	}
	// New is new Type(Args) { Init }.
	New struct {
		At
		Type *TypeExpr
		Args []Arg
		Init *Init
	}
	// NewArray is new Elem[Sizes] { Init }; Elem is nil for new[] { … }. Rank
	// is the number of dimensions.
	NewArray struct {
		At
		Elem  *TypeExpr
		Sizes []Expr
		Rank  int
		Init  *ArrayInit
	}
	// ArrayInit is { a, b } where an array is expected.
	ArrayInit struct {
		At
		Items []Expr
	}
	// NewAnonymous is new { A = 1, x.B }.
	NewAnonymous struct {
		At
		Names  []string
		Values []Expr
	}
	// Lambda is x => …; exactly one of Expr and Body is set.
	Lambda struct {
		At
		Params []LambdaParam
		Expr   Expr
		Body   *Block
	}
	// Tuple is (a, name: b).
	Tuple struct {
		At
		Names []string
		Items []Expr
	}
	// Declare is a variable declared inside an expression: out var x, out int
	// x, and the items of a deconstruction. Type is nil for var.
	Declare struct {
		At
		Type *TypeExpr
		Name string
	}
	// Default is default(Type) or, without Type, the literal default.
	Default struct {
		At
		Type *TypeExpr
	}
	// TypeOf is typeof(Type).
	TypeOf struct {
		At
		Type *TypeExpr
	}
	// NameOf is nameof(X).
	NameOf struct {
		At
		X Expr
	}
	// Checked is checked(X) or unchecked(X).
	Checked struct {
		At
		On bool
		X  Expr
	}
	// Throw is throw X as an expression.
	Throw struct {
		At
		X Expr
	}
	// Paren is (X); it is kept because (a).b and casts care.
	Paren struct {
		At
		X Expr
	}
	// TypeName is a predefined type used as a receiver: string.Empty.
	TypeName struct {
		At
		Type *TypeExpr
	}
	// Query is a LINQ query expression.
	Query struct {
		At
		Clauses []Clause
	}
)

// Char is a char literal's value: one UTF-16 unit.
type Char uint16

// Decimal is a decimal literal's value: its digits, without suffix.
type Decimal string

// InterpPart is literal text, or a hole when X is set.
type InterpPart struct {
	At
	Text   string
	X      Expr
	Align  Expr // nil without alignment
	Format string
}

// Arg is an argument of a call.
type Arg struct {
	At
	Name string // name: value
	Mode string // "", "ref", "out", "in"
	X    Expr
}

// LambdaParam is a parameter of a lambda; Type is nil when it is inferred.
type LambdaParam struct {
	At
	Type *TypeExpr
	Name string
	Mode string
}

// Init is an object, collection or index initialiser.
type Init struct {
	At
	Items []InitItem
}

// InitItem is Name = X, [Index] = X, or Values to Add. Nested is set when the
// value of Name or Index is itself an initialiser.
type InitItem struct {
	At
	Name   string
	Index  []Arg
	Values []Expr
	Nested *Init
}

// TypeExpr is a type as written.
type TypeExpr struct {
	At
	Name     string      // dotted, keywords as they are; "var" is a name too
	Args     []*TypeExpr // type arguments of the last part
	Array    *TypeExpr   // element type of an array
	Rank     int         // dimensions of an array
	Nullable *TypeExpr   // T of T?
	Tuple    []*TypeExpr
	Names    []string // names of tuple items
}

// Pattern is what may follow is and case.
type Pattern interface{ Node }

// The patterns of C# 7.
type (
	// TypePattern is T, or T name; Name is "_" for a discard. After is, a bare
	// T without Name is the classic type test.
	TypePattern struct {
		At
		Type *TypeExpr
		Name string
	}
	// ConstPattern is a constant; a bare name may turn out to be a type.
	ConstPattern struct {
		At
		X Expr
	}
	// VarPattern is var name.
	VarPattern struct {
		At
		Name string
	}
)

// Clause is one clause of a query.
type Clause struct {
	At
	Kind string // from, let, where, join, orderby, select, group
	Type *TypeExpr
	Name string
	X, Y Expr   // the source or condition; group … by Y
	On   Expr   // join … on On equals Y
	Into string // continuation, or group join
	Desc bool
}
