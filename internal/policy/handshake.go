package policy

// Handshake is what the handshake of a connection leaves for the requests that will come over it: the connection of a GraphQL API carries many.
type Handshake struct {
	// Checks are made of every request, in order, each with an exchange of the request's own. An error refuses it.
	Checks []Step
}

// Publish makes what the resolver gets an event of subscription fields of its API, once it has it (policies.md 7.13).
func (x *Exchange) Publish(fields ...string) { x.Published = append(x.Published, fields...) }
