import { expect, it } from "vitest";
import { noDockerSocket } from "../../../../policies/rules/no-docker-socket.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

const REMEDY =
  "Remove it: whoever has it controls the host. Give a tool that needs it a proxy for the socket that allows only certain requests.";
const at = "/socket";

it("accepts volumes, other paths and copies of other files", () => {
  const web = container({
    volumes: [
      { volumeName: "data", containerPath: "/data" },
      { containerPath: "/cache" },
      { hostPath: "/srv/docker.sock.d", containerPath: "/conf" },
      { fromContainer: "other" },
    ],
    mounts: [
      { type: "bind", source: "/srv/postgresql.sock", target: at },
      { type: "tmpfs", target: "/tmp" },
      { type: "npipe", source: "\\\\.\\pipe\\other", target: at },
    ],
    uploads: [
      { file: "/etc/app.conf", source: "./app.conf" },
      { file: "/a", content: "/var/run/docker.sock" },
    ],
  });
  expect(violations(noDockerSocket, [container(), web])).toEqual([]);
});

it.each([
  "/var/run/docker.sock",
  "/run/docker.sock",
  "/run/user/1000/docker.sock",
  "//var/run//docker.sock",
  "/var/lib/../run/docker.sock/",
  "/home/me/.colima/default/docker.sock",
  "/run/containerd/containerd.sock",
  "/run/podman/podman.sock",
  "/var/run/crio/crio.sock",
  "//./pipe/docker_engine",
  "/run/cri-dockerd.sock",
  "/run/buildkit/buildkitd.sock",
  "/run/containerd/containerd.sock.ttrpc",
  "/srv/podman/docker.raw.sock",
  "/run/io.podman",
])("rejects %s, as a host path, a bind mount, and what stands as a volume's name", (path) => {
  const binds = [
    [{ volumes: [{ hostPath: path, containerPath: at, readOnly: true }] }, "volumes[0].hostPath"],
    [{ volumes: [{ volumeName: path, containerPath: at }] }, "volumes[0].volumeName"],
    [{ mounts: [{ type: "bind", source: path, target: at }] }, "mounts[0].source"],
    [{ uploads: [{ file: at, source: path }] }, "uploads[0].source"],
  ] as const;
  for (const [props, place] of binds)
    expect(violations(noDockerSocket, [container(props as object)])).toEqual([
      `\`${place}\` of \`web\` is \`${path}\`, the socket of a container engine. ${REMEDY}`,
    ]);
});

it("rejects a named pipe of the engine", () => {
  const pipes = ["\\\\.\\pipe\\docker_engine", "//./pipe/dockerDesktopLinuxEngine"];
  const web = container({ mounts: pipes.map((source) => ({ type: "npipe", source, target: at })) });
  expect(violations(noDockerSocket, [web])).toEqual(
    pipes.map(
      (path, index) =>
        `\`mounts[${index}].source\` of \`web\` is \`${path}\`, the socket of a container engine. ${REMEDY}`,
    ),
  );
});

it("rejects a volume that a mount makes out of the socket", () => {
  const driverOptions = { type: "none", o: "bind", device: "/run/docker.sock" };
  const web = container({
    mounts: [{ type: "volume", source: "sneaky", target: at, volumeOptions: { driverOptions } }],
  });
  expect(violations(noDockerSocket, [web])).toEqual([
    `\`mounts[0].volumeOptions.driverOptions.device\` of \`web\` is \`/run/docker.sock\`, the socket of a container engine. ${REMEDY}`,
  ]);
});

it("finds a socket beside what a preview does not know, and otherwise leaves that open", () => {
  const unknown = { hostPath: UNKNOWN, containerPath: "/a" };
  const socket = { hostPath: "/run/docker.sock", containerPath: at };
  const check = (props: object) => violations(noDockerSocket, [container(props)]);
  expect(check({ volumes: [unknown, socket] })).toHaveLength(1);
  expect(check({ volumes: UNKNOWN, uploads: [{ file: at, source: "/run/docker.sock" }] })).toHaveLength(1);
  expect(check({ volumes: [unknown] })).toEqual(["unknown: .volumes.0.hostPath"]);
  expect(check({ volumes: [{ volumeName: UNKNOWN, containerPath: "/a" }] })).toEqual([
    "unknown: .volumes.0.volumeName",
  ]);
  expect(check({ mounts: UNKNOWN })).toEqual(["unknown: .mounts"]);
});
