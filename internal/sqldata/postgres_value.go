package sqldata

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// Types of PostgreSQL by their numbers in its catalogue, which never change.
const (
	pgBool, pgBytes, pgInt8, pgInt2, pgInt4, pgOID, pgJSON = 16, 17, 20, 21, 23, 26, 114
	pgFloat4, pgFloat8, pgNumeric, pgJSONB                 = 700, 701, 1700, 3802
	pgTimestamp, pgTimestampTZ                             = 1114, 1184
)

// pgArrays are arrays and what they are of; arrays of other types are texts.
var pgArrays = map[uint32]uint32{
	1000: pgBool, 1001: pgBytes, 1005: pgInt2, 1007: pgInt4, 1016: pgInt8, 1021: pgFloat4, 1022: pgFloat8, 1231: pgNumeric, 199: pgJSON, 3807: pgJSONB,
	1115: pgTimestamp, 1185: pgTimestampTZ, 1182: 0, 1009: 0, 1015: 0, 1014: 0, 2951: 0, 1003: 0, 1183: 0,
}

// appendPostgres appends a value that came as text.
func appendPostgres(b []byte, oid uint32, s string) []byte {
	switch oid {
	case pgBool:
		if s == "t" {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case pgInt2, pgInt4, pgInt8, pgOID, pgFloat4, pgFloat8, pgNumeric:
		return appendNumber(b, s)
	case pgJSON, pgJSONB:
		if json.Valid([]byte(s)) {
			return append(b, s...)
		}
	case pgBytes:
		if raw, err := hex.DecodeString(strings.TrimPrefix(s, `\x`)); err == nil && strings.HasPrefix(s, `\x`) {
			return appendText(b, base64.StdEncoding.EncodeToString(raw))
		}
	case pgTimestamp:
		return appendText(b, strings.Replace(s, " ", "T", 1))
	case pgTimestampTZ:
		return appendText(b, instant(s))
	}
	if of, ok := pgArrays[oid]; ok {
		a := pgArray{s: s, of: of}
		if out, ok := a.read(b, 0); ok && a.at == len(s) {
			return out
		}
	}
	return appendText(b, s)
}

// instant turns "2026-01-15 12:00:00+00" into ISO 8601.
func instant(s string) string {
	s = strings.Replace(s, " ", "T", 1)
	if !strings.Contains(s, "T") {
		return s // infinity
	}
	if body, ok := strings.CutSuffix(s, "+00"); ok {
		return body + "Z"
	}
	if i := strings.LastIndexAny(s, "+-"); i > 0 && len(s)-i == 3 {
		return s + ":00"
	}
	return s
}

// pgArray reads "{1,2,NULL}" with arrays inside, to some depth.
type pgArray struct {
	s  string
	at int
	of uint32
}

const maxDimensions = 6 // as many as PostgreSQL has

func (a *pgArray) read(b []byte, depth int) ([]byte, bool) {
	if depth >= maxDimensions || a.at >= len(a.s) || a.s[a.at] != '{' {
		return b, false
	}
	a.at++
	b = append(b, '[')
	for first := true; a.at < len(a.s); first = false {
		switch c := a.s[a.at]; {
		case c == '}':
			a.at++
			return append(b, ']'), true
		case c == ',' && !first:
			a.at++
			b = append(b, ',')
		case !first:
			return b, false
		}
		var ok bool
		if a.at < len(a.s) && a.s[a.at] == '{' {
			b, ok = a.read(b, depth+1)
		} else {
			b, ok = a.item(b)
		}
		if !ok {
			return b, false
		}
	}
	return b, false
}

func (a *pgArray) item(b []byte) ([]byte, bool) {
	if a.at < len(a.s) && a.s[a.at] == '"' {
		var text strings.Builder
		for i := a.at + 1; i < len(a.s); i++ {
			switch a.s[i] {
			case '\\':
				if i++; i < len(a.s) {
					text.WriteByte(a.s[i])
				}
			case '"':
				a.at = i + 1
				return appendPostgres(b, a.of, text.String()), true
			default:
				text.WriteByte(a.s[i])
			}
		}
		return b, false
	}
	end := strings.IndexAny(a.s[a.at:], ",}")
	if end <= 0 {
		return b, false
	}
	text := a.s[a.at : a.at+end]
	a.at += end
	if text == "NULL" {
		return append(b, "null"...), true
	}
	return appendPostgres(b, a.of, text), true
}
