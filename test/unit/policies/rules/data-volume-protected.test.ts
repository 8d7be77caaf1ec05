import { expect, it } from "vitest";
import { dataVolumeProtected } from "../../../../policies/rules/data-volume-protected.ts";
import { container, UNKNOWN, violations, volume } from "../../../support/policies.ts";

const REMEDY =
  "Declare a `docker.Volume` with the resource option `protect: true`, and mount it by its `name`.";
const PATH = "/var/lib/postgresql/data";
const db = (volumeName: string | undefined, containerPath = PATH, from: readonly string[] = []) =>
  container({ volumes: [{ volumeName, containerPath } as object] }, { name: "db", from: { volumes: from } });
const kept = `\`volumes[0]\` of \`db\` keeps data at \`${PATH}\``;

it("accepts a protected volume, in each form of mounting", () => {
  const data = volume("data", { protect: true });
  const mounted = container({ mounts: [{ type: "volume", source: "data", target: PATH }] });
  expect(violations(dataVolumeProtected, [data, db("data"), mounted])).toEqual([]);
});

it("accepts what holds no data of a database: other paths, folders of the host", () => {
  const cache = volume("cache");
  const host = container({ volumes: [{ hostPath: "/srv/pg", containerPath: PATH }] });
  const bound = container({ mounts: [{ type: "bind", source: "/srv/pg", target: PATH }] });
  const tmpfs = container({ mounts: [{ type: "tmpfs", target: PATH }] });
  const stack = [cache, db("cache", "/var/lib/postgresql2"), db("other", "/cache"), host, bound, tmpfs];
  expect(violations(dataVolumeProtected, stack)).toEqual([]);
});

it.each([
  PATH,
  "/var/lib/postgresql",
  "/var/lib/mysql/",
  "/data/db",
  "/var/lib/redis",
  "//data//db/x",
])("rejects a volume without protection at %s", (path) => {
  expect(violations(dataVolumeProtected, [volume("data"), db("data", path)])).toEqual([
    expect.stringMatching(
      /^`volumes\[0\]` of `db` keeps data at .* in volume `data`, which is not protected\./,
    ),
  ]);
});

it("says once what is wrong with a volume", () => {
  const mounted = container({ mounts: [{ type: "volume", source: "data", target: PATH }] });
  expect(violations(dataVolumeProtected, [volume("data"), db("data"), mounted])).toEqual([
    `${kept} in volume \`data\`, which is not protected. ${REMEDY}`,
  ]);
});

it("takes what an engine gives back empty for not set", () => {
  const empty = { hostPath: "", fromContainer: null, readOnly: null };
  const mounted = (name: string) =>
    container({ volumes: [{ ...empty, volumeName: name, containerPath: PATH } as object] }, { name: "db" });
  const stack = [volume("data", { protect: true }), mounted("data"), mounted("other")];
  expect(violations(dataVolumeProtected, stack)).toEqual([
    `${kept} in volume \`other\`, which the stack does not declare. ${REMEDY}`,
  ]);
  expect(violations(dataVolumeProtected, [container({ volumes: null as never, mounts: [] })])).toEqual([]);
});

it("rejects a volume that the stack does not declare, and one without a name", () => {
  expect(violations(dataVolumeProtected, [volume("other", { protect: true }), db("data")])).toEqual([
    `${kept} in volume \`data\`, which the stack does not declare. ${REMEDY}`,
  ]);
  for (const name of [undefined, ""])
    expect(violations(dataVolumeProtected, [db(name)])).toEqual([
      `${kept} in an anonymous volume. ${REMEDY}`,
    ]);
  const mounted = container({ mounts: [{ type: "volume", target: PATH }] });
  expect(violations(dataVolumeProtected, [mounted])).toEqual([
    `\`mounts[0]\` of \`web\` keeps data at \`${PATH}\` in an anonymous volume. ${REMEDY}`,
  ]);
});

it("takes other paths by config, in place of the default", () => {
  const config = { dataPaths: ["/qdrant/storage/"] };
  const stack = [volume("data"), db("data", "/qdrant/storage"), db("data")];
  expect(violations(dataVolumeProtected, stack, config)).toEqual([
    `\`volumes[0]\` of \`db\` keeps data at \`/qdrant/storage\` in volume \`data\`, which is not protected. ${REMEDY}`,
  ]);
});

it("follows a name that a preview does not know yet to the volume", () => {
  const props = { name: UNKNOWN };
  const good = volume("good", { props, protect: true });
  const bad = volume("bad", { props });
  expect(violations(dataVolumeProtected, [good, bad, db(UNKNOWN, PATH, [good.urn])])).toEqual([]);
  expect(violations(dataVolumeProtected, [good, bad, db(UNKNOWN, PATH, [bad.urn])])).toEqual([
    `${kept} in volume \`bad\`, which is not protected. ${REMEDY}`,
  ]);
});

it("goes by the known name before where the argument came from", () => {
  const data = volume("data", { protect: true });
  const cache = volume("cache");
  expect(violations(dataVolumeProtected, [data, cache, db("data", PATH, [cache.urn, data.urn])])).toEqual([]);
});

it("leaves open what a preview does not know", () => {
  const good = volume("good", { props: { name: UNKNOWN }, protect: true });
  const bad = volume("bad", { props: { name: UNKNOWN } });
  const unknown = ["unknown: .volumes.0.volumeName"];
  // One of two, and only one is protected; or from elsewhere.
  expect(violations(dataVolumeProtected, [good, bad, db(UNKNOWN, PATH, [good.urn, bad.urn])])).toEqual(
    unknown,
  );
  expect(violations(dataVolumeProtected, [good, db(UNKNOWN, PATH, [good.urn, "urn:elsewhere"])])).toEqual(
    unknown,
  );
  expect(violations(dataVolumeProtected, [good, db(UNKNOWN)])).toEqual(unknown);
  expect(violations(dataVolumeProtected, [good, db("data")])).toEqual(["unknown: .name"]);
  expect(violations(dataVolumeProtected, [volume("data"), db("data", UNKNOWN)])).toEqual([
    "unknown: .volumes.0.containerPath",
  ]);
  // Protected: whatever the path, nothing is wrong.
  expect(violations(dataVolumeProtected, [volume("data", { protect: true }), db("data", UNKNOWN)])).toEqual(
    [],
  );
});

it("finds what is known beside the unknown", () => {
  expect(violations(dataVolumeProtected, [db(UNKNOWN), db(undefined)])).toEqual([
    `${kept} in an anonymous volume. ${REMEDY}`,
    "unknown: .volumes.0.volumeName",
  ]);
});
