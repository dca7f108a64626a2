//! Kubeconfigs and what becomes of them, without a server.

use super::*;
use crate::diag::Explain;
use crate::world::{MemoryWorld, World};
use std::path::Path;
use std::sync::Arc;

const BASE: &str = r#"
apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: prod
  cluster: {server: "https://prod.example.org:6443/k8s/", certificate-authority: pki/ca.crt, tls-server-name: kubernetes}
- name: lab
  cluster: {server: "https://lab.example.org"}
contexts:
- name: prod
  context: {cluster: prod, user: ada, namespace: shop}
- name: lab
  context: {cluster: lab, user: bob}
users:
- name: ada
  user: {token: geheim}
- name: bob
  user: {tokenFile: ../bob.token}
"#;

fn parse(text: &str) -> Result<Kubeconfig, ConnectError> {
    Kubeconfig::parse(Path::new("/home/ada/.kube/config"), text)
}

fn connect(text: &str, overrides: &Overrides) -> Result<Connection, ConnectError> {
    Connection::from_kubeconfig(&parse(text)?, overrides, &ConnectPolicy::default())
}

/// The connection of a kubeconfig with one cluster and one user, given as YAML flow maps.
fn single(cluster: &str, user: &str, policy: &ConnectPolicy) -> Result<Connection, ConnectError> {
    let text = format!(
        "current-context: c\nclusters: [{{name: c, cluster: {cluster}}}]\nusers: [{{name: u, user: {user}}}]\n\
         contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n"
    );
    Connection::from_kubeconfig(&parse(&text)?, &Overrides::default(), policy)
}

fn single_user(user: &str) -> Result<Connection, ConnectError> {
    single("{server: 'https://a'}", user, &ConnectPolicy::default())
}

#[track_caller]
fn assert_error<T: std::fmt::Debug>(result: Result<T, ConnectError>, code: &str, message: &str, hint: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.code().name(), error.to_string().as_str()), (code, message));
    assert_eq!(error.hint().unwrap_or_default(), hint);
}

#[test]
fn takes_the_current_context_with_its_namespace() {
    let connection = connect(BASE, &Overrides::default()).unwrap();
    assert_eq!((connection.name(), connection.namespace()), ("prod", "shop"));
    assert_eq!((connection.cluster(), connection.user()), (Some("prod"), Some("ada")));
    assert_eq!(connection.server().to_string(), "https://prod.example.org:6443/k8s/");
}

#[test]
fn lets_options_win_over_the_context() {
    let overrides = Overrides {
        context: Some("lab".into()),
        user: Some("ada".into()),
        namespace: Some("dev".into()),
        ..Overrides::default()
    };
    let connection = connect(BASE, &overrides).unwrap();
    assert_eq!((connection.name(), connection.user(), connection.namespace()), ("lab", Some("ada"), "dev"));
    let lab = connect(BASE, &Overrides { context: Some("lab".into()), ..Overrides::default() }).unwrap();
    assert_eq!(lab.namespace(), "default");
}

#[test]
fn reads_the_paths_that_kubeconfig_lists_and_lets_the_first_win() {
    let first = "current-context: ''\ncontexts: [{name: lab, context: {cluster: prod, namespace: first}}]\n";
    let world = MemoryWorld::new()
        .with_env("KUBECONFIG", "/a/missing:/a/first::/b/base:/a/first")
        .with_file("/a/first", first)
        .with_file("/b/base", BASE)
        .with_home("/home/ada")
        .with_file("/home/ada/.kube/config", "not: [valid");
    let merged = Kubeconfig::load(&world, None).unwrap();
    assert_eq!(merged.files(), [Path::new("/a/first"), Path::new("/b/base")]);
    assert_eq!(merged.current_context(), Some("prod"));
    assert_eq!(merged.context_names().collect::<Vec<_>>(), ["lab", "prod"]);
    let lab = Overrides { context: Some("lab".into()), ..Overrides::default() };
    let connection = Connection::from_kubeconfig(&merged, &lab, &ConnectPolicy::default()).unwrap();
    assert_eq!((connection.cluster(), connection.user(), connection.namespace()), (Some("prod"), None, "first"));
    // The authority's path is relative to the second file, where the cluster stands.
    let error = connection.transport(Arc::new(MemoryWorld::new())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the certificate authority could not be read: cannot read /b/pki/ca.crt: entity not found"
    );
    assert_eq!(error.code().name(), "E0214");
}

