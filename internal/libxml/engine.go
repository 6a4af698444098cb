package libxml

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed" // the module
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"

	"github.com/tetratelabs/wazero"
)

//go:embed module/libxml.wasm.gz
var packed []byte

// Engine runs the libraries within limits. It is safe for use by many goroutines. The module is compiled on the first call, which takes about a
// second of one core; an engine that nobody asks costs nothing.
type Engine struct {
	limits Limits
	load   func() (*loaded, error)
	seats  chan struct{}
	idle   chan *machine
	images *images
}

// loaded is the compiled module and the memory of a fresh instance of it.
type loaded struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
	fresh   *image
}

// New makes an engine.
func New(l Limits) *Engine {
	e := &Engine{limits: l, seats: make(chan struct{}, l.Seats), idle: make(chan *machine, l.Seats), images: newImages(l.Cache)}
	e.load = sync.OnceValues(e.compile)
	return e
}

// Shared is the engine of this process, with the default limits: control plane and gateways that live together load the module once.
var Shared = sync.OnceValue(func() *Engine { return New(DefaultLimits) })

func (e *Engine) compile() (*loaded, error) {
	ctx := context.Background()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("XML engine: unpack the module: %w", err)
	}
	code, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("XML engine: unpack the module: %w", err)
	}
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(uint32(e.limits.Memory >> 16)).WithCloseOnContextDone(true)
	l := &loaded{runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	if l.module, err = l.runtime.CompileModule(ctx, code); err != nil {
		return nil, fmt.Errorf("XML engine: compile the module: %w", err)
	}
	m, err := e.boot(ctx, l)
	if err != nil {
		return nil, err
	}
	// The seed of the libraries' hash tables is not to be known outside.
	if _, err := m.call(ctx, "start", uint64(rand.Uint32()>>1), uint64(e.limits.Output)); err != nil {
		return nil, err
	}
	l.fresh = save(m.mem, nil)
	m.release(e)
	return l, nil
}

// boot makes an instance; its memory is not yet that of any image.
func (e *Engine) boot(ctx context.Context, l *loaded) (*machine, error) {
	mod, err := l.runtime.InstantiateModule(ctx, l.module, wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize"))
	if err != nil {
		return nil, fmt.Errorf("XML engine: start an instance: %w", err)
	}
	m := &machine{mod: mod, mem: mod.Memory(), limits: e.limits}
	out, err := mod.ExportedFunction("state").Call(ctx)
	if err != nil {
		return nil, fmt.Errorf("XML engine: start an instance: %w", err)
	}
	m.state = uint32(out[0])
	return m, nil
}

// keepSize is the most memory that an instance may have to be kept for the next call.
const keepSize = 16 << 20

// release puts an instance back, or ends it.
func (m *machine) release(e *Engine) {
	if !m.broken && m.mem.Size() <= keepSize {
		select {
		case e.idle <- m:
			return
		default:
		}
	}
	_ = m.mod.Close(context.Background())
}

// work runs f with an instance whose memory is img, nil for a fresh one. It is the one way to the module: seats, time and memory are bounded here.
func (e *Engine) work(ctx context.Context, img *image, f func(context.Context, *machine) error) error {
	l, err := e.load()
	if err != nil {
		return err
	}
	if err := e.sit(ctx); err != nil {
		return err
	}
	defer func() { <-e.seats }()
	bounded, cancel := context.WithTimeoutCause(ctx, e.limits.Time, e.limits.tooMuchTime())
	defer cancel()
	var m *machine
	select {
	case m = <-e.idle:
	default:
		if m, err = e.boot(bounded, l); err != nil {
			return errors.Join(err, context.Cause(bounded))
		}
	}
	defer m.release(e)
	if img == nil {
		img = l.fresh
	}
	if !img.restore(m.mem) {
		m.broken = true
		return e.limits.tooMuchMemory()
	}
	return f(bounded, m)
}

// sit waits for a seat.
func (e *Engine) sit(ctx context.Context) error {
	select {
	case e.seats <- struct{}{}:
		return nil
	default:
	}
	waiting, cancel := context.WithTimeoutCause(ctx, e.limits.Time, e.limits.tooBusy())
	defer cancel()
	select {
	case e.seats <- struct{}{}:
		return nil
	case <-waiting.Done():
		return context.Cause(waiting)
	}
}

// compiled gives the memory that build leaves behind, from the cache when it is there.
func (e *Engine) compiled(ctx context.Context, key digest, build func(context.Context, *machine) error) (*image, error) {
	if img := e.images.get(key); img != nil {
		return img, nil
	}
	var img *image
	err := e.work(ctx, nil, func(ctx context.Context, m *machine) error {
		if err := build(ctx, m); err != nil {
			return err
		}
		l, err := e.load()
		if err != nil {
			return err
		}
		img = save(m.mem, l.fresh)
		return nil
	})
	if err == nil {
		e.images.put(key, img)
	}
	return img, err
}
