import { budgetType } from "./budget.ts";
import { keyType } from "./key.ts";
import { modelType } from "./model.ts";
import { teamType } from "./team.ts";

/** Every resource type by its Pulumi type token. */
export const RESOURCE_TYPES = new Map(
  [keyType, teamType, budgetType, modelType].map((resourceType) => [resourceType.type, resourceType]),
);
