package policy

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strconv"
)

// Answer is the response that an error gets when no on-error section makes another: status, headers, and the JSON body with the white space of
// the service (policies.md 5.3). Without a public message the body is the generic one, whose activity id leads to the log.
func (e *Error) Answer(id [16]byte) *Response {
	status := e.Status
	if status == 0 {
		status = 500
	}
	r := &Response{Status: status, Header: append(Header{{"Content-Type", "application/json"}}, e.Header...)}
	if e.Body != nil {
		r.Body = NewBody(e.Body)
		return r
	}
	body := `{ "statusCode": ` + strconv.Itoa(status) + `, "message": `
	if e.Public != "" {
		body += quote(e.Public) + " }"
	} else {
		body += `"Internal server error", "activityId": "` + FormatID(id) + `" }`
	}
	r.Body = NewBody([]byte(body))
	return r
}

// FormatID is an exchange's id as a GUID.
func FormatID(id [16]byte) string {
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func quote(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return `""`
	}
	return string(bytes.TrimRight(b.Bytes(), "\n"))
}
