package lsp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Bounds of what a client may send.
const (
	maxMessage = 8 << 20
	maxHeader  = 32 // lines
)

// message is a request, a notification (without id) or an answer of JSON-RPC 2.0.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  any             `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// Codes of JSON-RPC and of the protocol.
const (
	parseError     = -32700
	invalidRequest = -32600
	methodNotFound = -32601
	invalidParams  = -32602
)

// read takes the next message from the stream; io.EOF when there is none.
func read(r *bufio.Reader) ([]byte, error) {
	length := -1
	for n := 0; ; n++ {
		line, err := r.ReadSlice('\n')
		if err != nil || n == maxHeader {
			if errors.Is(err, io.EOF) && len(line) == 0 && n == 0 {
				return nil, io.EOF
			}
			return nil, fmt.Errorf("read the header of a message: %w", errors.Join(err, errHeader))
		}
		text := strings.TrimSpace(string(line))
		if text == "" {
			break
		}
		if name, value, ok := strings.Cut(text, ":"); ok && strings.EqualFold(name, "Content-Length") {
			length, err = strconv.Atoi(strings.TrimSpace(value))
			if err != nil {
				return nil, errHeader
			}
		}
	}
	if length < 0 || length > maxMessage {
		return nil, fmt.Errorf("%w: a message has %d bytes; it may have %d", errHeader, length, maxMessage)
	}
	body := make([]byte, length)
	_, err := io.ReadFull(r, body)
	return body, err
}

var errHeader = errors.New("a message begins with Content-Length and an empty line")

func write(w io.Writer, m message) error {
	m.Version = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}
