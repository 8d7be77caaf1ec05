// Re-exports the upstream's provider, which sits in an `internal` folder: only a path below its own may import it.
module github.com/terraform-providers/terraform-provider-docker/shim

go 1.25.8

require github.com/terraform-providers/terraform-provider-docker v0.0.0
