/** Pulumi's protocol for providers in this project's terms: properties, problems, errors, methods. */

import * as grpc from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { withoutKeys } from "../litellm/errors.ts";
import type { Problem } from "./resource-types/resource-type.ts";
import type { Properties } from "./values.ts";

/** Properties as a message. */
export const toStruct = (properties: Properties) =>
  Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);

/** The properties of a message; none where there is no message. */
export const fromStruct = (value: Struct | undefined) => (value?.toJavaScript() ?? {}) as Properties;

/** The answer to a check: the inputs as they came, and what is wrong with them. */
export function checkResponse(
  request: protocol.CheckRequest,
  problems: readonly Problem[],
): protocol.CheckResponse {
  const response = new protocol.CheckResponse();
  response.setInputs(request.getNews());
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

/** An error as Pulumi takes it: the message, without keys. */
export function serviceError(error: unknown): grpc.ServiceError {
  const message = withoutKeys(error instanceof Error ? error.message : String(error));
  return Object.assign(new Error(message), {
    code: grpc.status.UNKNOWN,
    details: message,
    metadata: new grpc.Metadata(),
  });
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
