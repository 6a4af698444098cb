import { useAddress } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Button, Field, Notice, PageFrame, PasswordField, problemOf, Stack } from "@atelier/ui";
import { useState } from "react";
import { useSend } from "../../shell/ask.ts";

/** Page signs a person of the portal in, then leads back to where they came from. */
export function Page() {
  const { go, query } = useAddress();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { mutate, error, isPending } = useSend("POST", "/api/session");
  const next = query.get("next") ?? "/";
  return (
    <PageFrame title={say(msg("portal.screen.sign-in", "Sign in"))} within={say(msg("portal.product", "Developer portal"))}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPending) mutate({ email, password }, { onSuccess: () => go(local(next)) });
        }}
      >
        <Stack form>
          {error && <Notice tone="error">{problemOf(error).message}</Notice>}
          <Field label={say(msg("sign-in.email", "E-mail"))} type="email" autoComplete="username" value={email} onChange={setEmail} />
          <PasswordField label={say(msg("sign-in.password", "Password"))} autoComplete="current-password" value={password} onChange={setPassword} />
          <div>
            <Button primary submit>
              {say(msg("portal.sign-in", "Sign in"))}
            </Button>
          </div>
        </Stack>
      </form>
    </PageFrame>
  );
}

// local keeps the way back inside the portal: a path of its own, never another address.
function local(next: string): string {
  return next.startsWith("/") && !next.startsWith("//") && !next.includes("\\") ? next : "/";
}
