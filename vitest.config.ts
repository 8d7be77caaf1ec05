import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts", "packages/*/test/unit/**/*.test.ts"] } },
      { test: { name: "component", include: ["test/component/**/*.test.ts"] } },
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
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
    ],
    coverage: {
      provider: "v8",
      // The pure code; effects are proven by the engine and end-to-end tests, which run it in processes of their own.
      include: [
        "config/**/*.ts",
        "litellm/config-file.ts",
        "cli/docker/pins.ts",
        "cli/litellm/spend-report.ts",
        "cli/output/table.ts",
        "cli/pulumi/preview-changes.ts",
        "agent/{errors,history,html,models,retry}.ts",
        "agent/http/{addresses,body,errors,index,policy,proxy-settings,transport}.ts",
        "agent/loops/*.ts",
        "policies/**/*.ts",
        "litellm/client.ts",
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
