import { describe, expect, it } from "vitest";
import { overriddenByDatabase, overriddenByProxy } from "../../../../cli/litellm/overridden.ts";

const declared = {
  router_settings: { num_retries: 2, timeout: 600, fallbacks: [] },
  litellm_settings: { request_timeout: 600 },
  general_settings: { store_model_in_db: true, disable_error_logs: true },
};

describe("overriddenByDatabase", () => {
  it("is empty for LiteLLM's copy of the declared settings, whatever its form of nothing and of numbers", () => {
    const stored = {
      ...declared,
      router_settings: { num_retries: "2", timeout: 600, fallbacks: null, retry_after: 0 },
    };
    expect(overriddenByDatabase(declared, stored, "db")).toEqual([]);
  });

  it("tells both values, and the one statement that takes them out of the database", () => {
    const stored = { router_settings: { num_retries: 4, fallbacks: [{ a: ["b"] }], timeout: 600 } };
    expect(overriddenByDatabase(declared, stored, "x-litellm_db")).toEqual([
      {
        section: "router_settings",
        settings: [
          { name: "num_retries", declared: 2, live: 4 },
          { name: "fallbacks", declared: [], live: [{ a: ["b"] }] },
        ],
        held: "database",
        todo: "declare it in the config to keep it; else take it out of the database by `docker exec x-litellm_db psql -U llmproxy -d litellm -c 'update \"LiteLLM_Config\" set param_value = param_value - array[$$num_retries$$, $$fallbacks$$] where param_name = $$router_settings$$'`, then `npm run up -- --recreate litellm`",
      },
    ]);
  });

  it("counts an emptied list of fallbacks, which wins over declared ones", () => {
    const wanted = { router_settings: { fallbacks: [{ a: ["b"] }] } };
    expect(overriddenByDatabase(wanted, { router_settings: { fallbacks: [] } }, "db")).toHaveLength(1);
  });

  it("does not count what is empty in the other sections: LiteLLM does not take it", () => {
    const stored = { general_settings: { disable_error_logs: false } };
    expect(overriddenByDatabase(declared, stored, "db")).toEqual([]);
    expect(overriddenByDatabase(declared, { litellm_settings: { request_timeout: 5 } }, "db")).toHaveLength(
      1,
    );
  });
});

describe("overriddenByProxy", () => {
  const running = { num_retries: 4, timeout: 600, fallbacks: null, retry_after: 0 };

  it("tells what only the running proxy still has, until it is replaced", () => {
    expect(overriddenByProxy(declared, {}, running)).toEqual([
      {
        section: "router_settings",
        settings: [{ name: "num_retries", declared: 2, live: 4 }],
        held: "proxy",
        todo: "`npm run up -- --recreate litellm` makes the proxy read its config again",
      },
    ]);
  });

  it("is silent of what the database holds, and where one of them does not answer", () => {
    expect(overriddenByProxy(declared, { router_settings: { num_retries: 4 } }, running)).toEqual([]);
    expect(overriddenByProxy(declared, undefined, running)).toEqual([]);
    expect(overriddenByProxy(declared, {}, undefined)).toEqual([]);
  });
});