#[test]
fn falls_back_on_the_home_directory() {
    let world = MemoryWorld::new().with_home("/home/ada").with_file("/home/ada/.kube/config", BASE);
    assert_eq!(Kubeconfig::load(&world, None).unwrap().files(), [Path::new("/home/ada/.kube/config")]);
}

#[test]
fn says_how_to_start_without_a_kubeconfig() {
    let hint = "name one with --kubeconfig FILE or KUBECONFIG, put it at ~/.kube/config, or run inside a cluster";
    let world = MemoryWorld::new().with_env("KUBECONFIG", "/a:/b");
    assert_error(Kubeconfig::load(&world, None), "E0201", "no cluster is configured: no kubeconfig at /a, /b", hint);
    let found = Connection::find(&world, None, &Overrides::default(), &ConnectPolicy::default());
    assert_error(found, "E0201", "no cluster is configured: no kubeconfig at /a, /b", hint);
    let homeless = Kubeconfig::load(&MemoryWorld::new(), None);
    assert_error(homeless, "E0201", "no cluster is configured: there is no kubeconfig", hint);
}

#[test]
fn refuses_a_named_kubeconfig_that_is_missing_even_in_a_pod() {
    let found = Connection::find(&pod(), Some(Path::new("nope")), &Overrides::default(), &ConnectPolicy::default());
    assert_error(found, "E0202", "the kubeconfig could not be read: cannot read /nope: entity not found", "");
}

fn pod() -> MemoryWorld {
    const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
    MemoryWorld::new()
        .with_env("KUBERNETES_SERVICE_HOST", "fd00::1")
        .with_env("KUBERNETES_SERVICE_PORT", "443")
        .with_file(format!("{ACCOUNT}/token"), "geheim\n")
        .with_file(format!("{ACCOUNT}/namespace"), "shop\n")
}

#[test]
fn uses_the_service_account_in_a_pod() {
    let overrides = Overrides { act_as: Some("eve".into()), ..Overrides::default() };
    let connection = Connection::find(&pod(), None, &overrides, &ConnectPolicy::default()).unwrap();
    assert_eq!((connection.name(), connection.namespace()), ("in-cluster", "shop"));
    assert_eq!(connection.server().to_string(), "https://[fd00::1]:443/");
    assert_eq!(connection.headers["impersonate-user"], "eve");
    let overrides = Overrides { context: Some("prod".into()), ..Overrides::default() };
    let error = Connection::find(&pod(), None, &overrides, &ConnectPolicy::default()).unwrap_err();
    assert_eq!(error.code().name(), "E0203");
}

#[test]
fn suggests_the_name_that_was_probably_meant() {
    let wrong = |what: &str| {
        let name = |is: &str| (what == is).then(|| "prdo".to_owned());
        Overrides { context: name("context"), cluster: name("cluster"), user: name("user"), ..Overrides::default() }
    };
    let file = "/home/ada/.kube/config";
    let message = format!("no context \"prdo\" in {file}");
    assert_error(connect(BASE, &wrong("context")), "E0203", &message, "did you mean `prod`?");
    let message = format!("no cluster \"prdo\" in {file} (named by --cluster)");
    assert_error(connect(BASE, &wrong("cluster")), "E0203", &message, "did you mean `prod`?");
    let message = format!("no user \"prdo\" in {file} (named by --user)");
    assert_error(connect(BASE, &wrong("user")), "E0203", &message, "the kubeconfig has the users ada, bob");
    let message = format!("no context \"gone\" in {file} (named by current-context)");
    assert_error(
        connect("current-context: gone", &Overrides::default()),
        "E0203",
        &message,
        "the kubeconfig has no contexts",
    );
    let message = format!("no user \"carl\" in {file} (named by context \"lab\")");
    let text = BASE.replace("user: bob}", "user: carl}").replace("context: prod", "context: lab");
    assert_error(connect(&text, &Overrides::default()), "E0203", &message, "the kubeconfig has the users ada, bob");
}

