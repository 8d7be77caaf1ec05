import { expect, it } from "vitest";
import { noSensitiveHostPath } from "../../../../policies/rules/no-sensitive-host-path.ts";
import { container, UNKNOWN, violations, volume } from "../../../support/policies.ts";

const REMEDY =
  "Mount a folder of the container's own, or a volume. Allow a path that it cannot do without in the policy config (`allowed` of this rule), and mount that read-only.";
const SENSITIVE = "a sensitive path of the host";
const mounting = (hostPath: string, readOnly = false) =>
  container({ volumes: [{ hostPath, containerPath: "/x", readOnly }] });
const bind = (device: string, o = "bind") => ({ props: { driverOpts: { type: "none", o, device } } });

it.each([
  "/srv/app",
  "/root/.cache/llm-stack/models/tinyllama.gguf",
  "/home/me/models",
  "/root/data",
  "/home/me/.cache/models",
  "/var/lib/web",
  "/var/log/web",
  "../certs/ca.pem",
  "/var/lib/postgresql",
  "/devices",
  "/usrlocal",
  "/opt/.sshd",
])("accepts %s", (path) => {
  expect(violations(noSensitiveHostPath, [mounting(path)])).toEqual([]);
});

it.each([
  ...["/", "/var", "/var/lib", "/boot", "/dev/sda", "/etc/shadow", "/lib", "/lib64", "/proc/1/root", "/sys"],
  ...[
    "/usr/local/bin",
    "/bin",
    "/sbin/",
    "/var/lib/docker/volumes",
    "/var/lib/containerd",
    "/run/x",
    "/var/run",
  ],
  ...[
    "/root",
    "/root/",
    "/home",
    "/home/me",
    "//etc",
    "/srv/../etc",
    "/root/.ssh/id_ed25519",
    "/home/me/.aws",
  ],
  ...[
    "/srv/.docker/config.json",
    "/root/.kube",
    "/home/me/.gnupg",
    "/home/me/.config/gcloud",
    "/root/.pulumi",
  ],
  ...[
    "/var/spool/cron",
    "/etc/cron.d",
    "/etc/systemd/system",
    "/lib/modules",
    "/boot/grub",
    "/var/lib/kubelet/pki",
  ],
  ...["/root/.bashrc", "/root/.profile", "/home/me/.netrc", "/home/me/.config/app", "/home/me/.local/bin"],
  ...["~/.netrc", "~/.bashrc", "~", "/Users/me", "/Users/me/.zshrc", "/Users", "/private/etc"],
  ...["/srv/app/.llm-stack", "/srv/app/.llm-stack/passphrase", "/srv/.npmrc", "../../../../etc/shadow"],
  ...["/run/k3s/containerd", "/run/podman", "/run/crio", "/var/snap/docker", "/var/lib/containers/storage"],
])("rejects %s, read-only too", (path) => {
  expect(violations(noSensitiveHostPath, [mounting(path, true)])).toEqual([
    `\`volumes[0].hostPath\` of \`web\` is \`${path}\`, ${SENSITIVE}. ${REMEDY}`,
  ]);
});

it("rejects it as a bind mount, a device, a copied file, and a volume that a mount makes", () => {
  const driverOptions = { o: "bind", device: "/etc", type: "none" };
  const web = container({
    mounts: [
      { type: "bind", source: "/etc", target: "/x" },
      { type: "volume", source: "sneaky", target: "/y", volumeOptions: { driverOptions } },
    ],
    devices: [{ hostPath: "/dev/kmsg" }],
    uploads: [{ file: "/key", source: "../.ssh/id_rsa" }],
    volumes: [{ volumeName: "/etc", containerPath: "/z" }],
  });
  expect(violations(noSensitiveHostPath, [web])).toEqual(
    [
      ["volumes[0].volumeName", "/etc"],
      ["mounts[0].source", "/etc"],
      ["mounts[1].volumeOptions.driverOptions.device", "/etc"],
      ["devices[0].hostPath", "/dev/kmsg"],
      ["uploads[0].source", "../.ssh/id_rsa"],
    ].map(([place, path]) => `\`${place}\` of \`web\` is \`${path}\`, ${SENSITIVE}. ${REMEDY}`),
  );
});

it.each([
  ["tmpfs", "bind"],
  ["nfs", "bind,ro"],
  ["cifs", "rbind"],
  ["", "rbind"],
  ["overlay", "rw,bind"],
])("rejects a volume that binds it, whatever type it says it is: `%s`, `%s`", (type, o) => {
  const stack = [volume("sneaky", { props: { driverOpts: { type, o, device: "//etc" } } })];
  expect(violations(noSensitiveHostPath, stack)).toEqual([
    `\`driverOpts.device\` of volume \`sneaky\` is \`//etc\`, ${SENSITIVE}. ${REMEDY}`,
  ]);
});

