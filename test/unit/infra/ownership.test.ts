import { describe, expect, it } from "vitest";
import { refusal } from "../../../infra/ownership.ts";

describe("refusal", () => {
  const volume = { kind: "volume", name: "litellm_postgres_data" } as const;

  it("lets a free name pass", () => {
    expect(refusal(undefined, "a", false)).toBeUndefined();
  });

  it("lets the stack's own objects pass, so that a replacement is possible", () => {
    expect(refusal({ ...volume, owner: "a" }, "a", false)).toBeUndefined();
  });

  it("refuses what another stack made, and names it with every way to fix it", () => {
    expect(refusal({ ...volume, owner: "b", state: "file:///other" }, "a", false)).toMatchInlineSnapshot(
      `"\`litellm_postgres_data\`: a volume of this name exists and is not in this stack's state; it belongs to the stack whose state is in \`file:///other\`. How to fix it: work from the folder of that stack; or set another \`namePrefix\` (and \`portOffset\`) for this one; or remove it with its data by \`docker volume rm litellm_postgres_data\`; or take it over by \`npm run up -- --adopt\`."`,
    );
  });

  it("refuses in the first preview, when this stack's own id is not known yet", () => {
    expect(refusal({ ...volume, owner: "b" }, undefined, false)).toContain("is not in this stack's state");
  });

  it("offers no take-over of a container", () => {
    const message = refusal({ kind: "container", name: "litellm" }, "a", true);
    expect(message).toContain("`docker rm -f litellm`");
    expect(message).not.toContain("--adopt");
  });

  it("lets a volume pass when the user asked to adopt", () => {
    expect(refusal(volume, "a", true)).toBeUndefined();
  });

  it("lets no volume pass that a running container uses: two servers would destroy its data", () => {
    expect(refusal({ ...volume, users: ["old_db"] }, "a", true)).toMatchInlineSnapshot(
      `"\`litellm_postgres_data\`: it cannot be taken over while \`old_db\` uses it: two servers on one data folder destroy it. Stop it first: \`docker stop old_db\`."`,
    );
  });
});
