package gateway

import (
	"encoding/json"
	"strings"

	"github.com/atelier-apim/atelier/internal/graphql"
)

// dialect is a subprotocol of GraphQL over WebSocket: the names of its messages, and what it does its own way.
type dialect struct {
	name  string // of the subprotocol
	says  map[string]message
	next  string // the message with a result
	stops bool   // the end of an operation that the caller has stopped is told
	codes bool   // what a caller does wrong ends the connection with a code; else it is told and nothing more
	one   bool   // of errors before execution the first is told, by itself
}

// message is what a caller says.
type message uint8

const (
	invalidMessage message = iota
	initMessage
	pingMessage
	pongMessage
	startMessage
	stopMessage
	terminateMessage
)

// transportWS is the protocol of the library graphql-ws; legacyWS is that of subscriptions-transport-ws, whose subprotocol has the other's name.
var (
	transportWS = &dialect{
		name: "graphql-transport-ws", next: "next", codes: true,
		says: map[string]message{"connection_init": initMessage, "ping": pingMessage, "pong": pongMessage, "subscribe": startMessage, "complete": stopMessage},
	}
	legacyWS = &dialect{
		name: "graphql-ws", next: "data", stops: true, one: true,
		says: map[string]message{"connection_init": initMessage, "start": startMessage, "stop": stopMessage, "connection_terminate": terminateMessage},
	}
)

// dialectOf is the subprotocol that the connection will have of those that the caller speaks; nil for none.
func dialectOf(lines []string) *dialect {
	for _, d := range [...]*dialect{transportWS, legacyWS} {
		for _, line := range lines {
			for name := range strings.SplitSeq(line, ",") {
				if strings.EqualFold(strings.Trim(name, " \t"), d.name) {
					return d
				}
			}
		}
	}
	return nil
}

// wireMessage is a message of either protocol.
type wireMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// maxOperationID is how long the name of an operation may be.
const maxOperationID = 200

// read reads what a caller says.
func (d *dialect) read(data []byte) (wireMessage, message) {
	var m wireMessage
	if json.Unmarshal(data, &m) != nil {
		return m, invalidMessage
	}
	kind := d.says[m.Type]
	if (kind == startMessage || kind == stopMessage) && (m.ID == "" || len(m.ID) > maxOperationID) {
		return m, invalidMessage
	}
	return m, kind
}

// write is a message to the caller; payload is JSON, nil for none.
func (d *dialect) write(kind, id string, payload []byte) []byte {
	b, err := json.Marshal(wireMessage{id, kind, payload})
	if err != nil { // the payload is our own JSON
		return []byte(`{"type":"` + kind + `"}`)
	}
	return b
}

// refusal is the message that an operation is not executed.
func (d *dialect) refusal(id string, problems []graphql.Problem) []byte {
	var payload any = problems
	if d.one {
		payload = problems[0]
	}
	b, err := json.Marshal(payload)
	if err != nil {
		b = []byte(`[{"message":"The operation failed."}]`)
	}
	return d.write("error", id, b)
}
