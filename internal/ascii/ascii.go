package ascii

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// JSON is a JSON text with every character that is not printable ASCII as the escape that JSON has for it (RFC 8259, section 7).
func JSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		case r >= 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
