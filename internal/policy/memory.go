package policy

import "github.com/atelier-apim/atelier/internal/expr/types"

// Memory bounds what the expressions of one home hold at once, so that one team's calls can't take the memory of all.
type Memory = types.Pool

// SharedMemory is what the expressions of a home may hold at once, each still within its own limit of 64 MiB.
const SharedMemory = 256 << 20

// NewMemory is the memory of a home.
func NewMemory() *Memory { return types.NewPool(SharedMemory) }
