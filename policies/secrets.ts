/** What looks like a secret. Values are judged, and never shown. */

import type { Variable } from "./variables.ts";

/** Whether an environment variable of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return [
    /PASSWORD|PASSWD|PASSPHRASE/i,
    /(^|_)(SECRET|TOKEN|CREDENTIALS?|CREDS|(API|MASTER|SALT|PRIVATE|ACCESS|SECRET)_?KEY)($|_)/i,
    /(^|_)(PASS|PASSCODE|AUTH|JWT|PAT|DSN|CONNECTION_STRING)$/i,
    // `PWD` by itself is a folder.
    /_(PWD|PSW|PSWD)$/i,
    /(^|_)(?<!PUBLIC_)KEY$/i,
    /^(DATABASE|REDIS|MONGO(DB)?|AMQP)_URL$/i,
  ].some((pattern) => pattern.test(name));
}

/** Whether an environment variable holds a secret: by its name, or by what it looks like. */
export function isSecretVariable({ name, value }: Variable): boolean {
  return isSecretName(name) || secretsIn(value).length > 0;
}

/** Whether what stands under `name` in options or labels, such as `splunk-token`, is a secret, and not where it is. */
export function isSecretEntry(name: string, value: string): boolean {
  const plain = name.replaceAll(/[^A-Za-z0-9]+/g, "_");
  const isElsewhere =
    isReference(value) ||
    /^(\$|\{\{|os\.environ\/)/.test(value) ||
    /_(FILE|PATH|NAME|ID|URL|ENV|ENDPOINT|HOST|HEADER|TYPE|TTL)$/i.test(plain);
  return value !== "" && !isElsewhere && isSecretName(plain);
}

/** Secrets of tutorials, which are words of their own. */
const WELL_KNOWN = ["sk-1234", "sk-4444", "dbpassword9090"];

/** Values that stand for a secret until somebody sets one: everybody knows them. */
export const PLACEHOLDERS: readonly string[] = [
  ...WELL_KNOWN,
  "postgres",
  "password",
  "changeme",
  "secret",
  "admin",
  "root",
  "test",
  "example",
];

/** Whether an environment variable holds a placeholder as its secret, or as the password of a URL. */
export function holdsPlaceholder({ name, value }: Variable): boolean {
  return (
    (isSecretName(name) && PLACEHOLDERS.includes(value)) ||
    urlPasswords(value).some((password) => PLACEHOLDERS.includes(password))
  );
}

/** The passwords of the URLs in a text. */
export function urlPasswords(text: string): string[] {
  // The scheme is looked back for, from what ends it: it would be tried anew from each letter of a long word.
  const urls = text.matchAll(/:\/\/(?<=[a-z][a-z0-9+.-]*:\/\/)[^\s/:@'"`]*:([^\s/@'"`]+)@/gi);
  return [...urls].map(([, password = ""]) => password);
}

/** `$VAR`, `${VAR}`, `{name}`: filled in later. */
const isReference = (text: string) => /^(\$\w+|\$?\{[^{}]*\}|\$\([^()]*\))$/.test(text);

/** A secret's shape starts a word. */
const shape = (pattern: string) => new RegExp(`(?<![A-Za-z0-9_-])(?:${pattern})`);

const SHAPES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["what looks like an OpenAI-style key", shape("sk-[A-Za-z0-9_-]{16,}")],
  ["what looks like a Google key", shape("AIza[A-Za-z0-9_-]{30,}")],
  ["what looks like an AWS key", shape("AKIA[A-Z0-9]{16}(?![A-Za-z0-9])")],
  ["what looks like a GitHub token", shape("gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}")],
  ["what looks like a Hugging Face token", shape("hf_[A-Za-z0-9]{20,}")],
  ["what looks like a Slack token", shape("xox[a-z]-[A-Za-z0-9-]{10,}")],
  ["what looks like a JSON Web Token", shape("eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]+")],
  ["a private key", /-----BEGIN ([A-Z]+ )*PRIVATE KEY/],
];

const WELL_KNOWN_WORD = new RegExp(`(?<![\\w-])(?:${WELL_KNOWN.join("|")})(?![\\w-])`);

/** `password=postgres`, `"api_key": "test"`, `POSTGRES_PASSWORD: postgres`. */
const PLACEHOLDER_VALUE = new RegExp(
  `(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|(?:API|MASTER|SALT|PRIVATE|ACCESS)_?KEY)["']?[ \\t]*[:=][ \\t]*["']?(?:${PLACEHOLDERS.join("|")})(?=["'\\s,;&}\\])]|$)`,
  "i",
);

/** What secrets a text seems to hold, in words. */
export function secretsIn(text: string): string[] {
  const shapes = SHAPES.flatMap(([what, pattern]) => (pattern.test(text) ? [what] : []));
  const url = urlPasswords(text).some((password) => !isReference(password));
  const options = [...text.matchAll(/(?<![\w-])--([\w-]+)=([^\s"']+)/g)];
  const option = options.some(([, name = "", value = ""]) => isSecretEntry(name, value));
  const placeholder = WELL_KNOWN_WORD.test(text) || PLACEHOLDER_VALUE.test(text);
  return [
    ...shapes,
    ...(url ? ["a URL with a password"] : []),
    ...(option && !placeholder ? ["an option with a secret"] : []),
    ...(placeholder ? ["a known placeholder for a secret"] : []),
  ];
}
