import { describe, expect, it } from "vitest";
import { Database } from "../../infra/database.ts";
import { CONTAINER, common, onlyInputs, resolved, startEmpty, VOLUME } from "../support/component-mocks.ts";

startEmpty();

describe("Database", () => {
  it("has the seed's names, data path, port and alias by default", async () => {
    const database = new Database("database", { ...common, password: "pass/word" });
    expect(await resolved(database.url)).toBe("postgresql://llmproxy:pass%2Fword@db:5432/litellm");
    expect(await resolved(database.hostUrl)).toBe("postgresql://llmproxy:pass%2Fword@127.0.0.1:5431/litellm");
    expect(await onlyInputs(VOLUME)).toEqual({ name: "litellm_postgres_data" });
    expect(await onlyInputs(CONTAINER)).toMatchObject({
      name: "litellm_db",
      user: "999:999",
      networksAdvanced: [{ name: "net", aliases: ["db"] }],
      ports: [{ internal: 5432, external: 5431, ip: "127.0.0.1" }],
      volumes: [{ volumeName: "litellm_postgres_data", containerPath: "/var/lib/postgresql/data" }],
      destroyGraceSeconds: 60,
    });
  });
});
