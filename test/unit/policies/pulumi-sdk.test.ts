import { asset } from "@pulumi/pulumi";
import * as rpc from "@pulumi/pulumi/runtime/rpc.js";
import { expect, it } from "vitest";
import * as slim from "../../../policies/pulumi-sdk.ts";

it("the part of Pulumi's SDK in the pack has the SDK's own marks and assets", () => {
  const { specialSigKey, specialAssetSig, specialArchiveSig, specialSecretSig } = rpc;
  expect(slim).toMatchObject({ specialSigKey, specialAssetSig, specialArchiveSig, specialSecretSig });
  expect(Object.keys(slim.asset)).toEqual(expect.arrayContaining(Object.keys(asset)));
});
