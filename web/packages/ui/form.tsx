import { useEffect, useRef, type ReactNode } from "react";
import { Stack } from "./layout.tsx";

/** Form is fields that are sent together. Each new value of wrong leads to the first field at fault, so that it is seen and heard. */
export function Form({ wrong, submit, children }: { wrong: unknown; submit: () => void; children: ReactNode }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [wrong]);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack form>{children}</Stack>
    </form>
  );
}
