package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// pki holds the paths of everything a run's identity needs. All keys are
// P-256 in PKCS#8: quick to make and read by every TLS library.
type pki struct {
	caCert, caKey         string
	serverCert, serverKey string
	adminCert, adminKey   string
	serviceAccountKey     string
	serviceAccountPub     string
	tokenFile             string
	readerToken           string
}

// identity is one certificate to be issued by the run's CA.
type identity struct {
	name  string // file name without extension
	cn    string
	org   []string
	dns   []string
	ips   []net.IP
	usage x509.ExtKeyUsage
}

func newPKI(dir string) (*pki, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	p := &pki{
		caCert: file("ca.crt"), caKey: file("ca.key"),
		serverCert: file("server.crt"), serverKey: file("server.key"),
		adminCert: file("admin.crt"), adminKey: file("admin.key"),
		serviceAccountKey: file("service-account.key"), serviceAccountPub: file("service-account.pub"),
		tokenFile: file("tokens.csv"),
	}
	caKey, err := newKey(p.caKey)
	if err != nil {
		return nil, err
	}
	ca := template("controlplane-ca", nil)
	ca.IsCA = true
	ca.BasicConstraintsValid = true
	ca.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	if err := sign(p.caCert, ca, ca, caKey, caKey); err != nil {
		return nil, err
	}
	for _, id := range []identity{
		{
			name: "server", cn: "kube-apiserver", usage: x509.ExtKeyUsageServerAuth,
			dns: []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
			ips: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 0, 0, 1)},
		},
		{name: "admin", cn: "admin", org: []string{"system:masters"}, usage: x509.ExtKeyUsageClientAuth},
	} {
		key, err := newKey(file(id.name + ".key"))
		if err != nil {
			return nil, err
		}
		leaf := template(id.cn, id.org)
		leaf.DNSNames, leaf.IPAddresses = id.dns, id.ips
		leaf.KeyUsage = x509.KeyUsageDigitalSignature
		leaf.ExtKeyUsage = []x509.ExtKeyUsage{id.usage}
		if err := sign(file(id.name+".crt"), leaf, ca, key, caKey); err != nil {
			return nil, err
		}
	}
	if err := p.writeServiceAccountKeys(); err != nil {
		return nil, err
	}
	token := make([]byte, 16)
	rand.Read(token)
	p.readerToken = hex.EncodeToString(token)
	line := fmt.Sprintf("%s,reader,reader,\"readers\"\n", p.readerToken)
	return p, os.WriteFile(p.tokenFile, []byte(line), 0o600)
}

// writeServiceAccountKeys writes both halves: to verify tokens the API server
// derives a public key from some private key files, but not from PKCS#8.
func (p *pki) writeServiceAccountKeys() error {
	key, err := newKey(p.serviceAccountKey)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return writePEM(p.serviceAccountPub, "PUBLIC KEY", der)
}

func newKey(path string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePEM(path, "PRIVATE KEY", der)
}

func template(cn string, org []string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: cn, Organization: org},
		// An hour back: clocks of a host and its containers differ.
		NotBefore: time.Now().Add(-time.Hour),
		NotAfter:  time.Now().Add(48 * time.Hour),
	}
}

func sign(path string, cert, issuer *x509.Certificate, key, issuerKey *ecdsa.PrivateKey) error {
	der, err := x509.CreateCertificate(rand.Reader, cert, issuer, key.Public(), issuerKey)
	if err != nil {
		return err
	}
	return writePEM(path, "CERTIFICATE", der)
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

// writeKubeconfigs writes the three ways a client is commonly configured:
// certificates inline, certificates as files, and a bearer token of a user
// to whom RBAC grants nothing but discovery.
func writeKubeconfigs(dir, server string, p *pki) error {
	ca, err := os.ReadFile(p.caCert)
	if err != nil {
		return err
	}
	cert, err := os.ReadFile(p.adminCert)
	if err != nil {
		return err
	}
	key, err := os.ReadFile(p.adminKey)
	if err != nil {
		return err
	}
	inline := &clientcmdapi.Cluster{Server: server, CertificateAuthorityData: ca}
	files := &clientcmdapi.Cluster{Server: server, CertificateAuthority: p.caCert}
	for name, c := range map[string]struct {
		cluster *clientcmdapi.Cluster
		user    string
		auth    *clientcmdapi.AuthInfo
	}{
		"admin":       {inline, "admin", &clientcmdapi.AuthInfo{ClientCertificateData: cert, ClientKeyData: key}},
		"admin-files": {files, "admin", &clientcmdapi.AuthInfo{ClientCertificate: p.adminCert, ClientKey: p.adminKey}},
		"reader":      {inline, "reader", &clientcmdapi.AuthInfo{Token: p.readerToken}},
	} {
		config := clientcmdapi.NewConfig()
		config.Clusters["controlplane"] = c.cluster
		config.AuthInfos[c.user] = c.auth
		config.Contexts[c.user] = &clientcmdapi.Context{Cluster: "controlplane", AuthInfo: c.user, Namespace: "default"}
		config.CurrentContext = c.user
		if err := clientcmd.WriteToFile(*config, filepath.Join(dir, name+".kubeconfig")); err != nil {
			return err
		}
	}
	return nil
}
