package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

var (
	queueT = types.Class("System.Collections.Generic.Queue<T>")
	stackT = types.Class("System.Collections.Generic.Stack<T>")
)

// Queue is System.Collections.Generic.Queue<T>, Stack its Stack<T>. Both keep
// their items in the order in which they came.
type (
	Queue struct{ List }
	Stack struct{ List }
)

// NetType implements types.Typed.
func (q *Queue) NetType() *types.Type { return queueT.Of(q.Elem) }

// NetType implements types.Typed.
func (s *Stack) NetType() *types.Type { return stackT.Of(s.Elem) }

// Enumerate implements types.Sequence: the item pushed last comes first.
func (s *Stack) Enumerate(*types.Env) types.Enumerator {
	items := append([]types.Value{}, s.Items...)
	reverse(items)
	return (&List{Items: items}).Enumerate(nil)
}

var (
	errQueueEmpty = types.Throw(types.InvalidOperation, "Queue empty.")
	errStackEmpty = types.Throw(types.InvalidOperation, "Stack empty.")
)

func (q *Queue) take(remove bool) (types.Value, error) {
	if len(q.Items) == 0 {
		return nil, errQueueEmpty
	}
	v := q.Items[0]
	if remove {
		q.Items = q.Items[1:]
		q.version++
	}
	return v, nil
}

func (s *Stack) take(remove bool) (types.Value, error) {
	n := len(s.Items) - 1
	if n < 0 {
		return nil, errStackEmpty
	}
	v := s.Items[n]
	if remove {
		s.Items = s.Items[:n]
		s.version++
	}
	return v, nil
}

func newQueue(c *types.Call) (types.Value, error) {
	l, err := newList(c)
	if err != nil {
		return nil, err
	}
	return &Queue{*l.(*List)}, nil
}

func newStack(c *types.Call) (types.Value, error) {
	l, err := newList(c)
	if err != nil {
		return nil, err
	}
	return &Stack{*l.(*List)}, nil
}

// pile gives the list inside a queue or stack.
func pile(v types.Value) *List {
	if q, ok := v.(*Queue); ok {
		return &q.List
	}
	return &v.(*Stack).List
}

// pileRows are the members queues and stacks share.
func pileRows(name string, make func(*types.Call) (types.Value, error), add string) []types.Member {
	return []types.Member{
		{Sig: name + "()", Do: types.Do(make), Doc: "Empty."},
		{Sig: name + "(int capacity)", Do: types.Do(make), Doc: "Empty."},
		{Sig: name + "(IEnumerable<T> collection)", Do: types.Do(make), Doc: "Of the items, added one by one."},
		{Sig: "int Count { get; }", Do: types.Fn1(func(v types.Value) int32 { return int32(len(pile(v).Items)) }), Doc: "The number of items."},
		{Sig: "void " + add + "(T item)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			l := pile(c.This)
			return nil, l.insert(c.Env, len(l.Items), c.Args[0])
		}), Doc: "Adds an item."},
		{Sig: "bool Contains(T item)", Do: types.Fn2(func(v, x types.Value) bool { return indexOfValue(pile(v).Items, x) >= 0 }), Doc: "Whether an equal item is there."},
		{Sig: "void Clear()", Do: types.Fn1(func(v types.Value) types.Value {
			l := pile(v)
			l.Items = nil
			l.version++
			return nil
		}), Doc: "Removes everything."},
		{Sig: "T[] ToArray()", Do: types.Do(func(c *types.Call) (types.Value, error) { return arrayOf(c.Env, pile(c.This).Elem, walkOnly{c.This}) }), Doc: "The items as an array."},
	}
}

// walkOnly hides how a sequence is made, so that collect walks it.
type walkOnly struct{ v types.Value }

// Enumerate implements types.Sequence.
func (w walkOnly) Enumerate(env *types.Env) types.Enumerator {
	return w.v.(types.Sequence).Enumerate(env)
}

var (
	queueDecl = types.Decl{Type: queueT, Doc: "First in, first out.", Interfaces: []string{"IReadOnlyCollection<T>", "IEnumerable<T>"}, Members: append(pileRows("Queue", newQueue, "Enqueue"),
		types.Member{Sig: "T Dequeue()", Do: types.Fn1E(func(q *Queue) (types.Value, error) { return q.take(true) }), Doc: "Takes the first item; InvalidOperationException without one.", Ex: "new Queue<int>().Dequeue() ! InvalidOperationException"},
		types.Member{Sig: "T Peek()", Do: types.Fn1E(func(q *Queue) (types.Value, error) { return q.take(false) }), Doc: "The first item."})}
	stackDecl = types.Decl{Type: stackT, Doc: "Last in, first out.", Interfaces: []string{"IReadOnlyCollection<T>", "IEnumerable<T>"}, Members: append(pileRows("Stack", newStack, "Push"),
		types.Member{Sig: "T Pop()", Do: types.Fn1E(func(s *Stack) (types.Value, error) { return s.take(true) }), Doc: "Takes the last item; InvalidOperationException without one.", Ex: "new Stack<int>(new[] { 1, 2 }).Pop() → 2"},
		types.Member{Sig: "T Peek()", Do: types.Fn1E(func(s *Stack) (types.Value, error) { return s.take(false) }), Doc: "The last item."})}
)
