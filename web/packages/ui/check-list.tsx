import { Checkbox, Text, makeStyles, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  list: { display: "grid", margin: 0, padding: 0, border: "none", minWidth: 0 },
  legend: { padding: 0 },
  fault: { color: tokens.colorStatusDangerForeground1 },
  label: { display: "grid" },
  about: { color: tokens.colorNeutralForeground3, overflowWrap: "anywhere" },
});

/** CheckList is a group of things of which any number are chosen. */
export function CheckList(props: {
  label: string;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
  options: readonly { readonly value: string; readonly label: string; readonly about?: string }[];
  hint?: string | undefined;
  fault?: string | undefined;
}) {
  const styles = useStyles();
  function toggle(value: string): void {
    const has = props.chosen.includes(value);
    props.onChange(has ? props.chosen.filter((each) => each !== value) : [...props.chosen, value]);
  }
  return (
    <fieldset className={styles.list}>
      <legend className={styles.legend}>{props.label}</legend>
      {props.hint !== undefined && (
        <Text size={200} className={styles.about}>
          {props.hint}
        </Text>
      )}
      {props.fault !== undefined && (
        <Text size={200} role="alert" className={styles.fault}>
          {props.fault}
        </Text>
      )}
        {props.options.map((option) => (
          <Checkbox
            key={option.value}
            checked={props.chosen.includes(option.value)}
            onChange={() => toggle(option.value)}
            label={
              <span className={styles.label}>
                {option.label}
                <Text size={200} className={styles.about}>
                  {option.about}
                </Text>
              </span>
            }
          />
        ))}
    </fieldset>
  );
}
