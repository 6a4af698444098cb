import { msg, say } from "@atelier/strings";
import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";
import { Button } from "./button.tsx";
import { Actions } from "./layout.tsx";
import { LinkButton } from "./link.tsx";

/** WizardStep is one page of a wizard. While it is blocked, Next shows what is at fault instead of moving on. */
export type WizardStep = {
  readonly title: string;
  readonly blocked: boolean;
  /** show renders the step; tried is true once the reader wanted to go on. The last step sets leave beside its action. */
  readonly show: (tried: boolean, leave: ReactNode) => ReactNode;
};

const useStyles = makeStyles({
  wizard: { display: "grid", gap: tokens.spacingVerticalXXL },
  steps: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXXL, margin: 0, padding: 0, listStyleType: "none" },
  step: { color: tokens.colorNeutralForeground3 },
  here: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
});

/** Wizard leads through steps. The last step carries its own action, because only it knows how far that is; Enter goes on, as Next does. */
export function Wizard({ label, steps, cancel }: { label: string; steps: readonly WizardStep[]; cancel: string }) {
  const styles = useStyles();
  const [at, setAt] = useState(0);
  const [tried, setTried] = useState<readonly number[]>([]);
  const step = steps[at];
  function next(): void {
    setTried([...tried, at]);
    if (step && !step.blocked) setAt(at + 1);
  }
  const leave = (
    <>
      {at > 0 && <Button onClick={() => setAt(at - 1)}>{say(msg("wizard.back", "Back"))}</Button>}
      <LinkButton href={cancel}>{say(msg("wizard.cancel", "Cancel"))}</LinkButton>
    </>
  );
  return (
    <form
      className={styles.wizard}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (at < steps.length - 1) next();
      }}
    >
      <ol className={styles.steps} aria-label={label}>
        {steps.map((each, i) => (
          <li key={each.title} className={mergeClasses(styles.step, i === at && styles.here)} aria-current={i === at ? "step" : undefined}>
            <Text weight={i === at ? "semibold" : "regular"}>{`${i + 1}. ${each.title}`}</Text>
          </li>
        ))}
      </ol>
      {step?.show(tried.includes(at), leave)}
      {at < steps.length - 1 && (
        <Actions>
          <Button primary submit>
            {say(msg("wizard.next", "Next"))}
          </Button>
          {leave}
        </Actions>
      )}
    </form>
  );
}
