/**
 * The Pulumi provider `litellm`, on Pulumi's own protocol. The SDK's server for providers in TypeScript does not hand
 * over the provider's configuration: each object would have to hold endpoint and master key, none could be imported,
 * and a new master key would have to reach every object before it could be deleted.
 */

import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { LiteLlmApi, withoutKeys } from "../litellm/client.ts";
import { budgetKind } from "./resource-types/budget.ts";
import { KINDS } from "./resource-types/index.ts";
import { changesOf, type Problem, problemsOf, type ResourceType } from "./resource-types/resource-type.ts";
import { isUnknown, type Properties, plain, secret, UNKNOWN } from "./values.ts";

/** The version of this provider; `Pulumi.yaml` names it too. */
export const VERSION = "0.1.0";

/** What is wrong with a connection. */
export function connectionProblems({ endpoint, masterKey }: Properties): Problem[] {
  const problems: Problem[] = [];
  if (endpoint === undefined) problems.push({ property: "endpoint", reason: "is missing" });
  else if (!isUnknown(endpoint) && !/^https?:\/\/[^/]/.test(String(endpoint)))
    problems.push({ property: "endpoint", reason: "must be a URL such as `http://localhost:4444`" });
  if (masterKey === undefined) problems.push({ property: "masterKey", reason: "is missing" });
  else if (!isUnknown(masterKey) && !String(masterKey).startsWith("sk-"))
    problems.push({ property: "masterKey", reason: "must start with `sk-`", secret: true });
  return problems;
}

/** What goes into the state: the inputs as they came, with whatever is secret wrapped, and the outputs. */
function stateOf(kind: ResourceType, inputs: Properties, outputs: Properties): Properties {
  const wrapped = Object.entries({ ...inputs, ...outputs }).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    const isSecret = kind.fields[name]?.secret || kind.outputs[name]?.secret;
    return [[name, isSecret ? secret(value) : value]];
  });
  return Object.fromEntries(wrapped);
}

/** An error as Pulumi takes it: the message, without keys. */
function failure(error: unknown): grpc.ServiceError {
  const message = withoutKeys(error instanceof Error ? error.message : String(error));
  return Object.assign(new Error(message), {
    code: grpc.status.UNKNOWN,
    details: message,
    metadata: new grpc.Metadata(),
  });
}

const struct = (properties: Properties) =>
  Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
const properties = (value: Struct | undefined) => (value?.toJavaScript() ?? {}) as Properties;

