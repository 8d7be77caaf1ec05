import { isEngineSocket } from "../host-paths.ts";
import { hostPaths, mounts } from "../mounts.ts";
import type { Container } from "../resource.ts";
import type { ContainerRule } from "../rule.ts";
import { cis, owasp } from "../sources.ts";
import { collect, eachKnown } from "../unknown.ts";

export const noDockerSocket: ContainerRule = {
  name: "no-docker-socket",
  description: "No container has the socket of a container engine.",
  level: "mandatory",
  severity: "critical",
  remediation:
    "Remove it: whoever has it controls the host. Give a tool that needs it a proxy for the socket that allows only certain requests.",
  sources: [cis("5.32"), owasp(1)],
  container: (container) => collect(eachKnown([sockets, volumeNames], (check) => check(container))),
};

function* sockets(container: Container): Generator<string> {
  for (const { at, path } of hostPaths(container)) {
    if (isEngineSocket(path))
      yield `\`${at}\` of \`${container.name}\` is \`${path}\`, the socket of a container engine`;
  }
}

/** Finds nothing; throws where the name of a volume is unknown, for it may turn out to be a path. */
function volumeNames(container: Container): Iterable<string> {
  return eachKnown(mounts(container), (mount) => {
    if (mount.kind === "volume") mount.volume;
    return [];
  });
}
