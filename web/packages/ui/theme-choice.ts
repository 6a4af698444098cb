import { useSyncExternalStore } from "react";

/** ThemeChoice is what the reader asked for; system follows the operating system. */
export type ThemeChoice = "system" | "light" | "dark";

const key = "theme";
const listeners = new Set<() => void>();
const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** chooseTheme sets the theme in this and later visits. */
export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(key, choice);
  for (const tell of listeners) tell();
}

/** useThemeChoice is the reader's choice. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, stored);
}

/** useDark tells whether the dark theme is on: by choice, or by the system when that is the choice. */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => (stored() === "system" ? systemDark.matches : stored() === "dark"));
}

function stored(): ThemeChoice {
  const value = localStorage.getItem(key);
  return value === "light" || value === "dark" ? value : "system";
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  systemDark.addEventListener("change", tell);
  return () => {
    listeners.delete(tell);
    systemDark.removeEventListener("change", tell);
  };
}
