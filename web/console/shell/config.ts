/** Config is what the server tells the console about itself before anyone signs in. */
export type Config = {
  readonly tenantId: string;
  readonly clientId: string;
  readonly authority: string;
  readonly subscriptionId: string;
};

/** base is the path under which the console is served, without its last slash. */
export const base = "/console";

/** readConfig asks the server the page came from. */
export async function readConfig(): Promise<Config> {
  const answer = await fetch(`${base}/config.json`, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${base}/config.json answered ${answer.status}`);
  return (await answer.json()) as Config;
}
