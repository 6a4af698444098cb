package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/store"
)

// defaultChanges is how many entries Changes returns when the caller does not say.
const defaultChanges = 1000

// Changes returns entries after the given number, oldest first.
func (s *Store) Changes(ctx context.Context, after uint64, limit int) ([]store.Change, error) {
	if limit <= 0 {
		limit = defaultChanges
	}
	if list, known := s.recently(after, limit); known && ctx.Err() == nil {
		return list, nil
	}
	var list []store.Change
	err := s.lend(ctx, &s.followers, func(r *session) (err error) { // one statement sees one state
		list, err = changes(ctx, r, after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return list, nil
}

// recently answers from memory when the entries after a number were written by this process a short while ago.
func (s *Store) recently(after uint64, limit int) ([]store.Change, bool) {
	select {
	case <-s.closed:
		return nil, false
	default:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recent.after(after, limit)
}

// Verify walks the log from its first entry. A log that ends before the recorded head was cut: its first missing entry is the broken one.
func (s *Store) Verify(ctx context.Context) (lastSeq, firstBroken uint64, err error) {
	err = s.read(ctx, &s.followers, func(r *session) error {
		head, err := recordedHead(r)
		if err != nil {
			return err
		}
		last, err := lastChange(r)
		if err != nil {
			return err
		}
		lastSeq = last.Seq
		chain := store.NewChain()
		for chain.Seq < max(lastSeq, head.Seq) {
			list, err := changes(ctx, r, chain.Seq, defaultChanges)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				firstBroken = chain.Seq + 1
				return nil
			}
			for _, c := range list {
				if !chain.Next(c) {
					firstBroken = chain.Seq + 1
					return nil
				}
			}
		}
		if head != chain {
			firstBroken = max(head.Seq, 1)
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("store: verify the change log: %w", err)
	}
	return lastSeq, firstBroken, nil
}

func changes(ctx context.Context, r *session, after uint64, limit int) ([]store.Change, error) {
	var list []store.Change
	err := r.rows(ctx, "changes", []any{after, limit}, func(scan func(...any) error) error {
		var c store.Change
		var at, actor string
		var body []byte
		if err := scan(&c.Seq, &at, &actor, &c.Verb, &c.ID, &c.Kind, &body, &c.Prev, &c.Hash); err != nil {
			return err
		}
		if len(body) > 0 {
			c.Body = body
		}
		var err error
		if c.Time, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return fmt.Errorf("entry %d: %w", c.Seq, err)
		}
		if err := json.Unmarshal([]byte(actor), &c.Actor); err != nil {
			return fmt.Errorf("entry %d: actor: %w", c.Seq, err)
		}
		list = append(list, c)
		return nil
	})
	return list, err
}

// lastChange is the end of the log as it stands in the table.
func lastChange(r *session) (store.Chain, error) {
	c := store.NewChain()
	_, err := r.row("last-change", nil, &c.Seq, &c.Hash)
	return c, err
}

// recordedHead is the end of the log as the last commit noted it beside the log.
func recordedHead(r *session) (store.Chain, error) {
	c := store.NewChain()
	var text string
	found, err := r.row("head", nil, &text)
	if err != nil || !found {
		return c, err
	}
	seq, hash, _ := strings.Cut(text, " ")
	if c.Seq, err = strconv.ParseUint(seq, 10, 64); err != nil {
		return c, fmt.Errorf("head of the change log: %w", err)
	}
	c.Hash = hash
	return c, nil
}

func recordHead(r *session, c store.Chain) error {
	_, err := r.exec("put-head", strconv.FormatUint(c.Seq, 10)+" "+c.Hash)
	return err
}
