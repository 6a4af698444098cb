package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/atelier-apim/atelier/internal/usage"
)

const (
	keyColumns   = "home, start, width, api, operation, product, subscription, user, gateway, region"
	countColumns = "success, blocked, failed, other, bytes, hits, misses, total_n, total_sum, total_min, total_max, backend_n, backend_sum, backend_min, backend_max"

	// addUp joins a row to the one that is there. A minimum of no times is 0 and doesn't count.
	addUp = ` on conflict do update set success = success + excluded.success, blocked = blocked + excluded.blocked, failed = failed + excluded.failed,
		other = other + excluded.other, bytes = bytes + excluded.bytes, hits = hits + excluded.hits, misses = misses + excluded.misses,
		total_min = case when total_n = 0 then excluded.total_min when excluded.total_n = 0 then total_min else min(total_min, excluded.total_min) end,
		total_max = max(total_max, excluded.total_max), total_n = total_n + excluded.total_n, total_sum = total_sum + excluded.total_sum,
		backend_min = case when backend_n = 0 then excluded.backend_min when excluded.backend_n = 0 then backend_min else min(backend_min, excluded.backend_min) end,
		backend_max = max(backend_max, excluded.backend_max), backend_n = backend_n + excluded.backend_n, backend_sum = backend_sum + excluded.backend_sum`

	insertRow = "insert into sums (" + keyColumns + ", " + countColumns + `)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)` + addUp
)

// Add implements usage.Store.
func (s *Store) Add(ctx context.Context, rows []usage.Row) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, insertRow)
		if err != nil {
			return err
		}
		defer insert.Close() //nolint:errcheck // ends with the transaction
		homes := map[usage.Home]int64{}
		for i := range rows {
			r := &rows[i]
			home, known := homes[r.Home()]
			if !known {
				if home, err = homeID(ctx, tx, r.Home()); err != nil {
					return err
				}
				homes[r.Home()] = home
			}
			n := &r.Counts
			if _, err := insert.ExecContext(ctx, home, r.Start.Unix(), int64(usage.Width.Seconds()), r.API, r.Operation, r.Product, r.Subscription, r.User, r.Gateway, r.Region,
				n.Calls[0], n.Calls[1], n.Calls[2], n.Calls[3], n.Bytes, n.Hits, n.Misses, n.Total.Number, n.Total.Sum, n.Total.Min, n.Total.Max,
				n.Backend.Number, n.Backend.Sum, n.Backend.Min, n.Backend.Max); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("add usage: %w", err)
	}
	return nil
}

// homeID finds or makes the row of a home. A number that a forgotten home had is never given again while sums have it.
func homeID(ctx context.Context, tx *sql.Tx, h usage.Home) (id int64, err error) {
	err = tx.QueryRowContext(ctx, "select id from homes where service = ? and workspace = ?", h.Service, h.Workspace).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	err = tx.QueryRowContext(ctx, `insert into homes (id, service, workspace)
		values (1 + max(coalesce((select max(id) from homes), 0), coalesce((select max(home) from sums), 0)), ?, ?) returning id`, h.Service, h.Workspace).Scan(&id)
	return id, err
}
