// Package page shows the few pages that the server writes itself, such as that of signing in: one frame, one style, and headers that let a page show itself,
// send its form, and do nothing else. The console and the portal are not among them: package web. Start with Set.
package page
