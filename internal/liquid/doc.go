// Package liquid is the template language of set-body and its relatives: DotLiquid in its C# naming, at the compatibility level of version 2.0
// that the service runs. A template is compiled when it is saved, with errors that say line and column, and rendered under the budget of an
// evaluation environment. It knows nothing of policies: whoever renders hands in the variables.
//
// Start at Parse and Template.Render; the tags are in tag.go and loop.go, the filters in filter.go and its siblings.
package liquid
