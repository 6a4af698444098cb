// Package condition is the language of conditions on role assignments (Azure's attribute-based access control, version 2.0): a text such as
//
//	!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})
//	OR @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEquals 'Group'
//
// is compiled once, when the assignment is stored, and judged at every decision that the assignment would allow.
//
// It is pure and bounded: no clock, no store; size, depth and number of values are limited, and a judgement costs at most the product of both
// sides of its comparisons. It fails closed: what asks for something unknown is neither met nor, when it is negated, met (three-valued logic).
//
// It knows nothing of roles and scopes. Start with Compile (compile.go), then Judge (judge.go).
package condition
