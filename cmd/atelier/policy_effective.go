package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/atelier-apim/atelier/internal/policy"
)

// scopeFiles are the flags of `policy effective`, one document each.
var scopeFiles = []struct {
	flag  string
	scope policy.Scope
}{
	{"global", policy.Global},
	{"workspace", policy.WorkspaceScope},
	{"product", policy.ProductScope},
	{"api", policy.APIScope},
	{"operation", policy.OperationScope},
}

func policyEffectiveCommand() *cobra.Command {
	c := &connection{}
	files, fragments := make([]string, len(scopeFiles)), []string{}
	var product string
	cmd := &cobra.Command{
		Use: "effective [OPERATION]", Short: "Print the policies that run for an operation, each line with the scope it comes from", Args: cobra.MaximumNArgs(1),
		Long: "OPERATION is the resource id of an operation of a running service. Without it, the documents that flags name are put together offline.",
		Example: "  atelier policy effective /subscriptions/…/apis/orders/operations/list\n" +
			"  atelier policy effective --global global.xml --api orders.xml --fragment audit=audit.xml",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return effectiveOnline(cmd, c, args[0], product)
			}
			sources, err := readSources(files, fragments)
			if err != nil {
				return err
			}
			if len(sources) == 0 {
				return &exitError{1, "error: give the id of an operation, or documents with --global, --workspace, --product, --api and --operation"}
			}
			for s, lines := range policy.Flatten(sources) {
				printLines(cmd.OutOrStdout(), policy.Section(s).String(), lines)
			}
			return nil
		},
	}
	c.bind(cmd)
	for i, f := range scopeFiles {
		cmd.Flags().StringVar(&files[i], f.flag, "", "file with the document of the "+f.flag+" scope")
	}
	cmd.Flags().StringArrayVar(&fragments, "fragment", nil, "NAME=FILE of a fragment that the documents include")
	cmd.Flags().StringVar(&product, "product-id", "", "name of the product in whose context the operation is called (with OPERATION)")
	return cmd
}

func readSources(files, fragments []string) ([]policy.Source, error) {
	home := &policy.Home{Fragments: map[string]*policy.Document{}, Unknown: true}
	for _, f := range fragments {
		name, file, ok := strings.Cut(f, "=")
		if !ok {
			return nil, &exitError{1, fmt.Sprintf("error: --fragment %s: write NAME=FILE", f)}
		}
		doc, err := readDocument(file)
		if err != nil {
			return nil, err
		}
		home.Fragments[name] = doc
	}
	var sources []policy.Source
	for i, file := range files {
		if file == "" {
			continue
		}
		doc, err := readDocument(file)
		if err != nil {
			return nil, err
		}
		sources = append(sources, policy.Source{Scope: scopeFiles[i].scope, Doc: doc, Home: home})
	}
	return sources, nil
}

func readDocument(file string) (*policy.Document, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	doc, err := policy.Parse(string(text), policy.FormatRaw)
	if err != nil {
		return nil, &exitError{2, fmt.Sprintf("%s: %s", file, err)}
	}
	return doc, nil
}

func effectiveOnline(cmd *cobra.Command, c *connection, operation, product string) error {
	s, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	path := strings.TrimSuffix(operation, "/") + "/effectivePolicies"
	if product != "" {
		path += "?productId=" + url.QueryEscape(product)
	}
	body, err := s.do(cmd.Context(), "GET", path, nil)
	if err != nil {
		return err
	}
	var page struct {
		Value []struct {
			Name       string
			Properties struct{ Lines []policy.FlatLine }
		}
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return err
	}
	for _, section := range page.Value {
		printLines(cmd.OutOrStdout(), section.Name, section.Properties.Lines)
	}
	return nil
}

// printLines writes a section: each line behind its scope and place.
func printLines(w io.Writer, section string, lines []policy.FlatLine) {
	fmt.Fprintf(w, "%s\n", section)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		place := ""
		if l.Line > 0 {
			place = fmt.Sprintf("%d", l.Line)
		}
		if l.Fragment != "" {
			place = l.Fragment + ":" + place
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\n", l.Scope, place, strings.ReplaceAll(l.Text, "\t", "    "))
	}
	_ = table.Flush() // what it writes to reports its own failure
}
