package check

import "github.com/atelier-apim/atelier/internal/expr/types"

// Stmt is a bound statement.
type Stmt interface{ Pos() int }

// Place is the position every bound statement embeds.
type Place int

// Pos implements Stmt.
func (p Place) Pos() int { return int(p) }

// The bound statements.
type (
	// Block runs statements. Cells are captured variables that begin here;
	// Funcs are local functions declared here.
	Block struct {
		Place
		Stmts []Stmt
		Vars  []*Var
		Funcs []*LocalFunc
	}
	// LocalFunc puts the closure of a local function in Var.
	LocalFunc struct {
		Var    *Var
		Func   *Func
		method *types.Method // its signature, for overload resolution
	}
	// Eval evaluates an expression for its effect.
	Eval struct {
		Place
		X Expr
	}
	// Set gives a declared variable its first value; X nil: the default.
	Set struct {
		Place
		Var *Var
		X   Expr
	}
	// If chooses.
	If struct {
		Place
		Cond       Expr
		Then, Else Stmt
	}
	// Loop is while, do and for: Init has run; Cond nil is true. Vars are the
	// variables of a for.
	Loop struct {
		Place
		Init      []Stmt
		Vars      []*Var
		Cond      Expr
		Post      []Expr
		Body      Stmt
		CondAfter bool // do … while
	}
	// Foreach walks X. Item receives each element; Elem converts it from Raw.
	Foreach struct {
		Place
		X    Expr
		Raw  *Var
		Vars []*Var // of one iteration
		Sets []Stmt // from Raw to the loop variables
		Body Stmt
	}
	// Switch evaluates X into Var and jumps to the first section with a label
	// that matches. Gotos name sections by index.
	Switch struct {
		Place
		X        Expr
		Var      *Var
		Vars     []*Var
		Sections []Section
		Default  int // index of the section with default, or -1
	}
	// Section is a section of a Switch.
	Section struct {
		Labels []Label
		Body   []Stmt
	}
	// Label matches when Test does and When is true.
	Label struct {
		Test *Pattern
		When Expr
	}
	// Break and Continue leave or repeat the nearest loop or switch.
	Break    struct{ Place }
	Continue struct{ Place }
	// Goto jumps to a section of the nearest switch.
	Goto struct {
		Place
		Section int
	}
	// Return ends the function. X is nil in an action.
	Return struct {
		Place
		X Expr
	}
	// Throw throws X; nil throws the exception in hand again.
	ThrowStmt struct {
		Place
		X Expr
	}
	// Try is try with catches and finally.
	Try struct {
		Place
		Body    Stmt
		Catches []Catch
		Finally Stmt
	}
	// Catch handles exceptions of Type for which When is true.
	Catch struct {
		Type *types.Type
		Var  *Var
		Vars []*Var
		When Expr
		Body Stmt
	}
	// Using disposes of Var's value after Body.
	Using struct {
		Place
		Vars    []*Var
		Sets    []Stmt
		Dispose []Expr
		Body    Stmt
	}
)
