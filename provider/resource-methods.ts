/** What the engine asks of single resources: check, diff, create, read, update, delete. */

import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { LiteLlmApi } from "../litellm/client.ts";
import { isUncertain, LiteLlmError } from "../litellm/errors.ts";
import type { Warn } from "./log.ts";
import { checkResponse, fromStruct, toStruct, Unfinished, unary } from "./protocol.ts";
import { budgetType } from "./resource-types/budget.ts";
import { RESOURCE_TYPES } from "./resource-types/index.ts";
import {
  type Change,
  changesOf,
  identified,
  problemsOf,
  type ResourceType,
} from "./resource-types/resource-type.ts";
import { type Properties, plain, secret, UNKNOWN } from "./values.ts";

/** What the methods need besides their requests. */
export interface Context {
  /** @throws when the provider is not configured */
  readonly api: () => LiteLlmApi;
  readonly warn: Warn;
}

/** The methods of Pulumi's protocol by name. */
export const resourceMethods = (context: Context) => ({
  check: unary(check),
  diff: unary(diff),
  create: unary((request: protocol.CreateRequest) => create(context, request)),
  read: unary((request: protocol.ReadRequest) => read(context, request)),
  update: unary((request: protocol.UpdateRequest) => update(context, request)),
  delete: unary(async (request: protocol.DeleteRequest) => {
    await typeOf(request.getUrn()).delete(context.api(), request.getId());
    return new empty.Empty();
  }),
});

function typeOf(urn: string): ResourceType {
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const resourceType = RESOURCE_TYPES.get(token);
  if (resourceType === undefined) throw new Error(`there is no resource type \`${token}\``);
  return resourceType;
}

function check(request: protocol.CheckRequest): protocol.CheckResponse {
  const resourceType = typeOf(request.getUrn());
  const inputs = identified(resourceType, fromStruct(request.getOlds()), fromStruct(request.getNews()));
  return checkResponse(inputs, problemsOf(resourceType, plain(inputs)));
}

function diff(request: protocol.DiffRequest): protocol.DiffResponse {
  const resourceType = typeOf(request.getUrn());
  const olds = plain(fromStruct(request.getOldInputs()));
  const changes = changesOf(resourceType, request.getId(), olds, plain(fromStruct(request.getNews())));
  const { DIFF_SOME, DIFF_NONE } = protocol.DiffResponse.DiffChanges;
  const response = new protocol.DiffResponse();
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(changes.map(({ property }) => property));
  response.setReplacesList(changes.filter(({ replaces }) => replaces).map(({ property }) => property));
  // Names are unique in LiteLLM. Only a budget has none.
  response.setDeletebeforereplace(resourceType !== budgetType);
  response.setHasdetaileddiff(true);
  for (const change of changes) response.getDetaileddiffMap().set(change.property, propertyDiff(change));
  return response;
}

function propertyDiff({ how, replaces }: Change): protocol.PropertyDiff {
  const { Kind } = protocol.PropertyDiff;
  const kinds = {
    add: replaces ? Kind.ADD_REPLACE : Kind.ADD,
    delete: replaces ? Kind.DELETE_REPLACE : Kind.DELETE,
    update: replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE,
  };
  const result = new protocol.PropertyDiff();
  result.setKind(kinds[how]);
  result.setInputdiff(true);
  return result;
}

async function create({ api }: Context, request: protocol.CreateRequest): Promise<protocol.CreateResponse> {
  const resourceType = typeOf(request.getUrn());
  const inputs = fromStruct(request.getProperties());
  const response = new protocol.CreateResponse();
  if (request.getPreview()) {
    const unknown = Object.keys(resourceType.outputs).filter((name) => inputs[name] === undefined);
    const outputs = Object.fromEntries(unknown.map((name) => [name, UNKNOWN]));
    response.setProperties(toStruct(stateOf(resourceType, inputs, outputs)));
    return response;
  }
  const id = idOf(resourceType, inputs);
  response.setId(id);
  response.setProperties(
    toStruct(stateOf(resourceType, inputs, await made(api(), resourceType, id, inputs))),
  );
  return response;
}

