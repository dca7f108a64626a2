package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// answer is the one line that follows a command on stdin.
type answer struct {
	OK    bool           `json:"ok"`
	Pid   int            `json:"pid,omitempty"`
	Pids  map[string]int `json:"pids,omitempty"`
	Error string         `json:"error,omitempty"`
}

const restartWithin = 30 * time.Second

// obey runs `start|stop|restart COMPONENT` or `status`. Stop is SIGKILL: what
// tests want to see is a crash, and a polite API server takes seconds to end.
func (c *cluster) obey(ctx context.Context, line string) answer {
	words := strings.Fields(line)
	if len(words) == 1 && words[0] == "status" {
		return answer{OK: true, Pids: c.pids()}
	}
	if len(words) != 2 {
		return failed(fmt.Errorf("unknown command %q; known: start|stop|restart COMPONENT, status", line))
	}
	child := c.child(words[1])
	if child == nil {
		return failed(fmt.Errorf("no component %q in this run", words[1]))
	}
	switch words[0] {
	case "stop":
		if !child.alive() {
			return failed(fmt.Errorf("%s is not running", child.name))
		}
		pid := child.cmd.Process.Pid
		child.kill()
		return answer{OK: true, Pid: pid}
	case "start":
		if child.alive() {
			return failed(fmt.Errorf("%s is running", child.name))
		}
	case "restart":
		child.kill()
	default:
		return failed(fmt.Errorf("unknown command %q; known: start|stop|restart COMPONENT, status", line))
	}
	ctx, cancel := context.WithTimeoutCause(ctx, restartWithin, fmt.Errorf("%s is not ready after %s", child.name, restartWithin))
	defer cancel()
	if err := c.startAndWait(ctx, child); err != nil {
		return failed(err)
	}
	return answer{OK: true, Pid: child.cmd.Process.Pid}
}

func failed(err error) answer { return answer{Error: err.Error()} }
