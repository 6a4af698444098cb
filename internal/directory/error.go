package directory

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is what a caller of the Graph face is told. Anything else is a fault of ours and reaches the caller only as a code.
type Error struct {
	Status  int
	Code    string
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// The reasons why proof of an identity is refused. What a caller is told of them is authn's choice.
var (
	ErrUnknown  = errors.New("directory: no such principal")
	ErrSecret   = errors.New("directory: wrong password or secret")
	ErrExpired  = errors.New("directory: the secret has expired")
	ErrDisabled = errors.New("directory: the principal is disabled")
	ErrBusy     = errors.New("directory: too many passwords are being checked at once")
)

func badRequest(format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, "Request_BadRequest", fmt.Sprintf(format, args...)}
}

func notFound(id string) *Error {
	return &Error{http.StatusNotFound, "Request_ResourceNotFound", fmt.Sprintf("Resource '%s' does not exist or one of its queried reference-property objects are not present.", clip(id))}
}

func conflict(format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, "Request_MultipleObjectsWithSameKeyValue", fmt.Sprintf(format, args...)}
}

func denied() *Error {
	return &Error{http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation. Only directory administrators may do this."}
}

// clip bounds what of a caller's text is sent back.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
