/** The date and time, in any time zone. */

import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { UserError } from "../../config/errors.ts";
import type { ToolFactory } from "./index.ts";

const currentTime: ToolFactory = ({ now = () => new Date() }) =>
  tool(({ timeZone }) => describe(now(), timeZone?.trim() || undefined), {
    name: "current_time",
    description: "The date, weekday and time now. Use it whenever the answer depends on today's date.",
    schema: z.object({
      timeZone: z
        .string()
        .optional()
        .describe("IANA name, such as `Europe/Berlin` or `UTC`. Leave out for the user's own."),
    }),
  });

export default currentTime;

/** Such as `Sunday, 2 November 2025, 14:05:09 (Europe/Berlin, UTC+01:00)`. */
function describe(time: Date, timeZone: string | undefined): string {
  const format = formatter(timeZone);
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const { weekday, day, month, year, hour, minute, second, timeZoneName = "" } = parts;
  const zone = format.resolvedOptions().timeZone;
  const offset = timeZoneName.replace("GMT", "UTC").replace("+00:00", "");
  return `${weekday}, ${day} ${month} ${year}, ${hour}:${minute}:${second} (${zone}${offset === zone ? "" : `, ${offset}`})`;
}

function formatter(timeZone: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "long",
      day: "numeric",
      month: "long",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "longOffset",
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`\`${timeZone}\` is not a time zone; use an IANA name such as \`Europe/Berlin\`.`, {
      cause: error,
    });
  }
}
