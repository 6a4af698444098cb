package apim

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
)

func TestBodiesNameEntitiesInEveryFormThatClientsWrite(t *testing.T) {
	t.Parallel()
	home := arm.MustID(testService + "/workspaces/w")
	full := home.String() + "/loggers/x"
	for text, want := range map[string]string{
		full: full, "/loggers/x": full, "loggers/x": full, "Loggers/x": full, "x": full,
		"/subscriptions/6/anything": "/subscriptions/6/anything", // refused later, by what it points at
		"/users/x":                  "/users/x", "": "",
	} {
		if got := childID(home, "loggers", text); got != want {
			t.Errorf("%q is taken for %q, want %q", text, got, want)
		}
	}
}

func TestALoggersPlaceholderKeepsItsSecretAndNoOther(t *testing.T) {
	t.Parallel()
	id, other := arm.MustID(testService+"/loggers/a"), arm.MustID(testService+"/loggers/b")
	old := &Logger{Credentials: map[string]*string{"connectionString": ptr("secret"), "name": ptr("hub")}}
	for _, c := range []struct{ sent, want string }{
		{"", "secret"},
		{placeholder(id, "connectionString"), "secret"},
		{placeholder(other, "connectionString"), placeholder(other, "connectionString")},
		{"new", "new"},
	} {
		now := &Logger{Credentials: map[string]*string{"connectionString": ptr(c.sent), "gone": nil}}
		now.keepSecrets(id, old)
		if got := *now.Credentials["connectionString"]; got != c.want {
			t.Errorf("%q is stored as %q, want %q", c.sent, got, c.want)
		}
		if len(now.Credentials) != 1 {
			t.Errorf("after %q there are %d credentials; want those that the body names", c.sent, len(now.Credentials))
		}
	}
}
