/** What Pulumi prints of the policy pack, without its advice, which it would print at each preview and each update. */

import { stripVTControlCharacters } from "node:util";

/** Lines of one section of policies: its heading, those of each pack, and a violation of three lines or more each. */
const HEADING = /^Policies:/;
const PACK = /^ {4}\S/;
const VIOLATION = /^ {8}- \[(\w+)\]/;

/** Takes advice out of what Pulumi prints. Its text comes in pieces, of which lines are made. */
export class AdviceFilter {
  #rest = "";
  /** Lines of a section that are printed only if something that is no advice follows. */
  #held: string[] | undefined;
  #isAdvice = false;
  readonly #advice = new Set<string>();

  /** How many pieces of advice the last section had: the preview before it also advises of what it does not know yet. */
  get count(): number {
    return this.#advice.size;
  }

  /** @returns what of `text`, and of what came before, is to be printed now */
  take(text: string): string {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines
      .flatMap((line) => this.#line(line))
      .map((line) => `${line}\n`)
      .join("");
  }

  /** @returns what is left to be printed at the end */
  end(): string {
    const rest = this.#rest;
    this.#rest = "";
    return rest;
  }

  #line(line: string): string[] {
    const plain = stripVTControlCharacters(line);
    if (HEADING.test(plain)) {
      this.#held = [line];
      this.#isAdvice = false;
      this.#advice.clear();
      return [];
    }
    if (this.#held === undefined) return [line];
    const [, level] = VIOLATION.exec(plain) ?? [];
    if (level === "advisory") {
      this.#advice.add(plain);
      this.#isAdvice = true;
      return [];
    }
    if (level !== undefined) {
      this.#isAdvice = false;
      return [...this.#release(), line];
    }
    if (plain === "") {
      this.#held = undefined;
      this.#isAdvice = false;
      return [line];
    }
    if (PACK.test(plain)) {
      this.#held.push(line);
      this.#isAdvice = false;
      return [];
    }
    return this.#isAdvice ? [] : [line];
  }

  #release(): string[] {
    return this.#held?.splice(0) ?? [];
  }
}
