// Package sqldata runs statements on PostgreSQL and SQL Server for strangers: the connection strings, the statements and the servers behind them are none
// of ours. It reads connection strings itself and takes few settings of them, so that no text can name a file of this machine; it connects by a
// function that is handed in; values go to the server as parameters, never as text of a statement; and what a statement may take of connections, rows,
// bytes and time is bounded, for each home and altogether.
//
// It knows nothing of policies and gateways. Start with client.go; how strings are read is in target.go.
package sqldata
