import type { BadStack } from "../../../support/safe-stack.ts";

export default {
  declare: ({ container, volume }) => {
    const data = volume("data");
    container({ volumes: [{ volumeName: data.name, containerPath: "/var/lib/mysql" }] });
  },
  violates: [
    [
      "data-volume-protected",
      "`volumes[0]` of `web` keeps data at `/var/lib/mysql` in volume `data`, which is not protected. Declare a `docker.Volume` with the resource option `protect: true`, and mount it by its `name`.",
    ],
  ],
} satisfies BadStack;
