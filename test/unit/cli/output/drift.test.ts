import { describe, expect, it } from "vitest";
import type { LiteLlmDrift } from "../../../../cli/litellm/drift.ts";
import { renderDrift, withVerdict } from "../../../../cli/output/drift.ts";
import { renderLiteLlmDrift } from "../../../../cli/output/litellm-drift.ts";
import { type Change, changesInPreview, previewErrors } from "../../../../cli/pulumi/preview-changes.ts";

// Steps as `pulumi preview --refresh --json` (3.220) prints them, without what is not looked at.
const urn = (type: string, name: string) => `urn:pulumi:dev::llm-stack::${type}::${name}`;
const resource = (type: string, name: string, inputs: object, outputs: object = inputs) => ({
  urn: urn(type, name),
  state: { type, custom: true, inputs, outputs },
});
const refresh = ({ urn, state }: ReturnType<typeof resource>) => ({
  op: "refresh",
  urn,
  oldState: state,
  newState: state,
});
const preview = (...steps: object[]) => JSON.stringify({ steps, changeSummary: {} });

const agent = (limits: object) =>
  resource("litellm:index:Key", "agent", { keyAlias: "agent", ...limits }, { key: "[secret]" });
const server = (inputs: object) =>
  resource("docker:index/container:Container", "tinyllama1", { name: "dr-tinyllama1", ...inputs });

describe("changesInPreview", () => {
  it("is empty when steps only refresh and leave things the same", () => {
    const key = agent({ maxBudget: 10 });
    expect(changesInPreview(preview(refresh(key), { ...refresh(key), op: "same" }))).toEqual([]);
  });

  it("tells the live and the declared value of what a hand changed", () => {
    const json = preview(refresh(agent({ maxBudget: 10, models: ["a"] })), {
      op: "update",
      urn: agent({}).urn,
      oldState: agent({ maxBudget: 77, models: ["a", "b"] }).state,
      newState: agent({ maxBudget: 10, models: ["a"] }).state,
      diffReasons: ["maxBudget", "models"],
      detailedDiff: { maxBudget: { kind: "update" }, models: { kind: "update" } },
    });
    expect(changesInPreview(json)).toEqual([
      {
        kind: "key",
        name: "agent",
        what: "changed",
        moved: "live",
        properties: [
          { name: "maxBudget", declared: 10, live: 77 },
          { name: "models", declared: ["a"], live: ["a", "b"] },
        ],
        todo: "`npm run up` restores it",
      },
    ]);
  });

  it("tells that the config moved, not what is live", () => {
    const json = preview(refresh(agent({ maxBudget: 10 })), {
      op: "update",
      urn: agent({}).urn,
      oldState: agent({ maxBudget: 10 }).state,
      newState: agent({ maxBudget: 20 }).state,
      detailedDiff: { maxBudget: { kind: "update" } },
    });
    expect(changesInPreview(json)).toMatchObject([{ moved: "config", todo: "`npm run up` deploys it" }]);
  });

  it("names a secret, a long text and a text that looks like a key, and tells no value of them", () => {
    const values = { key: "[secret]", envs: ["A=[secret]"], note: "x".repeat(101), hint: "is sk-abc" };
    const json = preview({
      op: "update",
      urn: agent({}).urn,
      oldState: agent({ ...values }).state,
      newState: agent({ key: "[secret] ", envs: [], note: "y", hint: "z" }).state,
      diffReasons: Object.keys(values),
    });
    expect(changesInPreview(json)[0]?.properties).toEqual([
      { name: "key" },
      { name: "envs" },
      { name: "note" },
      { name: "hint" },
    ]);
  });

  it("takes a stopped container for changed, and a removed one for missing", () => {
    const stopped = {
      op: "replace",
      urn: server({}).urn,
      oldState: server({ mustRun: false }).state,
      newState: server({ mustRun: true, ports: [{ internal: 1 }] }).state,
      detailedDiff: { mustRun: { kind: "update" }, "ports[0].internal": { kind: "add-replace" } },
    };
    const recorded = refresh(server({ mustRun: true, ports: [{ internal: 1 }] }));
    expect(changesInPreview(preview(recorded, stopped))).toMatchObject([
      {
        kind: "container",
        name: "dr-tinyllama1",
        what: "changed",
        moved: "live",
        properties: [{ name: "mustRun", declared: true, live: false }, { name: "ports" }],
      },
    ]);
    const removed = { op: "create", urn: server({}).urn, newState: server({}).state };
    expect(changesInPreview(preview(recorded, removed))).toMatchObject([{ what: "missing", moved: "live" }]);
    expect(changesInPreview(preview(removed))).toMatchObject([{ what: "missing", moved: "config" }]);
  });

  it("says that the data of a lost volume is gone", () => {
    const volume = resource("docker:index/volume:Volume", "data", { name: "dr-data" });
    const json = preview(refresh(volume), { op: "create", urn: volume.urn, newState: volume.state });
    expect(changesInPreview(json)[0]?.todo).toBe("its data is lost; `npm run up` creates an empty one");
  });

  it("tells what is there and not declared any more", () => {
    const json = preview({ op: "delete", urn: agent({}).urn, oldState: agent({}).state });
    expect(changesInPreview(json)).toMatchObject([
      { kind: "key", name: "agent", what: "undeclared", todo: "`npm run up` removes it" },
    ]);
  });

  it("leaves components and providers out", () => {
    const provider = resource("pulumi:providers:litellm", "litellm", { endpoint: "e" });
    const component = { type: "llm-stack:docker:Database", custom: false };
    const json = preview(
      { op: "update", urn: provider.urn, oldState: provider.state, newState: provider.state },
      { op: "create", urn: urn("llm-stack:docker:Database", "database"), newState: component },
    );
    expect(changesInPreview(json)).toEqual([]);
  });
});

