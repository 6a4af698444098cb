package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// exceptionTypes lists the exceptions an expression may name, each with its
// base. System.Exception alone declares the members.
var exceptionTypes = []struct{ name, base string }{
	{"System.SystemException", "Exception"},
	{"System.ApplicationException", "Exception"},
	{types.NullReference, "SystemException"},
	{types.InvalidCast, "SystemException"},
	{types.KeyNotFound, "SystemException"},
	{types.Format, "SystemException"},
	{"System.ArithmeticException", "SystemException"},
	{types.Overflow, "ArithmeticException"},
	{types.DivideByZero, "ArithmeticException"},
	{types.IndexOutOfRange, "SystemException"},
	{types.ArgumentExc, "SystemException"},
	{types.ArgumentNullExc, "ArgumentException"},
	{types.ArgumentRangeExc, "ArgumentException"},
	{types.InvalidOperation, "SystemException"},
	{types.ObjectDisposed, "InvalidOperationException"},
	{types.NotSupported, "SystemException"},
	{types.NotImplemented, "SystemException"},
	{types.ArrayTypeMismatch, "SystemException"},
	{types.TimeoutExc, "SystemException"},
	{"System.RankException", "SystemException"},
	{"System.UriFormatException", "FormatException"},
	{"System.TimeZoneNotFoundException", "Exception"},
	{"System.UnauthorizedAccessException", "SystemException"},
	{"System.Xml.XmlException", "SystemException"},
	{"System.Security.Cryptography.CryptographicException", "SystemException"},
	{"System.Text.RegularExpressions.RegexMatchTimeoutException", "TimeoutException"},
	{"System.Text.DecoderFallbackException", "ArgumentException"},
	{"Newtonsoft.Json.JsonException", "Exception"},
	{"Newtonsoft.Json.JsonReaderException", "JsonException"},
	{"Newtonsoft.Json.JsonSerializationException", "JsonException"},
	{"Newtonsoft.Json.JsonWriterException", "JsonException"},
}

// exceptions declares System.Exception and those that derive from it. The
// allow-list names System.Exception only, but constructors are judged by their
// own type: the derived ones may be caught, and thrown as everybody expects.
func exceptions() []types.Decl {
	out := []types.Decl{{
		Type: types.ExceptionT,
		Doc:  "An error that occurred during evaluation.",
		Members: append(exceptionConstructors("Exception"),
			types.Member{Sig: "string Message { get; }", Do: types.Fn1(func(e *types.Exception) string { return e.Message }), Doc: "What went wrong.", Ex: `new Exception("x").Message → x`},
			types.Member{Sig: "Exception InnerException { get; }", Do: types.Fn1(func(e *types.Exception) *types.Exception { return e.Inner }), Doc: "The cause, or null.", Ex: `new Exception("x").InnerException == null → True`},
			types.Member{Sig: "string StackTrace { get; }", Do: types.Fn1(func(*types.Exception) string { return "" }), Doc: "Always empty: expressions have no frames to show."},
			types.Member{Sig: "string Source { get; }", Do: types.Fn1(func(*types.Exception) string { return "" }), Doc: "Always empty."},
			types.Member{Sig: "Type GetType()", Do: types.Do(func(c *types.Call) (types.Value, error) {
				return types.TypeValue{T: c.Env.Library.TypeOf(c.This)}, nil
			}), Doc: "The type of the exception, to compare with typeof.", Ex: `new FormatException().GetType() == typeof(FormatException) → True`},
			types.Member{Sig: "Exception GetBaseException()", Do: types.Fn1(rootCause), Doc: "The innermost cause.", Ex: `new Exception("a", new Exception("b")).GetBaseException().Message → b`},
		),
	}}
	for _, e := range exceptionTypes {
		t := types.Class(e.name)
		out = append(out, types.Decl{Type: t, Base: e.base, Members: exceptionConstructors(t.Name)})
	}
	return out
}

func rootCause(e *types.Exception) *types.Exception {
	for e.Inner != nil {
		e = e.Inner
	}
	return e
}

func exceptionConstructors(name string) []types.Member {
	sigs := []string{"()", "(string message)", "(string message, Exception innerException)"}
	switch name {
	case "ArgumentException":
		sigs = append(sigs, "(string message, string paramName)")
	case "ArgumentNullException", "ArgumentOutOfRangeException":
		sigs = []string{"()", "(string paramName)", "(string paramName, string message)"}
	}
	out := make([]types.Member, 0, len(sigs))
	for _, sig := range sigs {
		out = append(out, types.Member{Sig: name + sig, Do: types.Do(newException), Doc: "An exception to throw."})
	}
	if name == "ArgumentException" {
		out = append(out, types.Member{
			Sig: "string ParamName { get; }", Do: types.Fn1(func(e *types.Exception) types.Value {
				if e.Param == "" {
					return nil
				}
				return e.Param
			}),
			Doc: "The name of the argument that is wrong, or null.", Ex: `new ArgumentNullException("a").ParamName → a`,
		})
	}
	return out
}

// defaultMessages are the messages of exceptions made without one.
var defaultMessages = map[string]string{
	types.NullReference:    "Object reference not set to an instance of an object.",
	types.InvalidCast:      "Specified cast is not valid.",
	types.KeyNotFound:      "The given key was not present in the dictionary.",
	types.Format:           "One of the identified items was in an invalid format.",
	types.Overflow:         "Arithmetic operation resulted in an overflow.",
	types.DivideByZero:     "Attempted to divide by zero.",
	types.IndexOutOfRange:  "Index was outside the bounds of the array.",
	types.ArgumentExc:      "Value does not fall within the expected range.",
	types.ArgumentNullExc:  "Value cannot be null.",
	types.ArgumentRangeExc: "Specified argument was out of the range of valid values.",
	types.InvalidOperation: "Operation is not valid due to the current state of the object.",
	types.NotSupported:     "Specified method is not supported.",
	types.NotImplemented:   "The method or operation is not implemented.",
	types.TimeoutExc:       "The operation has timed out.",
}

// newException reads the arguments by the names of the parameters, since the
// argument exceptions put the parameter first.
func newException(c *types.Call) (types.Value, error) {
	name := c.Owner.Full()
	e := &types.Exception{Type: name, Message: defaultMessages[name]}
	if e.Message == "" {
		e.Message = "Exception of type '" + name + "' was thrown."
	}
	for i, p := range c.Method.Params {
		switch v := c.Args[i].(type) {
		case string:
			if p.Name == "message" {
				e.Message = v
			} else {
				e.Param = v
			}
		case *types.Exception:
			e.Inner = v
		}
	}
	if e.Param != "" {
		e.Message += "\nParameter name: " + e.Param
	}
	return e, nil
}
