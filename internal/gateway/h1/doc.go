// Package h1 stands between a connection and an HTTP/1.1 server and lets through only requests that every reader of RFC 9112 reads alike: the
// server behind it never sees a message whose end or meaning is in doubt, and so never passes one on. It understands just enough to follow
// where messages begin and end; it interprets nothing and changes nothing.
//
// A message that breaks the rules is replaced by bytes that the server must refuse: it answers 400 and closes the connection, in the order of
// the requests. HTTP/2 with prior knowledge passes untouched, and so does what follows once a handler has taken the connection over (Through).
//
// Start with conn.go; head.go has the rules of heads, chunked.go those of chunked bodies.
package h1
