package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	stringReader = types.Class("System.IO.StringReader")
	stringWriter = types.Class("System.IO.StringWriter")
)

// StringReader is System.IO.StringReader, StringWriter its StringWriter.
type (
	StringReader struct{ rest string }
	StringWriter struct{ StringBuilder }
)

// NetType implements types.Typed.
func (*StringReader) NetType() *types.Type { return stringReader }

// NetType implements types.Typed.
func (*StringWriter) NetType() *types.Type { return stringWriter }

func (r *StringReader) char(take bool) int32 {
	if r.rest == "" {
		return -1
	}
	units := types.Units(r.rest[:min(4, len(r.rest))])
	if take {
		if len(units) > 1 && units[0]>>10 == 0x36 {
			r.rest = types.Sub(r.rest, 1, types.Len(r.rest)-1)
		} else {
			r.rest = r.rest[types.Offset(r.rest, 1):]
		}
	}
	return int32(units[0])
}

func (r *StringReader) line() types.Value {
	if r.rest == "" {
		return nil
	}
	i := strings.IndexAny(r.rest, "\r\n")
	if i < 0 {
		line := r.rest
		r.rest = ""
		return line
	}
	line, n := r.rest[:i], 1
	if strings.HasPrefix(r.rest[i:], "\r\n") {
		n = 2
	}
	r.rest = r.rest[i+n:]
	return line
}

var stringReaderDecl = types.Decl{Type: stringReader, Doc: "Reads a string.", Interfaces: []string{"IDisposable"}, Members: []types.Member{
	{Sig: "StringReader(string s)", Do: types.Fn1(func(s string) *StringReader { return &StringReader{s} }), Doc: "Of a text.", Ex: `new StringReader("a\nb").ReadLine() → a`},
	{Sig: "int Read()", Do: types.Fn1(func(r *StringReader) int32 { return r.char(true) }), Doc: "The next code unit, or -1."},
	{Sig: "int Peek()", Do: types.Fn1(func(r *StringReader) int32 { return r.char(false) }), Doc: "The next code unit without taking it, or -1."},
	{Sig: "string ReadLine()", Do: types.Fn1((*StringReader).line), Doc: "The next line, or null."},
	{Sig: "string ReadToEnd()", Do: types.Fn1(func(r *StringReader) string {
		s := r.rest
		r.rest = ""
		return s
	}), Doc: "The rest."},
	{Sig: "void Close()", Do: types.Do(nothing), Doc: "Does nothing here."},
	{Sig: "void Dispose()", Do: types.Do(nothing), Doc: "Does nothing here."},
}}

// stringWriterDecl is System.IO.StringWriter.
var stringWriterDecl = types.Decl{Type: stringWriter, Doc: "Collects text.", Interfaces: []string{"IDisposable"}, Members: func() []types.Member {
	out := []types.Member{
		{Sig: "StringWriter()", Do: types.Do(func(*types.Call) (types.Value, error) { return &StringWriter{StringBuilder{ascii: true}}, nil }), Doc: "Empty."},
		{Sig: "StringBuilder GetStringBuilder()", Do: types.Fn1(func(w *StringWriter) *StringBuilder { return &w.StringBuilder }), Doc: "The text so far."},
		{Sig: "string NewLine { get; }", Do: types.Fn1(func(*StringWriter) string { return "\n" }), Doc: "A line feed."},
		{Sig: "void WriteLine()", Do: writeText("\n"), Doc: "Writes a line feed."},
		{Sig: "void Flush()", Do: types.Do(nothing), Doc: "Does nothing here."},
		{Sig: "void Close()", Do: types.Do(nothing), Doc: "Does nothing here."},
		{Sig: "void Dispose()", Do: types.Do(nothing), Doc: "Does nothing here."},
		{Sig: "void Write(string format, params object[] arg)", Do: writeFormat(""), Doc: "Writes a format filled in."},
		{Sig: "void WriteLine(string format, params object[] arg)", Do: writeFormat("\n"), Doc: "Writes a format filled in and a line feed."},
	}
	for _, t := range []string{"string", "object", "bool", "char", "int", "long", "double", "decimal"} {
		out = append(out,
			types.Member{Sig: "void Write(" + t + " value)", Do: writeText(""), Doc: "Writes the text of a value."},
			types.Member{Sig: "void WriteLine(" + t + " value)", Do: writeText("\n"), Doc: "Writes the text of a value and a line feed."})
	}
	return out
}()}

func writeText(end string) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		s := ""
		if len(c.Args) > 0 {
			s = types.ToString(c.Args[0])
		}
		return nil, c.This.(*StringWriter).append(c.Env, s+end)
	})
}

func writeFormat(end string) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		s, err := formatMany(c)
		if err != nil {
			return nil, err
		}
		return nil, c.This.(*StringWriter).append(c.Env, s.(string)+end)
	})
}
