// Package portal is the data API of the developer portal, below /api/ of the portal's own address: what consumers may see of the catalogue,
// signing in, subscribing, revealing one's own keys, and trying an operation out. Its outside is declared in web/portal/api.ts.
//
// It reads the state through control and writes through it as the person who is signed in. It is no part of the management API: portal people
// are users of the service, hold no role, and never learn that workspaces exist. Ids in its answers are opaque, and errors of the control
// plane are never passed on, because they name what consumers must not know. Pages are served by others.
//
// Start with portal.go, which lists the routes; view.go says who asks, catalogue.go what that person may see.
package portal
