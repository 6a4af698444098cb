package policies

import (
	"errors"
	"time"

	"github.com/atelier-apim/atelier/internal/cache"
	"github.com/atelier-apim/atelier/internal/policy"
)

func keyAttr() *policy.AttrShape {
	return policy.Attr("key", policy.Text).Required().Expr().Doc("The value's name in the cache.")
}

// valueKey keeps the values of each home apart.
func valueKey(a *policy.Args) func(x *policy.Exchange) (cache.Key, error) {
	key, workspace := a.Text("key"), a.Home().Workspace
	return func(x *policy.Exchange) (cache.Key, error) {
		name, err := key.Get(x)
		if err == nil && name == "" {
			err = errors.New("the key is empty; give the value a name")
		}
		return cache.Key{Workspace: workspace, Space: "value", Name: name}, err
	}
}

// CacheLookupValue reads a value that cache-store-value has kept.
func CacheLookupValue(env Env) policy.Spec {
	return policy.Spec{
		Name:     "cache-lookup-value",
		Doc:      "Puts a value of the cache into a variable.",
		Sections: policy.AnySection,
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			keyAttr(),
			policy.Attr("variable-name", policy.Text).Required().Doc("Name of the variable that gets the value."),
			policy.Attr("default-value", policy.Object).Expr().Doc("What the variable gets when the cache has no value; without it the variable stays unset."),
			cachingType(),
		),
		Compile: func(a *policy.Args) (policy.Step, error) {
			store, err := cacheOf(env, a)
			if err != nil {
				return nil, err
			}
			key, name, other, hasOther := valueKey(a), a.Literal("variable-name"), a.Object("default-value"), a.Set("default-value")
			return func(x *policy.Exchange) error {
				k, err := key(x)
				if err != nil {
					return err
				}
				if data, ok := fetched(x.Context, store, k); ok {
					if v, err := decodeValue(x, data); err == nil {
						x.SetVariable(name, v)
						return nil
					}
				}
				if !hasOther {
					return nil
				}
				v, err := other.Get(x)
				if err == nil {
					x.SetVariable(name, v)
				}
				return err
			}, nil
		},
	}
}

// CacheStoreValue keeps a value.
func CacheStoreValue(env Env) policy.Spec {
	return policy.Spec{
		Name:     "cache-store-value",
		Doc:      "Keeps a value in the cache.",
		Sections: policy.AnySection,
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			keyAttr(),
			policy.Attr("value", policy.Object).Required().Expr().Doc("The value; it keeps its type."),
			policy.Attr("duration", policy.Seconds(1, 1<<31-1, false)).Required().Expr().Doc("How many seconds the value is kept."),
			cachingType(),
		),
		Compile: func(a *policy.Args) (policy.Step, error) {
			store, err := cacheOf(env, a)
			if err != nil {
				return nil, err
			}
			key, value, duration := valueKey(a), a.Object("value"), a.Int("duration")
			return func(x *policy.Exchange) error {
				k, err := key(x)
				if err != nil {
					return err
				}
				v, err := value.Get(x)
				if err != nil {
					return err
				}
				seconds, err := duration.Get(x)
				if err != nil {
					return err
				}
				data, err := encodeValue(x, v)
				if err == nil {
					kept(x.Context, store, k, data, time.Duration(seconds)*time.Second)
				}
				return err
			}, nil
		},
	}
}

// CacheRemoveValue forgets a value.
func CacheRemoveValue(env Env) policy.Spec {
	return policy.Spec{
		Name:     "cache-remove-value",
		Doc:      "Takes a value out of the cache.",
		Sections: policy.AnySection,
		Scopes:   policy.AnyScope,
		Shape:    policy.Element(keyAttr(), cachingType()),
		Compile: func(a *policy.Args) (policy.Step, error) {
			store, err := cacheOf(env, a)
			if err != nil {
				return nil, err
			}
			key := valueKey(a)
			return func(x *policy.Exchange) error {
				k, err := key(x)
				if err == nil && store != nil {
					_ = store.Delete(x.Context, k) // a cache that fails has forgotten it as well as not
				}
				return err
			}, nil
		},
	}
}
