package directory

import "context"

// HashPassword is the stored form of a password of somebody who is no principal: a person of the developer portal. Hashes are made one at a
// time, like those of principals.
func (d *Directory) HashPassword(ctx context.Context, password string) (string, error) {
	return d.hashes.hash(ctx, password)
}

// CheckPassword compares a password with its stored form. The empty form stands for nobody: it takes as long and is never right.
func (d *Directory) CheckPassword(ctx context.Context, stored, password string) (bool, error) {
	return d.hashes.check(ctx, stored, password)
}
