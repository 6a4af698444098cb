import { createContext, use } from "react";
import type { Session } from "./session.ts";

/** SessionContext holds the session of the person who is signed in. */
export const SessionContext = createContext<Session | undefined>(undefined);

/** useSession is the session; only pages of the shell, which has one, may ask. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("this page was shown without a session");
  return session;
}
