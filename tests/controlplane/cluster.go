package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/component-base/version"
)

// cluster is one running control plane.
type cluster struct {
	opts   *options
	forks  starter
	self   string
	server string // https://127.0.0.1:PORT
	etcd   string // http://127.0.0.1:PORT
	pki    *pki
	client kubernetes.Interface

	children []*child
}

// exitedError is a component that ended although nobody asked it to.
type exitedError struct{ name, log string }

func (e *exitedError) Error() string {
	return fmt.Sprintf("%s exited; the end of its log:\n%s", e.name, e.log)
}

const (
	apiserverName         = "kube-apiserver"
	controllerManagerName = "kube-controller-manager"
	schedulerName         = "kube-scheduler"
)

// newCluster writes certificates, kubeconfigs and kwok's stages, and fixes
// ports and flags. It starts nothing.
func newCluster(o *options, forks starter) (*cluster, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(4)
	if err != nil {
		return nil, err
	}
	c := &cluster{
		opts: o, forks: forks, self: self,
		etcd:   fmt.Sprintf("http://127.0.0.1:%d", ports[0]),
		server: fmt.Sprintf("https://127.0.0.1:%d", ports[2]),
	}
	if c.pki, err = newPKI(filepath.Join(o.dir, "pki")); err != nil {
		return nil, err
	}
	if err := writeKubeconfigs(o.dir, c.server, c.pki); err != nil {
		return nil, err
	}
	kubectl := c.path("kubectl")
	os.Remove(kubectl)
	if err := os.Symlink(self, kubectl); err != nil {
		return nil, err
	}
	if err := c.writeKwokFiles(); err != nil {
		return nil, err
	}
	c.add("etcd", append(etcdFlags(c, ports[1]), o.etcdArgs...))
	c.add(apiserverName, append(apiserverFlags(c, ports[2]), o.apiserverArgs...))
	if !o.noControllerManager {
		c.add(controllerManagerName, controllerManagerFlags(c))
	}
	if !o.noScheduler {
		c.add(schedulerName, schedulerFlags(c))
	}
	if !o.noKwok {
		c.add("kwok", kwokFlags(c, ports[3]))
	}
	config, err := clientcmd.BuildConfigFromFlags("", c.path("admin.kubeconfig"))
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	c.client, err = kubernetes.NewForConfig(config)
	return c, err
}

func (c *cluster) path(name string) string { return filepath.Join(c.opts.dir, name) }

func (c *cluster) add(name string, args []string) {
	c.children = append(c.children, &child{name: name, args: args, log: c.path(name + ".log")})
}

func (c *cluster) child(name string) *child {
	for _, child := range c.children {
		if child.name == name {
			return child
		}
	}
	return nil
}

// freePorts finds ports nobody listens on, below the range from which Linux
// takes the local ports of outgoing connections: an API server that is killed
// and started again must find its port still free.
func freePorts(count int) ([]int, error) {
	var ports []int
	var open []net.Listener
	defer func() {
		for _, l := range open {
			l.Close()
		}
	}()
	for range 1000 {
		port := 20000 + rand.IntN(10000)
		l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		open = append(open, l)
		if ports = append(ports, port); len(ports) == count {
			return ports, nil
		}
	}
	return nil, errors.New("no free port between 20000 and 29999 on 127.0.0.1")
}

func (c *cluster) writeKwokFiles() error {
	// What `kubectl logs` prints for every pod; a test may write to it.
	podLog := c.path("pods.log")
	if err := os.WriteFile(podLog, []byte("2026-01-01T00:00:00.000000000Z stdout F hello from a pod\n"), 0o600); err != nil {
		return err
	}
	text, err := stages(podLog, c.opts.podExec)
	if err != nil {
		return err
	}
	return os.WriteFile(c.path("kwok.yaml"), text, 0o600)
}

// run starts the components and returns when the control plane is usable:
// /readyz passes, the nodes are Ready and pods may be created.
func (c *cluster) run(ctx context.Context) error {
	// The API server needs a second of its own before it talks to etcd, so
	// these two start together. The others wait: the controller manager gives
	// up after ten seconds without an API server, which a busy machine takes.
	serving, rest := c.children[:2], c.children[2:]
	if err := c.startAll(serving); err != nil {
		return err
	}
	if err := poll(ctx, "the API server", c.apiserverReady, serving...); err != nil {
		return err
	}
	if err := c.startAll(rest); err != nil {
		return err
	}
	if err := c.createNodes(ctx); err != nil {
		return err
	}
	if !c.opts.noKwok {
		if err := c.waitFor(ctx, "the nodes", c.nodesReady); err != nil {
			return err
		}
	}
	if c.opts.noControllerManager {
		return nil
	}
	return c.waitFor(ctx, "the default service account", c.serviceAccountExists)
}

func (c *cluster) startAll(children []*child) error {
	for _, child := range children {
		if err := child.start(c.forks, c.self, c.opts.dir); err != nil {
			return err
		}
	}
	return nil
}

