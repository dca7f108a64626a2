package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// child is one component process. It can be started again after it ended,
// with the same flags and therefore on the same port; its log is appended to.
type child struct {
	name string
	args []string
	log  string

	cmd  *exec.Cmd
	done chan struct{} // closed when the process has been reaped
}

// starter forks every child from one operating system thread that never ends.
// PR_SET_PDEATHSIG fires when the parent *thread* dies, not the process, and
// the Go runtime ends threads as it likes: a child forked elsewhere could be
// killed in the middle of a test.
type starter chan startRequest

type startRequest struct {
	cmd   *exec.Cmd
	reply chan error
}

func newStarter() starter {
	requests := make(starter)
	go func() {
		runtime.LockOSThread()
		for r := range requests {
			r.reply <- r.cmd.Start()
		}
	}()
	return requests
}

func (c *child) alive() bool {
	if c.done == nil {
		return false
	}
	select {
	case <-c.done:
		return false
	default:
		return true
	}
}

func (c *child) start(forks starter, self, home string) error {
	log, err := os.OpenFile(c.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(self, append([]string{c.name}, c.args...)...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = childEnv(home)
	cmd.Dir = home
	// An own process group, so that Ctrl-C in a terminal reaches `up` alone.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	reply := make(chan error)
	forks <- startRequest{cmd, reply}
	if err := <-reply; err != nil {
		return fmt.Errorf("cannot start %s: %w", c.name, err)
	}
	done := make(chan struct{})
	c.cmd, c.done = cmd, done
	go func() {
		cmd.Wait()
		close(done)
	}()
	return nil
}

// childEnv is the caller's environment without what would configure a
// component behind our back: etcd and kwok read variables for every flag,
// and kwok reads a file under the home folder.
func childEnv(home string) []string {
	var env []string
	for _, kv := range os.Environ() {
		if strings.HasPrefix(kv, "ETCD_") || strings.HasPrefix(kv, "KWOK_") ||
			strings.HasPrefix(kv, "KUBE") || strings.HasPrefix(kv, "HOME=") {
			continue
		}
		env = append(env, kv)
	}
	return append(env, "HOME="+home)
}

// kill ends the process at once and returns when it is gone.
func (c *child) kill() {
	if c.alive() {
		c.cmd.Process.Kill()
		<-c.done
	}
}

// killAll asks all children to end and insists after the grace period. The
// API server alone would linger for seconds to drain connections.
func killAll(children []*child, grace time.Duration) {
	for _, c := range children {
		if c.alive() {
			c.cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	deadline := time.After(grace)
	for _, c := range children {
		if !c.alive() {
			continue
		}
		select {
		case <-c.done:
		case <-deadline:
			deadline = time.After(0)
			c.kill()
		}
	}
}

// tail returns the last lines of the child's log.
func (c *child) tail(lines int) string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return err.Error()
	}
	all := bytes.Split(bytes.TrimRight(text, "\n"), []byte("\n"))
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	return string(bytes.Join(all, []byte("\n")))
}