describe("previewErrors", () => {
  it("finds the program's own words, each once", () => {
    const error = { severity: "error", message: "error: Preview failed: `x`: is taken.\n" };
    const diagnostics = [
      { severity: "warning", message: "warning: w" },
      error,
      error,
      { severity: "error", message: "error: preview failed\n" },
    ];
    expect(previewErrors(JSON.stringify({ diagnostics }))).toBe("Preview failed: `x`: is taken.");
  });

  it.each(["", "not JSON", "{}"])("finds none in %j", (json) => expect(previewErrors(json)).toBeUndefined());
});

describe("what drift says", () => {
  const nothing: LiteLlmDrift = { overridden: [], unmanaged: [], unchecked: [] };
  const change: Change = {
    kind: "container",
    name: "a",
    what: "changed",
    moved: "live",
    properties: [{ name: "mustRun", declared: true, live: false }, { name: "ports" }],
    todo: "do it",
  };
  const unmanaged = [{ kind: "key" as const, name: "k", id: "1", todo: "leave it" }];
  const unchecked = [{ what: "keys", reason: "no answer", todo: "look" }];
  const overridden = [
    {
      section: "router_settings",
      settings: [{ name: "fallbacks", declared: [], live: [{ a: ["b"] }] }],
      held: "database" as const,
      todo: "take it out",
    },
  ];

  it.each<[string, boolean, boolean, Change[], Partial<LiteLlmDrift>]>([
    ["is not drift when all is as declared", false, true, [], {}],
    ["is not drift when something is only unmanaged", false, true, [], { unmanaged }],
    ["is drift when a resource differs", true, true, [change], {}],
    ["is drift when the database overrides the config", true, true, [], { overridden }],
    ["is drift when something is unchecked", true, true, [], { unchecked }],
    ["is drift when nothing is deployed", true, false, [], {}],
  ])("%s", (_, drifted, deployed, changes, parts) => {
    expect(withVerdict("dev", deployed, changes, { ...nothing, ...parts }).drifted).toBe(drifted);
  });

  it("reads well", () => {
    const key: Change = {
      ...change,
      kind: "key",
      name: "agent",
      properties: [{ name: "maxBudget", live: 77 }, { name: "key" }],
    };
    expect(
      renderDrift(withVerdict("dev", true, [change, key], { overridden, unmanaged, unchecked })),
    ).toMatchInlineSnapshot(`
      "Stack dev: what is deployed differs from what is declared.

      WHAT       NAME   DIFFERENCE                                 HOW TO FIX IT
      container  a      is not running                             do it
      key        agent  maxBudget is 77, declared as not set; key  do it

      Declared, but overridden in LiteLLM's database (router_settings):
        fallbacks is [{"a":["b"]}], declared is []
        How to fix it: take it out.

      UNMANAGED  NAME  ID
      key        k     1
        Created elsewhere or by hand: leave it.

      Unchecked: keys: no answer. look."
    `);
    expect(renderDrift(withVerdict("dev", true, [], nothing))).toBe(
      "Stack dev: everything is deployed as declared.",
    );
    expect(renderDrift(withVerdict("dev", false, [], nothing))).toBe(
      "Stack dev: not deployed (`npm run up`).",
    );
    expect(renderLiteLlmDrift(nothing)).toEqual([]);
  });
});
