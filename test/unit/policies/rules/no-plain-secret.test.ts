import { expect, it } from "vitest";
import { noPlainSecret } from "../../../../policies/rules/no-plain-secret.ts";
import { container, UNKNOWN, violations } from "../../../support/policies.ts";

// Put together here, so that no tool takes this file for a leak.
const KEY = `sk-${"a1".repeat(16)}`;
const message = (place: string, what = "what looks like an OpenAI-style key") =>
  `${place} of \`web\` holds ${what}. ${noPlainSecret.remediation}`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

it("accepts references to the environment, and containers without any of these", () => {
  const stack = [
    container(),
    container({ healthcheck: undefined }),
    container({
      uploads: [
        { file: "/app/config.yml", content: "api_key: os.environ/OPENAI_API_KEY" },
        { file: "/app/ca.pem", contentBase64: base64("-----BEGIN CERTIFICATE-----") },
        { file: "/app/copied", source: "/here/copied" },
      ],
      labels: [{ label: "role", value: "web" }],
      entrypoints: ["/bin/bash", "-c", "exec postgres -c port=5432"],
      command: ["--url", "postgresql://me:$PASSWORD@db"],
    }),
  ];
  expect(violations(noPlainSecret, stack)).toEqual([]);
});

it.each([
  ["`uploads[0]` (`/app/config.yml`)", { uploads: [{ file: "/app/config.yml", content: KEY }] }],
  ["`uploads[0]` (`/app/key`)", { uploads: [{ file: "/app/key", contentBase64: base64(KEY) }] }],
  [
    "`labels[1]` (`key`)",
    {
      labels: [
        { label: "a", value: "b" },
        { label: "key", value: KEY },
      ],
    },
  ],
  ["`command[1]`", { command: ["--key", KEY] }],
  ["`entrypoints[2]`", { entrypoints: ["sh", "-c", `KEY=${KEY} exec web`] }],
  ["`healthcheck.tests[1]`", { healthcheck: { tests: ["CMD-SHELL", `curl -H 'x-key: ${KEY}' localhost`] } }],
  ["`logOpts.splunk-url`", { logOpts: { "splunk-url": `https://x?${KEY}` } }],
  ["`workingDir`", { workingDir: `/srv/${KEY}` }],
  ["`hostname`", { hostname: KEY }],
  ["`domainname`", { domainname: KEY }],
  ["`sysctls.kernel.x`", { sysctls: { "kernel.x": KEY } }],
  ["`uploads[0].file`", { uploads: [{ file: `/srv/${KEY}`, content: "" }] }],
  ["`labels[0].label`", { labels: [{ label: KEY, value: "" }] }],
  ["`tmpfs./run`", { tmpfs: { "/run": `x=${KEY}` } }],
  ["`networksAdvanced[0].aliases[0]`", { networksAdvanced: [{ name: "theirs", aliases: [KEY] }] }],
  [
    "`mounts[0].volumeOptions.driverOptions.o`",
    { mounts: [{ type: "volume", target: "/x", volumeOptions: { driverOptions: { o: `x= ${KEY}` } } }] },
  ],
])("rejects a key in %s, and does not show it", (place, props) => {
  expect(violations(noPlainSecret, [container(props)])).toEqual([message(place)]);
});

it("rejects placeholders and passwords in URLs", () => {
  const command = ["--key=sk-1234", "postgresql://me:own@db"];
  expect(violations(noPlainSecret, [container({ command })])).toEqual([
    message("`command[0]`", "a known placeholder for a secret"),
    message("`command[1]`", "a URL with a password"),
  ]);
});

it("knows a secret by the name that it stands under", () => {
  const props = {
    logOpts: { "splunk-token": "short", "max-size": "10m", tag: "a" },
    labels: [
      { label: "db.password", value: "hunter2" },
      { label: "db.password", value: "$PASSWORD" },
      { label: "token.endpoint", value: "/token" },
    ],
  };
  expect(violations(noPlainSecret, [container(props)])).toEqual([
    message("`logOpts.splunk-token`", "a secret by its name"),
    message("`labels[0]` (`db.password`)", "a secret by its name"),
  ]);
});

it("leaves environment variables to the rule on them", () => {
  expect(violations(noPlainSecret, [container({ envs: [`A=${KEY}`] })])).toEqual([]);
  expect(violations(noPlainSecret, [container({ envs: UNKNOWN, image: UNKNOWN })])).toEqual([]);
});

it("names all that one place holds", () => {
  expect(violations(noPlainSecret, [container({ command: [`${KEY} postgresql://me:own@db`] })])).toEqual([
    message("`command[0]`", "what looks like an OpenAI-style key and a URL with a password"),
  ]);
});

it.each([
  ["uploads.0.content", { uploads: [{ file: "/a", content: UNKNOWN }] }],
  ["uploads", { uploads: UNKNOWN }],
  ["command.0", { command: [UNKNOWN] }],
  ["labels.0.value", { labels: [{ label: "a", value: UNKNOWN }] }],
])("leaves `%s` open while it is unknown, unless another place holds a secret", (place, props) => {
  expect(violations(noPlainSecret, [container(props)])).toEqual([`unknown: .${place}`]);
  expect(violations(noPlainSecret, [container({ ...props, entrypoints: [KEY] })])).toEqual([
    message("`entrypoints[0]`"),
  ]);
});

it("finds a secret in a file whose path is unknown", () => {
  expect(violations(noPlainSecret, [container({ uploads: [{ file: UNKNOWN, content: KEY }] })])).toEqual([
    message("`uploads[0]`"),
  ]);
});
