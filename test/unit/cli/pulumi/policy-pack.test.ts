import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderPolicy } from "../../../../cli/output/policy.ts";
import { sarif } from "../../../../cli/output/sarif.ts";
import { policyConfigProblems, policyFlags, violationsIn } from "../../../../cli/pulumi/policy-pack.ts";
import { rules } from "../../../../policies/rules/index.ts";
import { EXEMPT_PREFIX } from "../../../../policies/run.ts";

const WEB = "urn:pulumi:dev::theirs::docker:index/container:Container::web";
const DB = "urn:pulumi:dev::theirs::docker:index/container:Container::db";
const rule = (name: string) => {
  const found = rules.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no rule ${name}`);
  return found;
};

/** A line as Pulumi's engine prints it. */
function line(name: string, text: string, urn = WEB, level = rule(name).level as string): string {
  const { description, severity } = rule(name);
  const message = `${description}\n${text}\n`;
  const event = { resourceUrn: urn, message, policyName: name, enforcementLevel: level, severity };
  return JSON.stringify({ sequence: 1, policyEvent: event });
}
const problem = "`privileged` of `web` gives it every device and capability of the host";
const lines = [
  "Loading policy packs...",
  JSON.stringify({ diagnosticEvent: { message: "RPC finished: sk-very-secret", severity: "debug" } }),
  line(
    "image-registry",
    `\`image\` of \`db\` comes from \`quay.io\`. ${rule("image-registry").remediation}`,
    DB,
  ),
  line("no-privileged", `${problem}. ${rule("no-privileged").remediation}`),
  line("no-privileged", `${EXEMPT_PREFIX}until March (${problem})`, DB, "advisory"),
  JSON.stringify({
    policyEvent: {
      resourceUrn: WEB,
      message:
        "can't run policy 'secret-envs-marked' from policy pack 'llm-stack@v0.1.0' during preview: string value at .envs.0 can't be known during preview",
      policyName: "secret-envs-marked",
      enforcementLevel: "advisory",
    },
  }),
].join("\n");

describe("violationsIn", () => {
  it("separates violations from exemptions and from what a preview does not know, and sorts them", () => {
    expect(
      violationsIn(lines, rules).map(({ level, rule, resource, problem }) => [
        level,
        rule,
        resource,
        problem,
      ]),
    ).toEqual([
      ["mandatory", "no-privileged", "web", problem],
      ["mandatory", "image-registry", "db", "`image` of `db` comes from `quay.io`"],
      ["exempt", "no-privileged", "db", `until March (${problem})`],
      ["unknown", "secret-envs-marked", "web", "string value at .envs.0 can't be known during preview"],
    ]);
  });
});

describe("renderPolicy", () => {
  it("counts, lists each violation, and says once for each rule how to fix it", () => {
    expect(renderPolicy("dev", violationsIn(lines, rules))).toBe(
      `Stack dev: 2 mandatory, 0 advisory, 1 exempt, by ${rules.length} rules.

LEVEL      RULE            RESOURCE  PROBLEM
mandatory  no-privileged   web       ${problem}
mandatory  image-registry  db        \`image\` of \`db\` comes from \`quay.io\`
exempt     no-privileged   db        until March (${problem})

How to fix it:
  no-privileged: Remove it, and add only the capability that is needed to \`capabilities.adds\`. (CIS Docker Benchmark 1.6.0, 5.5; OWASP Docker Security Cheat Sheet, rule #3)
  image-registry: Use an image from an allowed registry, or allow this registry in the policy config (\`registries\` of this rule). (CIS Docker Benchmark 1.6.0, 4.2; OWASP Docker Security Cheat Sheet, rule #13)

Checked by \`up\` only, because a preview does not know the values: secret-envs-marked.`,
    );
  });

  it("is one line when there is nothing to tell", () => {
    expect(renderPolicy("dev", [])).toBe(
      `Stack dev: 0 mandatory, 0 advisory, 0 exempt, by ${rules.length} rules.`,
    );
  });
});

