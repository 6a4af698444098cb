package authz

// lower is s with the letters A to Z in lower case. Unicode folding would let foreign letters (the Kelvin sign) pass for ours. Object ids
// are nearly always in lower case already, and a decision asks for many, so finding that out costs little and no allocation.
func lower(s string) string {
	if !hasUpper(s) {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// Every byte of a word at once: the top bit of each byte tells, so bytes that have it set themselves are left out.
const (
	eachByte = 0x0101010101010101
	topBits  = 0x80 * eachByte
)

func hasUpper(s string) bool {
	for ; len(s) >= 8; s = s[8:] {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		low := w &^ topBits
		fromA, pastZ := low+(0x80-'A')*eachByte, low+(0x80-'Z'-1)*eachByte
		if fromA&^pastZ&^w&topBits != 0 {
			return true
		}
	}
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return true
		}
	}
	return false
}
