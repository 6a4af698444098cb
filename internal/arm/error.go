package arm

import (
	"fmt"
	"net/http"
)

// Error is what a caller of the management API is told: an HTTP status and Resource Manager's error body.
// Anything that is not an *Error is a defect or a fault of ours and reaches the caller only as "InternalServerError" with an id for the log.
type Error struct {
	Status  int      `json:"-"`
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Target  string   `json:"target,omitempty"`
	Details []Detail `json:"details"`

	// Of refusals for want of a right, for the activity log: the action that was refused, and the scope.
	Action string `json:"-"`
	Scope  string `json:"-"`
}

// Over names the action and the scope of a refusal.
func (e *Error) Over(action string, scope ID) *Error {
	e.Action, e.Scope = action, scope.String()
	return e
}

// Detail is one fault among several: the field it concerns (Target, in dotted JSON path or a policy's element) and what to do.
type Detail struct {
	Code    string `json:"code"`
	Target  string `json:"target,omitempty"`
	Message string `json:"message"`
}

func (e *Error) Error() string {
	s := e.Code + ": " + e.Message
	for _, d := range e.Details {
		s += fmt.Sprintf("; %s: %s", d.Target, d.Message)
	}
	return s
}

// Errorf makes an error of the given status and code.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// NotFound is the answer for an entity that does not exist; noun is the kind in words ("Named value").
func NotFound(noun string) *Error {
	return Errorf(http.StatusNotFound, "ResourceNotFound", "%s not found.", noun)
}

// Invalid is the answer to a body whose fields are at fault.
func Invalid(details ...Detail) *Error {
	for i := range details {
		if details[i].Code == "" {
			details[i].Code = "ValidationError"
		}
	}
	return &Error{Status: http.StatusBadRequest, Code: "ValidationError", Message: "One or more fields contain incorrect values:", Details: details}
}

// InvalidField is Invalid with one field.
func InvalidField(target, format string, args ...any) *Error {
	return Invalid(Detail{Target: target, Message: fmt.Sprintf(format, args...)})
}

// Conflict is the answer when what is asked contradicts what exists.
func Conflict(code, format string, args ...any) *Error {
	return Errorf(http.StatusConflict, code, format, args...)
}

// PreconditionFailed is the answer to an If-Match that names another version.
func PreconditionFailed() *Error {
	return Errorf(http.StatusPreconditionFailed, "PreconditionFailed", "Resource was modified since last retrieval.")
}

// Forbidden is Resource Manager's refusal. action is in catalogue casing, scope the id acted on; for a new resource the id it would have.
// It reads the same whether the scope exists or not.
func Forbidden(client, objectID, action string, scope ID) *Error {
	return Errorf(http.StatusForbidden, "AuthorizationFailed",
		"The client '%s' with object id '%s' does not have authorization to perform action '%s' over scope '%s' or the scope is invalid. "+
			"If access was recently granted, please refresh your credentials.", client, objectID, action, scope).Over(action, scope)
}

// LinkedForbidden is the refusal of a write whose body points at something that the caller may not use.
func LinkedForbidden(client, objectID, action string, linked ID) *Error {
	return Errorf(http.StatusForbidden, "LinkedAuthorizationFailed",
		"The client '%s' with object id '%s' has permission to perform the write, but does not have permission to perform action '%s' on the linked scope '%s' or the linked scope is invalid.",
		client, objectID, action, linked).Over(action, linked)
}

// OrNil makes an error of e, so that a nil *Error is a nil error.
func (e *Error) OrNil() error {
	if e == nil {
		return nil
	}
	return e
}
