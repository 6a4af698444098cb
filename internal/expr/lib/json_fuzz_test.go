package lib

import "testing"

// FuzzJSON: what is read can be written, and what is written reads as the same.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,null,"x\u00e9"],'b':0x1F}`, `"2024-05-06T07:08:09Z"`, `[1e5,-0,NaN]`, `new Date(1)`, `/*c*/{a:1}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		env := testEnv(t)
		tok, err := ParseJToken(env, text)
		if err != nil {
			if k := thrown(err); k != "JsonReaderException" && k != "limit" {
				t.Errorf("an error of an unknown kind: %v", err)
			}
			return
		}
		out := tok.JSON(false)
		again, err := ParseJToken(env, out)
		if err != nil {
			t.Fatalf("%q was written as %q, which does not read: %v", text, out, err)
		}
		if got := again.JSON(false); got != out {
			t.Errorf("%q read again is %q", out, got)
		}
	})
}

// FuzzPath: any path ends within the budget, with a known kind of error.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"$.a[0].b", "$..b", "a[?(@.b > 1 && @.c == 'x')]", "['a','b']", "a[1:2:1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		env := testEnv(t)
		doc, err := ParseJToken(env, `{"a":[{"b":1,"c":"x"},{"b":2}],"b":"é"}`)
		if err != nil {
			t.Fatal(err)
		}
		_, err = doc.SelectTokens(env, path, false)
		switch thrown(err) {
		case "", "JsonException", "ArgumentException", "ArgumentOutOfRangeException", "limit":
		default:
			t.Errorf("%q: an error of an unknown kind: %v", path, err)
		}
	})
}

// FuzzFormats: no format makes a number or a date panic.
func FuzzFormats(f *testing.F) {
	for _, s := range []string{"N2", "#,##0.00;(0)", "0.##E+00", "yyyy-MM-dd", "'x", `\`, "%"} {
		f.Add(s, 1234.5678)
	}
	f.Fuzz(func(t *testing.T, format string, x float64) {
		if len(format) > 200 {
			return
		}
		d, _ := decimalFloat(x, 15)
		_, err := formatNumber(x, format)
		_, err2 := formatNumber(d, format)
		_, err3 := formatDate(DateTime{ticks: 638_000_000_000_000_000}.civil(), format)
		_, err4 := formatSpan(TimeSpan(12345678901), format)
		for _, e := range []error{err, err2, err3, err4} {
			if k := thrown(e); k != "" && k != "FormatException" {
				t.Errorf("%q: an error of an unknown kind: %v", format, e)
			}
		}
	})
}
