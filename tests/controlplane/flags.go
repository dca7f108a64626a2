package main

import "fmt"

func etcdFlags(c *cluster, peerPort int) []string {
	peer := fmt.Sprintf("http://127.0.0.1:%d", peerPort)
	return []string{
		"--name=etcd",
		"--data-dir=" + c.path("etcd"),
		"--listen-client-urls=" + c.etcd,
		"--advertise-client-urls=" + c.etcd,
		"--listen-peer-urls=" + peer,
		"--initial-advertise-peer-urls=" + peer,
		"--initial-cluster=etcd=" + peer,
		// The data need not survive the machine, only the process.
		"--unsafe-no-fsync",
		"--log-level=warn",
	}
}

func apiserverFlags(c *cluster, port int) []string {
	return []string{
		"--etcd-servers=" + c.etcd,
		fmt.Sprintf("--secure-port=%d", port),
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		"--tls-cert-file=" + c.pki.serverCert,
		"--tls-private-key-file=" + c.pki.serverKey,
		"--client-ca-file=" + c.pki.caCert,
		"--token-auth-file=" + c.pki.tokenFile,
		"--service-account-key-file=" + c.pki.serviceAccountPub,
		"--service-account-signing-key-file=" + c.pki.serviceAccountKey,
		"--service-account-issuer=https://kubernetes.default.svc",
		"--authorization-mode=Node,RBAC",
		"--service-cluster-ip-range=10.0.0.0/16",
		"--allow-privileged",
		// The default reconciler publishes the advertised address, and a
		// loopback address is not a valid endpoint.
		"--endpoint-reconciler-type=none",
	}
}

// Without rate limits of their own the controllers are as fast as the API
// server; the defaults would make a test of 1,000 objects wait a minute.
const unlimited = "5000"

func controllerManagerFlags(c *cluster) []string {
	return []string{
		"--kubeconfig=" + c.path("admin.kubeconfig"),
		"--service-account-private-key-file=" + c.pki.serviceAccountKey,
		"--root-ca-file=" + c.pki.caCert,
		"--cluster-signing-cert-file=" + c.pki.caCert,
		"--cluster-signing-key-file=" + c.pki.caKey,
		"--use-service-account-credentials",
		"--leader-elect=false",
		"--secure-port=0",
		"--kube-api-qps=" + unlimited,
		"--kube-api-burst=" + unlimited,
	}
}

func schedulerFlags(c *cluster) []string {
	return []string{
		"--kubeconfig=" + c.path("admin.kubeconfig"),
		"--leader-elect=false",
		"--secure-port=0",
		"--kube-api-qps=" + unlimited,
		"--kube-api-burst=" + unlimited,
	}
}

func kwokFlags(c *cluster, port int) []string {
	return []string{
		"--kubeconfig=" + c.path("admin.kubeconfig"),
		"--config=" + c.path("kwok.yaml"),
		"--manage-all-nodes=true",
		"--node-lease-duration-seconds=40",
		"--cidr=10.244.0.0/16",
		// Where the API server finds "the kubelet" of every node: logs, exec.
		"--node-ip=127.0.0.1",
		fmt.Sprintf("--node-port=%d", port),
		fmt.Sprintf("--server-address=127.0.0.1:%d", port),
		"--tls-cert-file=" + c.pki.serverCert,
		"--tls-private-key-file=" + c.pki.serverKey,
	}
}
