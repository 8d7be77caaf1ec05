import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { StackSecrets } from "../../infra/secrets.ts";
import { PASSWORD, registrations, resolved, startEmpty } from "../support/component-mocks.ts";

startEmpty();

describe("StackSecrets", () => {
  it("generates what is not given, with the prefix that LiteLLM asks for, as secrets", async () => {
    const secrets = new StackSecrets("secrets");
    expect(await resolved(secrets.masterKey)).toBe("sk-made-secrets-master-key");
    expect(await resolved(secrets.databasePassword)).toBe("made-secrets-database-password");
    expect(await pulumi.isSecret(secrets.masterKey)).toBe(true);
    expect(await pulumi.isSecret(secrets.saltKey)).toBe(true);
  });

  it("takes a given value and keeps the generated one in the state, so that nothing protected is removed", async () => {
    const secrets = new StackSecrets("secrets", { masterKey: "sk-4444" });
    expect(await resolved(secrets.masterKey)).toBe("sk-4444");
    expect(await pulumi.isSecret(secrets.masterKey)).toBe(true);
    expect(await registrations(PASSWORD)).toHaveLength(3);
  });
});
