import { Addressed } from "@atelier/screens";
import { Themed } from "@atelier/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { createQueries } from "./shell/ask.ts";
import { Shell } from "./shell/shell.tsx";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no element #root");
createRoot(root).render(
  <Themed>
    <QueryClientProvider client={createQueries()}>
      <Addressed base="">
        <Shell />
      </Addressed>
    </QueryClientProvider>
  </Themed>,
);
