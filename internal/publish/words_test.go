package publish

import (
	"slices"
	"testing"
	"unsafe"
)

// Whatever shares memory says what it said before.
func TestWordsAreKeptOnceAndStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	w := newWords()
	first, again := string([]byte("http")), string([]byte("http"))
	if a, b := w.of(first), w.of(again); a != "http" || unsafe.StringData(a) != unsafe.StringData(b) {
		t.Errorf("%q and %q lie in two places", a, b)
	}
	for _, list := range [][]string{{"http", "https"}, {"http", "https"}, {"a b", "c"}, {"a", "b c"}, {"a", "b", "c"}, {}, {""}} {
		if got := w.list(slices.Clone(list)); !slices.Equal(got, list) {
			t.Errorf("%q became %q", list, got)
		}
	}
	if a, b := w.list([]string{"http", "https"}), w.list([]string{"http", "https"}); &a[0] != &b[0] {
		t.Error("a list that is said twice lies in two places")
	}
	one, none, two := "one", "", "two"
	pack(&one, &none, &two)
	if one != "one" || none != "" || two != "two" {
		t.Errorf("packed: %q %q %q", one, none, two)
	}
}
