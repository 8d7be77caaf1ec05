/** Errors whose message is meant for the user. */

/** An error whose message is meant for the user: it names the place and how to fix it, and is shown without a stack. */
export class UserError extends Error {
  override name = "UserError";
}

/** A config that cannot be deployed: every problem of it, one a line. */
export class ConfigError extends UserError {
  override name = "ConfigError";
  /** Each names its place in backticks and how to fix it. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    const heading =
      problems.length === 1 ? "The config has a problem:" : `The config has ${problems.length} problems:`;
    super([heading, ...problems.map((problem) => `  - ${problem}`)].join("\n"), options);
    this.problems = problems;
  }
}
