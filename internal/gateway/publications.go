package gateway

import (
	"strings"
	"sync"
)

// publications are the events of the GraphQL APIs of one gateway, and who has subscribed to them.
type publications struct {
	mu          sync.RWMutex
	subscribers map[topic]map[*asked]struct{}
}

// topic is a field of the subscription type of one revision of an API.
type topic struct{ api, field string }

func newPublications() *publications {
	return &publications{subscribers: make(map[topic]map[*asked]struct{})}
}

func topicOf(a *api, field string) topic { return topic{strings.ToLower(a.source.ID), field} }

func (p *publications) subscribe(t topic, one *asked) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.subscribers[t] == nil {
		p.subscribers[t] = make(map[*asked]struct{}, 1)
	}
	p.subscribers[t][one] = struct{}{}
}

func (p *publications) unsubscribe(t topic, one *asked) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.subscribers[t], one)
	if len(p.subscribers[t]) == 0 {
		delete(p.subscribers, t)
	}
}

// publish tells the subscribers of fields of an API, and waits for none of them. Nobody changes the event from now on.
func (p *publications) publish(of topic, fields []string, event any) {
	if len(fields) == 0 {
		return
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, field := range fields {
		of.field = field
		for one := range p.subscribers[of] {
			one.socket.tell(one, event)
		}
	}
}
