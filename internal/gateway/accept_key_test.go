package gateway_test

import (
	"crypto/sha1" //nolint:gosec // RFC 6455
	"encoding/base64"
)

// acceptKey is what a server answers to a key of RFC 6455.
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // RFC 6455
	return base64.StdEncoding.EncodeToString(sum[:])
}
