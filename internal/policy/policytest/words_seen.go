package policytest

import "github.com/atelier-apim/atelier/internal/policy"

var actWords = []word{
	{"send", "FILE", "Sends a request: a request line, headers, a blank line, the body.", func(c *Case, _ bool, a []string) error { return c.send(a[0], false) }},
	{"preflight", "FILE", "Sends a request for which the API has no operation, as preflight requests are.", func(c *Case, _ bool, a []string) error { return c.send(a[0], true) }},
	{"resolve", "ARGUMENTS PARENT [list]", "Runs the resolver for a field, with its arguments and parent in JSON; `list` for one that takes a list. The reply is its data then.", (*Case).resolve},
	{"clock", "DURATION", "Time passes: `90s`, `24h`. A case begins on 15 January 2026 at 12:00 UTC.", (*Case).clock},
}

var outcomeWords = []word{
	{"reply", "STATUS [REASON | 'Name: value' …]", "The answer has this status, reason, and these headers.", (*Case).reply},
	{"reply-header", "'Name: value' | NAME", "It has this header, or one of this name.", func(c *Case, yes bool, a []string) error { return header(yes, c.answer().Header, a[0]) }},
	{"reply-body", "TEXT | FILE", "Its body is this.", func(c *Case, yes bool, a []string) error { return c.text(yes, "body", bodyText(c.answer().Body), a[0]) }},
	{"last-error", "SOURCE REASON [TEXT]", "`context.LastError` is this.", (*Case).lastError},
	{"trace", "SEVERITY SOURCE TEXT [NAME=VALUE …]", "A trace was written.", (*Case).trace},
	{"is", "NAME VALUE", "A variable has this value, as a text.", (*Case).variable},
	{"metric", "NAMESPACE NAME VALUE [NAME=VALUE …]", "A metric was emitted, with these dimensions.", (*Case).metric},
	{"event", "LOGGER [TEXT] [key=KEY | partition=N]", "The next message that a logger got is this; `! event -` for none.", (*Case).event},
	{"published", "FIELD…", "What the resolver got is an event of these subscriptions, and of no others.", (*Case).published},
	{"problem", "[LINE:COLUMN] TEXT", "A document has this problem, next; a part of its text is enough.", func(c *Case, _ bool, a []string) error { return c.problem(policy.SeverityError, a) }},
	{"warning", "[LINE:COLUMN] TEXT", "The same for a warning. `!`: there is none but those that were named.", func(c *Case, yes bool, a []string) error {
		if !yes {
			return c.noWarning(a[len(a)-1])
		}
		return c.problem(policy.SeverityWarning, a)
	}},
}

var seenWords = []word{
	{"backend-saw", "N", "The backend got as many requests so far.", (*Case).backendSaw},
	{"backend-request", "'METHOD URL'", "Its last request was this.", func(c *Case, yes bool, a []string) error { return c.text(yes, "request", c.backend.seen().line, a[0]) }},
	{"backend-header", "'Name: value' | NAME", "It had this header.", func(c *Case, yes bool, a []string) error { return header(yes, c.backend.seen().header, a[0]) }},
	{"backend-body", "TEXT | FILE", "Its body was this.", func(c *Case, yes bool, a []string) error { return c.text(yes, "body", c.backend.seen().body, a[0]) }},
	{"backend-certificate", "NAME | -", "The certificate with this common name was shown to it.", (*Case).backendCertificate},
	{"backend-proxy", "'URL [USER:PASSWORD]' | -", "It came through this proxy.", func(c *Case, yes bool, a []string) error { return c.text(yes, "proxy", c.backend.proxy, a[0]) }},
	{"host-saw", "N", "Other hosts got as many requests so far.", (*Case).hostSaw},
	{"host-request", "'METHOD URL'", "The last of them was this.", func(c *Case, yes bool, a []string) error { return c.text(yes, "request", c.hosts.seen().line, a[0]) }},
	{"host-header", "'Name: value' | NAME", "It had this header.", func(c *Case, yes bool, a []string) error { return header(yes, c.hosts.seen().header, a[0]) }},
	{"host-body", "TEXT | FILE", "Its body was this.", func(c *Case, yes bool, a []string) error { return c.text(yes, "body", c.hosts.seen().body, a[0]) }},
	{"host-proxy", "'URL [USER:PASSWORD]' | -", "It came through this proxy.", func(c *Case, yes bool, a []string) error { return c.text(yes, "proxy", c.hosts.proxy, a[0]) }},
	{"asked", "URL N", "Services below an address were asked as many times.", nil},
	{"asked-header", "URL 'Name: value'", "The last time, with this header.", nil},
	{"asked-body", "URL TEXT | FILE", "The last time, with this body.", nil},
	{"fetched", "N", "Policies fetched as many documents.", nil},
	{"queried", "HOST | - [statement=TEXT | FILE] [@NAME[:TYPE]=JSON …] [user=NAME] [token=TOKEN] [engine=NAME] [certificate=NAME]", "The database was asked this last; `-` for nothing.", (*Case).queried},
}
