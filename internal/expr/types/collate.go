package types

import (
	"strings"
	"unicode"
)

// CompareText compares as the invariant culture does: letters alphabetically
// whatever their case, then lower case before upper case where all else is
// equal; punctuation before digits, digits before letters. Hyphens and
// apostrophes count only when nothing else differs.
func CompareText(a, b string, ignoreCase bool) int {
	if strings.ContainsAny(a, "-'") || strings.ContainsAny(b, "-'") {
		if n := CompareText(withoutHyphens.Replace(a), withoutHyphens.Replace(b), ignoreCase); n != 0 {
			return n
		}
		return sign(int64(len(a)), int64(len(b)))
	}
	ra, rb := []rune(a), []rune(b)
	tie := 0
	for i := 0; i < len(ra) && i < len(rb); i++ {
		if ra[i] == rb[i] {
			continue
		}
		wa, ma := weigh(ra[i])
		wb, mb := weigh(rb[i])
		if wa != wb {
			return sign(int64(wa), int64(wb))
		}
		if tie == 0 {
			tie = tieBreak(ma, mb, ignoreCase)
		}
	}
	if len(ra) != len(rb) {
		return sign(int64(len(ra)), int64(len(rb)))
	}
	return tie
}

var withoutHyphens = strings.NewReplacer("-", "", "'", "")

// mark is what tells two characters of equal primary weight apart.
type mark struct {
	accent rune
	upper  bool
}

func tieBreak(a, b mark, ignoreCase bool) int {
	if a.accent != b.accent {
		return sign(int64(a.accent), int64(b.accent))
	}
	if a.upper == b.upper || ignoreCase {
		return 0
	}
	if b.upper {
		return -1
	}
	return 1
}

// accented maps the Latin-1 letters with marks to their base letters.
var accented = strings.NewReplacer(
	"à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "ç", "c", "è", "e", "é", "e", "ê", "e", "ë", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ñ", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o",
	"ù", "u", "ú", "u", "û", "u", "ü", "u", "ý", "y", "ÿ", "y")

// weigh gives the primary weight of a character and its mark.
func weigh(r rune) (int, mark) {
	low := unicode.ToLower(r)
	m := mark{upper: low != r}
	if low >= 0xE0 && low <= 0xFF {
		if base := []rune(accented.Replace(string(low))); base[0] != low {
			m.accent, low = low, base[0]
		}
	}
	class := 0
	switch {
	case unicode.IsLetter(low):
		class = 3
	case unicode.IsDigit(low):
		class = 2
	case unicode.IsSpace(low):
		class = 0
	default:
		class = 1
		if i := strings.IndexRune("_-,;:!?./`^~'\"()[]{}@$*\\&#%+<=>|", low); i >= 0 {
			return class<<24 + i, m
		}
		return class<<24 + 64 + int(low), m
	}
	return class<<24 + int(low), m
}
