/** Records what components register, instead of deploying it. */

import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect } from "vitest";

/** A resource that was registered, with its resolved inputs. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of any resource
  readonly inputs: Record<string, any>;
}

export const CONTAINER = "docker:index/container:Container";
export const VOLUME = "docker:index/volume:Volume";
export const IMAGE = "docker:index/remoteImage:RemoteImage";
export const PASSWORD = "random:index/randomPassword:RandomPassword";

/** Exported by the SDK at run time (3.248: `runtime/settings.js`), but marked internal and so left out of its types. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

let registered: Registration[] = [];

/** Starts each test of a file with nothing registered. */
export function startEmpty(): void {
  beforeEach(async () => {
    await waitForRPCs(); // what the test before did not wait for
    registered = [];
  });
}

await pulumi.runtime.setMocks({
  newResource: ({ type, name, inputs }) => {
    registered.push({ type, name, inputs });
    const outputs: Record<string, unknown> = { ...inputs };
    if (type === PASSWORD) outputs.result = `made-${name}`;
    if (type === IMAGE) outputs.imageId = `sha256:${name}`;
    return { id: `${name}-id`, state: outputs };
  },
  call: () => ({}),
});

/** Every resource of `type` (of any, by default) that the test has made, once all of them are registered. */
export async function registrations(type?: string): Promise<readonly Registration[]> {
  await waitForRPCs();
  return registered.filter((resource) => type === undefined || resource.type === type);
}

/** The inputs of the one resource of `type`. */
export async function onlyInputs(type: string): Promise<Registration["inputs"]> {
  const found = await registrations(type);
  expect(found).toHaveLength(1);
  return (found[0] as Registration).inputs;
}

/** The value of an output. */
export const resolved = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply(resolve));

/** What every container of these tests is made with. */
export const common = { image: "sha256:1", engineVersion: "20.10.24", networkName: "net" };
