import { describe, expect, it } from "vitest";
import { givenEndpoint } from "../../../agent/endpoint.ts";
import { agentError } from "../../../agent/errors.ts";
import { countTokens, cutText } from "../../../agent/history.ts";
import { bareHost } from "../../../agent/http/addresses.ts";
import { shown } from "../../../agent/http/errors.ts";
import { proxySettings } from "../../../agent/http/proxy-settings.ts";
import { actionInput, parseReact, toolNamed, visible } from "../../../agent/loops/react-parser.ts";
import { fenced } from "../../../agent/loops/untrusted.ts";
import { readable } from "../../../agent/tools/fetch-page.ts";
import { searchResults } from "../../../agent/tools/web-search.ts";

// Of what a model, a page or an answer from elsewhere may hold. Each of these took, or would take, from many seconds to
// days with an expression that starts anew at each character.

/** Milliseconds; each text takes some tens. */
const AT_MOST = 5000;
const LONG = 100_000;

function expectLinear(work: () => unknown): void {
  const start = performance.now();
  work();
  expect(performance.now() - start).toBeLessThan(AT_MOST);
}

const spaces = " ".repeat(LONG);
const schema = { properties: { query: { type: "string" } } };

describe.each<[string, string]>([
  ["spaces", spaces],
  ["tabs", "\t".repeat(LONG)],
  ["lines", "\n".repeat(LONG)],
  ["stars", "*".repeat(LONG)],
  ["dots", ".".repeat(LONG)],
  ["digits", "1".repeat(LONG)],
  ["backticks", "`".repeat(LONG)],
  ["brackets", "(".repeat(LONG)],
  ["closing brackets", ")".repeat(LONG)],
  ["braces", "{".repeat(LONG)],
  ["quotes", '"'.repeat(LONG)],
  ["half a label", "Action: ".repeat(LONG / 8)],
  ["labels", "Action: none\n".repeat(LONG / 13)],
  ["answers within lines", `${"Thought: Final Answer: x\n".repeat(LONG / 25)}Action: none\n`],
  ["stars and spaces", `${"* ".repeat(LONG / 2)}`],
])("a model's output of %s", (_, filling) => {
  it.each([
    "",
    "Action",
    "Action 1",
    "Action: ",
    "Action: x",
    "Action: a\nAction Input: ",
    "Thought: ",
  ])("after `%s` is read in linear time", (start) => {
    for (const output of [`${start}${filling}`, `${start}${filling}!`, `${start}${filling}\n!`])
      expectLinear(() => {
        parseReact(output);
        visible(output);
        actionInput(output, schema);
        toolNamed(output, ["search"]);
      });
  });
});

it.each<[string, () => unknown]>([
  ["a result that may end its fence", () => fenced("t", `<${spaces}x`)],
  ["a result of beginnings of fences", () => fenced("t", "< / ".repeat(LONG))],
  ["an error's spaces", () => agentError(new Error(`x${spaces}x`), { baseUrl: "b", model: "m", models: [] })],
  ["a host of dots", () => bareHost(`${".".repeat(LONG)}x`)],
  ["an address of slashes", () => shown(`${"//".repeat(LONG)}x`)],
  [
    "a proxy's address of slashes",
    () => givenEndpoint({ LLM_STACK_URL: `http://a${"/".repeat(LONG)}x`, LLM_STACK_KEY: "k" }),
  ],
  [
    "a file of beginnings of certificates",
    () => {
      const broken = "-----BEGIN CERTIFICATE-----\n".repeat(LONG / 4);
      expect(() => proxySettings({ SSL_CERT_FILE: "/x" }, () => broken)).toThrow("SSL_CERT_FILE");
    },
  ],
  [
    "a link within a link within a link",
    () => searchResults(`<a class="result__a" href="${"//duckduckgo.com/l/?uddg=".repeat(LONG / 5)}">x</a>`),
  ],
  ["a page of spaces", () => readable(spaces.repeat(5), "https://example.org/")],
  ["a text's tokens", () => countTokens(`${spaces}${"aA1é".repeat(LONG)}`)],
  ["a text that is cut", () => cutText(`${spaces}${"aA1é".repeat(LONG)}`, 1000)],
])("%s is read in linear time", (_, work) => expectLinear(work));
