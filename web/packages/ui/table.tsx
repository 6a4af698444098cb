import { mergeClasses } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useStyles } from "./table.styles.ts";

/** Column is one column of a table. The first is the name of the row; secondary ones leave a narrow window. */
export type Column<R> = {
  readonly id: string;
  readonly label: string;
  readonly cell: (row: R) => ReactNode;
  readonly secondary?: boolean;
  /** end sets numbers and actions at the end of the cell. */
  readonly end?: boolean;
};

/** Table shows rows under a name; what has no value shows as a dash. */
export function Table<R>(props: {
  label: string;
  rows: readonly R[];
  columns: readonly Column<R>[];
  keyOf: (row: R) => string;
}) {
  const styles = useStyles();
  const classOf = (column: Column<R>, base: string) =>
    mergeClasses(base, column.end && styles.end, column.secondary && styles.secondary);
  return (
    <table className={styles.table} aria-label={props.label}>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <th key={column.id} scope="col" className={classOf(column, styles.head)}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={props.keyOf(row)} className={styles.row}>
            {props.columns.map((column, i) => {
              const Cell = i === 0 ? "th" : "td";
              return (
                <Cell key={column.id} {...(i === 0 ? { scope: "row" } : {})} className={mergeClasses(classOf(column, styles.cell), i === 0 && styles.name)}>
                  {column.cell(row) || "—"}
                </Cell>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
