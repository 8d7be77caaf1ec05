import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container }) => {
    container({ volumes: [{ containerPath: "/var/lib/mysql" }] });
  },
  violates: [
    [
      "data-volume-protected",
      "`volumes[0]` of `web` keeps data at `/var/lib/mysql` in an anonymous volume. Declare a `docker.Volume` with the resource option `protect: true`, and mount it by its `name`.",
    ],
  ],
} satisfies BadStack;
