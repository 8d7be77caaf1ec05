// The resource plug-in random. Its schema and the bridge's metadata lie beside it.
package main

import (
	"context"

	"llm-stack/plugins/beside"
	"llm-stack/plugins/random"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
)

func main() {
	metadata := beside.Read("bridge-metadata.json")
	pf.Main(context.Background(), "random", random.Provider(metadata), pf.ProviderMetadata{
		PackageSchema:  beside.Read("schema.json"),
		BridgeMetadata: metadata,
	})
}
