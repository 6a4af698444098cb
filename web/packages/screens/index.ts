// From a table of screens to what is shown: the place in the address, the page for it, and moving between pages.
export { Addressed, useAddress, type Address } from "./address.tsx";
export { findScreen, screen, type Declaration, type PageProps, type Screen } from "./screen.ts";
export { Shown } from "./shown.tsx";
