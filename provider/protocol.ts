/** Pulumi's protocol for providers in this project's terms: properties, problems, errors, methods. */

import * as grpc from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { Any } from "google-protobuf/google/protobuf/any_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { withoutKeys } from "../litellm/errors.ts";
import type { Problem } from "./resource-types/resource-type.ts";
import type { Properties } from "./values.ts";

/** Properties as a message. */
export const toStruct = (properties: Properties) =>
  Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);

/** The properties of a message; none where there is no message. */
export const fromStruct = (value: Struct | undefined) => (value?.toJavaScript() ?? {}) as Properties;

/** The answer to a check: the inputs, and what is wrong with them. */
export function checkResponse(inputs: Properties, problems: readonly Problem[]): protocol.CheckResponse {
  const response = new protocol.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(
    problems.map((problem) => {
      const failure = new protocol.CheckFailure();
      // Pulumi shows the value of a property that it is told, a secret one as well.
      failure.setProperty(problem.secret ? "" : problem.property);
      failure.setReason(problem.secret ? `\`${problem.property}\` ${problem.reason}` : problem.reason);
      return failure;
    }),
  );
  return response;
}

/** An object that may be made or not: Pulumi notes it, fails, and updates it in the next run. */
export class Unfinished extends Error {
  override name = "Unfinished";
  readonly id: string;
  readonly inputs: Struct;
  readonly properties: Struct;

  constructor(cause: unknown, id: string, inputs: Struct, properties: Struct) {
    super(`${cause instanceof Error ? cause.message : cause}. The next \`up\` makes sure that it is there`, {
      cause,
    });
    this.id = id;
    this.inputs = inputs;
    this.properties = properties;
  }
}

/** An error as Pulumi takes it: the message, without keys. */
export function serviceError(error: unknown): grpc.ServiceError {
  const message = withoutKeys(error instanceof Error ? error.message : String(error));
  const metadata = new grpc.Metadata();
  if (error instanceof Unfinished) metadata.set("grpc-status-details-bin", statusOf(error, message));
  return Object.assign(new Error(message), { code: grpc.status.UNKNOWN, details: message, metadata });
}

/** The details of a gRPC error, by which Pulumi knows that an object is to be noted although making it failed. */
function statusOf(error: Unfinished, message: string): Buffer {
  const detail = new protocol.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setInputs(error.inputs);
  detail.setProperties(error.properties);
  detail.setReasonsList([message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const details = new status.Status();
  details.setCode(grpc.status.UNKNOWN);
  details.setMessage(message);
  details.addDetails(any);
  return Buffer.from(details.serializeBinary());
}

/** A method whose errors reach the user as they are. */
export const unary =
  <Request, Response>(work: (request: Request) => Promise<Response> | Response) =>
  (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>) => {
    Promise.resolve()
      .then(() => work(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(serviceError(error)),
      );
  };
