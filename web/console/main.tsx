import { Themed } from "@atelier/ui";
import { createRoot } from "react-dom/client";
import { Start } from "./shell/start.tsx";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no element #root");
createRoot(root).render(
  <Themed>
    <Start />
  </Themed>,
);
