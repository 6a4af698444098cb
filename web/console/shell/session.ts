import { readConfig, type Config } from "./config.ts";
import { endSession, leaveForSignIn, redeem, renew, takeReturn } from "./sign-in.ts";

/** Session is a signed-in person: who, and access tokens, which never leave this page's memory. */
export type Session = {
  readonly config: Config;
  readonly name: string;
  readonly token: (fresh: boolean) => Promise<string>;
  readonly signOut: () => Promise<void>;
};

/** Opened is how opening the page ended; leaving means that the browser is on its way to the sign-in page. */
export type Opened = { readonly session: Session } | { readonly refusal: string } | { readonly signedOut: true } | { readonly leaving: true };

const signedOutKey = "signed-out";
// Whether an earlier visit may have left a cookie, so that a first visit asks for no token that it cannot get.
const visitedKey = "signed-in-before";

/** open brings the person in: by the code just received, by the cookie of an earlier visit, or by way of the sign-in page. */
export async function open(): Promise<Opened> {
  const config = await readConfig();
  const returned = takeReturn(new URLSearchParams(location.search));
  if (returned && "refusal" in returned) {
    history.replaceState(null, "", location.pathname);
    return returned;
  }
  if (returned) history.replaceState(null, "", returned.target);
  const token = returned ? await redeem(config, returned.code, returned.verifier) : localStorage.getItem(visitedKey) ? await renew(config) : undefined;
  if (token) return { session: start(config, token) };
  if (returned) return { refusal: "the server did not accept the sign-in code" };
  if (sessionStorage.getItem(signedOutKey)) return { signedOut: true };
  await signIn(config);
  return { leaving: true };
}

/** signIn goes to the sign-in page and comes back to where the reader is now. */
export async function signIn(config?: Config): Promise<void> {
  sessionStorage.removeItem(signedOutKey);
  await leaveForSignIn(config ?? (await readConfig()), location.pathname + location.search);
}

function start(config: Config, first: string): Session {
  localStorage.setItem(visitedKey, "true");
  let token = first;
  let renewing: Promise<string> | undefined;
  async function renewed(): Promise<string> {
    const next = await renew(config).finally(() => (renewing = undefined));
    if (!next) {
      await signIn(config);
      throw new Error("the session has ended");
    }
    return (token = next);
  }
  return {
    config,
    name: nameIn(first),
    // One renewal at a time, however many requests find that the token is old.
    token: (fresh) => (fresh || expiresSoon(token) ? (renewing ??= renewed()) : Promise.resolve(token)),
    async signOut() {
      sessionStorage.setItem(signedOutKey, "true");
      localStorage.removeItem(visitedKey);
      await endSession(config);
      location.reload();
    },
  };
}

function expiresSoon(token: string): boolean {
  const expiry = claims(token)["exp"];
  return typeof expiry === "number" && expiry * 1000 - Date.now() < 60_000;
}

function nameIn(token: string): string {
  const found = claims(token);
  return String(found["name"] ?? found["preferred_username"] ?? found["upn"] ?? found["oid"] ?? "");
}

// claims reads a token without verifying it: for showing a name and for renewing in time, never for deciding.
function claims(token: string): Record<string, unknown> {
  const body = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
  if (!body) return {};
  const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}
