import { expect, it } from "vitest";
import { AdviceFilter } from "../../../../cli/output/advice.ts";

const advisory = (
  resource: string,
) => `        - [advisory] [severity: medium]  non-root-user  (docker:index/container:Container: ${resource})
          Every container runs as a user other than root.
          \`user\` of \`${resource}\` is not set.
`;
const mandatory = `        - [mandatory] [severity: critical]  no-privileged  (docker:index/container:Container: web)
          No container is privileged.
          \`privileged\` of \`web\` gives it every device.
`;
const section = (violations: string) => `    pulumi:pulumi:Stack llm-stack-dev  
Policies:
    ⚠️ llm-stack@v0.1.0 (local: /project/policies)
${violations}
Resources:
    23 unchanged
`;

/** Fed in pieces of every size, as a pipe may hand it over. */
function filtered(text: string) {
  const results = [1, 7, 64, text.length].map((size) => {
    const filter = new AdviceFilter();
    let printed = "";
    for (let at = 0; at < text.length; at += size) printed += filter.take(text.slice(at, at + size));
    return { printed: printed + filter.end(), count: filter.count };
  });
  for (const result of results) expect(result).toEqual(results[0]);
  return results[0];
}

it("takes advice out, with its section, and counts that of the update, not of its preview", () => {
  const preview = section(advisory("proxy") + advisory("tinyllama1") + advisory("unknown"));
  const update = section(advisory("proxy") + advisory("tinyllama1"));
  expect(filtered(preview + update)).toEqual({
    printed: `    pulumi:pulumi:Stack llm-stack-dev  \n\nResources:\n    23 unchanged\n`.repeat(2),
    count: 2,
  });
});

it("leaves what must not be deployed, whatever stands around it", () => {
  const { printed, count } = filtered(section(advisory("proxy") + mandatory + advisory("web"))) ?? {};
  expect(printed).toBe(section(mandatory));
  expect(count).toBe(2);
});

it("leaves colours, and what is no section of policies", () => {
  const text = "\u001b[1mPolicies\u001b[0m of the house:\n    none\n- [advisory] by hand\nthe end";
  expect(filtered(text)).toEqual({ printed: text, count: 0 });
});
