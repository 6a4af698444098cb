package eventhub

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Ports of the Kafka protocol at Event Hubs, and at the emulator of it, which speaks no TLS.
const (
	hubPort      = "9093"
	emulatorPort = "9092"
)

// maxBrokers is how many brokers an address may name.
const maxBrokers = 20

// address is where brokers are, and how to sign in there.
type address struct {
	brokers        []string // host:port
	tls            bool
	user, password string // of SASL PLAIN; "" for none
	resource       string // whom a token is for, when one is needed
}

// locate reads the credentials of a logger.
func locate(s Settings) (address, error) {
	if s.ConnectionString != "" {
		return fromConnectionString(s.ConnectionString)
	}
	endpoint := strings.TrimSpace(s.Endpoint)
	if strings.Contains(endpoint, "://") && !strings.HasPrefix(strings.ToLower(endpoint), "sb://") {
		return kafka(endpoint)
	}
	host, err := hubHost(strings.TrimPrefix(endpoint, "sb://"))
	if err != nil {
		return address{}, err
	}
	return address{brokers: []string{net.JoinHostPort(host, hubPort)}, tls: true, resource: "https://" + host}, nil
}

// fromConnectionString reads a connection string of Event Hubs. One whose endpoint is kafka:// or kafka+tls:// is for a Kafka broker; name and key in it
// are its user and password.
func fromConnectionString(text string) (address, error) {
	parts := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return address{}, errors.New("the connection string is not a list of name=value with semicolons between them")
		}
		parts[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	endpoint, name, key := parts["endpoint"], parts["sharedaccesskeyname"], parts["sharedaccesskey"]
	if endpoint == "" {
		return address{}, errors.New("the connection string has no Endpoint")
	}
	if !strings.HasPrefix(strings.ToLower(endpoint), "sb://") {
		a, err := kafka(endpoint)
		a.user, a.password = name, key
		return a, err
	}
	if key == "" && parts["sharedaccesssignature"] == "" {
		return address{}, errors.New("the connection string has neither SharedAccessKey nor SharedAccessSignature")
	}
	host, err := hubHost(endpoint[len("sb://"):])
	if err != nil {
		return address{}, err
	}
	a := address{brokers: []string{net.JoinHostPort(host, hubPort)}, tls: true, user: "$ConnectionString", password: text}
	if strings.EqualFold(parts["usedevelopmentemulator"], "true") {
		a.brokers, a.tls = []string{net.JoinHostPort(host, emulatorPort)}, false
	}
	return a, nil
}

// hubHost is the host of an endpoint, whose port is AMQP's if it has one.
func hubHost(text string) (string, error) {
	u, err := url.Parse("sb://" + strings.TrimRight(text, "/"))
	if err != nil || u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("the endpoint is not the host name of an Event Hubs namespace")
	}
	return u.Hostname(), nil
}

// kafka reads kafka://host:port,host:port, or kafka+tls:// the same.
func kafka(text string) (address, error) {
	scheme, list, _ := strings.Cut(strings.TrimRight(text, "/"), "://")
	scheme = strings.ToLower(scheme)
	if scheme != "kafka" && scheme != "kafka+tls" {
		return address{}, errors.New("the endpoint has to begin with sb://, kafka:// or kafka+tls://")
	}
	a := address{tls: scheme == "kafka+tls", brokers: strings.Split(list, ",")}
	if len(a.brokers) > maxBrokers {
		return address{}, fmt.Errorf("the endpoint names more than %d brokers", maxBrokers)
	}
	for i, b := range a.brokers {
		b = strings.TrimSpace(b)
		host, port, err := net.SplitHostPort(b)
		if n, bad := strconv.ParseUint(port, 10, 16); err != nil || host == "" || bad != nil || n == 0 || strings.ContainsAny(host, "/@?# ") {
			return address{}, fmt.Errorf("the broker '%s' is not written as host:port", b)
		}
		a.brokers[i] = b
	}
	return a, nil
}
