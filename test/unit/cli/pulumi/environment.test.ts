import { describe, expect, it } from "vitest";
import { pulumiEnvironment } from "../../../../cli/pulumi/environment.ts";
import type { Toolchain } from "../../../../setup/prepare.ts";

describe("pulumiEnvironment", () => {
  const toolchain: Toolchain = {
    root: "/p q",
    stack: "dev",
    engine: { version: "1", cpus: 1, memoryBytes: 1, host: "unix:///d.sock" },
    pulumi: { bin: "/b", home: "/h", version: "3", source: "built" },
  };

  it("keeps state and passphrase in the clone, and takes only the prepared plug-ins", () => {
    expect(pulumiEnvironment(toolchain, { PATH: "/bin" })).toEqual({
      LLM_STACK_ENV_OF: "/p q",
      PATH: "/b:/bin",
      PULUMI_HOME: "/h",
      PULUMI_BACKEND_URL: "file:///p%20q/.llm-stack/state",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/p q/.llm-stack/passphrase",
      PULUMI_STACK: "dev",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      DOCKER_HOST: "unix:///d.sock",
    });
  });

  it("does not follow the settings of another clone into its stack", () => {
    const others = { LLM_STACK_ENV_OF: "/other", PULUMI_BACKEND_URL: "file:///other/.llm-stack/state" };
    expect(pulumiEnvironment(toolchain, others).PULUMI_BACKEND_URL).toBe("file:///p%20q/.llm-stack/state");
    const own = { LLM_STACK_ENV_OF: "/p q", PULUMI_BACKEND_URL: "s3://b" };
    expect(pulumiEnvironment(toolchain, own).PULUMI_BACKEND_URL).toBe("s3://b");
  });

  it("leaves a back end and a passphrase of the caller's alone", () => {
    const settings = pulumiEnvironment(toolchain, {
      PULUMI_BACKEND_URL: "s3://b",
      PULUMI_CONFIG_PASSPHRASE: "",
    });
    expect(settings.PULUMI_BACKEND_URL).toBe("s3://b");
    expect(settings).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
  });
});
