// Package shim re-exports the upstream's provider.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	upstream "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// New returns the upstream's provider.
func New() provider.Provider { return upstream.New() }
