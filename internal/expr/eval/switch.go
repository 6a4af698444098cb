package eval

import "github.com/atelier-apim/atelier/internal/expr/check"

// switchStmt tries the labels in order, then default; goto case goes on in
// another section.
func (c *compiler) switchStmt(s *check.Switch) exec {
	enter := c.enter(s.Vars)
	put := store(c.expr(s.X).as(s.Var.Type), c.slotOf(s.Var))
	read := load(s.Var.Type, c.slotOf(s.Var)).boxed()
	type label struct {
		test    func(*frame, any) bool
		when    func(*frame) bool
		section int
	}
	var labels []label
	bodies := make([]exec, len(s.Sections))
	for i, sec := range s.Sections {
		for _, l := range sec.Labels {
			lb := label{test: c.pattern(l.Test, s.Var.Type), section: i}
			if l.When != nil {
				lb.when = c.bool(l.When)
			}
			labels = append(labels, lb)
		}
		bodies[i] = c.stmt(&check.Block{Stmts: sec.Body})
	}
	other := s.Default
	return func(f *frame) ctl {
		f.step()
		if enter != nil {
			enter(f)
		}
		put(f)
		v := read(f)
		at := other
		for _, l := range labels {
			if l.test(f, v) && (l.when == nil || l.when(f)) {
				at = l.section
				break
			}
		}
		for at >= 0 {
			r := bodies[at](f)
			switch {
			case r >= ctlGoto:
				at = int(r - ctlGoto)
			case r == ctlBreak:
				return ctlNext
			default:
				return r
			}
		}
		return ctlNext
	}
}
