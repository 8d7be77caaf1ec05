/** The Ollama servers: their names, and what they serve. */

import { isIPv4 } from "node:net";
import { DATABASE, ggufPath, PROXY, weightsVolume } from "../names.ts";
import { bareName } from "../resolve.ts";
import type { ServerShape } from "../schema/ollama.ts";
import { withoutEnd } from "../without-end.ts";
import { checkNames, type Entry, type Report } from "./entries.ts";
import type { FileCheck } from "./files.ts";

/** What else in the stack has a server's name, for its container, its host or its volume. */
function holderOf(name: string): string | undefined {
  switch (name) {
    case PROXY.container:
      return "the proxy's container";
    case DATABASE.container:
      return "the database's container";
    case DATABASE.hostName:
      return "the database's host name";
    case "localhost":
      return "the host name of each container for itself";
    default:
      if (isAddress(name)) return "an address, not a name";
      return weightsVolume(name) === DATABASE.volume
        ? `the database's volume, \`${DATABASE.volume}\``
        : undefined;
  }
}

/** A host name as others are compared with it: without case, and without the dots that end it. */
const hostName = (name: string) => withoutEnd(name.toLowerCase(), /\./);

/** Whether a name is read as an address wherever a host is expected: `127.0.0.1`, and `1` and `0x7f.1` too. */
const isAddress = (name: string) =>
  URL.canParse(`http://${name}`) && isIPv4(new URL(`http://${name}`).hostname);

/** Server names: unique as host names, and none that another service has. */
export function checkServerNames(servers: readonly Entry<ServerShape>[], report: Report): void {
  checkNames(servers, report, hostName);
  for (const { at, name } of servers) {
    const holder = name === undefined ? undefined : holderOf(hostName(name));
    if (holder !== undefined) report(`${at}.name`, `\`${name}\` is ${holder}; choose another`);
  }
}

/**
 * What Ollama takes for the same name: it tells no capital letters apart (server/routes.go, getExistingName), and
 * its own registry, `library` in it and the tag `latest` may be left out.
 */
function nameOnServer(model: string): string {
  const name = bareName(model).toLowerCase();
  return name.replace(/^(registry\.ollama\.ai\/)?library\//, "").replace(/^registry\.ollama\.ai\//, "");
}

/** Names that would share one file in the container, whose separators both become `_`: with a GGUF file it would be the wrong one. */
function checkGgufPaths(
  models: readonly { readonly at: string; readonly name: string; readonly gguf?: string | undefined }[],
  report: Report,
): void {
  const first = new Map<string, (typeof models)[number]>();
  for (const model of models) {
    const earlier = first.get(ggufPath(model.name));
    if (earlier === undefined) first.set(ggufPath(model.name), model);
    else if (
      (earlier.gguf ?? model.gguf) !== undefined &&
      nameOnServer(earlier.name) !== nameOnServer(model.name)
    )
      report(
        `${model.at}.name`,
        `\`${model.name}\` and \`${earlier.name}\` (\`${earlier.at}\`) would share the file \`${ggufPath(model.name)}\` in the container; give the one with \`gguf\` a name that differs in more than \`:\`, \`/\` and \`_\``,
      );
  }
}

/** What each server serves: no model twice, each with a file of its own, and every GGUF file exists and can be mounted. */
export function checkServedModels(
  servers: readonly Entry<ServerShape>[],
  checkFiles: readonly FileCheck[],
  report: Report,
): void {
  for (const { at: serverAt, value } of servers) {
    const models = (value?.models ?? []).map((model, index) => ({
      ...model,
      at: `${serverAt}.models[${index}]`,
    }));
    checkNames(models, report, nameOnServer);
    checkGgufPaths(models, report);
    for (const { at, gguf } of models)
      if (gguf !== undefined) for (const check of checkFiles) check(`${at}.gguf`, gguf);
  }
}
