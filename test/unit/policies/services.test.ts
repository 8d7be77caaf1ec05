import { describe, expect, it } from "vitest";
import { IMAGE_LABEL } from "../../../policies/images.ts";
import type { Container } from "../../../policies/resource.ts";
import { backendOf, outdatedLitellm, serviceOf, versionsOfService } from "../../../policies/services.ts";
import { container as anyContainer, ID, remoteImage, UNKNOWN } from "../../support/policies.ts";

const container = (...args: Parameters<typeof anyContainer>) => anyContainer(...args) as Container;

describe("serviceOf", () => {
  it.each([
    ["litellm", "ghcr.io/berriai/litellm:main-v1.84.0-stable"],
    ["litellm", "ghcr.io/berriai/litellm-database:1"],
    ["litellm", "llm-stack.local/litellm:1.73.0-0f"],
    ["postgres", "postgres:16"],
    ["postgres", "bitnami/postgresql:16"],
    ["postgres", "pgvector/pgvector:pg16"],
    ["ollama", "ollama/ollama:0.17.1"],
    [undefined, "prometheuscommunity/postgres-exporter:0.15"],
    [undefined, "litellm/web:1"],
    [undefined, "nginx:1.27"],
  ])("is %s by the image `%s`", (service, image) => {
    expect(serviceOf(container({ image }), [])).toBe(service);
  });

  it.each([
    ["litellm", ["LITELLM_MASTER_KEY=x", "OLLAMA_API_BASE=http://o"]],
    ["litellm", ["LITELLM_LOG=ERROR", "POSTGRES_PASSWORD=x"]],
    ["postgres", ["POSTGRES_PASSWORD=x"]],
    ["postgres", ["PGDATA=/data"]],
    ["ollama", ["OLLAMA_HOST=0.0.0.0"]],
    [undefined, ["LITELLM_API_KEY=x", "LITELLM_BASE_URL=http://litellm"]],
    [undefined, ["POSTGRES_HOST=db", "POSTGRES_PASSWORD=x"]],
    [undefined, ["OLLAMA_BASE_URL=http://ollama"]],
    [undefined, ["PATH=/bin"]],
  ])("is %s by the variables %s", (service, envs) => {
    expect(serviceOf(container({ envs }), [])).toBe(service);
  });

  it.each([
    ["postgres", 5432],
    ["ollama", 11434],
    [undefined, 8080],
  ])("is %s by the port %d", (service, internal) => {
    expect(serviceOf(container({ ports: [{ internal, external: 1, ip: "127.0.0.1" }] }), [])).toBe(service);
  });

  it("goes by LiteLLM's variables, then the image, then variables, then ports", () => {
    const ports = [{ internal: 11434 }];
    const is = (image: string, envs: string[]) => serviceOf(container({ image, envs, ports }), []);
    expect(is("ollama/ollama:1", ["LITELLM_LOG=ERROR"])).toBe("litellm");
    expect(is("ollama/ollama:1", ["PGDATA=/data"])).toBe("ollama");
    expect(is("theirs:1", ["PGDATA=/data"])).toBe("postgres");
    expect(is("theirs:1", [])).toBe("ollama");
  });

  it("sees through ids", () => {
    const image = remoteImage("ollama/ollama:1", { imageId: ID });
    expect(serviceOf(container({ image: ID }), [image])).toBe("ollama");
    expect(serviceOf(container({ image: UNKNOWN }, { from: { image: [image.urn] } }), [image])).toBe(
      "ollama",
    );
    expect(
      serviceOf(container({ image: ID, labels: [{ label: IMAGE_LABEL, value: "postgres:16" }] }), []),
    ).toBe("postgres");
  });

  it("decides by what a preview knows", () => {
    expect(serviceOf(container({ image: UNKNOWN, envs: [UNKNOWN, "PGDATA=/data"] }), [])).toBe("postgres");
    expect(serviceOf(container({ image: "postgres:16", envs: UNKNOWN, ports: UNKNOWN }), [])).toBe(
      "postgres",
    );
    expect(serviceOf(container({ envs: [UNKNOWN], ports: [{ internal: 5432, ip: UNKNOWN }] }), [])).toBe(
      "postgres",
    );
  });

  it.each([
    ["image", { image: UNKNOWN }],
    ["envs.0", { envs: [UNKNOWN] }],
    ["envs", { envs: UNKNOWN }],
    ["ports.0.internal", { ports: [{ internal: UNKNOWN }] }],
  ])("does not guess where `%s` might tell", (place, props) => {
    expect(() => serviceOf(container(props), [])).toThrow(`.${place} `);
  });
});

describe("backendOf", () => {
  it("is what `serviceOf` finds", () => {
    expect(backendOf(container({ image: "postgres:16" }), [])).toBe("postgres");
    expect(backendOf(container({ envs: ["OLLAMA_HOST=0.0.0.0"] }), [])).toBe("ollama");
    expect(backendOf(container(), [])).toBeUndefined();
    expect(backendOf(container({ image: "litellm:1", envs: ["PGDATA=/data"] }), [])).toBeUndefined();
  });

  it("is not hidden by variables or a label that say LiteLLM", () => {
    const envs = ["LITELLM_LOG=ERROR"];
    expect(backendOf(container({ image: "postgres:16", envs }), [])).toBe("postgres");
    const image = remoteImage("ollama/ollama:1", { imageId: ID });
    expect(backendOf(container({ image: ID, envs }), [image])).toBe("ollama");
    const labels = [{ label: IMAGE_LABEL, value: "litellm:1.84.0" }];
    expect(backendOf(container({ image: "postgres:16", labels }), [])).toBe("postgres");
    expect(backendOf(container({ image: ID, labels, ports: [{ internal: 11434 }] }), [])).toBe("ollama");
  });
});

describe("versionsOfService", () => {
  it("takes the tag of an image of the service's name only", () => {
    const label = [{ label: IMAGE_LABEL, value: "ghcr.io/berriai/litellm:main-v1.73.0-stable" }];
    const own = { image: "theirs/proxy:9.1" };
    const none = { certain: undefined, claimed: undefined };
    expect(versionsOfService("litellm", container(own), [])).toEqual(none);
    expect(versionsOfService("litellm", container({ ...own, labels: label }), [])).toEqual({
      ...none,
      claimed: "1.73.0",
    });
    const image = "litellm:1.84.0";
    expect(versionsOfService("litellm", container({ image, labels: label }), [])).toEqual({
      certain: "1.84.0",
      claimed: "1.73.0",
    });
  });
});

describe("outdatedLitellm", () => {
  it.each([
    ["litellm:1.73.0", "1.73.0"],
    ["litellm:1.83.7", "1.83.7"],
    ["litellm:1.83.6", undefined],
    ["litellm:1.84.0", undefined],
    ["litellm:main-stable", undefined],
    ["nginx:1.27", undefined],
  ])("of `%s` is %s", (image, version) => {
    expect(outdatedLitellm(container({ image }), [])).toBe(version);
  });
});
