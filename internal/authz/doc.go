// Package authz decides who may do what where, as Azure RBAC does: role definitions, role assignments, deny assignments, and the patterns of
// actions between them.
//
// It is pure: no clock, no store, no HTTP. Conditions on assignments have a language of their own (condition/); what they ask about, the caller hands
// in as Facts. It does not know who belongs to which group (the caller hands in the transitive ids), nor which
// action a request needs (that follows from the kind and the verb).
//
// Start with Index (index.go), which holds everything in force, and Decide (decide.go). What may be written is judged by CheckRole and
// CheckAssignment, which return the errors that a client of Azure expects.
package authz
