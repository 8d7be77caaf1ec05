// The resource plug-in docker. Its schema lies beside it.
package main

import (
	"llm-stack/plugins/beside"
	"llm-stack/plugins/docker"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

func main() {
	tfbridge.Main("docker", docker.Version, docker.Provider(), beside.Read("schema.json"))
}
