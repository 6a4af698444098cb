// Package reach tells whether what an installation depends on can be reached: its database, its mail server, its cache.
//
// It tests when somebody asks, and answers everybody who asks again shortly after with the same result: asking often is no way to make this server knock on
// others. Addresses come from the operator alone. Start with watch.go.
package reach
