package types

// Names of the exceptions the engine itself throws.
const (
	NullReference     = "System.NullReferenceException"
	InvalidCast       = "System.InvalidCastException"
	KeyNotFound       = "System.Collections.Generic.KeyNotFoundException"
	Format            = "System.FormatException"
	Overflow          = "System.OverflowException"
	DivideByZero      = "System.DivideByZeroException"
	IndexOutOfRange   = "System.IndexOutOfRangeException"
	ArgumentExc       = "System.ArgumentException"
	ArgumentNullExc   = "System.ArgumentNullException"
	ArgumentRangeExc  = "System.ArgumentOutOfRangeException"
	InvalidOperation  = "System.InvalidOperationException"
	NotSupported      = "System.NotSupportedException"
	NotImplemented    = "System.NotImplementedException"
	ObjectDisposed    = "System.ObjectDisposedException"
	ArrayTypeMismatch = "System.ArrayTypeMismatchException"
	TimeoutExc        = "System.TimeoutException"
)

// Exception is a .NET exception, both as a Go error and as a value of the
// language. Library code returns it as its error.
type Exception struct {
	Type    string // full name
	Message string
	Param   string     // ParamName of argument exceptions
	Inner   *Exception // InnerException
}

// Error implements error.
func (e *Exception) Error() string { return ShortName(e.Type) + ": " + e.Message }

// NetString implements Text.
func (e *Exception) NetString() string { return e.Type + ": " + e.Message }

// Throw makes an exception of the given full type name.
func Throw(typ, message string) *Exception { return &Exception{Type: typ, Message: message} }

// ArgumentNull is what a method throws for a null argument.
func ArgumentNull(param string) *Exception {
	return &Exception{Type: ArgumentNullExc, Message: "Value cannot be null." + paramLine(param), Param: param}
}

// ArgumentRange is what a method throws for an argument outside its range.
func ArgumentRange(param, why string) *Exception {
	return &Exception{Type: ArgumentRangeExc, Message: why + paramLine(param), Param: param}
}

// Argument is what a method throws for an argument it cannot use.
func Argument(param, why string) *Exception {
	return &Exception{Type: ArgumentExc, Message: why + paramLine(param), Param: param}
}

func paramLine(param string) string {
	if param == "" {
		return ""
	}
	return "\nParameter name: " + param
}

// ShortName is the part of a full name after its last dot.
func ShortName(full string) string {
	for i := len(full) - 1; i >= 0; i-- {
		if full[i] == '.' {
			return full[i+1:]
		}
	}
	return full
}

// Limit is a budget that ran out. The language cannot catch it.
type Limit struct {
	What string // "steps", "memory", "depth", "time"
}

// Error implements error.
func (l *Limit) Error() string {
	return "TimeoutException: the expression used up its budget of " + l.What + "; make it do less work"
}
