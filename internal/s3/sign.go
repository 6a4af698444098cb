package s3

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Signature Version 4, as S3 has it: the path is encoded once, and the hash of the payload stands in a header of its own.

const (
	algorithm = "AWS4-HMAC-SHA256"
	timeForm  = "20060102T150405Z"
)

// sign adds the headers that prove who sends the request and that nobody changed it. payload is the SHA-256 of its body in hex. Host, Range and
// every X-Amz- header are signed.
func (b Bucket) sign(req *http.Request, payload string, now time.Time) {
	at := now.UTC().Format(timeForm)
	req.Header.Set("X-Amz-Date", at)
	req.Header.Set("X-Amz-Content-Sha256", payload)

	signed := map[string]string{"host": req.URL.Host}
	for name, values := range req.Header {
		if name := strings.ToLower(name); name == "range" || strings.HasPrefix(name, "x-amz-") {
			signed[name] = strings.TrimSpace(strings.Join(values, ","))
		}
	}
	var names []string
	for name := range signed {
		names = append(names, name)
	}
	slices.Sort(names)
	var headers strings.Builder
	for _, name := range names {
		headers.WriteString(name + ":" + signed[name] + "\n")
	}
	list := strings.Join(names, ";")
	path := req.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	canonical := strings.Join([]string{req.Method, path, strings.ReplaceAll(req.URL.Query().Encode(), "+", "%20"), headers.String(), list, payload}, "\n")

	scope := at[:8] + "/" + b.Region + "/s3/aws4_request"
	text := algorithm + "\n" + at + "\n" + scope + "\n" + hashOf(canonical)
	key := []byte("AWS4" + b.Secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	req.Header.Set("Authorization", algorithm+" Credential="+b.KeyID+"/"+scope+",SignedHeaders="+list+",Signature="+hex.EncodeToString(mac(key, text)))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// encoded is a path as S3 signs it: everything but letters, digits, - . _ ~ and the slashes is escaped.
func encoded(path string) string {
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
		}
	}
	return b.String()
}
