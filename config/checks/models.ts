/** Names of models: what they are served by, and what stands in for them. */

import { setSecret } from "../namespace.ts";
import { listed, suggestion } from "../nearest.ts";
import { bareName, findServed, secretOf } from "../resolve.ts";
import type { ModelShape, ProviderTarget } from "../schema/models.ts";
import type { ServerShape } from "../schema/ollama.ts";
import type { StackConfigShape } from "../schema/stack.ts";
import { secretEnvName } from "../secrets.ts";
import type { ResolvedModel } from "../stack-config.ts";
import { checkNames, checkUnique, type Entry, type Report } from "./entries.ts";

/** The models that clients ask for: names, and targets that exist and fit together. */
export function checkModels(
  models: readonly Entry<ModelShape>[],
  servers: readonly Entry<ServerShape>[],
  secrets: ReadonlySet<string>,
  report: Report,
): void {
  checkNames(models, report);
  const byName = new Map(
    servers.flatMap((server) => (server.name === undefined ? [] : [[server.name, server]])),
  );
  for (const { at: entryAt, value: entry } of models) {
    let mode = entry?.mode;
    for (const [index, target] of (entry?.targets ?? []).entries()) {
      const at = `${entryAt}.targets[${index}]`;
      if ("provider" in target) {
        checkProviderKey(at, target, secrets, report);
        continue;
      }
      const server = byName.get(target.server);
      if (server === undefined) {
        const there = byName.size === 0 ? "there is none" : `there are ${listed(byName.keys())}`;
        report(`${at}.server`, `no Ollama server \`${target.server}\`; ${there}`);
        continue;
      }
      if (server.value === undefined) continue;
      const served = findServed(server.value.models, target.model);
      if (served === undefined) {
        const names = listed(server.value.models.map((model) => model.name));
        report(
          `${at}.model`,
          `\`${target.server}\` does not serve \`${target.model}\`; it serves ${names}. Add it to \`${server.at}.models\``,
        );
        continue;
      }
      mode ??= served.mode;
      if (served.mode !== mode)
        report(
          `${at}.model`,
          `\`${served.name}\` is for ${served.mode}, but \`${entry?.name}\` is for ${mode}; one name has one mode`,
        );
    }
  }
}

function checkProviderKey(
  at: string,
  target: ProviderTarget,
  secrets: ReadonlySet<string>,
  report: Report,
): void {
  const secret = secretOf(target);
  if (secret === "none") {
    if (target.apiBase === undefined)
      report(`${at}.apiKey`, `\`${target.provider}\` needs a key; \`none\` is for a server at \`apiBase\``);
  } else if (!secrets.has(secret)) {
    const keyless =
      target.apiBase === undefined ? "" : ", or `apiKey: none` if the server at `apiBase` needs no key";
    report(at, `its secret is not set: ${setSecret(secret)}${keyless}`);
  }
}

/**
 * Secrets that the proxy gets as environment variables: no two become the same one, as `openAIApiKey` and `openAiApiKey`
 * would. Models that LiteLLM keeps in its database bring theirs along.
 */
export function checkSecretVariables(models: readonly Entry<ModelShape>[], report: Report): void {
  const first = new Map<string, { at: string; secret: string }>();
  for (const { at: entryAt, value } of models) {
    if (value?.store !== "config") continue;
    for (const [index, target] of value.targets.entries()) {
      if (!("provider" in target)) continue;
      const at = `${entryAt}.targets[${index}].apiKey`;
      const secret = secretOf(target);
      const variable = secretEnvName(secret);
      const earlier = first.get(variable);
      if (earlier === undefined) first.set(variable, { at, secret });
      else if (earlier.secret !== secret)
        report(
          at,
          `\`${secret}\` becomes the proxy's environment variable \`${variable}\`, which \`${earlier.secret}\` of \`${earlier.at}\` is already; rename one of the two secrets`,
        );
    }
  }
}

/** Names of models: none is the id of another's deployment, by which the proxy takes requests too. */
export function checkDeploymentIds(
  models: readonly { readonly at: string; readonly name: string | undefined }[],
  resolved: readonly Pick<ResolvedModel, "name" | "deployments">[],
  report: Report,
): void {
  const owners = new Map(
    resolved.flatMap(({ name, deployments }) => deployments.map(({ id }) => [id, name] as const)),
  );
  for (const { at, name } of models) {
    const owner = name === undefined ? undefined : owners.get(name);
    if (owner !== undefined)
      report(`${at}.name`, `\`${name}\` is LiteLLM's id of a deployment of \`${owner}\`; choose another`);
  }
}

/** When names are derived from what the servers serve: a model has one mode on all of them. */
export function checkDerivedModes(servers: readonly Entry<ServerShape>[], report: Report): void {
  const first = new Map<string, { at: string; mode: string }>();
  for (const { at: serverAt, value } of servers)
    for (const [index, model] of (value?.models ?? []).entries()) {
      const at = `${serverAt}.models[${index}].mode`;
      const earlier = first.get(bareName(model.name));
      if (earlier === undefined) first.set(bareName(model.name), { at, mode: model.mode });
      else if (earlier.mode !== model.mode)
        report(
          at,
          `\`${model.name}\` is for ${model.mode} here, but for ${earlier.mode} at \`${earlier.at}\``,
        );
    }
}

/** Fallbacks: each name once, and to other names that exist and do the same. `modes` is every name's mode. */
export function checkFallbacks(
  fallbacks: StackConfigShape["routing"]["fallbacks"],
  modes: ReadonlyMap<string, string | undefined>,
  report: Report,
): void {
  checkUnique(
    fallbacks.map(({ model }, index) => ({ at: `routing.fallbacks[${index}].model`, name: model })),
    report,
  );
  const known = (at: string, name: string) => {
    if (!modes.has(name)) report(at, `no model \`${name}\`; ${suggestion(name, modes.keys())}`);
  };
  for (const [index, { model, to }] of fallbacks.entries()) {
    const at = `routing.fallbacks[${index}]`;
    known(`${at}.model`, model);
    for (const [position, name] of to.entries()) {
      const toAt = `${at}.to[${position}]`;
      known(toAt, name);
      const [from, other] = [modes.get(model), modes.get(name)];
      if (name === model) report(toAt, "a model cannot stand in for itself; remove it");
      else if (from !== undefined && other !== undefined && from !== other)
        report(toAt, `\`${name}\` is for ${other}, but \`${model}\` is for ${from}`);
    }
  }
}
