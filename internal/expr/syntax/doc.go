// Package syntax reads C# 7.3 as policy expressions use it: a scanner that
// finds where an expression ends inside policy text, a lexer, a parser, a tree
// with positions, and a printer.
//
// It knows nothing of types, of .NET or of API Management: names are names.
// What later C# versions added is refused with a message that says so, and so
// are the constructs that make no sense in an expression (await, yield, lock).
// Every input is bounded: length, depth of nesting, number of nodes.
//
// Start at Parse in parser.go; the tree is in tree.go and statement.go.
package syntax
