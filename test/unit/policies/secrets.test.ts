import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  holdsPlaceholder,
  isSecretName,
  PLACEHOLDERS,
  secretsIn,
  urlPasswords,
} from "../../../policies/secrets.ts";

describe("isSecretName", () => {
  it.each([
    "POSTGRES_PASSWORD",
    "PASSWORD",
    "LITELLM_MASTER_KEY",
    "LITELLM_SALT_KEY",
    "OPENAI_API_KEY",
    "OPENAI_APIKEY",
    "AWS_SECRET_ACCESS_KEY",
    "HF_TOKEN",
    "DATABASE_URL",
    "api_key",
    "PGPASSWORD",
    "DB_PASS",
    "MYSQL_PWD",
    "SMTP_CREDENTIALS",
    "GOOGLE_APPLICATION_CREDENTIALS_JSON",
    "OPENAI_KEY",
    "REDISCLI_AUTH",
    "SENTRY_DSN",
    "GITHUB_PAT",
    "AZURE_CONNECTION_STRING",
  ])("takes %s for a secret's", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    "POSTGRES_USER",
    "PATH",
    "KEYBOARD",
    "MAX_TOKENS",
    "TOKENIZER",
    "PUBLIC_URL",
    "MONKEY",
    "PWD",
    "OLDPWD",
    "PASS_THROUGH",
    "PATH",
    "PUBLIC_KEY",
    "JWT_PUBLIC_KEY",
    "POSTGRES_HOST_AUTH_METHOD",
    "COMPASS",
  ])("takes %s for no secret's", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("urlPasswords", () => {
  it.each([
    ["postgresql://me:pw@db:5432/x", ["pw"]],
    ["redis://:pw@cache", ["pw"]],
    ["a http://u:p@h and b+c://v:${W}@i", ["p", "${W}"]],
    ["http://host:8080/a@b", []],
    ["http://me@host:80", []],
    ["postgresql://me:os.environ/PW@db", []],
    ["no URL: a:b@c", []],
  ])("of `%s`", (text, passwords) => {
    expect(urlPasswords(text)).toEqual(passwords);
  });
});

describe("holdsPlaceholder", () => {
  it.each(PLACEHOLDERS)("knows %s", (value) => {
    expect(holdsPlaceholder({ at: "", name: "API_KEY", value })).toBe(true);
    expect(holdsPlaceholder({ at: "", name: "ANY", value: `x://u:${value}@h` })).toBe(true);
  });

  it.each([
    ["POSTGRES_USER", "postgres"],
    ["API_KEY", "sk-12345"],
    ["API_KEY", "test-key-of-mine"],
    ["API_KEY", ""],
    ["DATABASE_URL", "postgresql://postgres:own@postgres/postgres"],
  ])("accepts %s=%s", (name, value) => {
    expect(holdsPlaceholder({ at: "", name, value })).toBe(false);
  });
});

describe("secretsIn", () => {
  // Put together here, so that no tool takes this file for a leak.
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  it.each([
    ["what looks like an OpenAI-style key", `api_key: sk-${letters}`],
    ["what looks like an OpenAI-style key", `"sk-proj-${letters}"`],
    ["what looks like a Google key", `AIza${letters}`],
    ["what looks like an AWS key", `AKIA${"A1".repeat(8)}`],
    ["what looks like a GitHub token", `ghp_${letters}`],
    ["what looks like a GitHub token", `github_pat_${letters}`],
    ["what looks like a Hugging Face token", `hf_${letters}`],
    ["what looks like a Slack token", `xoxb-${letters}`],
    ["what looks like a JSON Web Token", `Bearer eyJ${letters}.eyJ${letters}.${letters}`],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIE"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----"],
    ["a URL with a password", "postgresql://me:hunter2@db/x"],
    ["a URL with a password", "postgresql://me:half-$PART@db/x"],
    ["a known placeholder for a secret", "master_key: sk-1234"],
    ["a known placeholder for a secret", "it is dbpassword9090."],
    ["a known placeholder for a secret", "POSTGRES_PASSWORD=postgres pg_isready"],
    ["a known placeholder for a secret", "POSTGRES_PASSWORD: postgres"],
    ["a known placeholder for a secret", `{"password": "changeme"}`],
    ["a known placeholder for a secret", "--password=test"],
    ["an option with a secret", "web --db-password=hunter2 --port=1"],
    ["an option with a secret", "--api_key=short"],
  ])("finds %s", (what, text) => {
    expect(secretsIn(text)).toEqual([what]);
  });

  it("finds several", () => {
    expect(secretsIn(`postgresql://me:sk-1234@db hf_${letters}`)).toEqual([
      "what looks like a Hugging Face token",
      "a URL with a password",
      "a known placeholder for a secret",
    ]);
  });

  it.each([
    "api_key: os.environ/OPENAI_API_KEY",
    "postgresql://$USER:$PASSWORD@db/x",
    "postgresql://me:${PASSWORD}@db/x",
    "postgresql://me:os.environ/PASSWORD@db/x",
    "--password=$PASSWORD --token=$(cat /run/token) --api-key=${KEY}",
    "--password-file=/run/secrets/x --max-tokens=5 --tokenizer=a",
    'f"postgresql://{user}:{password}@{host}"',
    "http://ollama:11434/v1",
    "exec postgres -c listen_addresses='*'",
    "psql --user postgres --dbname test",
    "PASSWORD=postgres-is-not-it",
    "PASSWORD:\n  postgres:",
    "disk-usage-of-the-whole-engine",
    "sk-12345",
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----",
    `base64/${letters}AIza${letters}`,
  ])("lets `%s` be", (text) => {
    expect(secretsIn(text)).toEqual([]);
  });

  it("lets the default stack's scripts be", () => {
    const folder = join(import.meta.dirname, "../../../infra/scripts");
    const scripts = readdirSync(folder);
    expect(scripts.length).toBeGreaterThan(4);
    for (const script of scripts) expect(secretsIn(readFileSync(join(folder, script), "utf8"))).toEqual([]);
  });
});

it.each([
  "a",
  "a.",
  "://",
  "a://",
  "a://b:",
  "-----BEGIN ",
  "A ",
  "eyJ",
  "password ",
  "$",
  "{",
])("a text of many %j is read in linear time", (piece) => {
  const start = performance.now();
  const text = piece.repeat(100_000);
  secretsIn(`${text}!`);
  urlPasswords(`${text}!`);
  expect(performance.now() - start).toBeLessThan(5000);
});

it("a URL's scheme begins at a letter", () => {
  expect(urlPasswords("1postgres://u:p@h 1://u:q@h +://u:r@h a+b.c-1://:s@h")).toEqual(["p", "s"]);
});
