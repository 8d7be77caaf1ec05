/** Keys and teams. */

import { setSecret } from "../namespace.ts";
import { suggestion } from "../nearest.ts";
import type { KeyShape, TeamShape } from "../schema/keys.ts";
import { checkNames, type Entry, type Report } from "./entries.ts";

/** Names of models that exist. `known` is undefined while not every model could be read. */
function checkModelNames(
  at: string,
  wanted: readonly string[] | undefined,
  known: readonly string[] | undefined,
  report: Report,
): void {
  if (known === undefined) return;
  for (const [index, name] of (wanted ?? []).entries())
    if (!known.includes(name))
      report(`${at}.models[${index}]`, `no model \`${name}\`; ${suggestion(name, known)}`);
}

/** Teams: each name once, and models that exist. */
export function checkTeams(
  teams: readonly Entry<TeamShape>[],
  models: readonly string[] | undefined,
  report: Report,
): void {
  checkNames(teams, report);
  for (const { at, value } of teams) checkModelNames(at, value?.models, models, report);
}

/** Keys: each name once, models and a team that exist, and a value that is set as a secret. */
export function checkKeys(
  keys: readonly Entry<KeyShape>[],
  teams: readonly Entry<TeamShape>[],
  models: readonly string[] | undefined,
  secrets: ReadonlySet<string>,
  report: Report,
): void {
  checkNames(keys, report);
  const teamNames = teams.flatMap(({ name }) => name ?? []);
  for (const { at, value } of keys) {
    if (value === undefined) continue;
    const team = teams.find(({ name }) => name === value.team)?.value;
    if (value.team !== undefined && !teamNames.includes(value.team))
      report(`${at}.team`, `no team \`${value.team}\`; ${suggestion(value.team, teamNames)}`);
    checkModelNames(at, value.models, models, report);
    for (const [index, name] of (value.models ?? []).entries())
      if (team?.models !== undefined && !team.models.includes(name))
        report(`${at}.models[${index}]`, `its team \`${value.team}\` may not use \`${name}\``);
    if (value.value !== undefined && !secrets.has(value.value))
      report(`${at}.value`, `is not set: ${setSecret(value.value)}`);
  }
}
