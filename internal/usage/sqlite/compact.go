package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/atelier-apim/atelier/internal/usage"
)

// halvings is how often the ages are halved at most when there are too many rows.
const halvings = 10

// Compact implements usage.Store. It works through one home and one wide span at a time, so that nobody waits long for the writer.
func (s *Store) Compact(ctx context.Context, now time.Time, r usage.Retention) error {
	for range halvings {
		for home := int64(-1); ; {
			next, found, err := s.nextHome(ctx, home)
			if err == nil && found {
				home = next
				err = s.compactHome(ctx, home, now, r)
			}
			if err != nil {
				return fmt.Errorf("compact usage: %w", err)
			}
			if !found {
				break
			}
		}
		var rows int
		if err := s.read.QueryRowContext(ctx, "select count(*) from sums").Scan(&rows); err != nil {
			return fmt.Errorf("compact usage: %w", err)
		}
		if rows <= r.Rows {
			return nil
		}
		r.Fine, r.Hourly, r.Daily = r.Fine/2, r.Hourly/2, r.Daily/2
	}
	return nil
}

// nextHome is the next home that has sums, known or forgotten.
func (s *Store) nextHome(ctx context.Context, after int64) (home int64, found bool, err error) {
	var next sql.NullInt64
	err = s.read.QueryRowContext(ctx, "select min(home) from sums where home > ?", after).Scan(&next)
	return next.Int64, next.Valid, err
}

func (s *Store) compactHome(ctx context.Context, home int64, now time.Time, r usage.Retention) error {
	if err := s.exec(ctx, "delete from sums where home = ?1 and not exists (select 1 from homes where id = ?1)", home); err != nil {
		return err
	}
	if err := s.exec(ctx, "delete from sums where home = ? and start < ?", home, now.Add(-r.Daily).Unix()); err != nil {
		return err
	}
	if err := s.fold(ctx, home, now.Add(-r.Fine), time.Hour); err != nil {
		return err
	}
	return s.fold(ctx, home, now.Add(-r.Hourly), 24*time.Hour)
}

func (s *Store) exec(ctx context.Context, text string, args ...any) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, text, args...)
		return err
	})
}

// fold joins the rows of a home that begin before a time to wider ones.
func (s *Store) fold(ctx context.Context, home int64, before time.Time, width time.Duration) error {
	w := int64(width / time.Second)
	until := before.Unix() - before.Unix()%w
	for from := int64(0); ; from += w {
		var first sql.NullInt64
		err := s.read.QueryRowContext(ctx, "select min(start) from sums where home = ? and start >= ? and start < ? and width < ?", home, from, until, w).Scan(&first)
		if err != nil || !first.Valid {
			return err
		}
		from = first.Int64 - first.Int64%w
		if err := s.foldOne(ctx, home, from, w); err != nil {
			return err
		}
	}
}

// foldOne joins the rows of one wide span.
func (s *Store) foldOne(ctx context.Context, home, from, w int64) error {
	const narrower = "home = ?1 and start >= ?2 and start < ?2 + ?3 and width < ?3"
	return s.update(ctx, func(tx *sql.Tx) error {
		for _, step := range []struct {
			text string
			args []any
		}{
			{"create temp table if not exists folding as select * from sums where 0", nil},
			{"delete from temp.folding", nil},
			{
				"insert into temp.folding select home, ?2, ?3, api, operation, product, subscription, user, gateway, region, " + aggregates +
					" from sums where " + narrower + " group by home, api, operation, product, subscription, user, gateway, region", []any{home, from, w},
			},
			{"delete from sums where " + narrower, []any{home, from, w}},
			{"insert into sums (" + keyColumns + ", " + countColumns + ") select * from temp.folding where true" + addUp, nil},
		} {
			if _, err := tx.ExecContext(ctx, step.text, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
}
