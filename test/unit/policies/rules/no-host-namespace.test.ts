import { expect, it } from "vitest";
import { noHostNamespace } from "../../../../policies/rules/no-host-namespace.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY = "Remove it: containers reach each other by name on a network that they share.";

it("accepts a container with namespaces of its own", () => {
  const own = container({
    networkMode: "none",
    pidMode: "",
    ipcMode: "private",
    usernsMode: "",
    cgroupnsMode: "private",
    mounts: [
      { type: "bind", source: "/srv", target: "/x", bindOptions: { propagation: "rslave" } },
      { type: "tmpfs", target: "/y" },
    ],
  });
  expect(violations(noHostNamespace, [container(), own])).toEqual([]);
});

it.each([
  [{ networkMode: "host" }, "`networkMode` of `web` is the host's"],
  [{ networkMode: "container:db" }, "`networkMode` of `web` is another container's"],
  [
    { networksAdvanced: [{ name: "theirs" }, { name: "host" }] },
    "`networksAdvanced[1]` of `web` is the host's network",
  ],
  [{ pidMode: "host" }, "`pidMode` of `web` is the host's"],
  [{ pidMode: "container:db" }, "`pidMode` of `web` is another container's"],
  [{ ipcMode: "host" }, "`ipcMode` of `web` is the host's"],
  [{ ipcMode: "container:db" }, "`ipcMode` of `web` is another container's"],
  [{ usernsMode: "host" }, "`usernsMode` of `web` is the host's"],
  [{ cgroupnsMode: "host" }, "`cgroupnsMode` of `web` is the host's"],
  ...["networkMode", "pidMode", "ipcMode", "usernsMode", "cgroupnsMode"].map(
    (mode) =>
      [
        { [mode]: "ns:/proc/1/ns/x" },
        `\`${mode}\` of \`web\` is \`ns:/proc/1/ns/x\`, which is not known to be its own`,
      ] as [object, string],
  ),
  ...["shared", "rshared", "RSHARED"].map(
    (propagation) =>
      [
        { mounts: [{ type: "bind", source: "/srv", target: "/x", bindOptions: { propagation } }] },
        `\`mounts[0].bindOptions.propagation\` of \`web\` is \`${propagation}\`, which shares its mounts with the host`,
      ] as [object, string],
  ),
  [{ usernsMode: "keep-id" }, "`usernsMode` of `web` is `keep-id`, which is not known to be its own"],
  [{ pidMode: "HOST" }, "`pidMode` of `web` is `HOST`, which is not known to be its own"],
])("rejects %j", (props, problem) => {
  expect(violations(noHostNamespace, [container(props)])).toEqual([`${problem}. ${REMEDY}`]);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  const found = [`\`pidMode\` of \`web\` is the host's. ${REMEDY}`];
  expect(violations(noHostNamespace, [container({ networkMode: UNKNOWN, pidMode: "host" })])).toEqual(found);
  expect(violations(noHostNamespace, [container({ networksAdvanced: UNKNOWN, pidMode: "host" })])).toEqual(
    found,
  );
  expect(violations(noHostNamespace, [container({ ipcMode: UNKNOWN })])).toEqual(["unknown: .ipcMode"]);
  expect(violations(noHostNamespace, [container({ networksAdvanced: [{ name: UNKNOWN }] })])).toEqual([
    "unknown: .networksAdvanced.0.name",
  ]);
});