/** @param engineAddress where Pulumi's engine listens, for warnings */
export function providerService(engineAddress: string | undefined): UntypedServiceImplementation {
  const stopped = new AbortController();
  let api: LiteLlmApi | undefined;

  const client = (): LiteLlmApi => {
    if (api === undefined) throw new Error("the provider is not configured");
    return api;
  };
  const kindOf = (urn: string): ResourceType => {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const kind = KINDS.get(type);
    if (kind === undefined) throw new Error(`there is no resource type \`${type}\``);
    return kind;
  };

  /** Shows a warning beside a resource. */
  const warn = async (urn: string, message: string) => {
    if (engineAddress === undefined) return console.error(message);
    const request = new engine.LogRequest();
    request.setSeverity(engine.LogSeverity.WARNING);
    request.setUrn(urn);
    request.setMessage(withoutKeys(message));
    const log = new EngineClient(engineAddress, grpc.credentials.createInsecure());
    await new Promise<void>((resolve, reject) =>
      log.log(request, (error: Error | null) => (error ? reject(error) : resolve())),
    );
    log.close();
  };

  /** A method whose errors reach the user as they are. */
  const unary =
    <Request, Response>(work: (request: Request) => Promise<Response> | Response) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
      Promise.resolve()
        .then(() => work(call.request))
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback(failure(error)),
        );
    };
  const failures = (problems: readonly Problem[]) =>
    problems.map((problem) => {
      const one = new protocol.CheckFailure();
      // Pulumi shows the value of a property that it is told, a secret one as well.
      one.setProperty(problem.secret ? "" : problem.property);
      one.setReason(problem.secret ? `\`${problem.property}\` ${problem.reason}` : problem.reason);
      return one;
    });

  return {
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(VERSION);
      return info;
    }),

    checkConfig: unary((request: protocol.CheckRequest) => {
      const response = new protocol.CheckResponse();
      response.setInputs(request.getNews());
      response.setFailuresList(failures(connectionProblems(plain(properties(request.getNews())))));
      return response;
    }),

    // A changed connection is an update of the provider, and none of its objects.
    diffConfig: unary((request: protocol.DiffRequest) => {
      const [olds, news] = [plain(properties(request.getOlds())), plain(properties(request.getNews()))];
      const changed = ["endpoint", "masterKey"].filter((name) => olds[name] !== news[name]);
      const response = new protocol.DiffResponse();
      response.setChanges(
        changed.length > 0
          ? protocol.DiffResponse.DiffChanges.DIFF_SOME
          : protocol.DiffResponse.DiffChanges.DIFF_NONE,
      );
      response.setDiffsList(changed);
      return response;
    }),

    configure: unary((request: protocol.ConfigureRequest) => {
      const { endpoint, masterKey } = plain(properties(request.getArgs()));
      const connection = { endpoint: String(endpoint), masterKey: String(masterKey) };
      api = new LiteLlmApi(connection, stopped.signal);
      const response = new protocol.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),

    check: unary((request: protocol.CheckRequest) => {
      const response = new protocol.CheckResponse();
      response.setInputs(request.getNews());
      response.setFailuresList(
        failures(problemsOf(kindOf(request.getUrn()), plain(properties(request.getNews())))),
      );
      return response;
    }),

    diff: unary((request: protocol.DiffRequest) => {
      const kind = kindOf(request.getUrn());
      const olds = plain(properties(request.getOldInputs()));
      const changes = changesOf(kind, request.getId(), olds, plain(properties(request.getNews())));
      const response = new protocol.DiffResponse();
      const { DiffChanges } = protocol.DiffResponse;
      response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
      response.setDiffsList(changes.map(({ property }) => property));
      response.setReplacesList(changes.filter(({ replaces }) => replaces).map(({ property }) => property));
      // Names are unique in LiteLLM. Only a budget has none.
      response.setDeletebeforereplace(kind !== budgetKind);
      response.setHasdetaileddiff(true);
      for (const { property, how, replaces } of changes) {
        const { Kind } = protocol.PropertyDiff;
        const one = new protocol.PropertyDiff();
        const kinds = {
          add: replaces ? Kind.ADD_REPLACE : Kind.ADD,
          delete: replaces ? Kind.DELETE_REPLACE : Kind.DELETE,
          update: replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE,
        };
        one.setKind(kinds[how]);
        one.setInputdiff(true);
        response.getDetaileddiffMap().set(property, one);
      }
      return response;
    }),

    create: unary(async (request: protocol.CreateRequest) => {
      const kind = kindOf(request.getUrn());
      const inputs = properties(request.getProperties());
      const response = new protocol.CreateResponse();
      if (request.getPreview()) {
        const unknown = Object.keys(kind.outputs).filter((name) => inputs[name] === undefined);
        response.setProperties(
          struct(stateOf(kind, inputs, Object.fromEntries(unknown.map((name) => [name, UNKNOWN])))),
        );
        return response;
      }
      const { id, outputs } = await kind.create(client(), plain(inputs));
      response.setId(id);
      response.setProperties(struct(stateOf(kind, inputs, outputs)));
      return response;
    }),

    read: unary(async (request: protocol.ReadRequest) => {
      const kind = kindOf(request.getUrn());
      const response = new protocol.ReadResponse();
      const state = properties(request.getProperties());
      const imported = Object.keys(state).length === 0;
      const inputs = imported ? {} : properties(request.getInputs());
      try {
        const live = await kind.read(client(), request.getId(), plain(inputs));
        if (live === undefined) return response; // gone
        const held = stateOf(kind, live.inputs, {});
        response.setInputs(struct(held));
        response.setProperties(struct(stateOf(kind, { ...outputsOf(kind, state), ...held }, live.outputs)));
      } catch (error) {
        if (imported) throw error;
        await warn(
          request.getUrn(),
          `not compared with LiteLLM: ${error instanceof Error ? error.message : error}. What is known of it is kept.`,
        );
        response.setInputs(request.getInputs());
        response.setProperties(request.getProperties());
      }
      response.setId(request.getId());
      return response;
    }),

    update: unary(async (request: protocol.UpdateRequest) => {
      const kind = kindOf(request.getUrn());
      const inputs = properties(request.getNews());
      const state = properties(request.getOlds());
      const response = new protocol.UpdateResponse();
      if (request.getPreview()) {
        response.setProperties(struct(stateOf(kind, { ...outputsOf(kind, state), ...inputs }, {})));
        return response;
      }
      const olds = plain(properties(request.getOldInputs()));
      const outputs = await kind.update(client(), request.getId(), olds, plain(inputs), plain(state));
      response.setProperties(struct(stateOf(kind, { ...outputsOf(kind, state), ...inputs }, outputs)));
      return response;
    }),

    delete: unary(async (request: protocol.DeleteRequest) => {
      await kindOf(request.getUrn()).delete(client(), request.getId());
      return new empty.Empty();
    }),

    cancel: unary(() => {
      stopped.abort(new Error("interrupted"));
      return new empty.Empty();
    }),
  };
}

/** What of a state is output alone. */
function outputsOf(kind: ResourceType, state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name in kind.outputs));
}
