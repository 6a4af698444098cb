import type { Request } from "./request.ts";

/** curl is the request as a command for a POSIX shell. */
export function curl(origin: string, request: Request): string {
  const lines = [`curl -X ${request.method} ${quoted(origin + request.path)}`];
  for (const [name, value] of request.headers) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (request.body !== "") lines.push(`--data-raw ${quoted(request.body)}`);
  return lines.join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
