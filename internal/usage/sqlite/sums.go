package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/usage"
)

// columns are the columns of the fields.
var columns = [usage.Fields]string{
	usage.Gateway: "gateway", usage.Region: "region", usage.API: "api", usage.Operation: "operation", usage.Product: "product",
	usage.Subscription: "subscription", usage.User: "user",
}

const aggregates = `sum(success), sum(blocked), sum(failed), sum(other), sum(bytes), sum(hits), sum(misses),
	sum(total_n), sum(total_sum), coalesce(min(iif(total_n > 0, total_min, null)), 0), max(total_max),
	sum(backend_n), sum(backend_sum), coalesce(min(iif(backend_n > 0, backend_min, null)), 0), max(backend_max)`

// Sums implements usage.Store.
func (s *Store) Sums(ctx context.Context, q usage.Query) ([]usage.Group, error) {
	homes, err := s.homesOf(ctx, q)
	if err != nil || len(homes) == 0 {
		return nil, err
	}
	text, args := statement(q, homes)
	rows, err := s.read.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("usage: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end, or failed already
	var out []usage.Group
	for rows.Next() {
		if len(out) == q.Limit {
			return nil, usage.ErrTooMany
		}
		g, err := scan(rows, q)
		if err != nil {
			return nil, fmt.Errorf("usage: %w", err)
		}
		out = append(out, g)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("usage: %w", err)
	}
	return out, nil
}

// homesOf are the numbers of the homes that a query is about.
func (s *Store) homesOf(ctx context.Context, q usage.Query) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, "select id, workspace from homes where service = ?", q.Service)
	if err != nil {
		return nil, fmt.Errorf("usage: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end, or failed already
	var out []string
	for rows.Next() {
		var id int64
		var workspace string
		if err := rows.Scan(&id, &workspace); err != nil {
			return nil, fmt.Errorf("usage: %w", err)
		}
		if q.Workspace(workspace) {
			out = append(out, strconv.FormatInt(id, 10))
		}
	}
	return out, rows.Err()
}

// statement writes a query. Only names from columns and numbers stand in its text; values of callers are arguments.
func statement(q usage.Query, homes []string) (string, []any) {
	var groups []string
	every := int64(q.Every / time.Second)
	if every > 0 {
		groups = append(groups, fmt.Sprintf("start - start %% %d", every))
	}
	for _, f := range q.By {
		groups = append(groups, columns[f])
	}
	args := []any{q.From.Unix(), q.To.Unix()}
	var b strings.Builder
	b.WriteString("select ")
	for _, g := range groups {
		b.WriteString(g + ", ")
	}
	b.WriteString(aggregates + " from sums where home in (" + strings.Join(homes, ", ") + ") and start >= ? and start <= ?")
	for _, c := range q.Equal {
		b.WriteString(" and " + columns[c.Field] + " collate nocase in (?" + strings.Repeat(", ?", len(c.Among)-1) + ")")
		for _, v := range c.Among {
			args = append(args, v)
		}
	}
	if len(groups) > 0 {
		b.WriteString(" group by ")
		for i := range groups {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(strconv.Itoa(i + 1))
		}
	}
	b.WriteString(" having sum(success + blocked + failed + other) > 0")
	return b.String(), args
}

func scan(rows *sql.Rows, q usage.Query) (g usage.Group, err error) {
	var start int64
	var into []any
	if q.Every > 0 {
		into = append(into, &start)
	}
	for _, f := range q.By {
		into = append(into, f.Of(&g.Key))
	}
	n := &g.Counts
	into = append(into, &n.Calls[0], &n.Calls[1], &n.Calls[2], &n.Calls[3], &n.Bytes, &n.Hits, &n.Misses, &n.Total.Number, &n.Total.Sum, &n.Total.Min, &n.Total.Max,
		&n.Backend.Number, &n.Backend.Sum, &n.Backend.Min, &n.Backend.Max)
	err = rows.Scan(into...)
	if q.Every > 0 {
		g.Start = time.Unix(start, 0).UTC()
	}
	return g, err
}
