import { expect, it } from "vitest";
import { volumeSourceAllowed } from "../../../../policies/rules/volume-source-allowed.ts";
import { container, UNKNOWN, violations, volume } from "../../../support/policies.ts";

const message = (problem: string) => `${problem}. ${volumeSourceAllowed.remediation}`;
const withOptions = (driverOpts: object) => volume("v", { props: { driverOpts } });
const mount = (props: object) => container({ mounts: [{ target: "/x", ...props }] as never });

it.each([
  {},
  { type: "tmpfs", device: "tmpfs" },
  { type: "tmpfs", device: "tmpfs", o: "size=100m,uid=1000,noexec,ro" },
  { type: "none", o: "bind", device: "/srv/data" },
  { type: "none", o: "rbind,ro,nosuid", device: "/srv/data" },
  { size: "10G" },
])("accepts %j", (options) => {
  expect(violations(volumeSourceAllowed, [withOptions(options)])).toEqual([]);
  const mounted = mount({ type: "volume", volumeOptions: { driverOptions: options } });
  expect(violations(volumeSourceAllowed, [mounted])).toEqual([]);
});

it("accepts volumes without options, and other mounts", () => {
  const stack = [
    container(),
    volume("v"),
    volume("v", { props: { driver: "local" } }),
    mount({ type: "bind", source: "/srv" }),
    mount({ type: "tmpfs" }),
    mount({ type: "volume", source: "v" }),
  ];
  expect(violations(volumeSourceAllowed, stack)).toEqual([]);
});

it.each([
  [{ type: "proc", device: "proc" }, "type", "is `proc`, which is not allowed"],
  [{ type: "sysfs", device: "sysfs" }, "type", "is `sysfs`, which is not allowed"],
  [{ type: "devtmpfs", device: "devtmpfs" }, "type", "is `devtmpfs`, which is not allowed"],
  [
    { type: "overlay", device: "overlay", o: "lowerdir=/,upperdir=/tmp/u,workdir=/tmp/w" },
    "type",
    "is `overlay`, which is not allowed",
  ],
  [{ type: "ext4", device: "/dev/sda1" }, "type", "is `ext4`, which is not allowed"],
  [{ type: "nfs", device: ":/", o: "addr=203.0.113.5" }, "type", "is `nfs`, which is not allowed"],
  [{ type: "cifs", device: "//nas/share", o: "addr=nas" }, "type", "is `cifs`, which is not allowed"],
  [{ type: "Tmpfs", device: "x" }, "type", "is `Tmpfs`, which is not allowed"],
  [{ device: "/etc" }, "type", "is ``, which is not allowed"],
  [{ o: "move" }, "type", "is ``, which is not allowed"],
  [{ type: "none", o: "bind", device: "etc" }, "device", "is `etc`, which is not an absolute path"],
  [{ type: "none", o: "bind" }, "device", "is ``, which is not an absolute path"],
  [
    { type: "none", o: "bind,rshared", device: "/srv" },
    "o",
    "has the option `rshared`, which is not allowed",
  ],
  [{ type: "tmpfs", o: "size=1m,lowerdir=/" }, "o", "has the option `lowerdir`, which is not allowed"],
  [{ type: "tmpfs", o: " bind", device: "/" }, "o", "has the option ` bind`, which is not allowed"],
  [{ type: "tmpfs", mountpoint: "/" }, "mountpoint", "is an option that is not known"],
])("rejects %j, in a volume and in a mount", (options, option, problem) => {
  expect(violations(volumeSourceAllowed, [withOptions(options)])).toEqual([
    message(`\`driverOpts.${option}\` of volume \`v\` ${problem}`),
  ]);
  const mounted = mount({ type: "volume", volumeOptions: { driverOptions: options } });
  expect(violations(volumeSourceAllowed, [mounted])).toEqual([
    message(`\`mounts[0].volumeOptions.driverOptions.${option}\` of \`web\` ${problem}`),
  ]);
});

it("rejects other drivers, volumes of a cluster and other kinds of mounts", () => {
  const stack = [
    volume("v", { props: { driver: "rclone" } }),
    volume("v", { props: { cluster: { scope: "single" } } }),
    mount({ type: "volume", volumeOptions: { driverName: "rclone" } }),
    mount({ type: "cluster" }),
  ];
  expect(violations(volumeSourceAllowed, stack)).toEqual(
    [
      "`driver` of volume `v` is `rclone`, which is not allowed",
      "`cluster` of volume `v` makes it a cluster's, which is not allowed",
      "`mounts[0].volumeOptions.driverName` of `web` is `rclone`, which is not allowed",
      "`mounts[0].type` of `web` is `cluster`, which is not allowed",
    ].map(message),
  );
});

it("takes drivers and types by config", () => {
  const stack = [
    volume("v", { props: { driver: "rclone", driverOpts: { any: "thing" } } }),
    withOptions({ type: "nfs", device: ":/", o: "addr=nas" }),
  ];
  expect(violations(volumeSourceAllowed, stack, { drivers: ["rclone"], types: ["nfs"] })).toEqual([]);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  const stack = [
    volume("u", { props: { driverOpts: UNKNOWN } }),
    withOptions({ type: "proc" }),
    volume("w", { props: { driver: UNKNOWN } }),
  ];
  expect(violations(volumeSourceAllowed, stack)).toEqual([
    message("`driverOpts.type` of volume `v` is `proc`, which is not allowed"),
    "unknown: .driverOpts",
  ]);
  const driven = volume("w", { props: { driver: UNKNOWN }, from: { driver: ["x"] } });
  expect(violations(volumeSourceAllowed, [driven])).toEqual(["unknown: .driver"]);
  expect(violations(volumeSourceAllowed, [mount({ type: UNKNOWN })])).toEqual(["unknown: .mounts.0.type"]);
});
