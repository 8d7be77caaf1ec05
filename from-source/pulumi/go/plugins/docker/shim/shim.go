// Package shim re-exports the upstream's provider.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// New returns the upstream's provider.
func New(version string) *schema.Provider { return provider.New(version)() }
