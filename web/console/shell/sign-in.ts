import { base, type Config } from "./config.ts";

// Authorization code with PKCE. What must outlive the redirect is in session storage: never a token.
const pendingKey = "sign-in";

type Pending = { readonly state: string; readonly verifier: string; readonly target: string };

/** leaveForSignIn goes to the server's sign-in page, to come back to the address the reader wanted. */
export async function leaveForSignIn(config: Config, target: string): Promise<void> {
  const pending: Pending = { state: random(), verifier: random(), target };
  sessionStorage.setItem(pendingKey, JSON.stringify(pending));
  const query = new URLSearchParams({
    client_id: config.clientId,
    response_type: "code",
    redirect_uri: redirectUri(),
    scope: scope(),
    state: pending.state,
    code_challenge: await challenge(pending.verifier),
    code_challenge_method: "S256",
  });
  location.assign(`${config.authority}/oauth2/v2.0/authorize?${query}`);
}

/** Returned is what the sign-in page sent back: a code to be redeemed, or a refusal in words. */
export type Returned = { readonly code: string; readonly verifier: string; readonly target: string } | { readonly refusal: string };

/** takeReturn reads and clears what the sign-in page sent back; undefined when this is no return. */
export function takeReturn(query: URLSearchParams): Returned | undefined {
  const code = query.get("code");
  const refusal = query.get("error_description") ?? query.get("error");
  if (!code && !refusal) return undefined;
  const pending = JSON.parse(sessionStorage.getItem(pendingKey) ?? "null") as Pending | null;
  sessionStorage.removeItem(pendingKey);
  if (refusal) return { refusal };
  // A code that this tab did not ask for may be someone else's: it is not redeemed.
  if (!code || !pending || query.get("state") !== pending.state) return { refusal: "this sign-in was not started in this tab" };
  return { code, verifier: pending.verifier, target: pending.target };
}

/** redeem exchanges a code for an access token. */
export function redeem(config: Config, code: string, verifier: string): Promise<string | undefined> {
  return askToken(config, { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri() });
}

/** renew asks for an access token with the cookie that only the token endpoint sees; undefined when there is none. */
export function renew(config: Config): Promise<string | undefined> {
  return askToken(config, { grant_type: "refresh_token" });
}

/** endSession ends the session on the server's side as well as in this browser. */
export async function endSession(config: Config): Promise<void> {
  await fetch(`${config.authority}/oauth2/v2.0/token/revoke`, { method: "POST", credentials: "same-origin" });
}

async function askToken(config: Config, grant: Record<string, string>): Promise<string | undefined> {
  const answer = await fetch(`${config.authority}/oauth2/v2.0/token`, {
    method: "POST",
    credentials: "same-origin",
    body: new URLSearchParams({ client_id: config.clientId, scope: scope(), ...grant }),
  });
  if (!answer.ok) return undefined;
  return ((await answer.json()) as { access_token?: string }).access_token;
}

function redirectUri(): string {
  return `${location.origin}${base}/`;
}

function scope(): string {
  return `${location.origin}/.default`;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
