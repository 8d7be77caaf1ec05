import { expect, it } from "vitest";
import { isMeant } from "../../../../cli/docker/owner.ts";
import { OWNER_LABEL } from "../../../../infra/labels.ts";

const resource = { urn: "u", type: "docker:index/volume:Volume", created: "2026-01-02T10:00:00Z" };
const volume = (CreatedAt: string, owner?: string) => ({
  Name: "litellm_postgres_data",
  CreatedAt,
  Labels: owner === undefined ? null : { [OWNER_LABEL]: owner },
});

it.each([
  ["with the stack's label", volume("2026-01-05T00:00:00Z", "mine"), true],
  ["without a label, made with its resource", volume("2026-01-02T11:00:01+01:00"), true],
  ["that was taken over", volume("2025-12-01T00:00:00Z", "former"), true],
  ["that somebody made under the name since", volume("2026-01-03T00:00:00Z"), false],
  ["that another stack made under the name since", volume("2026-01-03T00:00:00Z", "theirs"), false],
])("a volume %s: %#", (_, found, meant) => expect(isMeant(found, resource, "mine")).toBe(meant));