/** The id that an object will have. */
function idOf({ identity }: ResourceType, inputs: Properties): string {
  return identity.idOf(String(plain(inputs)[identity.property]));
}

/**
 * Makes an object.
 *
 * @returns its outputs
 * @throws {Unfinished} when it is not known whether LiteLLM made it: the next update makes sure of it
 */
async function made(
  api: LiteLlmApi,
  resourceType: ResourceType,
  id: string,
  inputs: Properties,
): Promise<Properties> {
  try {
    return await resourceType.create(api, id, plain(inputs));
  } catch (error) {
    if (!isUncertain(error)) throw error;
    const live = await resourceType.read(api, id, plain(inputs)).catch(() => undefined);
    if (live !== undefined) return live.outputs;
    throw new Unfinished(error, id, toStruct(inputs), toStruct(stateOf(resourceType, inputs, {})));
  }
}

async function read({ api, warn }: Context, request: protocol.ReadRequest): Promise<protocol.ReadResponse> {
  const resourceType = typeOf(request.getUrn());
  const response = new protocol.ReadResponse();
  const state = fromStruct(request.getProperties());
  const imported = Object.keys(state).length === 0;
  const inputs = imported ? {} : fromStruct(request.getInputs());
  try {
    const live = await resourceType.read(api(), request.getId(), plain(inputs));
    if (live === undefined) return response; // gone
    const held = stateOf(resourceType, live.inputs, {});
    const kept = { ...outputsOf(resourceType, state), ...held };
    response.setInputs(toStruct(held));
    response.setProperties(toStruct(stateOf(resourceType, kept, live.outputs)));
  } catch (error) {
    if (imported) throw error;
    const reason = error instanceof Error ? error.message : error;
    await warn(request.getUrn(), `not compared with LiteLLM: ${reason}. What is known of it is kept.`);
    response.setInputs(request.getInputs());
    response.setProperties(request.getProperties());
  }
  response.setId(request.getId());
  return response;
}

async function update({ api }: Context, request: protocol.UpdateRequest): Promise<protocol.UpdateResponse> {
  const resourceType = typeOf(request.getUrn());
  const inputs = fromStruct(request.getNews());
  const state = fromStruct(request.getOlds());
  const kept = { ...outputsOf(resourceType, state), ...inputs };
  const response = new protocol.UpdateResponse();
  if (request.getPreview()) {
    response.setProperties(toStruct(stateOf(resourceType, kept, {})));
    return response;
  }
  const olds = plain(fromStruct(request.getOldInputs()));
  const outputs = await updated(api(), resourceType, request.getId(), { olds, news: inputs, state });
  response.setProperties(toStruct(stateOf(resourceType, kept, outputs)));
  return response;
}

/** Updates an object, or makes it again where it is gone, as after an answer that was lost. */
async function updated(
  api: LiteLlmApi,
  resourceType: ResourceType,
  id: string,
  { olds, news, state }: { olds: Properties; news: Properties; state: Properties },
): Promise<Properties> {
  try {
    return await resourceType.update(api, id, olds, plain(news), plain(state));
  } catch (error) {
    if (!(error instanceof LiteLlmError)) throw error;
    const live = await resourceType.read(api, id, olds).catch(() => null);
    if (live !== undefined) throw error;
    return made(api, resourceType, id, news);
  }
}

/** What goes into the state: the inputs as they came, with whatever is secret wrapped, and the outputs. */
export function stateOf(resourceType: ResourceType, inputs: Properties, outputs: Properties): Properties {
  const wrapped = Object.entries({ ...inputs, ...outputs }).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    const isSecret = resourceType.fields[name]?.secret || resourceType.outputs[name]?.secret;
    return [[name, isSecret ? secret(value) : value]];
  });
  return Object.fromEntries(wrapped);
}

/** What of a state is output alone. */
function outputsOf(resourceType: ResourceType, state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name in resourceType.outputs));
}
