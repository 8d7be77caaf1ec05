import { describe, expect, it } from "vitest";
import { StackNetwork } from "../../infra/network.ts";
import { resolved, startEmpty } from "../support/component-mocks.ts";

startEmpty();

describe("StackNetwork", () => {
  it("makes one user network", async () => {
    expect(await resolved(new StackNetwork("network").networkName)).toBe("llm-stack");
  });
});
