import { useQuery } from "@tanstack/react-query";
import type { Session } from "../api.ts";
import { read } from "./ask.ts";

/** useSession is who is signed in: undefined while it is not known, null for a guest. */
export function useSession(): Session["person"] | undefined {
  return useQuery(read<Session>("/api/session")).data?.person;
}
