// Package sqldatatest starts a PostgreSQL server of its own for tests: on a free port of this machine's loopback address, with a folder that goes when the
// last test is done with it. It needs the server's programs (Debian's package postgresql). Start with Server.
package sqldatatest
