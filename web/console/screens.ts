import { screen, type Screen } from "@atelier/screens";
import type { Place } from "./shell/place.ts";
import { addAssignment } from "./screens/add-assignment/index.ts";
import { api } from "./screens/api/index.ts";
import { home } from "./screens/home/index.ts";
import { iam } from "./screens/iam/index.ts";
import { newApi } from "./screens/new-api/index.ts";
import { newWorkspace } from "./screens/new-workspace/index.ts";
import { policy } from "./screens/policy/index.ts";
import { workspace } from "./screens/workspace/index.ts";
import { workspaces } from "./screens/workspaces/index.ts";

/** screens is every page of the console. Its order is the order of the navigation. */
export const screens: readonly Screen<Place>[] = [
  home,
  workspaces,
  newWorkspace,
  workspace,
  newApi,
  api,
  policy,
  iam,
  addAssignment,
].map((declaration) => screen(declaration));
