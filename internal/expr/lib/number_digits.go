package lib

import (
	"math"
	"strconv"
)

// digits is a number taken apart for formatting: 0.d1d2d3… × 10^point, with the
// sign apart. Zero has no digits.
type digits struct {
	neg   bool
	d     []byte // ASCII, no leading zeros
	point int
}

func signedDigits(n int64) digits {
	if n < 0 {
		d := unsignedDigits(uint64(-n))
		d.neg = true
		return d
	}
	return unsignedDigits(uint64(n))
}

func unsignedDigits(n uint64) digits {
	if n == 0 {
		return digits{}
	}
	d := strconv.AppendUint(nil, n, 10)
	return digits{d: d, point: len(d)}
}

// floatDigits rounds f, a finite number, to so many significant digits; -1
// asks for the shortest that read back.
func floatDigits(f float64, significant, bits int) digits {
	if f == 0 {
		return digits{neg: math.Signbit(f)}
	}
	e := strconv.AppendFloat(nil, math.Abs(f), 'e', max(significant-1, -1), bits)
	out := digits{neg: f < 0}
	i := 0
	for ; e[i] != 'e'; i++ {
		if e[i] != '.' {
			out.d = append(out.d, e[i])
		}
	}
	exp, _ := strconv.Atoi(string(e[i+1:]))
	out.point = exp + 1
	return out
}

func decimalDigits(x Decimal) digits {
	c := x.coefficient()
	if c.Sign() == 0 {
		return digits{neg: x.neg}
	}
	d := []byte(c.Text(10))
	return digits{neg: x.neg, d: d, point: len(d) - int(x.scale)}
}

// round keeps n digits from the left, half away from zero, and drops trailing
// zeros; a number that vanishes loses its sign.
func (x digits) round(n int) digits {
	if n < 0 {
		return digits{}
	}
	d := append([]byte{}, x.d...)
	if n < len(d) {
		up := d[n] >= '5'
		d = d[:n]
		for up {
			if n == 0 {
				d, x.point = append(d, '1'), x.point+1
				break
			}
			n--
			if d[n] < '9' {
				d[n]++
				break
			}
			d = d[:n]
		}
	}
	for len(d) > 0 && d[len(d)-1] == '0' {
		d = d[:len(d)-1]
	}
	if len(d) == 0 {
		return digits{}
	}
	x.d = d
	return x
}

// at is the i-th digit, zero beyond the end.
func (x digits) at(i int) byte {
	if i >= 0 && i < len(x.d) {
		return x.d[i]
	}
	return '0'
}

// plain writes the number with so many decimals, grouped if asked; it must
// have been rounded already.
func (x digits) plain(decimals int, group bool) string {
	whole := make([]byte, 0, max(x.point, 1)+decimals+8)
	for i := range max(x.point, 1) {
		if x.point <= 0 {
			whole = append(whole, '0')
			break
		}
		if group && i > 0 && (x.point-i)%3 == 0 {
			whole = append(whole, ',')
		}
		whole = append(whole, x.at(i))
	}
	if decimals > 0 {
		whole = append(whole, '.')
		for i := range decimals {
			whole = append(whole, x.at(x.point+i))
		}
	}
	return string(whole)
}

// scientific writes d.ddd with exactly so many decimals and an exponent of at
// least width digits.
func (x digits) scientific(decimals int, e byte, width int) string {
	exp := 0
	if len(x.d) > 0 {
		exp = x.point - 1
	}
	out := []byte{x.at(0)}
	if decimals > 0 {
		out = append(out, '.')
		for i := range decimals {
			out = append(out, x.at(1+i))
		}
	}
	return string(append(append(out, e), exponent(exp, width, true)...))
}

func exponent(exp, width int, plus bool) string {
	sign := ""
	if exp < 0 {
		sign, exp = "-", -exp
	} else if plus {
		sign = "+"
	}
	s := strconv.Itoa(exp)
	for len(s) < width {
		s = "0" + s
	}
	return sign + s
}

// general writes the shorter of plain and scientific form with at most n
// significant digits.
func (x digits) general(n int, e byte) string {
	if x.point > n || x.point < -3 {
		return x.scientific(max(len(x.d)-1, 0), e, 2)
	}
	return x.plain(max(len(x.d)-x.point, 0), false)
}
