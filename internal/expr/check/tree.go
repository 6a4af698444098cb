package check

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Expr is a bound expression.
type Expr interface {
	// Type is the static type; Null for null, nil for what has none yet (a
	// lambda before its target is known).
	Type() *types.Type
	Pos() int
}

// Typed is the type and position every bound expression embeds.
type Typed struct {
	T  *types.Type
	At int
}

// Type implements Expr.
func (t *Typed) Type() *types.Type { return t.T }

// Pos implements Expr.
func (t *Typed) Pos() int { return t.At }

// Var is a local variable, parameter or range variable.
type Var struct {
	Name     string
	Type     *types.Type
	Const    *Const // of a const local
	Slot     int    // in the frame of Func, or the index of its cell
	Captured bool   // some lambda uses it: it lives in a cell of its own
	ReadOnly string // why it cannot be assigned, or empty
	Func     *Func
}

// Func is the body of the expression, a lambda or a local function.
type Func struct {
	Outer    *Func
	Params   []*Var
	Result   *types.Type // Void for an action
	Body     Stmt        // exactly one of Body and Expr
	Expr     Expr
	Slots    int    // size of the frame
	Captures []*Var // variables of outer functions, in the order of the closure's cells
	Modes    []types.Mode
	OwnCells bool // a variable of this function is captured by an inner one
}

// Conv says what a Convert does.
type Conv uint8

// The conversions that need work at run time, or not.
const (
	ConvNone          Conv = iota // the representation is the same
	ConvNumeric                   // between primitive numbers, enums and chars
	ConvBox                       // to object, an interface or a nullable
	ConvUnbox                     // from object to a value type
	ConvCast                      // to a reference type, tested
	ConvLift                      // a numeric conversion under a nullable
	ConvUnwrap                    // T? to T
	ConvTuple                     // item by item
	ConvUnboxNullable             // from object to T?
)

// The bound expressions.
type (
	// Const is a value known now.
	Const struct {
		Typed
		Value types.Value
	}
	// Zero is default(T) of a type whose zero is not a Const.
	Zero struct{ Typed }
	// Local reads a variable.
	Local struct {
		Typed
		Var *Var
	}
	// Call is a library member: method, constructor, getter or operator. Args
	// are in the order of the parameters and already converted. Order is not
	// nil when named arguments are evaluated in another order.
	Call struct {
		Typed
		Method *types.Method
		Recv   Expr // nil for static members
		Args   []Expr
		Order  []int
	}
	// Ref is a ref or out argument.
	Ref struct {
		Typed
		Target Expr // a Local, an Element or nil for a discard
		Out    bool
	}
	// Element is an item of an array.
	Element struct {
		Typed
		X       Expr
		Indexes []Expr
	}
	// Field is an item of a tuple or a property of an anonymous object.
	Field struct {
		Typed
		X Expr
		N int
	}
	// Unary is a built-in prefix operator on operands of kind Kind.
	Unary struct {
		Typed
		Op      string
		Kind    types.Kind
		X       Expr
		Checked bool
		Lifted  bool
	}
	// Binary is a built-in operator; both operands have been promoted to Kind.
	Binary struct {
		Typed
		Op      string
		Kind    types.Kind
		X, Y    Expr
		Checked bool
		Lifted  bool
	}
	// Logic is && or || on bools.
	Logic struct {
		Typed
		Or   bool
		X, Y Expr
	}
	// Same is == or != by reference, or with null.
	Same struct {
		Typed
		X, Y Expr
		Not  bool
	}
	// Concat joins texts: string + anything, and interpolation.
	Concat struct {
		Typed
		Parts []Part
	}
	// Coalesce is X ?? Y; Unwrap turns a nullable X into the result type.
	Coalesce struct {
		Typed
		X, Y Expr
		Hole *Var // holds the value of X for Conv
		Conv Expr // X converted to the type of the result
	}
	// Cond is C ? X : Y.
	Cond struct {
		Typed
		C, X, Y Expr
	}
	// Access is X?.Rest: Rest reads Hole. Void when Rest is a call without a value.
	Access struct {
		Typed
		X    Expr
		Hole *Var
		Rest Expr
	}
	// Convert is a conversion, implicit or cast.
	Convert struct {
		Typed
		X       Expr
		Conv    Conv
		Checked bool
	}
	// Is tests X against a pattern.
	Is struct {
		Typed
		X    Expr
		Test *Pattern
	}
	// As is X as T.
	As struct {
		Typed
		X Expr
	}
	// Assign stores Value in Target: a Local, Element, Field, or a Call of a
	// property or indexer.
	Assign struct {
		Typed
		Target Expr
		Value  Expr
		// Compound is set for op=, ++ and --: the current value is put in Old,
		// and Value is computed from it. Post gives the old value as the result.
		Old  *Var
		Post bool
	}
	// NewArray is new T[…] or an initialiser. Dims are the lengths of a
	// rectangular array whose Items are given, row by row.
	NewArray struct {
		Typed
		Sizes []Expr
		Items []Expr
		Dims  []int
	}
	// NewObject is an anonymous object or a tuple.
	NewObject struct {
		Typed
		Items []Expr
	}
	// Init is a creation with an initialiser: X is stored in Var, Steps run,
	// the value is that of Var.
	Init struct {
		Typed
		X     Expr
		Var   *Var
		Steps []Expr
	}
	// Lambda makes a delegate.
	Lambda struct {
		Typed
		Func *Func
	}
	// Group makes a delegate of a library method.
	Group struct {
		Typed
		Method *types.Method
		Recv   Expr
	}
	// Invoke calls a delegate.
	Invoke struct {
		Typed
		F    Expr
		Args []Expr
	}
	// LocalCall calls a local function, whose closure is in Var.
	LocalCall struct {
		Typed
		Var  *Var
		Func *Func
		Args []Expr
	}
	// Throw is a throw expression.
	Throw struct {
		Typed
		X Expr
	}
	// Deconstruct assigns the items of a tuple.
	Deconstruct struct {
		Typed
		X       Expr
		Var     *Var
		Assigns []Expr
	}
)

// Part is a part of a Concat: constant Text, or X with an alignment and format.
type Part struct {
	Text   string
	X      Expr
	Align  int
	Format string
}

// Pattern is a bound pattern: a type test, a constant, or anything.
type Pattern struct {
	Type  *types.Type // test for it; nil: any value, null included
	Const Expr        // equal to it
	Null  bool        // the constant null
	Var   *Var        // gets the value
}

// LiftedCall applies a user-defined operator to nullable operands: the values
// go to L and R, which Call reads, unless one is null.
type LiftedCall struct {
	Typed
	Op   string
	X, Y Expr
	L, R *Var
	Call Expr
}
