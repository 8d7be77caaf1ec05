import type { ServiceError } from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { afterEach, describe, expect, it } from "vitest";
import { tokenOf } from "../../../litellm/keys.ts";
import { fromStruct, toStruct } from "../../../provider/protocol.ts";
import { resourceMethods } from "../../../provider/resource-methods.ts";
import { plain } from "../../../provider/values.ts";
import { apiOf, READY } from "../../support/litellm-api.ts";
import { json, type ProxyStub, proxyStub } from "../../support/proxy-stub.ts";

const KEY = "sk-a-key-of-a-test";
const ID = tokenOf(KEY);
const urn = "urn:pulumi:dev::p::litellm:index:Key::k";

let proxy: ProxyStub;
afterEach(() => proxy.close());

/** A LiteLLM that keeps keys by their token, and loses its answer to each of `lost`, which it carries out or not. */
async function liteLlm({ lost, carriesOut }: { lost: string[]; carriesOut: boolean }) {
  const held = new Map<string, object>();
  proxy = await proxyStub((request, response) => {
    const { pathname, searchParams } = new URL(request.path, "http://proxy");
    if (pathname === "/health/readiness") return json(response, 200, READY);
    if (pathname === "/key/info") {
      const info = held.get(searchParams.get("key") ?? "");
      return info
        ? json(response, 200, { info })
        : json(response, 404, { error: { message: "Key not found" } });
    }
    const token = String(request.body?.key).startsWith("sk-") ? ID : String(request.body?.key);
    if (pathname === "/key/update" && !held.has(token))
      return json(response, 404, { error: { message: "Key not found" } });
    const isLost = lost.includes(pathname);
    if (isLost) lost.splice(lost.indexOf(pathname), 1);
    if (!isLost || carriesOut) held.set(token, { token, key_alias: "k", expires: null });
    if (isLost) return void response.destroy();
    json(response, 200, { key: KEY, expires: null });
  });
  const methods = resourceMethods({
    api: () => apiOf(proxy.baseUrl.replace(/\/v1$/, "")),
    warn: async () => {},
  });
  const call = <Request, Response>(
    method: (call: never, callback: (error: ServiceError | null, response?: Response) => void) => void,
    request: Request,
  ) =>
    new Promise<Response>((resolve, reject) =>
      method({ request } as never, (error, response) =>
        error ? reject(error) : resolve(response as Response),
      ),
    );
  return { held, methods, call };
}

function createRequest() {
  const request = new protocol.CreateRequest();
  request.setUrn(urn);
  request.setProperties(toStruct({ keyAlias: "k", key: KEY }));
  return request;
}

describe("an answer that is lost", () => {
  it("is no failure where LiteLLM made the object", async () => {
    const { methods, call } = await liteLlm({ lost: ["/key/generate"], carriesOut: true });
    const response = (await call(methods.create as never, createRequest())) as protocol.CreateResponse;
    expect(response.getId()).toBe(ID);
    expect(plain(fromStruct(response.getProperties()))).toEqual({ keyAlias: "k", key: KEY });
  });

  it("leaves an object that Pulumi knows where LiteLLM did not make it, and the next update makes it", async () => {
    const { held, methods, call } = await liteLlm({ lost: ["/key/generate"], carriesOut: false });
    const error = (await call(methods.create as never, createRequest()).catch(
      (each) => each,
    )) as ServiceError;
    expect(error.message).toContain("`POST /key/generate` got no answer");
    expect(error.message).not.toContain(KEY);
    const [details] = status.Status.deserializeBinary(
      error.metadata.get("grpc-status-details-bin")[0] as Buffer,
    ).getDetailsList();
    const failed = protocol.ErrorResourceInitFailed.deserializeBinary(details?.getValue_asU8() as Uint8Array);
    expect(failed.getId()).toBe(ID);
    expect(plain(fromStruct(failed.getInputs()))).toEqual({ keyAlias: "k", key: KEY });

    const request = new protocol.UpdateRequest();
    request.setUrn(urn);
    request.setId(ID);
    for (const set of ["setOlds", "setNews", "setOldInputs"] as const)
      request[set](toStruct({ keyAlias: "k", key: KEY }));
    await call(methods.update as never, request);
    expect([...held.keys()]).toEqual([ID]);
  });
});

describe("a check", () => {
  const checked = async (olds: object, news: object) => {
    const { methods, call } = await liteLlm({ lost: [], carriesOut: true });
    const request = new protocol.CheckRequest();
    request.setUrn(urn);
    request.setOlds(toStruct(olds as never));
    request.setNews(toStruct(news as never));
    const response = (await call(methods.check as never, request)) as protocol.CheckResponse;
    return fromStruct(response.getInputs());
  };

  it("gives a new object what it will be known by, a key's value as a secret", async () => {
    const inputs = await checked({}, { keyAlias: "k" });
    expect(plain(inputs)).toEqual({ keyAlias: "k", key: expect.stringMatching(/^sk-[\w-]{32}$/) });
    expect(inputs.key).toHaveProperty("4dabf18193072939515e22adb298388d");
  });

  it("keeps it from then on, and what is given wins", async () => {
    expect(plain(await checked({ keyAlias: "k", key: KEY }, { keyAlias: "new" }))).toEqual({
      keyAlias: "new",
      key: KEY,
    });
    expect(plain(await checked({ keyAlias: "k", key: KEY }, { key: "sk-another-value" }))).toEqual({
      key: "sk-another-value",
    });
  });

  it("leaves an imported object as it is, whose value nobody knows", async () => {
    expect(await checked({ keyAlias: "k" }, { keyAlias: "k" })).toEqual({ keyAlias: "k" });
  });
});
