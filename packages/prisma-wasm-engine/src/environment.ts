/** How prisma-client-py tells an engine its schema and database: by environment variables. */

/**
 * The Prisma schema: `PRISMA_DML` (base64) or the file at `PRISMA_DML_PATH`.
 *
 * @throws when neither is set
 */
export function readDatamodel(env: NodeJS.ProcessEnv, readFile: (path: string) => string): string {
  if (env.PRISMA_DML) return Buffer.from(env.PRISMA_DML, "base64").toString("utf8");
  if (env.PRISMA_DML_PATH) return readFile(env.PRISMA_DML_PATH);
  throw new Error("set `PRISMA_DML_PATH` to the path of a Prisma schema");
}

/**
 * The database's URL: of `OVERWRITE_DATASOURCES` (JSON, plain or base64) when it holds one, else what the
 * schema's `datasource` says, mostly the variable `DATABASE_URL`.
 *
 * @throws when there is none; the message holds no value
 */
export function readDatabaseUrl(env: NodeJS.ProcessEnv, datamodel: string): string {
  const overwritten = overwrittenUrl(env.OVERWRITE_DATASOURCES);
  if (overwritten) return overwritten;
  const source = /datasource\s+\w+\s*\{[^}]*?\burl\s*=\s*(?:env\(\s*"([^"]+)"\s*\)|"([^"]+)")/s.exec(
    datamodel,
  );
  if (!source) throw new Error("the schema has no `datasource` with a `url`");
  const [, variable, literal] = source;
  const url = variable ? env[variable] : literal;
  if (!url) throw new Error(`the environment variable \`${variable}\` is not set`);
  return url;
}

function overwrittenUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const json = text.trimStart().startsWith("[") ? text : Buffer.from(text, "base64").toString("utf8");
  let sources: unknown;
  try {
    sources = JSON.parse(json);
  } catch {
    // The cause would quote the text, which holds the password.
    throw new Error("`OVERWRITE_DATASOURCES` is neither JSON nor JSON in base64");
  }
  const list = Array.isArray(sources) ? (sources as { url?: unknown }[]) : [];
  const found = list.find(({ url }) => typeof url === "string" && url !== "");
  return found?.url as string | undefined;
}
