// The Node.js language host: starts @pulumi/pulumi's runtime on the program when the engine asks for it.
//
// Pulumi's own host of this version is in no module that the Go module proxy has. The last one that is (SDK
// 3.65) stands between program and engine as a proxy that knows only the calls of its time: resource hooks and
// transforms fail. This one hands the engine's address to the program. It serves programs that Node runs as they
// are (`typescript: false`) with their packages installed, and never installs anything; the old synchronous
// invokes, which need a pipe of the host, do not work.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/shlex"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// What @pulumi/pulumi's runtime exits with when it has already told the user what is wrong.
const alreadyExplained = 32

// Relative to a folder of node_modules.
const runtime = "node_modules/@pulumi/pulumi/cmd/run/index.js"

func main() {
	flag.String("root", "", "unused: the engine names the folder in each call")
	tracing := flag.String("tracing", "", "Zipkin endpoint for traces")
	flag.Parse()
	if flag.NArg() == 0 {
		log.Fatal("this program is started by the Pulumi engine, with its address")
	}
	engine := flag.Arg(0)

	ctx, stop := context.WithCancel(context.Background())
	if err := rpcutil.Healthcheck(ctx, engine, 5*time.Minute, stop); err != nil {
		log.Fatalf("the engine at %s cannot be watched: %v", engine, err)
	}
	cancel := make(chan bool)
	go func() {
		<-ctx.Done()
		close(cancel)
	}()
	served, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			rpc.RegisterLanguageRuntimeServer(server, &host{engine: engine, tracing: *tracing})
			return nil
		},
		Options: rpcutil.OpenTracingServerInterceptorOptions(nil),
	})
	if err != nil {
		log.Fatalf("the language host cannot listen: %v", err)
	}
	fmt.Println(served.Port) // the engine reads it
	if err := <-served.Done; err != nil {
		log.Fatal(err)
	}
}

type host struct {
	rpc.UnimplementedLanguageRuntimeServer
	engine, tracing string
}

func (*host) GetPluginInfo(context.Context, *emptypb.Empty) (*rpc.PluginInfo, error) {
	return &rpc.PluginInfo{Version: version.Version}, nil
}

// GetRequiredPackages names none: each resource says itself which plug-in it needs.
func (*host) GetRequiredPackages(
	context.Context, *rpc.GetRequiredPackagesRequest,
) (*rpc.GetRequiredPackagesResponse, error) {
	return &rpc.GetRequiredPackagesResponse{}, nil
}

// About is what `pulumi about` shows of the language.
func (*host) About(context.Context, *rpc.AboutRequest) (*rpc.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, err
	}
	printed, err := exec.Command(node, "--version").Output()
	if err != nil {
		return nil, err
	}
	return &rpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(printed))}, nil
}

// Run runs the program to its end.
func (h *host) Run(ctx context.Context, request *rpc.RunRequest) (*rpc.RunResponse, error) {
	args, err := h.arguments(request)
	if err != nil {
		return &rpc.RunResponse{Error: err.Error()}, nil
	}
	environment, err := environment(request)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, "node", args...)
	command.Dir = request.GetPwd()
	command.Env = append(os.Environ(), environment...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr

	err = command.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &rpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == alreadyExplained:
		return &rpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &rpc.RunResponse{Error: fmt.Sprintf("the program ended with %s", exit)}, nil
	default:
		return &rpc.RunResponse{Error: fmt.Sprintf("the program could not be started: %s", err)}, nil
	}
}

// arguments are those of Node: its own, the runtime, the runtime's, the program and the program's.
func (h *host) arguments(request *rpc.RunRequest) ([]string, error) {
	info := request.GetInfo()
	args, err := shlex.Split(info.GetOptions().GetFields()["nodeargs"].GetStringValue())
	if err != nil {
		return nil, fmt.Errorf("`nodeargs` in the `runtime.options` of Pulumi.yaml: %w", err)
	}
	run, err := find(request.GetPwd(), runtime)
	if err != nil {
		return nil, err
	}
	args = append(args, run)
	for _, option := range []struct{ name, value string }{
		{"monitor", request.GetMonitorAddress()},
		{"engine", h.engine},
		{"organization", request.GetOrganization()},
		{"project", request.GetProject()},
		{"stack", request.GetStack()},
		{"root-directory", info.GetRootDirectory()},
		{"pwd", request.GetPwd()},
		{"parallel", fmt.Sprint(request.GetParallel())},
		{"tracing", h.tracing},
	} {
		if option.value != "" {
			args = append(args, "--"+option.name, option.value)
		}
	}
	if request.GetDryRun() {
		args = append(args, "--dry-run")
	}
	program := info.GetEntryPoint()
	if program == "" {
		program = "."
	}
	return append(append(args, program), request.GetArgs()...), nil
}

// environment carries the configuration, under the names that @pulumi/pulumi reads.
func environment(request *rpc.RunRequest) ([]string, error) {
	settings := request.GetConfig()
	if settings == nil {
		settings = map[string]string{}
	}
	values, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	keys := request.GetConfigSecretKeys()
	if keys == nil {
		keys = []string{}
	}
	secret, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	return []string{"PULUMI_CONFIG=" + string(values), "PULUMI_CONFIG_SECRET_KEYS=" + string(secret)}, nil
}

// find looks for a file in the folder and in each above it, as Node does for packages.
func find(folder, file string) (string, error) {
	for at := folder; ; at = filepath.Dir(at) {
		path := filepath.Join(at, file)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("the npm package @pulumi/pulumi is not installed in %s: run `npm install`", folder)
		}
	}
}
