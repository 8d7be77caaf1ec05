import { describe, expect, it } from "vitest";
import { bareHost, hostOfUrl, urlHosts } from "../../../policies/urls.ts";

describe("hostOfUrl", () => {
  it.each([
    ["http://web", "web"],
    ["https://LLM.Example.org:8443/v1?a=b#c", "llm.example.org"],
    ["http://me:p%40w@web/", "web"],
    ["postgresql://me@litellm_db:5432/x", "litellm_db"],
    ["http://127.0.0.1:1", "127.0.0.1"],
    ["http://[::1]:80/", "[::1]"],
  ])("of `%s` is `%s`", (url, host) => {
    expect(hostOfUrl(url)).toBe(host);
  });

  it.each([
    ...["web", "web:80", "//web", "http:web", "http:/web", "http:\\\\web", "http://", "http:///web"],
    ...["http://a\\@b", "http://a@b@c", "http://a b", "http://a\tb", "http://a\n", "http://a\u0000b"],
    ...[
      "http://0x7f.1",
      "http://2130706433",
      "http://0177.0.0.1",
      "http://w%65b",
      "http://ｗeb",
      "http://wéb",
    ],
    ...["http://web:99999", "http://$HOST", "http://{host}", "http://a,b"],
  ])("of `%s` is unknown", (url) => {
    expect(hostOfUrl(url)).toBeUndefined();
  });
});

describe("urlHosts", () => {
  it.each([
    ["openai/gpt-4o", []],
    ["os.environ/WHERE", []],
    ["name: value", []],
    ["ollama/llama3:8b", []],
    ["sqlite:///app/x.db", []],
    ["http:///web", [undefined]],
    ["huggingface/https://a.example/x", ["a.example"]],
    ["curl -s 'http://a:1/x' && exec web --url=http://b", ["a", "b"]],
    ["see https://a.example.", ["a.example"]],
    ["sh -c http://a'.b'", [undefined]],
    ['{"api_base": "https://a.example", "x": 1}', ["a.example"]],
    ['{"api_base":"https://a.example"}', [undefined]],
    ["http://a/?to=http://b", ["a", "b"]],
    ["http://a http://b", [undefined, "b"]],
  ])("of `%s`", (text, hosts) => {
    expect(urlHosts(text)).toEqual(hosts);
  });
});

describe("bareHost", () => {
  it.each([
    ["redis", "redis"],
    ["Redis.example:6379", "redis.example"],
    ["//a.example/x", "a.example"],
    ["a.example/v1", "a.example"],
    ["[::1]:1", "[::1]"],
    ["/v1/x", undefined],
    ["true", undefined],
    ["4000", undefined],
    ["", undefined],
    ["two words", undefined],
  ])("of `%s` is %s", (text, host) => {
    expect(bareHost(text)).toBe(host);
  });
});
