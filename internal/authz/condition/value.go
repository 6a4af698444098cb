package condition

import (
	"strconv"
	"strings"
	"time"
)

// family is a type of values, and the operators that compare them.
type family int

const (
	texts family = iota
	guids
	numbers
	times
	booleans
)

func (f family) String() string {
	return [...]string{"String", "Guid", "Numeric", "DateTime", "Bool"}[f]
}

// value is one value of a family.
type value struct {
	text   string // texts; guids and booleans in lower case
	number int64
	time   time.Time
	like   glob // the right side of a StringLike
}

// parse reads a value of the family; false when the text is none.
func (f family) parse(text string) (v value, ok bool) {
	switch f {
	case texts:
		return value{text: text}, true
	case guids:
		v.text = strings.ToLower(text)
		return v, IsGUID(v.text)
	case numbers:
		n, err := strconv.ParseInt(text, 10, 64)
		return value{number: n}, err == nil
	case times:
		t, err := time.Parse(time.RFC3339Nano, text)
		return value{time: t}, err == nil
	case booleans:
		v.text = strings.ToLower(text)
		return v, v.text == "true" || v.text == "false"
	}
	return v, false
}

// form says how a value of the family is written.
func (f family) form() string {
	return [...]string{
		"text in single quotes, such as 'User'", "a GUID such as b24988ac-6180-42a0-ab88-20f7382dd24c", "a whole number such as 7",
		"a time such as '2027-01-31T12:00:00.0Z'", "true or false",
	}[f]
}

// IsGUID says whether s is written as 8-4-4-4-12 hexadecimal digits, the letters small.
func IsGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case ('0' > c || c > '9') && ('a' > c || c > 'f'):
			return false
		}
	}
	return true
}

// compare is -1, 0 or 1 for numbers and times.
func (f family) compare(a, b value) int {
	if f == times {
		return a.time.Compare(b.time)
	}
	switch {
	case a.number < b.number:
		return -1
	case a.number > b.number:
		return 1
	}
	return 0
}
