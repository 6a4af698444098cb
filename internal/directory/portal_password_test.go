package directory_test

import "testing"

func TestPeopleWhoAreNoPrincipalsHavePasswordsToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	stored, err := h.HashPassword(t.Context(), "a consumer's password")
	h.must(err)
	for _, c := range []struct {
		stored, password string
		want             bool
	}{{stored, "a consumer's password", true}, {stored, "another", false}, {stored, "", false}, {"", "a consumer's password", false}, {"", "", false}} {
		if got, err := h.CheckPassword(t.Context(), c.stored, c.password); err != nil || got != c.want {
			t.Errorf("%q: %v, %v", c.password, got, err)
		}
	}
	_, err = h.HashPassword(t.Context(), "short")
	h.refused(err, "complexity")
}
