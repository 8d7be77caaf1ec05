/** Parsing of HTML that anybody may have written. */

import { type Handler, Parser } from "htmlparser2";
import { UserError } from "../config/errors.ts";

/** Open elements within each other. Real pages have some tens; the parser's time grows with the square of it. */
const MAX_DEPTH = 2000;
const CHUNK = 16_384;

/**
 * Calls the events of `handler` for `html`, in linear time.
 *
 * @throws UserError for a page that is nested so deep that it can only be a trap
 */
export function parseHtml(html: string, handler: Partial<Handler>): void {
  let depth = 0;
  const parser = new Parser({
    ...handler,
    onopentagname: (name) => {
      depth++;
      handler.onopentagname?.(name);
    },
    onclosetag: (name, implied) => {
      depth--;
      handler.onclosetag?.(name, implied);
    },
  });
  for (let start = 0; start < html.length; start += CHUNK) {
    parser.write(html.slice(start, start + CHUNK));
    if (depth > MAX_DEPTH) throw new UserError("The page is nested too deep to be read.");
  }
  parser.end();
}
