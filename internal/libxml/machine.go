package libxml

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// machine is one instance of the module. One goroutine uses it at a time.
type machine struct {
	mod    api.Module
	mem    api.Memory
	limits Limits
	state  uint32 // address of the module's state
	broken bool   // a call ended in its middle: the instance can't be used again
}

// Fields of the module's state, in the order of module.c.
const (
	stateExhausted = 4 * iota
	stateResult
	stateResultSize
	stateKind
	stateMedia
	stateEncoding
	stateProblems
	stateProblemsSize
	stateTooLarge
)

// call runs an exported function of the module and says whether it found problems. Other errors are of the limits or of the machine itself.
func (m *machine) call(ctx context.Context, name string, args ...uint64) (found bool, err error) {
	out, err := m.mod.ExportedFunction(name).Call(ctx, args...)
	if err != nil {
		m.broken = true
		return false, m.broke(ctx, name, err)
	}
	if m.field(stateTooLarge) != 0 {
		return false, m.limits.tooMuchOutput()
	}
	return len(out) > 0 && out[0] != 0, nil
}

// broke tells why a call ended in its middle.
func (m *machine) broke(ctx context.Context, name string, err error) error {
	var exit *sys.ExitError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &exit):
		return fmt.Errorf("XML engine: %s was ended: %w", name, err)
	case m.field(stateExhausted) != 0:
		return m.limits.tooMuchMemory()
	case strings.Contains(err.Error(), "stack overflow"), strings.Contains(err.Error(), "out of bounds memory access"):
		// The stack lies at the beginning of memory: one that is too deep leaves it.
		return m.limits.tooDeep()
	}
	return fmt.Errorf("XML engine: %s failed: %w", name, err)
}

// put copies data into the module's memory, a zero byte after it.
func (m *machine) put(ctx context.Context, data []byte) (address uint64, err error) {
	out, err := m.mod.ExportedFunction("reserve").Call(ctx, uint64(len(data)+1))
	if err != nil {
		m.broken = true
		return 0, m.broke(ctx, "reserve", err)
	}
	at := uint32(out[0])
	if !m.mem.Write(at, data) || !m.mem.WriteByte(at+uint32(len(data)), 0) {
		m.broken = true
		return 0, errors.New("XML engine: reserve gave an address outside of memory")
	}
	return uint64(at), nil
}

// field reads one number of the module's state.
func (m *machine) field(offset uint32) uint32 {
	n, _ := m.mem.ReadUint32Le(m.state + offset)
	return n
}

// bytes copies a part of memory.
func (m *machine) bytes(at, size uint32) []byte {
	if size == 0 {
		return nil
	}
	b, _ := m.mem.Read(at, size)
	return bytes.Clone(b)
}

// text reads a zero-ended text; "" at address 0.
func (m *machine) text(at uint32) string {
	const most = 256
	if at == 0 {
		return ""
	}
	b, _ := m.mem.Read(at, min(most, m.mem.Size()-at))
	s, _, _ := bytes.Cut(b, []byte{0})
	return string(s)
}

func (m *machine) result() []byte { return m.bytes(m.field(stateResult), m.field(stateResultSize)) }

func (m *machine) told() []told {
	list, _ := m.mem.Read(m.field(stateProblems), m.field(stateProblemsSize))
	return decode(list)
}

// row joins texts, each ended by a zero byte.
func row(texts ...string) []byte {
	var b bytes.Buffer
	for _, s := range texts {
		b.WriteString(s)
		b.WriteByte(0)
	}
	return b.Bytes()
}

// fields cuts a row of texts with their lengths before them.
type fields []byte

func (f *fields) number() (n uint32) {
	if len(*f) >= 4 {
		n, *f = binary.LittleEndian.Uint32(*f), (*f)[4:]
	}
	return n
}

func (f *fields) text() string {
	n := min(int(f.number()), len(*f))
	s := string((*f)[:n])
	*f = (*f)[n:]
	return s
}