// startAndWait starts one component of a running cluster. The scheduler and
// the controller manager offer nothing to ask: they count as ready when they
// have lived for half a second, and so does kwok without an API server.
func (c *cluster) startAndWait(ctx context.Context, child *child) error {
	began := time.Now()
	ready := func(context.Context) error {
		if time.Since(began) < 500*time.Millisecond {
			return errors.New("just started")
		}
		return nil
	}
	switch {
	case child.name == "etcd":
		ready = c.etcdHealthy
	case child.name == apiserverName:
		ready = c.apiserverReady
	case child.name == "kwok" && c.child(apiserverName).alive():
		// A new kwok has a new identity and would wait 40 s for the leases
		// of the old one to run out; no pod would start until then.
		leases := c.client.CoordinationV1().Leases(corev1.NamespaceNodeLease)
		if err := leases.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
			return fmt.Errorf("cannot free the node leases: %w", err)
		}
		ready = c.nodesLeased
	}
	if err := child.start(c.forks, c.self, c.opts.dir); err != nil {
		return err
	}
	return poll(ctx, child.name, ready, child)
}

func (c *cluster) waitFor(ctx context.Context, what string, ready func(context.Context) error) error {
	return poll(ctx, what, ready, c.children...)
}

// poll asks until the answer is nil, the context ends or one of the children
// has exited.
func poll(ctx context.Context, what string, ready func(context.Context) error, children ...*child) error {
	for {
		one, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := ready(one)
		cancel()
		if err == nil {
			return nil
		}
		for _, child := range children {
			if !child.alive() {
				return &exitedError{child.name, child.tail(20)}
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w: %w", what, context.Cause(ctx), err)
		case <-time.After(30 * time.Millisecond):
		}
	}
}

func (c *cluster) apiserverReady(ctx context.Context) error {
	return c.client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

func (c *cluster) etcdHealthy(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.etcd+"/health", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("etcd answers %s", response.Status)
	}
	return nil
}

func (c *cluster) createNodes(ctx context.Context) error {
	for i := range c.opts.nodes {
		if _, err := c.client.CoreV1().Nodes().Create(ctx, node(i), metav1.CreateOptions{}); err != nil {
			return fmt.Errorf("cannot create node %d: %w", i, err)
		}
	}
	return nil
}

func node(i int) *corev1.Node {
	name := fmt.Sprintf("node-%03d", i)
	room := corev1.ResourceList{
		corev1.ResourceCPU:    resource.MustParse("8"),
		corev1.ResourceMemory: resource.MustParse("32Gi"),
		corev1.ResourcePods:   resource.MustParse("110"),
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{
			corev1.LabelHostname:     name,
			corev1.LabelTopologyZone: "zone-" + string(rune('a'+i%3)),
			corev1.LabelOSStable:     "linux",
			corev1.LabelArchStable:   "amd64",
		}},
		Status: corev1.NodeStatus{Allocatable: room, Capacity: room},
	}
}

// nodesReady also waits for the not-ready taint to go: until the controller
// manager takes it off, no pod can be scheduled to a node that is Ready.
func (c *cluster) nodesReady(ctx context.Context) error {
	nodes, err := c.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, node := range nodes.Items {
		ready := false
		for _, condition := range node.Status.Conditions {
			ready = ready || condition.Type == corev1.NodeReady && condition.Status == corev1.ConditionTrue
		}
		if !ready {
			return fmt.Errorf("%s is not Ready", node.Name)
		}
		if len(node.Spec.Taints) > 0 && !c.opts.noControllerManager {
			return fmt.Errorf("%s has the taint %s", node.Name, node.Spec.Taints[0].Key)
		}
	}
	return nil
}

// nodesLeased asks whether kwok has taken all nodes over.
func (c *cluster) nodesLeased(ctx context.Context) error {
	nodes, err := c.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	leases, err := c.client.CoordinationV1().Leases(corev1.NamespaceNodeLease).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	if len(leases.Items) < len(nodes.Items) {
		return fmt.Errorf("kwok holds %d of %d nodes", len(leases.Items), len(nodes.Items))
	}
	return nil
}

// serviceAccountExists asks for the account without which the API server
// refuses every pod.
func (c *cluster) serviceAccountExists(ctx context.Context) error {
	_, err := c.client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{})
	return err
}

func (c *cluster) pids() map[string]int {
	pids := map[string]int{}
	for _, child := range c.children {
		if child.alive() {
			pids[child.name] = child.cmd.Process.Pid
		}
	}
	return pids
}

func (c *cluster) report() report {
	return report{
		Kubeconfig: c.path("admin.kubeconfig"),
		Server:     c.server,
		Dir:        c.opts.dir,
		Pids:       c.pids(),
		CA:         c.pki.caCert,
		ClientCert: c.pki.adminCert,
		ClientKey:  c.pki.adminKey,
		Token:      c.pki.readerToken,
		Kubectl:    c.path("kubectl"),
		Etcd:       c.etcd,
		Version:    version.Get().GitVersion,
	}
}