it("leaves an engine's socket to the rule on it", () => {
  expect(violations(noSensitiveHostPath, [mounting("/var/run/docker.sock")])).toEqual([]);
});

it("rejects a volume that stands for it, where it is mounted", () => {
  const web = container({ mounts: [{ type: "volume", source: "sneaky", target: "/x" }] });
  expect(violations(noSensitiveHostPath, [web, volume("sneaky", bind("/etc"))])).toEqual([
    `\`mounts[0]\` of \`web\` is volume \`sneaky\`, which binds \`/etc\`, ${SENSITIVE}. ${REMEDY}`,
  ]);
  const socket = volume("sneaky", bind("/opt/docker.sock"));
  expect(violations(noSensitiveHostPath, [web, socket])).toEqual([
    `\`mounts[0]\` of \`web\` is volume \`sneaky\`, which binds \`/opt/docker.sock\`, the socket of a container engine. ${REMEDY}`,
  ]);
});

it("rejects such a volume that no container mounts", () => {
  const stack = [container(), volume("sneaky", bind("/dev/sda1", "rw"))];
  expect(violations(noSensitiveHostPath, stack)).toEqual([
    `\`driverOpts.device\` of volume \`sneaky\` is \`/dev/sda1\`, ${SENSITIVE}. ${REMEDY}`,
  ]);
});

it("accepts volumes of another driver, of a network share, and of a folder of their own", () => {
  const volumes = [
    volume("plain"),
    volume("own", bind("/srv/data")),
    volume("nfs", {
      props: { driver: "local", driverOpts: { type: "nfs", o: "addr=nas", device: ":/etc" } },
    }),
    volume("cifs", { props: { driverOpts: { type: "cifs", device: "//etc/share" } } }),
    volume("other", { props: { driver: "cloud", driverOpts: { device: "/dev/cloud" } } }),
  ];
  expect(violations(noSensitiveHostPath, volumes)).toEqual([]);
});

it("allows the host's time and certificates, read-only", () => {
  const paths = ["/etc/localtime", "/etc/ssl/certs/ca.pem", "/usr/share/zoneinfo/"];
  expect(
    violations(
      noSensitiveHostPath,
      paths.map((path) => mounting(path, true)),
    ),
  ).toEqual([]);
  expect(violations(noSensitiveHostPath, [volume("certs", bind("/etc/ssl/certs", "bind,ro"))])).toEqual([]);
  expect(violations(noSensitiveHostPath, [mounting("/etc/localtime")])).toEqual([
    `\`volumes[0].hostPath\` of \`web\` is \`/etc/localtime\`, a path of the host that may only be mounted read-only. ${REMEDY}`,
  ]);
  expect(violations(noSensitiveHostPath, [mounting("/etc/localtime2", true)])).toHaveLength(1);
});

it("takes other allowed paths by config, in place of the default", () => {
  const config = { allowed: ["/usr/share/models/", "/dev/dri"] };
  const gpu = container({ devices: [{ hostPath: "/dev/dri/card0", permissions: "r" }] });
  expect(violations(noSensitiveHostPath, [mounting("/usr/share/models/a", true), gpu], config)).toEqual([]);
  expect(violations(noSensitiveHostPath, [mounting("/etc/localtime", true)], config)).toHaveLength(1);
});

it("finds the volume through which a preview's unknown name leads", () => {
  const sneaky = volume("sneaky", { props: { name: UNKNOWN, driver: UNKNOWN, ...bind("/etc").props } });
  const volumes = [{ volumeName: UNKNOWN, containerPath: "/x" }];
  const web = container({ volumes }, { from: { volumes: [sneaky.urn] } });
  expect(violations(noSensitiveHostPath, [web, sneaky])).toEqual([
    `\`volumes[0]\` of \`web\` is volume \`sneaky\`, which binds \`/etc\`, ${SENSITIVE}. ${REMEDY}`,
  ]);
  const plain = volume("plain", { props: { name: UNKNOWN } });
  const both = container({ volumes }, { from: { volumes: [plain.urn, sneaky.urn] } });
  expect(violations(noSensitiveHostPath, [both, sneaky, plain])).toEqual([
    `\`driverOpts.device\` of volume \`sneaky\` is \`/etc\`, ${SENSITIVE}. ${REMEDY}`,
  ]);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  const unknown = { hostPath: UNKNOWN, containerPath: "/x" };
  const known = { hostPath: "/etc", containerPath: "/y" };
  expect(violations(noSensitiveHostPath, [container({ volumes: [unknown, known] })])).toEqual([
    `\`volumes[1].hostPath\` of \`web\` is \`/etc\`, ${SENSITIVE}. ${REMEDY}`,
    "unknown: .volumes.0.hostPath",
  ]);
  const driven = volume("driven", {
    props: { driver: UNKNOWN, ...bind("/etc").props },
    from: { driver: ["x"] },
  });
  expect(violations(noSensitiveHostPath, [driven])).toEqual(["unknown: .driver"]);
});