#[test]
fn asks_for_a_context_when_none_is_current() {
    let text = BASE.replace("current-context: prod", "");
    let message = "no current context in /home/ada/.kube/config";
    assert_error(connect(&text, &Overrides::default()), "E0203", message, "choose one with --context: lab, prod");
    let cluster = Overrides { cluster: Some("lab".into()), ..Overrides::default() };
    assert_eq!(connect(&text, &cluster).unwrap().name(), "lab");
}

#[test]
fn says_which_field_of_a_kubeconfig_is_wrong_without_its_value() {
    let file = "kubeconfig /home/ada/.kube/config: ";
    let cases = [
        ("a: 1\na: 2", "key `a` stands twice in one map"),
        ("a: 1\n---\nb: 2", "it holds more than one document"),
        ("- a", "the document must be a map, not a list"),
        ("clusters: 3", "clusters must be a list, not an integer"),
        ("clusters: [{cluster: {}}]", "clusters[0].name is missing"),
        ("clusters: [{name: a}]", "clusters[0].cluster is missing"),
        ("users: [{name: a, user: {}}, {name: a, user: {}}]", "users[1].name stands twice in its list"),
        ("users: [{name: a, user: {token: {geheim: 1}}}]", "users[0].user.token must be text, not a map"),
        ("users: [{name: a, user: {client-key-data: 'ge heim!'}}]", "users[0].user.client-key-data is not base64"),
        (
            "users: [{name: a, user: {exec: {apiVersion: v1}}}]",
            "users[0].user.exec.apiVersion must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1",
        ),
        (
            "users: [{name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: a}}}]",
            "users[0].user.exec.interactiveMode is missing",
        ),
        (
            "users: [{name: a, user: {as-user-extra: {k: v}}}]",
            "users[0].user.as-user-extra.k must be a list, not a text",
        ),
    ];
    for (text, problem) in cases {
        assert_error(parse(text), "E0202", &format!("{file}{problem}"), "");
    }
}

#[test]
fn points_at_the_line_where_a_kubeconfig_does_not_parse_without_quoting_it() {
    let error = parse("users:\n- name: a\n  user: {token: \"geheim}\n").unwrap_err();
    assert!(!error.to_string().contains("geheim"), "{error}");
    assert_eq!(error.code().name(), "E0202");
    let span = error.span().unwrap();
    assert_eq!(span.file, "/home/ada/.kube/config");
    assert!(span.start.line >= 3, "{span:?}");
}

#[test]
fn takes_an_empty_file_and_null_lists_as_kubectl_writes_them() {
    parse("").unwrap();
    parse("apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: \"\"\nusers: null\npreferences: {}\n")
        .unwrap();
}

#[test]
fn refuses_plain_http_and_unverified_tls_unless_told() {
    let refused = ConnectPolicy::default();
    let accepted = ConnectPolicy { plain_http: Risk::Accept, unverified_tls: Risk::Accept, ..ConnectPolicy::default() };
    let http = "{server: 'http://a:8080'}";
    let message = "http://a:8080/: plain http can be read and changed by anyone on the way";
    assert_error(single(http, "{}", &refused), "E0208", message, "if that is what you want, say --allow-insecure");
    single(http, "{}", &accepted).unwrap();
    let skip = "{server: 'https://a', insecure-skip-tls-verify: true}";
    let message = "https://a/: the kubeconfig says insecure-skip-tls-verify: anyone could answer for the server";
    assert_error(single(skip, "{}", &refused), "E0208", message, "if that is what you want, say --allow-insecure");
    single(skip, "{}", &accepted).unwrap();
    let both = "{server: 'https://a', insecure-skip-tls-verify: true, certificate-authority: ca}";
    assert_eq!(single(both, "{}", &accepted).unwrap_err().code().name(), "E0202");
}

