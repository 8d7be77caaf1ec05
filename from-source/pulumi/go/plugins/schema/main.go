// Writes a plug-in's Pulumi schema and the bridge's metadata: `schema docker|random schema --out FOLDER`.
package main

import (
	"log"
	"os"

	"llm-stack/plugins/docker"
	"llm-stack/plugins/random"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("which plug-in: docker or random?")
	}
	name := os.Args[1]
	os.Args = append(os.Args[:1], os.Args[2:]...) // tfgen parses the rest
	switch name {
	case "docker":
		tfgen.Main(name, docker.Version, docker.Provider())
	case "random":
		pf.Main(name, random.Provider(nil))
	default:
		log.Fatalf("no plug-in %q", name)
	}
}
