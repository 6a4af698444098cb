package lib

import "strings"

// customNumber writes a number under a custom format such as "#,##0.00;(0)".
func customNumber(n number, format string) string {
	sections := splitSections(format)
	x := n.digits(0)
	section := sections[0]
	switch {
	case len(x.d) == 0 && len(sections) > 2:
		section = sections[2]
	case x.neg && len(sections) > 1 && sections[1] != "":
		section, x.neg = sections[1], false
	}
	p := parsePicture(section)
	out, zero := p.write(x)
	if zero && len(x.d) > 0 && len(sections) > 2 {
		// A number that rounds to nothing takes the section for zero.
		out, _ = parsePicture(sections[2]).write(digits{})
	}
	return out
}

// splitSections cuts at semicolons outside quotes.
func splitSections(format string) []string {
	var out []string
	start := 0
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case '\\':
			i++
		case '\'', '"':
			if j := strings.IndexByte(format[i+1:], c); j >= 0 {
				i += j + 1
			} else {
				i = len(format)
			}
		case ';':
			out = append(out, format[start:i])
			start = i + 1
		}
	}
	return append(out, format[start:])
}

// picture is a parsed custom section.
type picture struct {
	items    []pictureItem
	whole    int // digit places before the point
	decimals int // and after it
	first0   int // index of the leftmost 0 before the point, counted from the left; -1
	last0    int // number of decimals up to the last 0
	group    bool
	shift    int // powers of ten from % and trailing commas
	exponent bool
}

type pictureItem struct {
	kind byte // '0' digit place, '.' point, 'E' exponent, 't' literal text
	text string
	plus bool
	n    int
}

func parsePicture(s string) *picture {
	p := &picture{first0: -1}
	point := false
	commas := 0
	text := func(t string) { p.items = append(p.items, pictureItem{kind: 't', text: t}) }
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch c {
		case '0', '#':
			if !point && commas > 0 {
				p.group = true
			}
			commas = 0
			p.place(c, point)
		case '.':
			if !point {
				point = true
				p.shift -= 3 * commas
				commas = 0
				p.items = append(p.items, pictureItem{kind: '.'})
			}
		case ',':
			if p.whole > 0 && !point {
				commas++
			}
		case '%':
			p.shift += 2
			text("%")
		case '\\':
			if i+1 < len(s) {
				i++
				text(s[i : i+1])
			}
		case '\'', '"':
			j := strings.IndexByte(s[i+1:], c)
			if j < 0 {
				j = len(s) - i - 1
			}
			text(s[i+1 : i+1+j])
			i += j + 1
		case 'E', 'e':
			if item, n := exponentItem(s[i:]); n > 0 {
				p.exponent = true
				p.items = append(p.items, item)
				i += n - 1
				continue
			}
			text(string(c))
		default:
			if strings.HasPrefix(s[i:], "‰") {
				p.shift += 3
				text("‰")
				i += len("‰") - 1
				continue
			}
			text(s[i : i+1])
		}
	}
	p.shift -= 3 * commas
	return p
}

func (p *picture) place(c byte, point bool) {
	p.items = append(p.items, pictureItem{kind: '0'})
	if point {
		p.decimals++
		if c == '0' {
			p.last0 = p.decimals
		}
		return
	}
	if c == '0' && p.first0 < 0 {
		p.first0 = p.whole
	}
	p.whole++
}

// exponentItem reads E0, E+0 or E-0 with any number of zeros.
func exponentItem(s string) (pictureItem, int) {
	i := 1
	plus := false
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		plus = s[i] == '+'
		i++
	}
	zeros := 0
	for i < len(s) && s[i] == '0' {
		zeros++
		i++
	}
	if zeros == 0 {
		return pictureItem{}, 0
	}
	return pictureItem{kind: 'E', text: s[:1], plus: plus, n: zeros}, i
}

// write fills the picture; zero tells that no digit but 0 came out.
func (p *picture) write(x digits) (out string, zero bool) {
	exp := 0
	if p.exponent {
		if len(x.d) > 0 {
			x = x.round(p.whole + p.decimals)
			exp = x.point - p.whole
			x.point = p.whole
		}
	} else {
		if len(x.d) > 0 {
			x.point += p.shift
		}
		x = x.round(x.point + p.decimals)
	}
	var b strings.Builder
	if x.neg {
		b.WriteByte('-')
	}
	// Digits before the point: at least those from the leftmost 0 on.
	need := 0
	if p.first0 >= 0 {
		need = p.whole - p.first0
	}
	have := max(x.point, 0)
	if len(x.d) == 0 {
		have = 0
	}
	total := max(need, have)
	places, decimal := 0, 0
	wholeDigit := func(fromRight int) {
		i := x.point - fromRight
		if i < 0 || x.point <= 0 {
			b.WriteByte('0')
		} else {
			b.WriteByte(x.at(i))
		}
		if p.group && fromRight > 1 && (fromRight-1)%3 == 0 {
			b.WriteByte(',')
		}
	}
	point := false
	for _, item := range p.items {
		switch item.kind {
		case 't':
			b.WriteString(item.text)
		case 'E':
			b.WriteString(item.text + exponent(exp, item.n, item.plus))
		case '.':
			point = true
			if p.last0 > 0 || len(x.d) > max(x.point, 0) || x.point < 0 && len(x.d) > 0 {
				b.WriteByte('.')
			}
		default:
			if point {
				decimal++
				if i := x.point + decimal - 1; decimal <= p.last0 || len(x.d) > 0 && i < len(x.d) {
					b.WriteByte(x.at(i))
				}
				continue
			}
			places++
			fromRight := p.whole - places + 1
			if places == 1 {
				for k := total; k > p.whole; k-- {
					wholeDigit(k)
				}
			}
			if fromRight <= total {
				wholeDigit(fromRight)
			}
		}
	}
	if p.whole == 0 && have > 0 && !p.exponent && p.decimals > 0 {
		// ".00" still shows the digits before the point.
		s := b.String()
		sign := ""
		if x.neg {
			sign, s = "-", s[1:]
		}
		return sign + digits{d: x.d[:min(have, len(x.d))], point: have}.plain(0, false) + s, false
	}
	return b.String(), len(x.d) == 0
}
