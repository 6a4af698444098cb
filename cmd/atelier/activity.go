package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// The activity log is the change log. The commands read the database of a local installation, beside a running server or without one.

func activityCommand() *cobra.Command {
	var data string
	cmd := &cobra.Command{Use: "activity", Short: "The log of every change, chained by hash"}
	cmd.PersistentFlags().StringVar(&data, "data", cmp.Or(os.Getenv("ATELIER_DATA"), "./data"), "folder of a local installation")
	cmd.AddCommand(&cobra.Command{
		Use: "export", Short: "Print the log, one JSON entry a line, oldest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd.Context(), data, func(st store.Store) error {
				out := json.NewEncoder(cmd.OutOrStdout())
				for after := uint64(0); ; {
					changes, err := st.Changes(cmd.Context(), after, 0)
					if err != nil || len(changes) == 0 {
						return err
					}
					for _, c := range changes {
						if err := out.Encode(c); err != nil {
							return err
						}
					}
					after = changes[len(changes)-1].Seq
				}
			})
		},
	}, &cobra.Command{
		Use: "verify", Short: "Check that no entry was altered, removed or put between; exit status 2 names the first that was", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd.Context(), data, func(st store.Store) error {
				last, broken, err := st.Verify(cmd.Context())
				if err != nil {
					return err
				}
				if broken != 0 {
					return &exitError{2, fmt.Sprintf("entry %d is broken: it was altered, or entries before it were removed", broken)}
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d entries, chain whole\n", last)
				return err
			})
		},
	})
	return cmd
}

func withStore(ctx context.Context, data string, f func(store.Store) error) error {
	path := filepath.Join(data, "atelier.db")
	if !exists(path) {
		return fmt.Errorf("%s: there is no installation; name its folder with --data", path)
	}
	st, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	return errors.Join(f(st), st.Close())
}
