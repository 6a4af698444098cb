package sqlite

import "github.com/atelier-apim/atelier/internal/store"

// Bounds of the entries that are kept in memory for followers of the log. They are dropped when there are twice as many, so that dropping costs
// little for each.
const (
	recentEntries = 2048
	recentBytes   = 8 << 20
)

// recent is the end of the change log as this process wrote it: whoever follows closely need not ask the database. Entries are without gaps.
type recent struct {
	entries []store.Change
	size    int // of bodies
}

// add takes entries that are committed. Entries that do not follow the last one begin anew: another process wrote in between.
func (r *recent) add(list []store.Change) {
	if n := len(r.entries); n > 0 && len(list) > 0 && r.entries[n-1].Seq+1 != list[0].Seq {
		*r = recent{}
	}
	for _, c := range list {
		r.size += len(c.Body)
	}
	r.trim(len(list)) // before the array would have to grow
	r.entries = append(r.entries, list...)
	r.trim(0)
}

// trim drops the oldest entries when there are twice as many as wanted, with those that are about to come.
func (r *recent) trim(coming int) {
	if len(r.entries)+coming <= 2*recentEntries && r.size <= 2*recentBytes {
		return
	}
	drop := 0
	for ; drop < len(r.entries) && (len(r.entries)-drop > recentEntries || r.size > recentBytes); drop++ {
		r.size -= len(r.entries[drop].Body)
	}
	r.entries = append(make([]store.Change, 0, 2*recentEntries), r.entries[drop:]...) // copied, so that what was dropped can be freed
}

// after returns the entries that follow a number, at most limit, and false when it must be looked up.
func (r *recent) after(seq uint64, limit int) ([]store.Change, bool) {
	if len(r.entries) == 0 || seq+1 < r.entries[0].Seq || seq >= r.entries[len(r.entries)-1].Seq {
		return nil, false
	}
	list := r.entries[seq+1-r.entries[0].Seq:]
	return list[:min(limit, len(list)):min(limit, len(list))], true
}
