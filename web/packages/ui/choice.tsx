import { Field, Radio, RadioGroup, Text, makeStyles, tokens } from "@fluentui/react-components";

/** ChoiceOption is one of several ways, with a sentence about what it means. */
export type ChoiceOption = {
  readonly value: string;
  readonly label: string;
  readonly about?: string;
  /** whyNot disables the option and is its reason. */
  readonly whyNot?: string | undefined;
};

const useStyles = makeStyles({
  label: { display: "grid" },
  about: { color: tokens.colorNeutralForeground3 },
});

/** Choice is a group of ways of which one is taken. */
export function Choice(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly ChoiceOption[];
  fault?: string | undefined;
}) {
  const styles = useStyles();
  return (
    <Field
      label={props.label}
      {...(props.fault ? { validationMessage: props.fault, validationState: "error" as const } : {})}
    >
      <RadioGroup value={props.value} onChange={(_, data) => props.onChange(data.value)}>
        {props.options.map((option) => (
          <Radio
            key={option.value}
            value={option.value}
            disabled={option.whyNot !== undefined}
            label={
              <span className={styles.label}>
                {option.label}
                <Text size={200} className={styles.about}>
                  {option.whyNot ?? option.about}
                </Text>
              </span>
            }
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
