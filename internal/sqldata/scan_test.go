package sqldata

import (
	"fmt"
	"strings"
	"testing"
)

// TestNamesBecomeNumbersOutsideOfTextAlone: one statement a line of the result, with the parameters that its numbers stand for.
func TestNamesBecomeNumbersOutsideOfTextAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`select @a, @b, @a`:                        `select $1, $2, $1 [a b]`,
		`select @A + @a`:                           `select $1 + $1 [A]`,
		`select @n`:                                `select $1::integer [n]`,
		`a=@a and b<@b and c>=@a and -@b`:          `a=$1 and b<$2 and c>=$1 and -$2 [a b]`,
		`t <@ @a and @a @> t and t @@ q and @-@ p`: `t <@ $1 and $1 @> t and t @@ q and @-@ p [a]`,
		`t<@col and t@>@a and x@@col and @-@col`:   `t<@col and t@>$1 and x@@col and @-@col [a]`,
		`'@a' || '' || 'it''s @a' || @b`:           `'@a' || '' || 'it''s @a' || $1 [b]`,
		`E'\'@a' || @b, e'\\' || @b`:               `E'\'@a' || $1, e'\\' || $1 [b]`,
		`fe'\' || @b --'`:                          `fe'\' || $1 --' [b]`,
		`"@a" || "q""@a" || @b`:                    `"@a" || "q""@a" || $1 [b]`,
		"@b -- @a '\n + @a":                        "$1 -- @a '\n + $2 [b a]",
		`/* @a /* ' */ @a */ @b`:                   `/* @a /* ' */ @a */ $1 [b]`,
		`$$ @a ; $$ || $x$ @a $$ ; $x$ || @b`:      `$$ @a ; $$ || $x$ @a $$ ; $x$ || $1 [b]`,
		`a$b$ || @b || c$b$`:                       `a$b$ || $1 || c$b$ [b]`,
		`select 1; select ';' ; ; -- x`:            `select 1 [] / select ';' []`,
		`select @a; select @b, @a`:                 `select $1 [a] / select $1, $2 [b a]`,
		`select 'open @a`:                          `select 'open @a []`,
		`select $1`:                                `select $1 []`,
		`@ x`:                                      `@ x []`,
		`mail@example.org`:                         `error`,
		`select @unknown`:                          `error`,
	} {
		all, err := splitPostgres(text, func(name string) (string, bool) {
			if name == "n" {
				return "integer", true
			}
			return "", strings.EqualFold(name, "a") || strings.EqualFold(name, "b")
		})
		var lines []string
		for _, one := range all {
			lines = append(lines, fmt.Sprintf("%s %v", one.text, one.names))
		}
		got := strings.Join(lines, " / ")
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s\n gives %s\n  want %s", text, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(`select @a, '@a', $$@a$$ /* @a */ -- @a`)
	f.Fuzz(func(t *testing.T, text string) {
		all, err := splitPostgres(text, func(name string) (string, bool) { return "", name == "a" })
		if err != nil {
			return
		}
		for _, one := range all {
			if len(one.text) > 2*len(text)+2 || len(one.names) > 1 {
				t.Errorf("%q becomes %q with %v", text, one.text, one.names)
			}
		}
	})
}
