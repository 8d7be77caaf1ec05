/** The provider's configuration: where the proxy is, and its master key. */

import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import type { Connection } from "../litellm/client.ts";
import { checkResponse, fromStruct, unary } from "./protocol.ts";
import type { Problem } from "./resource-types/resource-type.ts";
import { isUnknown, type Properties, plain } from "./values.ts";

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

/** Names of what differs between two connections. It is an update of the provider, and none of its objects. */
export function connectionChanges(olds: Properties, news: Properties): string[] {
  return ["endpoint", "masterKey"].filter((name) => olds[name] !== news[name]);
}

const checkedConnection = (inputs: Properties) => checkResponse(inputs, connectionProblems(plain(inputs)));

/** @param connect takes the connection that the engine configures */
export const connectionMethods = (connect: (connection: Connection) => void) => ({
  checkConfig: unary((request: protocol.CheckRequest) => checkedConnection(fromStruct(request.getNews()))),

  diffConfig: unary((request: protocol.DiffRequest) => {
    const changed = connectionChanges(
      plain(fromStruct(request.getOlds())),
      plain(fromStruct(request.getNews())),
    );
    const { DIFF_SOME, DIFF_NONE } = protocol.DiffResponse.DiffChanges;
    const response = new protocol.DiffResponse();
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(changed);
    return response;
  }),

  configure: unary((request: protocol.ConfigureRequest) => {
    const { endpoint, masterKey } = plain(fromStruct(request.getArgs()));
    connect({ endpoint: String(endpoint), key: String(masterKey) });
    const response = new protocol.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }),
});
