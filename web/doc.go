// Package web serves the two web applications that the binary carries: the console for platform and workspace
// teams, and the developer portal for consumers.
//
// It is files and headers only: what the applications show comes from the management API and from the portal's own
// data API, which other rooms serve. The applications themselves are TypeScript beside this file; npm run build
// makes dist/, which is embedded. A tree in which they were never built still compiles: it carries a placeholder.
//
// Start with [Console] and [Portal]; the content security policy is in policy.go, the files in assets.go.
package web
