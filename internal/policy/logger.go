package policy

// Logger is a receiver of messages that policies send by its id.
type Logger struct {
	ID   string
	Type string // "azureEventHub" and others, as its type is written
	// Credentials by name, opened, with named values in place. The control plane, which only checks documents, leaves them out.
	Credentials map[string]string
}

// Logger finds a logger of the home by its id, which ignores case.
func (h *Home) Logger(id string) *Logger { return lookup(h.Loggers, id) }

// LoggersOf lists the loggers that a document sends to, each once and in order of appearance. values are the named values that may stand for an id;
// what can't be resolved is left out.
func LoggersOf(d *Document, values map[string]string) (ids []string) {
	d.each(func(n *Node) {
		if n.Name == "log-to-eventhub" {
			addOnce(&ids, n.literal("logger-id", values))
		}
	})
	return ids
}
