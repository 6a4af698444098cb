package policy

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// The messages of a context document.

type requestDocument struct {
	Method, URL, OriginalURL  string
	IPAddress                 string
	Headers                   ordered
	MatchedParameters         ordered
	Body                      json.RawMessage
	Certificate               json.RawMessage
	PrivateEndpointConnection *PrivateEndpoint
}

type responseDocument struct {
	StatusCode   *int
	StatusReason *string
	Headers      ordered
	Body         json.RawMessage
}

func (d *requestDocument) fill(r *Request) (err error) {
	r.Method, r.RemoteIP, r.Proto = or(d.Method, "GET"), or(d.IPAddress, "127.0.0.1"), "HTTP/1.1"
	r.Endpoint = d.PrivateEndpointConnection
	address := or(d.URL, "https://gateway.example/")
	u, original := parseURL(address), parseURL(or(d.OriginalURL, address))
	if u == nil || original == nil {
		return fmt.Errorf("%q is not an absolute address", or(d.OriginalURL, address))
	}
	r.URL, r.OriginalURL = *u, *original
	if r.Header, err = d.Headers.header(); err != nil {
		return err
	}
	for _, m := range d.MatchedParameters {
		var text string
		if err := json.Unmarshal(m.value, &text); err != nil {
			return fmt.Errorf("matchedParameters.%s: %w", m.name, err)
		}
		r.Params = append(r.Params, Param{m.name, text})
	}
	if r.Certificate, err = certificateDocument(d.Certificate); err != nil {
		return err
	}
	r.Body, err = bodyDocument(d.Body)
	return err
}

// certificateDocument is base64 text, or an object with it as cer.
func certificateDocument(raw json.RawMessage) ([]byte, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var text []byte
	if json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	var object struct{ Cer []byte }
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return object.Cer, nil
}

func (d *responseDocument) response() (r *Response, err error) {
	if d == nil {
		return nil, nil
	}
	r = &Response{Status: 200, Reason: "OK"}
	if d.StatusCode != nil {
		r.Status = *d.StatusCode
	}
	if d.StatusReason != nil {
		r.Reason = *d.StatusReason
	}
	if r.Header, err = d.Headers.header(); err != nil {
		return nil, err
	}
	r.Body, err = bodyDocument(d.Body)
	return r, err
}

// header is an object of name to text or list of texts.
func (o ordered) header() (h Header, err error) {
	for _, m := range o {
		var one *string
		var many []string
		if json.Unmarshal(m.value, &one) == nil {
			if one != nil {
				h.Add(m.name, *one)
			}
			continue
		}
		if err := json.Unmarshal(m.value, &many); err != nil {
			return nil, fmt.Errorf("headers.%s: %w", m.name, err)
		}
		for _, v := range many {
			h.Add(m.name, v)
		}
	}
	return h, nil
}

// bodyDocument is text, {"json": any} or {"base64": text}.
func bodyDocument(raw json.RawMessage) (*Body, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return NewBody([]byte(text)), nil
	}
	var object struct {
		JSON   json.RawMessage
		Base64 *string
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	if object.Base64 != nil {
		data, err := base64.StdEncoding.DecodeString(*object.Base64)
		return NewBody(data), err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, object.JSON); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	return NewBody(compact.Bytes()), nil
}
