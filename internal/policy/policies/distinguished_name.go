package policies

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// distinguishedName is a name as certificates bear it: parts of one or more attributes.
type distinguishedName [][]nameAttribute

// nameAttribute is an attribute of a name: its type as dotted numbers, and its value as names are compared (RFC 5280, section 7.1): without regard to
// case, and with one blank where there are several.
type nameAttribute struct{ oid, value string }

// nameTypes are the types by the words that people use for them.
var nameTypes = map[string]string{
	"CN": "2.5.4.3", "SN": "2.5.4.4", "SERIALNUMBER": "2.5.4.5", "C": "2.5.4.6", "L": "2.5.4.7", "S": "2.5.4.8", "ST": "2.5.4.8", "STREET": "2.5.4.9",
	"O": "2.5.4.10", "OU": "2.5.4.11", "T": "2.5.4.12", "TITLE": "2.5.4.12", "G": "2.5.4.42", "GN": "2.5.4.42", "I": "2.5.4.43", "POSTALCODE": "2.5.4.17",
	"E": "1.2.840.113549.1.9.1", "EMAIL": "1.2.840.113549.1.9.1", "EMAILADDRESS": "1.2.840.113549.1.9.1",
	"DC": "0.9.2342.19200300.100.1.25", "UID": "0.9.2342.19200300.100.1.1", "DNQUALIFIER": "2.5.4.46", "ORGANIZATIONIDENTIFIER": "2.5.4.97",
}

func sameText(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// nameOf reads the name of a certificate.
func nameOf(raw []byte) (distinguishedName, error) {
	var rdns pkix.RDNSequence
	if rest, err := asn1.Unmarshal(raw, &rdns); err != nil || len(rest) > 0 {
		return nil, errors.New("the name can't be read")
	}
	var out distinguishedName
	for _, rdn := range rdns {
		var part []nameAttribute
		for _, a := range rdn {
			value, ok := a.Value.(string)
			if !ok {
				return nil, errors.New("the name holds something other than text")
			}
			part = append(part, nameAttribute{a.Type.String(), sameText(value)})
		}
		out = append(out, part)
	}
	return out, nil
}

// parseName reads a name as people write it, `C=US, O="Contoso, Inc.", CN=orders`: values with commas stand in quotes, or have a backslash before
// them.
func parseName(text string) (distinguishedName, error) {
	var out distinguishedName
	var part []nameAttribute
	for rest := strings.TrimSpace(text); ; {
		word, after, ok := strings.Cut(rest, "=")
		if !ok {
			return nil, fmt.Errorf("'%s' is not a distinguished name; write it as C=US, O=Contoso, CN=orders", text)
		}
		oid, err := nameType(strings.TrimSpace(word))
		if err != nil {
			return nil, err
		}
		value, separator, after, err := nameValue(strings.TrimLeft(after, " "))
		if err != nil {
			return nil, fmt.Errorf("the distinguished name '%s' %w", text, err)
		}
		if part = append(part, nameAttribute{oid, sameText(value)}); separator != '+' {
			out, part = append(out, part), nil
		}
		if separator == 0 {
			return out, nil
		}
		rest = strings.TrimSpace(after)
	}
}

func nameType(word string) (string, error) {
	upper := strings.ToUpper(word)
	if oid, ok := nameTypes[upper]; ok {
		return oid, nil
	}
	upper = strings.TrimPrefix(upper, "OID.")
	if upper != "" && strings.Trim(upper, "0123456789.") == "" {
		return upper, nil
	}
	return "", fmt.Errorf("'%s' is not a part of distinguished names that is known here; write it as OID.2.5.4.3", word)
}

// nameValue reads a value up to the separator behind it, which is 0 at the end.
func nameValue(s string) (value string, separator byte, rest string, err error) {
	var b strings.Builder
	quoted := strings.HasPrefix(s, `"`)
	i := 0
	if quoted {
		i = 1
	}
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '"' && strings.HasPrefix(s[i+1:], `"`), c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case quoted && c == '"':
			after := strings.TrimLeft(s[i+1:], " ")
			if after == "" {
				return b.String(), 0, "", nil
			}
			if !strings.ContainsRune(",;+", rune(after[0])) {
				return "", 0, "", errors.New("has text behind a value in quotes")
			}
			return b.String(), after[0], after[1:], nil
		case !quoted && (c == ',' || c == ';' || c == '+'):
			return b.String(), c, s[i+1:], nil
		default:
			b.WriteByte(c)
		}
	}
	if quoted {
		return "", 0, "", errors.New("has a quotation mark that isn't closed")
	}
	return b.String(), 0, "", nil
}

// is says whether both are the same name. People write names from either end: as certificates hold them, country first, and as RFC 4514 and Windows
// show them.
func (n distinguishedName) is(raw []byte) bool {
	other, err := nameOf(raw)
	if err != nil || len(other) != len(n) {
		return false
	}
	if slices.EqualFunc(n, other, samePart) {
		return true
	}
	slices.Reverse(other)
	return slices.EqualFunc(n, other, samePart)
}

// samePart compares parts of a name; the order within one means nothing.
func samePart(a, b []nameAttribute) bool {
	if len(a) != len(b) {
		return false
	}
	for _, v := range a {
		if !slices.Contains(b, v) {
			return false
		}
	}
	for _, v := range b {
		if !slices.Contains(a, v) {
			return false
		}
	}
	return true
}
