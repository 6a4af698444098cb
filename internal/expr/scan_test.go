package expr_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// What a member reads counts: a loop over a long text or collection ends near
// the limit of time, however few calls it makes.
func TestReadingLongTextsIsBounded(t *testing.T) {
	const wall = 50 * time.Millisecond
	long := map[string]string{
		"ascii":     strings.Repeat("lorem ipsum ", 1<<18),
		"not ascii": strings.Repeat("é ipsum dol ", 1<<17),
	}
	for name, loop := range map[string]string{
		"Contains":                   `if (s.Contains("x")) { n++; }`,
		"Contains as a delegate":     `if (new[] { "x" }.Any(s.Contains)) { n++; }`,
		"IndexOf":                    `n += s.IndexOf("x");`,
		"IndexOf that folds":         `n += s.IndexOf("x", StringComparison.OrdinalIgnoreCase);`,
		"LastIndexOf":                `n += s.LastIndexOf('x');`,
		"IndexOfAny":                 `n += s.IndexOfAny(new[] { 'x', 'y' });`,
		"Replace of nothing":         `s = s.Replace("x", "y");`,
		"Split":                      `n += s.Split('x').Length;`,
		"StartsWith with a culture":  `if (s.StartsWith("x", StringComparison.CurrentCultureIgnoreCase)) { n++; }`,
		"Compare":                    `n += string.Compare(s, t);`,
		"CompareTo":                  `n += s.CompareTo(t);`,
		"Equals without case":        `if (s.Equals(t, StringComparison.OrdinalIgnoreCase)) { n++; }`,
		"==":                         `if (s == t) { n++; }`,
		"Trim of a set":              `n += s.Trim('l', 'o', 'r', 'e', 'm', ' ', 'i', 'p', 's', 'u').Length;`,
		"ToUpper":                    `n += s.ToUpper().Length;`,
		"Length":                     `n += s.Length;`,
		"the last character":         `n += s[s.Length - 1];`,
		"bytes of the text":          `n += System.Text.Encoding.UTF8.GetBytes(s).Length;`,
		"parsing what is no JSON":    `try { JToken.Parse(s); } catch (Exception) { n++; }`,
		"parsing what is no number":  `if (int.TryParse(s, out n)) { n++; }`,
		"parsing what is no base 64": `try { Convert.FromBase64String(s); } catch (Exception) { n++; }`,
		"a dictionary's key":         `if (d.ContainsKey(s)) { n++; }`,
		"different texts":            `n += new[] { s, t }.Distinct().Count();`,
		"sorted texts":               `n += new[] { s, t }.OrderBy(x => x).Count();`,
		"a list that holds it not":   `if (l.Contains(-1)) { n++; }`,
	} {
		source := `@{ var s = context.Request.Method; var t = s + "."; t = t.Substring(0, t.Length - 1); int n = 0;
			var d = new Dictionary<string, string>(); var l = Enumerable.Range(0, 20000).ToList(); while (true) { ` + loop + ` } }`
		p := compile(t, source, expr.Text)
		for kind, text := range long {
			t.Run(name+", "+kind, func(t *testing.T) {
				var took, most time.Duration
				for range 5 {
					env := &types.Env{Limits: types.Limits{Steps: types.DefaultLimits.Steps, Bytes: 1 << 30, Depth: 200, Wall: wall}}
					most = max(10*wall, 40*readingOnce(text))
					start := time.Now()
					_, err := p.String(env, &testContext{request: testRequest{method: text}})
					var limit *types.Limit
					if !errors.As(err, &limit) {
						t.Fatalf("ended with %v; want a limit", err)
					}
					if took = time.Since(start); took <= most {
						return
					}
				}
				t.Errorf("ended by the limit of %v after %v, five times; want no more than %v", wall, took, most)
			})
		}
	}
}

// readingOnce measures how long it takes to turn a text into UTF-16 on this machine now. With the race detector, or beside other work, a single call
// that reads the text takes long, too, and an expression can't end within one.
func readingOnce(text string) time.Duration {
	start := time.Now()
	if len(utf16.Encode([]rune(text))) == 0 {
		return 0
	}
	return time.Since(start)
}

// Short texts cost the step of the call and no more; long ones a step for each 64 bytes.
func TestReadingCostsStepsByLength(t *testing.T) {
	t.Parallel()
	p := compile(t, `@{ var s = context.Request.Method; for (int i = 0; i < 100; i++) { if (s.Contains("x") || s.Length < 0 || s[0] == 'x') { return "x"; } } return "no"; }`, expr.Text)
	for _, c := range []struct {
		length int
		fits   bool
	}{{10, true}, {63, true}, {64 * 10, true}, {64 * 1000, false}} {
		env := &types.Env{Limits: types.Limits{Steps: 5000, Bytes: 1 << 20, Depth: 10, Wall: time.Minute}}
		_, err := p.String(env, &testContext{request: testRequest{method: strings.Repeat("a", c.length)}})
		if (err == nil) != c.fits {
			t.Errorf("100 searches of %d bytes under 5000 steps: %v; want them to fit: %v", c.length, err, c.fits)
		}
	}
}
