import { defineConfig } from "vitest/config";
import SlowestFirst from "./test/support/sequencer.ts";

export default defineConfig({
  test: {
    // Tests on the engine mostly wait for containers: three at a time keep two cores busy. All projects run side by side.
    maxWorkers: 3,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "packages/*/test/unit/**/*.test.ts"],
          testTimeout: 30_000,
          isolate: false, // Loading what a hundred files share takes longer than their tests: once for all of a worker.
        },
      },
      {
        test: {
          name: "component",
          include: ["test/component/**/*.test.ts"],
          testTimeout: 30_000,
          isolate: false, // Loading Pulumi's SDK takes longer than the tests: once for all files of a worker.
        },
      },
      {
        test: {
          name: "engine",
          include: [
            "test/engine/**/*.test.ts",
            "packages/*/test/engine/**/*.test.ts",
            "test/e2e/**/*.test.ts",
          ],
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
    coverage: {
      provider: "v8",
      // The pure code; effects are proven by the engine and end-to-end tests, which run it in processes of their own.
      include: [
        "config/**/*.ts",
        "litellm/*.ts",
        "cli/docker/pins.ts",
        "cli/litellm/spend-report.ts",
        "cli/output/table.ts",
        "cli/pulumi/preview-changes.ts",
        "agent/{errors,history,html,models,retry}.ts",
        "agent/http/{addresses,body,errors,index,policy,proxy-settings,transport}.ts",
        "agent/loops/*.ts",
        "policies/**/*.ts",
        "provider/values.ts",
        "provider/resource-types/resource-type.ts",
        "setup/images/{references,choose}.ts",
        "from-source/images/recipe.ts",
        "packages/prisma-wasm-engine/src/{baseline,database-url,environment,migrations,restarting-engine,schema-types,server,translate}.ts",
      ],
      exclude: ["config/json-schema.ts", "policies/main.ts"],
      reporter: ["text"],
      thresholds: { lines: 95 },
    },
  },
});
