package compat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

// unshown are fields that are sent and not shown again: secrets, and what is only an instruction.
var unshown = map[string]bool{
	"value": true, "format": true, "clientSecret": true, "password": true, "data": true, "connectionString": true, "validationKey": true,
	"instrumentationKey": true, "parameters": true, "restore": true, "authorization": true, "apiType": true,
}

// reset are kinds whose deletion brings back what they were before anyone wrote them.
const reset = " templates notifications portalsettings tenant "

// kept says what a successful write did not do: a field that was sent and is not there when it is read, an entity that is still there after its
// deletion or is not in its list, a tag that differs between HEAD and GET. "" when all is well.
func (d *driver) kept(r row, path string) string {
	switch r.Method {
	case http.MethodPut, http.MethodPatch:
		f := d.fixtureOf(path)
		sent := f.Put
		if r.Method == http.MethodPatch {
			sent = f.Patch
		}
		status, text := d.send(http.MethodGet, path, "")
		if sent == nil || status == http.StatusMethodNotAllowed {
			return ""
		}
		var want, got map[string]any
		if status != http.StatusOK || json.Unmarshal([]byte(text), &got) != nil || json.Unmarshal([]byte(d.fill(string(sent), path)), &want) != nil {
			return fmt.Sprintf("reads %d after the write", status)
		}
		have := got["properties"]
		if r.countsCalls() {
			have = counted(got)
		}
		if lost := missing("", want["properties"], have); lost != "" {
			return "does not keep " + lost
		}
	case http.MethodHead:
		_, head, _ := d.exchange(http.MethodHead, path, "")
		if _, get, _ := d.exchange(http.MethodGet, path, ""); d.seen.status == http.StatusOK && head.Get("ETag") != get.Get("ETag") {
			return "has another ETag than GET"
		}
	case http.MethodGet:
		member := d.member(r, path)
		if member == "" {
			return ""
		}
		if status, _ := d.send(http.MethodGet, member, ""); status != http.StatusOK && status != http.StatusMethodNotAllowed {
			return "" // nobody can put anything there
		}
		_, text := d.send(http.MethodGet, path+"?api-version=2024-05-01&$top=1000", "")
		if name := member[strings.LastIndexByte(member, '/')+1:]; !strings.Contains(strings.ToLower(text), strings.ToLower(`"name":"`+name+`"`)) {
			return "does not list " + name
		}
	case http.MethodDelete:
		key, _, _ := strings.Cut(keyOf(path), "/")
		if status, _ := d.send(http.MethodGet, path, ""); status == http.StatusOK && !strings.Contains(reset, " "+key+" ") {
			return "is still there after its deletion"
		}
	}
	return ""
}

// member is an entity that the list of a row must hold; "" when the row is no list, or when nobody can put something there.
func (d *driver) member(r row, path string) string {
	name, ok := d.members[r.Path]
	if !ok {
		return ""
	}
	if special := d.special(r, name); special != "" {
		return path + "/" + special
	}
	return path + "/" + names[name]
}

// missing finds the first field of want that got hasn't, or has differently.
func missing(at string, want, got any) string {
	switch want := want.(type) {
	case map[string]any:
		have, _ := got.(map[string]any)
		for name, v := range want {
			if unshown[name] {
				continue
			}
			path := strings.TrimPrefix(at+"."+name, ".")
			if _, ok := have[name]; !ok {
				if v == "" || v == false {
					continue
				}
				return path
			}
			if lost := missing(path, v, have[name]); lost != "" {
				return lost
			}
		}
		return ""
	case []any:
		have, _ := got.([]any)
		if len(have) < len(want) {
			return at
		}
		for i, v := range want {
			if lost := missing(fmt.Sprintf("%s[%d]", at, i), v, have[i]); lost != "" {
				return lost
			}
		}
		return ""
	case string:
		// Ids may come back in full, or in the casing in which they are stored.
		if have, ok := got.(string); ok && (strings.EqualFold(have, want) || strings.HasPrefix(want, "/") && strings.HasSuffix(strings.ToLower(have), strings.ToLower(want))) {
			return ""
		}
		return at
	}
	if !reflect.DeepEqual(want, got) {
		return at
	}
	return ""
}

// fixtureOf is the fixture of a path: that of its kind, unless its name has one of its own.
func (w *world) fixtureOf(path string) fixture {
	if f, ok := w.fixtures[keyOf(path)+"="+path[strings.LastIndexByte(path, '/')+1:]]; ok {
		return f
	}
	return w.fixtures[keyOf(path)]
}
