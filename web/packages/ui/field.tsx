import { Field as FluentField, Input, Select, Textarea, makeStyles, tokens } from "@fluentui/react-components";
import { SearchRegular } from "@fluentui/react-icons";
import type { ReactElement } from "react";

const useStyles = makeStyles({
  search: { width: "280px", maxWidth: "100%" },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: "13px", minHeight: "160px" },
});

type Common = {
  readonly label: string;
  readonly hint?: string;
  /** fault is what is wrong with the value, shown at the field. */
  readonly fault?: string | undefined;
};

type TextProps = Common & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly mono?: boolean;
  readonly autoComplete?: string;
  readonly type?: "text" | "email" | "url";
};

/** Field is one line of text. */
export function Field({ value, onChange, onBlur, autoComplete = "off", type = "text", ...rest }: TextProps) {
  return (
    <Labelled {...rest}>
      <Input value={value} type={type} autoComplete={autoComplete} onChange={(_, data) => onChange(data.value)} {...(onBlur ? { onBlur } : {})} />
    </Labelled>
  );
}

/** PasswordField is a secret that is typed. */
export function PasswordField({ value, onChange, autoComplete, ...rest }: TextProps & { autoComplete: string }) {
  return (
    <Labelled {...rest}>
      <Input value={value} type="password" autoComplete={autoComplete} onChange={(_, data) => onChange(data.value)} />
    </Labelled>
  );
}

/** ProseField is text of several lines. */
export function ProseField({ value, onChange, rows = 3, mono, ...rest }: TextProps & { rows?: number }) {
  const styles = useStyles();
  return (
    <Labelled {...rest}>
      <Textarea
        value={value}
        rows={rows}
        resize="vertical"
        {...(mono ? { textarea: { className: styles.mono, spellCheck: false } } : {})}
        onChange={(_, data) => onChange(data.value)}
      />
    </Labelled>
  );
}

/** SearchField narrows a list as it is typed. */
export function SearchField({ label, value, onChange }: TextProps) {
  return (
    <Input
      className={useStyles().search}
      aria-label={label}
      placeholder={label}
      type="search"
      value={value}
      contentBefore={<SearchRegular />}
      onChange={(_, data) => onChange(data.value)}
    />
  );
}

/** SelectField is one of a few values. */
export function SelectField(props: Common & {
  value: string;
  onChange: (value: string) => void;
  options: readonly (readonly [value: string, label: string])[];
}) {
  const { value, onChange, options, ...rest } = props;
  return (
    <Labelled {...rest}>
      <Select value={value} onChange={(_, data) => onChange(data.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </Select>
    </Labelled>
  );
}

function Labelled({ label, hint, fault, children }: Common & { children: ReactElement }) {
  return (
    <FluentField
      label={label}
      {...(hint ? { hint } : {})}
      {...(fault ? { validationMessage: fault, validationState: "error" as const } : {})}
    >
      {children}
    </FluentField>
  );
}
