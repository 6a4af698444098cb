package policytest_test

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/policy/policytest"
)

const files = `
-- policy.xml --
<policies><inbound><set-header name="X-A"><value>1</value></set-header><set-variable name="v" value="1"/><trace source="s"><message>m</message></trace></inbound></policies>
-- broken.xml --
<policies><inbound><set-heder/></inbound></policies>
-- request.http --
GET /a HTTP/1.1
`

// Each assertion of a script can fail, and its failure names the line and what happened instead.
func TestAssertionsFail(t *testing.T) {
	t.Parallel()
	tests := []struct{ script, want string }{
		{"send request.http\nreply 201", "line 2: reply 201: the status is 200"},
		{"send request.http\nreply 200 'X-B: 1'", "the headers are"},
		{"send request.http\nreply 200 Created", "the reason is OK"},
		{"send request.http\nreply-header X-B", "the headers are"},
		{"send request.http\n! reply-body ''", "the body is"},
		{"send request.http\nbackend-saw 2", "the backend saw 1 requests"},
		{"policy api policy.xml\nsend request.http\n! backend-header 'X-A: 1'", "the headers are"},
		{"send request.http\nbackend-request 'GET /b'", "the request is"},
		{"send request.http\nbackend-body x", "the body is"},
		{"send request.http\nlast-error a b", "there was no error"},
		{"backend-fails Timeout\nsend request.http\nlast-error a b", "the error is forward-request Timeout"},
		{"policy api policy.xml\nsend request.http\nis v 2", "the variable is 1"},
		{"policy api policy.xml\nsend request.http\ntrace error s m", "the traces are"},
		{"policy api broken.xml", "a policy has a problem that the case doesn't name"},
		{"policy api broken.xml\nproblem 1:1 'not a known policy'", "the next problem is at 1:20"},
		{"problem x", "there is no such problem"},
		{"policy global policy.xml\nwarning x", "there is no such problem"},
		{"policy api policy.xml\n! warning base", "the section has no <base/>"},
		{"policy here policy.xml", "here is not a scope"},
		{"send nothing.http", "the archive has no file nothing.http"},
		{"fly away", "fly is not a word of scripts"},
		{"send", "send needs 1 arguments"},
		{"policy api", "policy needs 2 arguments"},
		{"last-error a b", "nothing was sent"},
		{"reply 200", "the status is 0"},
		{"send 'x", "a quote is not closed"},
		{"clock soon", "invalid duration"},
	}
	for _, test := range tests {
		t.Run(test.script, func(t *testing.T) {
			t.Parallel()
			err := policytest.Run(txtar.Parse([]byte(test.script + "\n" + files[1:])))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %s", err, test.want)
			}
		})
	}
}
