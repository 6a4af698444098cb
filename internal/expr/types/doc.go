// Package types is the contract the rooms of the expression engine share: what
// a type is, what values look like in Go, how a type declares its members, how
// types relate and convert, which errors there are, and what an evaluation may
// spend.
//
// It is not the library: the members of String, DateTime or JObject are rows in
// package lib, and those of the context object are rows in package policy. Both
// use the same form, a Decl, so that the checker, the allow-list page and
// completion read one table.
//
// # Adding a type
//
// One file per .NET type: its identity, its Go value, its declaration.
//
//	// Guid is System.Guid.
//	var guid = types.Struct("System.Guid").WithZero(Guid{}) // default(Guid)
//
//	// Guid is the Go value; a value type is comparable and never changed.
//	type Guid [16]byte
//
//	func (Guid) NetType() *types.Type { return guid }
//	func (g Guid) NetString() string  { … }
//
//	var guidDecl = types.Decl{
//		Type: guid,
//		Members: []types.Member{
//			{Sig: "static Guid Parse(string input)", Do: types.Fn1E(parseGuid), Doc: "…", Ex: `Guid.Parse("…").ToString() → …`},
//			{Sig: "byte[] ToByteArray()", Do: types.Fn1(Guid.bytes), Doc: "…", Ex: "…"},
//			{Sig: "static bool operator ==(Guid a, Guid b)", Do: types.Fn2(func(a, b Guid) bool { return a == b })},
//		},
//	}
//
// then one line in the table (lib/table.go) or, for a room with types of its
// own, NewLibrary(base, decls...). NewLibrary reports rows that do not resolve
// and Go functions that do not match their signature.
//
// Rules for the Go side: value.go lists how values look; an int is int32, a
// byte[] is *ByteArray, an enum value is Enum, a lambda is *Func, an out
// argument is *Ref. A failure is returned as an *Exception (Throw, ArgumentNull,
// …), and errors that come from a lambda, a sequence or the Env are handed on
// unchanged. Whatever an argument sizes is charged to the Env before it is
// allocated; whatever loops calls Env.Step. Nothing blocks, nothing starts a
// goroutine. ToString, Equals, GetHashCode, CompareTo need no rows: implement
// Text, Equatable, Ordered; ToString(format) comes from Decl.Format.
//
// Start reading at type.go, value.go and member.go.
package types
