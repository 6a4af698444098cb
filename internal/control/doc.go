// Package control is the verbs of the management API over any kind: get, list, put, patch, delete, act.
//
// It decides who may do what before it looks, validates a write whole before anything of it is stored, stores it with its change in one
// transaction, and returns when everyone who must know (authorization index, directory, gateways of this process) has taken the change.
// It knows no kind by name and no HTTP. Start with put.go, whose Put reads as the list of steps that every write takes.
package control
