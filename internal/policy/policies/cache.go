package policies

import (
	"context"
	"time"

	"github.com/atelier-apim/atelier/internal/cache"
	"github.com/atelier-apim/atelier/internal/policy"
)

// maxItem is the most that one item of the cache may have, as in the service's built-in one (policies.md 10).
const maxItem = 2 << 20

// cachingType is the attribute that chooses a cache. There is the built-in one; one of Redis is not connected, and then misses.
func cachingType() *policy.AttrShape {
	return policy.Attr("caching-type", policy.OneOf("internal", "external", "prefer-external")).Default("prefer-external").
		Doc("Which cache: the built-in one, or an external one when there is one.")
}

// cacheOf is the cache that the attribute chooses; nil keeps nothing.
func cacheOf(env Env, a *policy.Args) (cache.Store, error) {
	if a.Literal("caching-type") != "external" {
		return env.Cache, nil
	}
	if a.Home().Workspace != "" {
		return nil, a.Errorf("caching-type=\"external\" is not available in workspaces; use internal or leave it out")
	}
	return nil, nil
}

// fetched is what the cache has; a cache that fails has nothing.
func fetched(ctx context.Context, store cache.Store, key cache.Key) ([]byte, bool) {
	if store == nil {
		return nil, false
	}
	data, ok, err := store.Get(ctx, key)
	return data, ok && err == nil
}

// kept puts an item into the cache. One that can't be kept is no error: a cache may forget anything at any time.
func kept(ctx context.Context, store cache.Store, key cache.Key, data []byte, keep time.Duration) {
	if store != nil && keep > 0 && len(data) <= maxItem {
		_ = store.Set(ctx, key, data, keep)
	}
}

// workspaceOf is the workspace of the API that answers.
func workspaceOf(x *policy.Exchange) string {
	if x.Workspace == nil {
		return ""
	}
	return x.Workspace.ID
}
