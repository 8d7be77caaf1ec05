/**
 * The one way by which commands print. Nothing that came from elsewhere reaches a terminal as it is: see
 * `config/printable.ts`. Programs that print by themselves (Pulumi, vitest) are not led through here.
 */

import { inspect } from "node:util";
import { PrintableStream, printable, printableJson } from "../../config/printable.ts";

/** Prints lines to standard output. */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** Prints lines to standard error. */
export function printError(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** Prints a fault of ours to standard error, with its stack. */
export function printFault(error: unknown): void {
  printError(inspect(error));
}

/** Prints a value for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${printableJson(value)}\n`);
}

/** Prints a line for a shell to evaluate, exactly: the paths in it are this machine's own. */
export function printForShell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a text that comes in pieces to standard output. */
export class LiveText {
  readonly #pieces = new PrintableStream();

  write(piece: string): void {
    const shown = this.#pieces.push(piece);
    if (shown !== "") process.stdout.write(shown);
  }

  /** Ends the line, and what was begun. */
  end(): void {
    this.#pieces.reset();
    process.stdout.write("\n");
  }
}

/** Passes on what Pulumi prints, with its colours. */
export function passOn(text: string | Buffer, stream: "stdout" | "stderr"): void {
  process[stream].write(text);
}
