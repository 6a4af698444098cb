// Package peers holds no code: its benchmarks put a part of the product beside a library that does a like thing, in one run. A module of its own keeps
// the libraries out of the product.
package peers