describe("sarif", () => {
  const log = sarif(violationsIn(lines, rules), rules, "Pulumi.dev.yaml");
  const [run] = log.runs;

  it("describes every rule, with its advice and source", () => {
    const described = run?.tool.driver.rules ?? [];
    expect(described.map(({ id }) => id)).toEqual(rules.map(({ name }) => name));
    expect(described[0]).toMatchObject({
      shortDescription: { text: "No container is privileged." },
      helpUri: "https://www.cisecurity.org/benchmark/docker",
      defaultConfiguration: { level: "error" },
      properties: { "security-severity": "9.5" },
    });
  });

  it("has a result for each violation, points to the config, and names the resource", () => {
    expect(run?.results?.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["no-privileged", "error"],
      ["image-registry", "error"],
      ["no-privileged", "note"],
    ]);
    const [first, , exempt] = run?.results ?? [];
    expect(first?.locations?.[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: "Pulumi.dev.yaml" } },
      logicalLocations: [{ name: "web", fullyQualifiedName: WEB }],
    });
    expect(first?.ruleIndex).toBe(rules.findIndex(({ name }) => name === "no-privileged"));
    expect(exempt?.suppressions).toEqual([{ kind: "external", justification: `until March (${problem})` }]);
  });

  it("tells two results of one rule apart", () => {
    const prints = run?.results?.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints)) ?? [];
    expect(new Set(prints).size).toBe(prints.length);
  });
});

describe("policy config", () => {
  it("may hold levels, options, exemptions with a reason, and a level for all", () => {
    const config = {
      all: "advisory",
      "no-privileged": "disabled",
      "image-registry": {
        enforcementLevel: "mandatory",
        registries: ["quay.io"],
        exempt: [{ resource: "db", reason: "moves to ghcr.io in March" }],
      },
    };
    expect(policyConfigProblems(JSON.stringify(config), rules)).toEqual([]);
  });

  it.each([
    ["{", /it is not JSON/],
    ["[]", /must be an object whose names are rules/],
    [
      '{"no-priviledged": "disabled"}',
      /`no-priviledged`: there is no such rule; did you mean `no-privileged`\?/,
    ],
    ['{"no-privileged": "of"}', /`no-privileged` must be one of `mandatory`, `advisory`, `disabled`/],
    ['{"no-privileged": 1}', /`no-privileged` must be a level/],
    ['{"no-privileged": {"enforcementLevel": "off"}}', /`no-privileged.enforcementLevel` must be one of/],
    [
      '{"image-registry": {"registriez": []}}',
      /`image-registry.registriez`: the rule has no such option; did you mean `registries`\?/,
    ],
    ['{"no-privileged": {"exempt": "db"}}', /`no-privileged.exempt` must be a list/],
    [
      '{"no-privileged": {"exempt": [{"resource": "db"}]}}',
      /`no-privileged.exempt\[0\].reason` is missing: say why, and until when/,
    ],
    ['{"no-privileged": {"exempt": [{"reason": "x"}]}}', /`no-privileged.exempt\[0\].resource` is missing/],
  ])("rejects %s", (text, message) => {
    const problems = policyConfigProblems(text, rules);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  describe("of a stack", () => {
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), "llm-stack-policy-"));
    });
    afterEach(() => rmSync(root, { recursive: true }));

    it("is given to Pulumi where the file is there", () => {
      const pack = ["--policy-pack", join(root, "policies")];
      expect(policyFlags({ root, stack: "dev" })).toEqual(pack);
      const file = join(root, "Pulumi.dev.policies.json");
      writeFileSync(file, '{"no-privileged": "advisory"}');
      expect(policyFlags({ root, stack: "dev" })).toEqual([...pack, "--policy-pack-config", file]);
      expect(policyFlags({ root, stack: "prod" })).toEqual(pack);
    });

    it("is refused with every problem before Pulumi runs", () => {
      writeFileSync(join(root, "Pulumi.dev.policies.json"), '{"nothing": "advisory", "no-privileged": "x"}');
      expect(() => policyFlags({ root, stack: "dev" })).toThrow(
        /^`Pulumi.dev.policies.json` cannot be used:\n {2}- `nothing`: .*\n {2}- `no-privileged` must/,
      );
    });
  });
});
