package gateway

import (
	"strings"
	"testing"
)

// FuzzFirstInBody: no body makes the gateway fail or find a name that is not in it.
func FuzzFirstInBody(f *testing.F) {
	f.Add(`<s:Envelope xmlns:s="urn:s"><s:Header><a/></s:Header><s:Body><b:Get xmlns:b="urn:b"/></s:Body></s:Envelope>`)
	f.Add(`<!DOCTYPE x><Envelope><Body/></Envelope>`)
	f.Add("<?xml version='1.0' encoding='utf-16'?><Envelope/>")
	f.Fuzz(func(t *testing.T, body string) {
		if name := firstInBody(strings.NewReader(body)); !strings.Contains(body, name) {
			t.Fatalf("%q holds %q", body, name)
		}
	})
}
