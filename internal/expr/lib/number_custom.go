package lib

import "strings"

// customNumber writes a number under a custom format such as "#,##0.00;(0)".
func customNumber(n number, format string) string {
	sections := splitSections(format)
	x := n.digits(0)
	section, negative := sections[0], false
	switch {
	case len(x.d) == 0 && len(sections) > 2:
		section = sections[2]
	case x.neg && len(sections) > 1 && sections[1] != "":
		section, x.neg, negative = sections[1], false, true
	}
	p := parsePicture(section)
	out, zero := p.write(x)
	if zero && len(x.d) > 0 && len(sections) > 2 {
		// A number that rounds to nothing takes the section for zero.
		out, _ = parsePicture(sections[2]).write(digits{})
	} else if zero && negative {
		out, _ = parsePicture(sections[0]).write(digits{})
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
			t := quotedText(s[i:])
			text(t)
			i += len(t) + 1
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

// quotedText is what stands between the quote s begins with and the next one.
func quotedText(s string) string {
	if j := strings.IndexByte(s[1:], s[0]); j >= 0 {
		return s[1 : 1+j]
	}
	return s[1:]
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
	f := &filling{p: p}
	if p.exponent {
		if len(x.d) > 0 {
			x = x.round(p.whole + p.decimals)
			f.exp = x.point - p.whole
			x.point = p.whole
		}
	} else {
		if len(x.d) > 0 {
			x.point += p.shift
		}
		x = x.round(x.point + p.decimals)
	}
	f.x = x
	if x.neg {
		f.b.WriteByte('-')
	}
	// At least the digits from the leftmost 0 on stand before the point.
	if p.first0 >= 0 {
		f.total = p.whole - p.first0
	}
	if len(x.d) > 0 {
		f.total = max(f.total, x.point)
	}
	if p.exponent {
		f.total = p.whole // an exponent fills every place before the point
	}
	if p.whole == 0 && p.decimals > 0 && !p.exponent {
		// ".00" still shows the digits before the point.
		for k := f.total; k > 0; k-- {
			f.wholeDigit(k)
		}
	}
	for _, item := range p.items {
		f.item(item)
	}
	return f.b.String(), len(x.d) == 0
}

// filling is the state of writing a picture.
type filling struct {
	p               *picture
	x               digits
	b               strings.Builder
	exp             int
	total           int // digits before the point
	places, decimal int // places written so far
	point           bool
}

func (f *filling) item(item pictureItem) {
	switch item.kind {
	case 't':
		f.b.WriteString(item.text)
	case 'E':
		f.b.WriteString(item.text + exponent(f.exp, item.n, item.plus))
	case '.':
		f.point = true
		if f.p.last0 > 0 || len(f.x.d) > max(f.x.point, 0) {
			f.b.WriteByte('.')
		}
	default:
		f.place()
	}
}

// place fills a digit place; the first one takes all digits there is no place
// for.
func (f *filling) place() {
	if f.point {
		f.decimal++
		if i := f.x.point + f.decimal - 1; f.decimal <= f.p.last0 || len(f.x.d) > 0 && i < len(f.x.d) {
			f.b.WriteByte(f.x.at(i))
		}
		return
	}
	f.places++
	if f.places == 1 {
		for k := f.total; k > f.p.whole; k-- {
			f.wholeDigit(k)
		}
	}
	if fromRight := f.p.whole - f.places + 1; fromRight <= f.total {
		f.wholeDigit(fromRight)
	}
}

// wholeDigit writes the digit so many places left of the point, and a comma
// after it where groups end.
func (f *filling) wholeDigit(fromRight int) {
	f.b.WriteByte(f.x.at(f.x.point - fromRight))
	if f.p.group && fromRight > 1 && (fromRight-1)%3 == 0 {
		f.b.WriteByte(',')
	}
}
