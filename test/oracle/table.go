package main

import (
	"fmt"
	"strconv"
	"strings"
)

// table is a group of expressions: every form with every combination of the values that it names, $1 from the first list and so on.
type table struct {
	group  string
	forms  []string
	values [][]string
}

// questions gives every expression once, numbered by group.
func questions() []question {
	var out []question
	count, seen := map[string]int{}, map[string]bool{}
	add := func(group, expression string) {
		if !strings.HasPrefix(expression, "@{") {
			expression = "@(" + expression + ")"
		}
		if seen[expression] {
			return
		}
		seen[expression] = true
		count[group]++
		out = append(out, question{fmt.Sprintf("%s-%04d", group, count[group]), expression})
	}
	for _, tables := range [][]table{language, numbers, numberTexts, texts, patterns, dates, jsons, xmls, sequences, bytesAndAddresses, wrong} {
		for _, t := range tables {
			for _, form := range t.forms {
				t.each(form, 0, nil, func(e string) { add(t.group, e) })
			}
		}
	}
	for _, e := range grown() {
		add("grown", e)
	}
	return thinned(out, count)
}

// most is how many expressions of one group are asked, besides grown ones.
const most = 240

// thinned leaves out expressions of large groups, evenly.
func thinned(all []question, count map[string]int) []question {
	var out []question
	seen := map[string]int{}
	for _, q := range all {
		group := q.ID[:strings.LastIndexByte(q.ID, '-')]
		n, total := seen[group], count[group]
		seen[group]++
		if group == "grown" || total <= most || n*most/total != (n-1)*most/total || n == 0 {
			out = append(out, q)
		}
	}
	return out
}

// each fills the places of a form from list n on.
func (t table) each(form string, n int, chosen []string, add func(string)) {
	if n == len(t.values) {
		add(strings.NewReplacer(chosen...).Replace(form))
		return
	}
	place := "$" + strconv.Itoa(n+1)
	if !strings.Contains(form, place) {
		t.each(form, n+1, chosen, add)
		return
	}
	for _, v := range t.values[n] {
		t.each(form, n+1, append(chosen[:len(chosen):len(chosen)], place, v), add)
	}
}
