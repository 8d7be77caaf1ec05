/** The one change that is made to a provider built here. */

import type { GoEdit } from "../go-edit.ts";

/**
 * The Docker provider (4.6) waits two seconds before it first looks at a network that it has made, or that it reads in
 * a refresh, and everything else waits for it. Here it looks at once, and goes on looking while a field is missing, as
 * before.
 *
 * It earns its place: two seconds of every first `up`, and of every `drift` and `pulumi refresh`, which read the network
 * too. It cannot go wrong unseen: another version of the provider that lacks this text ends the build (`applyEdit`).
 */
export const NO_DELAY: GoEdit = {
  module: "github.com/terraform-providers/terraform-provider-docker",
  file: "internal/provider/resource_docker_network_funcs.go",
  text: /(networkReadRefreshDelay +=) 2 \* time\.Second/,
  replacement: "$1 0 * time.Second",
};