#[test]
fn refuses_addresses_that_are_none() {
    for server in ["a:6443", "//a", "ftp://a", "https://", "https://a?b=c", "https://eve:geheim@a"] {
        let error = single(&format!("{{server: '{server}'}}"), "{}", &ConnectPolicy::default()).unwrap_err();
        assert_eq!(error.code().name(), "E0202", "{server}: {error}");
        assert!(!error.to_string().contains("geheim"), "{error}");
    }
    assert_eq!(single("{}", "{}", &ConnectPolicy::default()).unwrap_err().code().name(), "E0202");
}

#[test]
fn refuses_proxies_it_does_not_speak_without_their_password() {
    for scheme in ["socks5", "https"] {
        let cluster = format!("{{server: 'https://a', proxy-url: '{scheme}://eve:geheim@proxy:1080'}}");
        let message = format!("proxy-url: names a proxy of scheme {scheme}, which is not supported: only http is");
        let error = single(&cluster, "{}", &ConnectPolicy::default()).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    single("{server: 'https://a', proxy-url: 'http://eve:geheim@proxy:3128'}", "{}", &ConnectPolicy::default())
        .unwrap();
}

#[test]
fn takes_the_proxy_of_the_environment_except_for_loopback_and_no_proxy() {
    let chosen = |server: &'static str, world: MemoryWorld| {
        let found = proxy::choose(&world, None, &http::Uri::from_static(server)).unwrap();
        found.map(|proxy| (proxy.uri.to_string(), proxy.auth.is_some()))
    };
    let world = || {
        MemoryWorld::new()
            .with_env("https_proxy", "http://ada:geheim@proxy:3128")
            .with_env("NO_PROXY", ".lab,10.0.0.0/8")
    };
    assert_eq!(chosen("https://a:6443", world()), Some(("http://proxy:3128/".to_owned(), true)));
    for direct in [
        "https://127.0.0.1:6443",
        "https://[::1]",
        "https://localhost",
        "https://a.lab",
        "https://10.1.2.3",
        "http://a",
    ] {
        assert_eq!(chosen(direct, world()), None, "{direct}");
    }
}

#[test]
fn wants_certificate_and_key_together() {
    assert_error(
        single_user("{client-certificate: a.crt}"),
        "E0202",
        "kubeconfig /home/ada/.kube/config: user \"u\" has a client-certificate but no client-key",
        "",
    );
    assert_eq!(single_user("{client-key: a.key}").unwrap_err().code().name(), "E0202");
}

#[test]
fn refuses_two_ways_to_authenticate() {
    let message = "kubeconfig /home/ada/.kube/config: user \"u\" has both a token and a username";
    assert_error(single_user("{token: a, username: b, password: c}"), "E0202", message, "");
}

#[test]
fn runs_no_plugin_where_a_token_is_given() {
    let exec = "{apiVersion: client.authentication.k8s.io/v1beta1, command: login}";
    let connection = single_user(&format!("{{token: a, exec: {exec}}}")).unwrap();
    assert!(matches!(connection.credential, settings::CredentialSource::Token(_)));
}

#[test]
fn lets_a_token_file_win_over_a_token() {
    let connection = single_user("{token: a, tokenFile: b}").unwrap();
    assert!(
        matches!(connection.credential, settings::CredentialSource::TokenFile(path) if path == Path::new("/home/ada/.kube/b"))
    );
}

#[test]
fn refuses_legacy_auth_providers_with_a_way_out() {
    assert_error(
        single_user("{auth-provider: {name: gcp}}"),
        "E0214",
        "user \"u\": auth-provider \"gcp\" is of a kind that Kubernetes 1.26 removed",
        "let your cloud's tool write a new kubeconfig: it will name an exec plugin",
    );
}

#[test]
fn runs_only_plugins_that_are_allowed_by_their_absolute_path() {
    let user =
        |command: &str| format!("{{exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: '{command}'}}}}");
    let only = ConnectPolicy { plugins: PluginPolicy::Only(vec!["/usr/bin/login".into()]), ..ConnectPolicy::default() };
    let cluster = "{server: 'https://a'}";
    single(cluster, &user("/usr/bin/login"), &only).unwrap();
    for command in ["login", "./login", "/usr/bin/../bin/login", "/usr/bin/login2"] {
        assert_eq!(single(cluster, &user(command), &only).unwrap_err().code().name(), "E0207", "{command}");
    }
    assert_error(
        single_user(&user("login")),
        "E0207",
        "user \"u\" gets its credential from \"login\", which is not allowed to run",
        "a kubeconfig can name any program: if you know this one, write its absolute path there and allow that with --allow-exec-plugin",
    );
    single(cluster, &user("login"), &ConnectPolicy { plugins: PluginPolicy::Any, ..ConnectPolicy::default() }).unwrap();
}

