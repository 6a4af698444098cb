package policy

import (
	"strconv"
	"strings"
)

// foldName is the form in which names that ignore case are kept. Names in lower case already cost nothing.
func foldName(name string) string { return strings.ToLower(name) }

func itoa(n int) string { return strconv.Itoa(n) }
