import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["packages/**/*.test.ts", "console/**/*.test.ts", "portal/**/*.test.ts", "house.test.ts"] } },
      { test: { name: "budgets", include: ["test/budgets.test.ts"] } },
      { test: { name: "flows", include: ["test/flows/*.flow.ts"], testTimeout: 120_000, hookTimeout: 60_000, maxWorkers: 2 } },
    ],
  },
});
