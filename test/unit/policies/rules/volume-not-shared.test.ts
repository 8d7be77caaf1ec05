import { expect, it } from "vitest";
import { volumeNotShared } from "../../../../policies/rules/volume-not-shared.ts";
import { container, UNKNOWN, violations, volume } from "../../../support/policies.ts";

const REMEDY = "Give each container a volume of its own, or mount it with `readOnly: true` in all but one.";
const path = "/data";
const mounting = (name: string, entry: object, from: readonly string[] = []) =>
  container({ volumes: [{ containerPath: path, ...entry }] }, { name, from: { volumes: from } });

it("accepts volumes of one's own, one writer, and one container that mounts twice", () => {
  const twice = container({
    volumes: ["/a", "/b"].map((containerPath) => ({ volumeName: "own", containerPath })),
  });
  const stack = [
    volume("data"),
    mounting("a", { volumeName: "data" }),
    mounting("b", { volumeName: "data", readOnly: true }),
    mounting("c", { hostPath: "/srv", readOnly: true }),
    mounting("d", { hostPath: "/srv/" }),
    mounting("e", {}),
    mounting("f", {}),
    container({ mounts: [{ type: "tmpfs", target: "/t" }] }, { name: "g" }),
    container({ mounts: [{ type: "tmpfs", target: "/t" }] }, { name: "h" }),
    twice,
  ];
  expect(violations(volumeNotShared, stack)).toEqual([]);
});

it("rejects a volume that two containers write to, declared or not", () => {
  const mount = { type: "volume", source: "data", target: path };
  const pair = [mounting("a", { volumeName: "data" }), container({ mounts: [mount] }, { name: "b" })];
  const message = [`\`mounts[0]\` of \`b\` mounts volume \`data\` writable, as \`a\` does. ${REMEDY}`];
  expect(violations(volumeNotShared, pair)).toEqual(message);
  expect(violations(volumeNotShared, [volume("data"), ...pair])).toEqual(message);
});

it("names a declared volume as the program does", () => {
  const data = volume("data", { props: { name: "data-0f3c1d2" } });
  const stack = ["a", "b"].map((name) => mounting(name, { volumeName: "data-0f3c1d2" }));
  expect(violations(volumeNotShared, [data, ...stack])).toEqual([
    `\`volumes[0]\` of \`b\` mounts volume \`data\` writable, as \`a\` does. ${REMEDY}`,
  ]);
});

it("rejects a path of the host that two containers write to", () => {
  const bind = { type: "bind", source: "/srv/x/../app/", target: path };
  const stack = [mounting("a", { hostPath: "/srv/app" }), container({ mounts: [bind] }, { name: "b" })];
  expect(violations(volumeNotShared, stack)).toEqual([
    `\`mounts[0]\` of \`b\` mounts \`/srv/app\` of the host writable, as \`a\` does. ${REMEDY}`,
  ]);
});

it("reports each writer after the first by name, whatever the order", () => {
  const stack = ["c", "a", "b"].map((name) => mounting(name, { volumeName: "data" }));
  expect(violations(volumeNotShared, stack)).toEqual(
    ["b", "c"].map(
      (name) => `\`volumes[0]\` of \`${name}\` mounts volume \`data\` writable, as \`a\` does. ${REMEDY}`,
    ),
  );
});

it("rejects the volumes of another container, unless Docker is told to mount them read-only", () => {
  // `readOnly` does not reach Docker there.
  const writer = container({ volumes: [{ fromContainer: "a", readOnly: true }] }, { name: "b" });
  expect(violations(volumeNotShared, [writer])).toEqual([
    `\`volumes[0].fromContainer\` of \`b\` mounts another container's volumes, writable wherever that container can write to them. ${REMEDY}`,
  ]);
  expect(violations(volumeNotShared, [container({ volumes: [{ fromContainer: "a:ro" }] })])).toEqual([]);
});

it("follows names that a preview does not know yet to the volume", () => {
  const unnamed = volume("data", { props: { name: UNKNOWN } });
  const named = volume("named");
  for (const declared of [unnamed, named]) {
    const [a, b] = ["a", "b"].map((name) => mounting(name, { volumeName: UNKNOWN }, [declared.urn]));
    expect(violations(volumeNotShared, [declared, a as never, b as never])).toEqual([
      `\`volumes[0]\` of \`b\` mounts volume \`${declared.name}\` writable, as \`a\` does. ${REMEDY}`,
    ]);
  }
  const other = mounting("b", { volumeName: UNKNOWN }, [unnamed.urn]);
  expect(
    violations(volumeNotShared, [unnamed, named, mounting("a", { volumeName: "named" }), other]),
  ).toEqual([]);
  const same = mounting("b", { volumeName: UNKNOWN }, [named.urn]);
  expect(violations(volumeNotShared, [named, mounting("a", { volumeName: "named" }), same])).toHaveLength(1);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  const both = [volume("a", { props: { name: UNKNOWN } }), volume("b", { props: { name: UNKNOWN } })];
  const one = mounting(
    "one",
    { volumeName: UNKNOWN },
    both.map(({ urn }) => urn),
  );
  expect(violations(volumeNotShared, [...both, one])).toEqual(["unknown: .volumes.0.volumeName"]);
  const pair = ["x", "y"].map((name) => mounting(name, { hostPath: "/srv" }));
  expect(violations(volumeNotShared, [...both, one, ...pair])).toEqual([
    `\`volumes[0]\` of \`y\` mounts \`/srv\` of the host writable, as \`x\` does. ${REMEDY}`,
    "unknown: .volumes.0.volumeName",
  ]);
  expect(violations(volumeNotShared, [mounting("a", { hostPath: UNKNOWN })])).toEqual([
    "unknown: .volumes.0.hostPath",
  ]);
});
