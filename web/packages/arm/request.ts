import { ArmError } from "./error.ts";
import { finish } from "./operation.ts";

/** ClientOptions is what the protocol needs from outside: an address, a token, and in tests a network and a clock. */
export type ClientOptions = {
  readonly origin: string;
  /** token gives an access token; fresh is true when the last one was refused. */
  readonly token: (fresh: boolean) => Promise<string>;
  readonly fetch?: typeof fetch;
  readonly wait?: (milliseconds: number) => Promise<void>;
};

/** Client is the six verbs of the management API. A path is a resource id; query holds api-version and filters. */
export type Client = {
  get<T>(path: string, query: Query): Promise<T>;
  /** list follows nextLink to the end, at most 100 pages. */
  list<T>(path: string, query: Query): Promise<T[]>;
  put<T>(path: string, query: Query, body: unknown, ifMatch?: string): Promise<T>;
  patch<T>(path: string, query: Query, body: unknown, ifMatch?: string): Promise<T>;
  remove(path: string, query: Query, ifMatch?: string): Promise<void>;
  act<T>(path: string, query: Query, body?: unknown): Promise<T>;
};

export type Query = Readonly<Record<string, string>>;

const maxPages = 100;
const maxAttempts = 4;
const maxWaitSeconds = 20;

/** createClient makes a client of the management API at one origin. */
export function createClient(options: ClientOptions): Client {
  const network = options.fetch ?? ((input, init) => fetch(input, init));
  const wait = options.wait ?? ((ms) => new Promise<void>((done) => setTimeout(done, ms)));

  // send repeats reads that were throttled or found the server restarting, and anything once after a refused token.
  async function send(method: string, url: string, body?: unknown, ifMatch?: string): Promise<Response> {
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      const answer = await network(url, await init(method, options.token(renewed), body, ifMatch)).catch(noAnswer);
      if (answer.status === 401 && !renewed) {
        renewed = true;
        continue;
      }
      if (!retriable(method, answer.status) || attempt === maxAttempts) return answer;
      await wait(retryAfter(answer, attempt));
    }
  }

  async function call<T>(method: string, path: string, query: Query, body?: unknown, ifMatch?: string): Promise<T> {
    const answer = await settled(await send(method, address(options.origin, path, query), body, ifMatch));
    const done = await finish(answer, { read: (url) => send("GET", ours(options.origin, url)).then(settled), wait });
    return tagged(await json(done), done) as T;
  }

  return {
    get: (path, query) => call("GET", path, query),
    put: (path, query, body, ifMatch) => call("PUT", path, query, body, ifMatch),
    patch: (path, query, body, ifMatch) => call("PATCH", path, query, body, ifMatch ?? "*"),
    remove: (path, query, ifMatch) => call("DELETE", path, query, undefined, ifMatch ?? "*"),
    act: (path, query, body) => call("POST", path, query, body),
    async list<T>(path: string, query: Query): Promise<T[]> {
      const rows: T[] = [];
      let url: string | undefined = address(options.origin, path, query);
      for (let page = 0; url && page < maxPages; page++) {
        const answer = (await json(await settled(await send("GET", url)))) as Page<T>;
        rows.push(...(answer.value ?? []));
        const next = answer.nextLink || answer["@odata.nextLink"];
        url = next ? ours(options.origin, next) : undefined;
      }
      return rows;
    },
  };
}

type Page<T> = { readonly value?: T[]; readonly nextLink?: string; readonly "@odata.nextLink"?: string };

async function init(method: string, token: Promise<string>, body: unknown, ifMatch?: string): Promise<RequestInit> {
  const headers: Record<string, string> = { Authorization: `Bearer ${await token}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (ifMatch !== undefined) headers["If-Match"] = ifMatch;
  return { method, headers, credentials: "omit", ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

function address(origin: string, path: string, query: Query): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${origin}${encoded}?${new URLSearchParams(query)}`;
}

// ours sends an absolute link of the server to the origin we were given, so that a token never leaves it.
function ours(origin: string, link: string): string {
  const url = new URL(link, origin);
  return origin + url.pathname + url.search;
}

// settled throws what the server refused.
async function settled(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const id = answer.headers.get("x-ms-correlation-request-id") ?? answer.headers.get("x-ms-request-id") ?? "";
  throw new ArmError(answer.status, await json(answer).catch(() => undefined), id);
}

// tagged adds the entity tag, which most kinds carry in the header alone, to the entity.
function tagged(body: unknown, answer: Response): unknown {
  const etag = answer.headers.get("etag");
  return etag && typeof body === "object" && body !== null ? { ...body, etag } : body;
}

async function json(answer: Response): Promise<unknown> {
  const text = await answer.text();
  return text === "" ? undefined : JSON.parse(text);
}

// noAnswer stands for a server that could not be reached: repeated like a restarting one, reported as NoAnswer.
function noAnswer(): Response {
  return Response.json({ error: { code: "NoAnswer", message: "The server did not answer." } }, { status: 503 });
}

function retriable(method: string, status: number): boolean {
  return method === "GET" && (status === 429 || status === 503);
}

// retryAfter is in milliseconds: what the server asked for, else doubling from 250.
function retryAfter(answer: Response, attempt: number): number {
  const seconds = Number(answer.headers.get("retry-after"));
  if (Number.isFinite(seconds) && seconds > 0) return Math.min(seconds, maxWaitSeconds) * 1000;
  return 250 * 2 ** (attempt - 1);
}
