import { budgetKind } from "./budget.ts";
import { keyKind } from "./key.ts";
import { modelKind } from "./model.ts";
import { teamKind } from "./team.ts";

/** Every kind of object by its Pulumi type token. */
export const KINDS = new Map([keyKind, teamKind, budgetKind, modelKind].map((kind) => [kind.type, kind]));
