package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"
)

const (
	readyWithin   = 60 * time.Second
	shutdownGrace = 200 * time.Millisecond
	portAttempts  = 3
)

// options are the flags of `up`.
type options struct {
	dir                 string
	nodes               int
	apiserverArgs       []string
	etcdArgs            []string
	noKwok              bool
	noScheduler         bool
	noControllerManager bool
	podExec             bool
}

// report is the one line that says the control plane is ready.
type report struct {
	Kubeconfig string         `json:"kubeconfig"`
	Server     string         `json:"server"`
	Dir        string         `json:"dir"`
	Pids       map[string]int `json:"pids"`
	CA         string         `json:"ca"`
	ClientCert string         `json:"client_cert"`
	ClientKey  string         `json:"client_key"`
	Token      string         `json:"token"`
	Kubectl    string         `json:"kubectl"`
	Etcd       string         `json:"etcd"`
	Version    string         `json:"version"`
}

func parseOptions(args []string) (*options, error) {
	o := &options{}
	flags := pflag.NewFlagSet("up", pflag.ContinueOnError)
	flags.StringVar(&o.dir, "dir", "", "folder for certificates, kubeconfigs, data and logs; must not hold an earlier run")
	flags.IntVar(&o.nodes, "nodes", 1, "Node objects to create, node-000 and so on")
	flags.StringArrayVar(&o.apiserverArgs, "apiserver-arg", nil, "flag passed to kube-apiserver as it is; repeatable")
	flags.StringArrayVar(&o.etcdArgs, "etcd-arg", nil, "flag passed to etcd as it is; repeatable")
	flags.BoolVar(&o.noKwok, "no-kwok", false, "no kubelets: nodes stay NotReady, pods Pending")
	flags.BoolVar(&o.noScheduler, "no-scheduler", false, "pods stay unbound")
	flags.BoolVar(&o.noControllerManager, "no-controller-manager", false, "no controllers: also no service accounts, so no pods without one made by hand")
	flags.BoolVar(&o.podExec, "pod-exec", false, "let exec run real processes of this machine; kwok asks no caller who they are")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if o.dir == "" || flags.NArg() > 0 {
		return nil, errors.New("usage: controlplane up --dir DIR [flags]; see --help")
	}
	var err error
	if o.dir, err = filepath.Abs(o.dir); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(o.dir, "etcd")); err == nil {
		return nil, fmt.Errorf("%s holds the data of an earlier run", o.dir)
	}
	return o, os.MkdirAll(o.dir, 0o700)
}

// up runs until a signal or the end of stdin. The latter is what ties the
// control plane to its test: a process that dies closes its end of the pipe.
func up(args []string) int {
	o, err := parseOptions(args)
	if errors.Is(err, pflag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "up:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	commands := readCommands(ctx, cancel, os.Stdin)

	c, err := bringUp(ctx, o)
	if c != nil {
		defer func() { killAll(c.children, shutdownGrace) }()
	}
	if err != nil {
		if ctx.Err() != nil {
			return 0
		}
		fmt.Fprintln(os.Stderr, "up:", err)
		return 1
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(c.report()); err != nil {
		return 1
	}
	for {
		select {
		case <-ctx.Done():
			return 0
		case line := <-commands:
			answer := c.obey(ctx, line)
			if ctx.Err() != nil {
				return 0
			}
			if err := out.Encode(answer); err != nil {
				return 1
			}
		}
	}
}

// readCommands passes the lines of stdin on and calls cancel at its end.
func readCommands(ctx context.Context, cancel func(), stdin io.Reader) <-chan string {
	// Buffered, so that the end of stdin is noticed while a command is obeyed.
	lines := make(chan string, 64)
	go func() {
		defer cancel()
		scanner := bufio.NewScanner(stdin)
		for scanner.Scan() {
			line := strings.TrimSpace(scanner.Text())
			if line == "" {
				continue
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// bringUp starts everything and waits until it is usable. A port found free
// can be taken before the component binds it: then all starts over on others.
// The cluster is returned with an error too, so that its children can be ended.
func bringUp(ctx context.Context, o *options) (*cluster, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, readyWithin, fmt.Errorf("not ready after %s", readyWithin))
	defer cancel()
	forks := newStarter()
	for attempt := 1; ; attempt++ {
		c, err := newCluster(o, forks)
		if err != nil {
			return nil, err
		}
		err = c.run(ctx)
		var exited *exitedError
		lostPort := errors.As(err, &exited) && strings.Contains(exited.log, "address already in use")
		if !lostPort || attempt == portAttempts {
			return c, err
		}
		killAll(c.children, 0)
		if err := os.RemoveAll(filepath.Join(o.dir, "etcd")); err != nil {
			return nil, err
		}
		for _, child := range c.children {
			os.Remove(child.log)
		}
	}
}
