package syntax

// Stmt is a statement.
type Stmt interface{ Node }

// The statements.
type (
	// Block is { … }.
	Block struct {
		At
		Stmts []Stmt
		End   int // offset of the closing brace
	}
	// Local declares variables or constants; Type is nil for var.
	Local struct {
		At
		Const bool
		Type  *TypeExpr
		Vars  []LocalVar
	}
	// LocalFunc is a local function.
	LocalFunc struct {
		At
		Result     *TypeExpr
		Name       string
		TypeParams []string
		Params     []FuncParam
		Expr       Expr
		Body       *Block
	}
	// ExprStmt is an expression for its effect.
	ExprStmt struct {
		At
		X Expr
	}
	// If is if (Cond) Then else Else.
	If struct {
		At
		Cond       Expr
		Then, Else Stmt
	}
	// For is for (Init; Cond; Post) Body.
	For struct {
		At
		Init []Stmt
		Cond Expr
		Post []Expr
		Body Stmt
	}
	// Foreach is foreach (Type Name in X) Body; Type is nil for var. Names is
	// set for a deconstruction.
	Foreach struct {
		At
		Type  *TypeExpr
		Name  string
		Names []string
		X     Expr
		Body  Stmt
	}
	// While is while (Cond) Body.
	While struct {
		At
		Cond Expr
		Body Stmt
	}
	// Do is do Body while (Cond).
	Do struct {
		At
		Body Stmt
		Cond Expr
	}
	// Switch is a switch statement.
	Switch struct {
		At
		X        Expr
		Sections []Section
	}
	// Break, Continue and Empty are what they say.
	Break    struct{ At }
	Continue struct{ At }
	Empty    struct{ At }
	// Goto is goto case X, or goto default when X is nil.
	Goto struct {
		At
		X Expr
	}
	// Return is return X; X is nil in void functions.
	Return struct {
		At
		X Expr
	}
	// ThrowStmt is throw X; X is nil to throw again.
	ThrowStmt struct {
		At
		X Expr
	}
	// Try is try with catches and finally.
	Try struct {
		At
		Body    *Block
		Catches []Catch
		Finally *Block
	}
	// Using is using (Decl or X) Body.
	Using struct {
		At
		Decl *Local
		X    Expr
		Body Stmt
	}
	// CheckedStmt is checked { } or unchecked { }.
	CheckedStmt struct {
		At
		On   bool
		Body *Block
	}
)

// LocalVar is one declarator.
type LocalVar struct {
	At
	Name string
	X    Expr // nil without initialiser; may be an *ArrayInit
}

// FuncParam is a parameter of a local function.
type FuncParam struct {
	At
	Type    *TypeExpr
	Name    string
	Mode    string // "", "ref", "out", "in", "params"
	Default Expr
}

// Section is a group of labels with their statements.
type Section struct {
	At
	Labels []Label
	Stmts  []Stmt
}

// Label is case Pattern when When, or default when Pattern is nil.
type Label struct {
	At
	Pattern Pattern
	When    Expr
}

// Catch is a catch clause; Type is nil for the bare form.
type Catch struct {
	At
	Type *TypeExpr
	Name string
	When Expr
	Body *Block
}

// Source is a parsed policy expression: @(Expr) or @{Body}.
type Source struct {
	Text string // the whole text
	Expr Expr
	Body *Block
}
