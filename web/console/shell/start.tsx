import { createClient } from "@atelier/arm";
import { createQueries } from "@atelier/data";
import { Addressed } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Button, Failed, Loading, Notice, PageFrame } from "@atelier/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { Suspense, use } from "react";
import { base } from "./config.ts";
import { open, signIn, type Opened, type Session } from "./session.ts";
import { SessionContext } from "./session-context.ts";
import { Shell } from "./shell.tsx";
import { useStyles } from "./start.styles.ts";

// Opening the session begins with the page and happens once.
const opening: Promise<Opened | { failure: unknown }> = open().catch((failure: unknown) => ({ failure }));

/** Start shows the console to who is signed in, and the way in to who is not. */
export function Start() {
  return (
    <Suspense fallback={<Loading like="page" />}>
      <Opening />
    </Suspense>
  );
}

function Opening() {
  const styles = useStyles();
  const opened = use(opening);
  if ("session" in opened) return <SignedIn session={opened.session} />;
  return (
    <main className={styles.door}>
      <Door opened={opened} />
    </main>
  );
}

function SignedIn({ session }: { session: Session }) {
  return (
    <QueryClientProvider client={queriesOf(session)}>
      <SessionContext value={session}>
        <Addressed base={base}>
          <Shell />
        </Addressed>
      </SessionContext>
    </QueryClientProvider>
  );
}

const made = new WeakMap<Session, ReturnType<typeof createQueries>>();

function queriesOf(session: Session) {
  const queries = made.get(session) ?? createQueries(createClient({ origin: location.origin, token: session.token }));
  made.set(session, queries);
  return queries;
}

function Door({ opened }: { opened: Exclude<Opened, { session: Session }> | { failure: unknown } }) {
  const product = say(msg("product", "Atelier"));
  if ("failure" in opened) return <Failed error={opened.failure} retry={() => location.reload()} />;
  if ("leaving" in opened) return <Loading like="text" />;
  const refusal = "refusal" in opened ? opened.refusal : undefined;
  return (
    <PageFrame title={refusal ? say(msg("door.refused", "Could not sign in")) : say(msg("door.out", "You are signed out"))} within={product}>
      {refusal !== undefined && <Notice tone="error">{refusal}</Notice>}
      <div>
        <Button primary onClick={() => void signIn()}>
          {say(msg("door.sign-in", "Sign in"))}
        </Button>
      </div>
    </PageFrame>
  );
}
