/**
 * The part of Pulumi's SDK that `@pulumi/policy` needs to run a pack, bundled in place of the whole (`setup/compile.ts`):
 * at each preview, that takes most of a second to load.
 */

export * as asset from "@pulumi/pulumi/asset/index.js";

/** Only remediations give outputs back, and this pack has none. */
export const Output = { isInstance: () => false };

// Marks in Pulumi's protocol, as in `@pulumi/pulumi/runtime/rpc`; a test compares them.
export const specialSigKey = "4dabf18193072939515e22adb298388d";
export const specialAssetSig = "c44067f5952c0a294b673a41bacd8c17";
export const specialArchiveSig = "0def7320c3a5731c473e5ecbe6d01bc7";
export const specialSecretSig = "1b47061264138c4ac30d75fd1eb44270";