#[test]
fn acts_as_whom_it_is_told() {
    let user = "{token: a, as: eve, as-uid: '7', as-groups: [dev, ops], as-user-extra: {Example.org/Team: [a, b]}}";
    let headers = single_user(user).unwrap().headers;
    assert_eq!(headers["impersonate-user"], "eve");
    assert_eq!(headers["impersonate-uid"], "7");
    assert_eq!(headers.get_all("impersonate-group").iter().collect::<Vec<_>>(), ["dev", "ops"]);
    assert_eq!(headers.get_all("impersonate-extra-example.org%2fteam").iter().collect::<Vec<_>>(), ["a", "b"]);
    let overrides = Overrides { act_as_groups: vec!["dev".into()], ..Overrides::default() };
    let message = "impersonation: a group or uid to act as needs a user to act as";
    assert_error(connect(BASE, &overrides), "E0214", message, "add --as USER");
    let overrides = Overrides { act_as: Some("eve\r\nX-Remote-User: admin".into()), ..Overrides::default() };
    assert_error(connect(BASE, &overrides), "E0214", "impersonation: a name to act as has a control character", "");
}

#[test]
fn says_what_is_wrong_with_certificates_and_keys() {
    let transport = |files: &[(&str, &str)], cluster: &str, user: &str| {
        let world = files.iter().fold(MemoryWorld::new(), |world, (path, text)| world.with_file(path, *text));
        single(cluster, user, &ConnectPolicy::default()).unwrap().transport(Arc::new(world) as Arc<dyn World>).map(drop)
    };
    let cluster = "{server: 'https://a', certificate-authority: /ca}";
    let message = "certificate authority, /ca: there is no PEM certificate";
    assert_error(transport(&[("/ca", "geheim")], cluster, "{}"), "E0209", message, "");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let message = "certificate authority, /ca: a certificate in it is malformed";
    assert_error(transport(&[("/ca", broken)], cluster, "{}"), "E0209", message, "");
    let user = "{client-certificate: /c, client-key: /k}";
    let made = rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let files = |c: &'static str| [("/ca", certificate.as_str()), ("/c", certificate.as_str()), ("/k", c)];
    let message = "client certificate, /c: its key is no PEM private key";
    assert_error(transport(&files("geheim"), cluster, user), "E0209", message, "");
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let mixed = [("/ca", certificate.as_str()), ("/c", certificate.as_str()), ("/k", other.as_str())];
    let message = "client certificate, /c: the key belongs to another certificate";
    assert_error(transport(&mixed, cluster, user), "E0209", message, "");
    let good = [("/ca", certificate.as_str()), ("/c", certificate.as_str()), ("/k", key.as_str())];
    transport(&good, cluster, user).unwrap();
}

#[test]
fn shows_no_secret_in_any_debug_form() {
    let user = "{token: geheim, client-certificate-data: Z2VoZWlt, client-key-data: Z2VoZWlt, \
                exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: a, args: [geheim], \
                env: [{name: A, value: geheim}]}}";
    let cluster = "{server: 'https://a', proxy-url: 'http://ada:geheim@b'}";
    let text = format!("clusters: [{{name: c, cluster: {cluster}}}]\nusers: [{{name: u, user: {user}}}]\n");
    let shown = format!("{:?}", parse(&text).unwrap());
    assert!(shown.contains("<secret>"), "{shown}");
    assert!(!shown.contains("geheim") && !shown.contains("Z2Vo"), "{shown}");
    let connection = single(cluster, user, &ConnectPolicy { plugins: PluginPolicy::Any, ..ConnectPolicy::default() });
    let shown = format!("{:?}", connection.unwrap());
    assert!(!shown.contains("geheim"), "{shown}");
}
