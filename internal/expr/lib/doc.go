// Package lib is the .NET library expressions may use: one file per .NET type,
// each a table of rows (see package types for their form).
//
// It knows nothing of syntax, checking or evaluation, nor of the context
// object. What the allow-list refuses is said where the type is declared:
// Decl.Refused for a type (refused.go lists those that are refused as a whole),
// Decl.Denied for names, Member.Denied for an overload. ToString(format),
// Equals and CompareTo of value types are derived in table.go.
//
// Other rooms make values of these types through the exported functions:
// ParseJToken, ParseXElement, ParseXDocument, ParseGuid, ParseUri,
// ParseTimeSpan, NewDateTime, NewTimeSpan, NewCertificate, NewList,
// NewDictionary, NewJValue, ToJToken.
//
// What an argument or a document sizes is charged to the Env, and trees of JSON
// and XML are at most 100 levels deep when read. Two dependencies stand behind
// one file each: the regular expression engine (regex_engine.go and the type it
// compiles to) and the PKCS #12 reader (pfx.go).
//
// Start at table.go, then string.go as the model of a file. A large type is
// split by noun: datetime.go has the value, datetime_format.go and
// datetime_parse.go its texts, datetime_members.go its rows. The rows' examples
// run as a test in package expr.
package lib
