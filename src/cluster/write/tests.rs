//! Writes above a scripted server: what is sent, and what is made of answers that are lost.

use super::{
    CreateOptions, DeleteCollectionOptions, DeleteOptions, Deletion, DryRun, EvictOptions, Eviction, Patch,
    PatchOptions, ReplaceOptions,
};
use crate::cluster::scripted::{Reply, Scripted};
use crate::cluster::{Context, Error, Problem, Result, Stage};
use crate::diag::{Explain, codes};
use crate::object::{AnnotationKey, KindQuery, ObjectRef, Subresource};
use crate::value::{Budget, Node, json};

const POST: &str = "POST /api/v1/namespaces/default/configmaps?fieldManager=rutter&fieldValidation=Strict";
const APPLY: &str = "PATCH /api/v1/namespaces/default/configmaps/a?fieldManager=rutter&fieldValidation=Strict";
const READ: &str = "GET /api/v1/namespaces/default/configmaps/a";
const DELETE: &str = "DELETE /api/v1/namespaces/default/pods/a";
const POD: &str = "GET /api/v1/namespaces/default/pods/a";
const EVICT: &str = "POST /api/v1/namespaces/default/pods/a/eviction";

fn read(text: &str) -> Node {
    json::read(text, "test", &Budget::default()).unwrap()
}

fn config_map() -> Node {
    read(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"}}"#)
}

/// As it was read in version 5.
fn versioned() -> Node {
    read(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"5"},"data":{"k":"v"}}"#)
}

fn live(manager: &str, value: &str) -> Reply {
    let managed = format!(r#"[{{"manager":"{manager}","operation":"Update"}}]"#);
    Reply::json(
        200,
        format!(
            r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"a","namespace":"default","uid":"u1","managedFields":{managed}}},"data":{{"k":"{value}"}}}}"#
        ),
    )
}

fn not_found() -> Reply {
    Reply::json(
        404,
        r#"{"kind":"Status","code":404,"reason":"NotFound","message":"\"a\" not found","details":{"name":"a"}}"#,
    )
}

fn pod(uid: Option<&str>) -> ObjectRef {
    let mut reference = ObjectRef::of(&read(r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#)).unwrap();
    reference.uid = uid.map(Into::into);
    reference
}

async fn create(server: &Scripted) -> Result<Node> {
    server.target().create(&Context::default(), &config_map(), &CreateOptions::default()).await
}

#[tokio::test(start_paused = true)]
async fn a_creation_whose_answer_is_lost_is_ours_when_it_is_there() {
    let server = Scripted::with_kinds().on(POST, Reply::Fail(Stage::Sent)).on(READ, live("rutter", "v"));
    let created = create(&server).await.unwrap();
    assert_eq!(created.text_at(&["metadata", "uid"]), Some("u1"));
    assert_eq!(created.at(&["metadata", "managedFields"]), None);
    assert_eq!(server.lines(), [POST, READ]);
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_left_no_trace_is_sent_again() {
    let server = Scripted::with_kinds()
        .on(POST, Reply::json(503, "no healthy upstream"))
        .on(READ, not_found())
        .on(POST, live("rutter", "v"));
    create(&server).await.unwrap();
    assert_eq!(server.lines(), [POST, READ, POST]);
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_meets_somebody_elses_object_is_a_conflict() {
    let server = Scripted::with_kinds().on(POST, Reply::Fail(Stage::Sent)).on(READ, live("helm", "v"));
    assert_eq!(create(&server).await.unwrap_err().code(), codes::ALREADY_EXISTS);
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_cannot_be_told_from_a_change_is_in_doubt() {
    let server = Scripted::with_kinds().on(POST, Reply::Fail(Stage::Sent)).on(READ, live("rutter", "other"));
    assert_eq!(create(&server).await.unwrap_err().code(), codes::IN_DOUBT);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_was_there_before_is_not_taken_for_ours() {
    let exists = Reply::json(409, r#"{"kind":"Status","code":409,"reason":"AlreadyExists","message":"exists"}"#);
    let server = Scripted::with_kinds().on(POST, exists);
    assert_eq!(create(&server).await.unwrap_err().code(), codes::ALREADY_EXISTS);
    assert_eq!(server.lines(), [POST]);
}

#[tokio::test(start_paused = true)]
async fn a_generated_name_is_never_created_twice() {
    let server = Scripted::with_kinds().on(POST, Reply::Fail(Stage::Sent));
    let object = read(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"a-"}}"#);
    let created = server.target().create(&Context::default(), &object, &CreateOptions::default()).await;
    assert_eq!(created.unwrap_err().code(), codes::IN_DOUBT);
    assert_eq!(server.lines(), [POST]);
}

#[tokio::test(start_paused = true)]
async fn a_replacement_whose_answer_is_lost_is_recognised_behind_the_conflict() {
    let line = "PUT /api/v1/namespaces/default/configmaps/a?fieldManager=rutter&fieldValidation=Strict";
    let conflict = Reply::json(409, r#"{"kind":"Status","code":409,"reason":"Conflict","message":"modified"}"#);
    let object = read(
        r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"5"},"data":{"k":"v"}}"#,
    );
    let server = Scripted::with_kinds()
        .on(line, Reply::Fail(Stage::Sent))
        .on(line, conflict.clone())
        .on(READ, live("rutter", "v"));
    server.target().replace(&Context::default(), &object, &ReplaceOptions::default()).await.unwrap();
    let server = Scripted::with_kinds().on(line, conflict);
    let replaced = server.target().replace(&Context::default(), &object, &ReplaceOptions::default()).await;
    assert_eq!(replaced.unwrap_err().problem(), Some(Problem::Conflict), "a conflict at the first attempt is one");
}

#[tokio::test(start_paused = true)]
async fn operations_are_never_sent_twice() {
    let line = "PATCH /api/v1/namespaces/default/pods/a?fieldManager=rutter&fieldValidation=Strict";
    let server = Scripted::with_kinds().on(line, Reply::Fail(Stage::Sent));
    let patch = Patch::Json(read(r#"[{"op":"add","path":"/spec/x/-","value":1}]"#));
    let patched = server.target().patch(&Context::default(), &pod(None), &patch, &PatchOptions::default()).await;
    assert_eq!(patched.unwrap_err().code(), codes::IN_DOUBT);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn an_apply_takes_over_what_the_same_manager_created_and_nothing_else() {
    let there =
        Reply::json(200, r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"9"}}"#);
    let force = format!("{APPLY}&force=true");
    let server = Scripted::with_kinds()
        .on(APPLY, field_conflict("rutter"))
        .on(READ, there)
        .on(APPLY, field_conflict("rutter"))
        .on(&force, live("rutter", "v"));
    let apply = async |server: &Scripted| {
        server.target().apply(&Context::default(), &config_map(), &super::ApplyOptions::default()).await
    };
    apply(&server).await.unwrap();
    assert_eq!(server.lines(), [APPLY, READ, APPLY, &force]);
    assert!(server.sent()[3].1.contains(r#""resourceVersion":"9""#));
    let server = Scripted::with_kinds().on(APPLY, field_conflict("hpa"));
    assert_eq!(apply(&server).await.unwrap_err().code(), codes::FIELD_CONFLICT);
    assert_eq!(server.lines(), [APPLY]);
}

#[tokio::test(start_paused = true)]
async fn a_patch_of_an_object_that_was_replaced_says_so() {
    let line = "PATCH /api/v1/namespaces/default/pods/a?fieldManager=rutter&fieldValidation=Strict";
    let invalid = || {
        Reply::json(
            422,
            r#"{"kind":"Status","code":422,"reason":"Invalid","message":"metadata.uid: field is immutable"}"#,
        )
    };
    let there = |uid: &str| {
        Reply::json(200, format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"a","uid":"{uid}"}}}}"#))
    };
    for (uid, problem) in [("u2", Problem::Replaced), ("u1", Problem::Invalid)] {
        let server = Scripted::with_kinds().on(line, invalid()).on(POD, there(uid));
        let patch = Patch::Json(read("[]"));
        let patched =
            server.target().patch(&Context::default(), &pod(Some("u1")), &patch, &PatchOptions::default()).await;
        assert_eq!(patched.unwrap_err().problem(), Some(problem));
        assert_eq!(server.sent()[0].1, r#"[{"op":"test","path":"/metadata/uid","value":"u1"}]"#);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_with_a_uid_is_repeated_and_gone_is_done() {
    let server = Scripted::with_kinds().on(DELETE, Reply::Fail(Stage::Sent)).on(DELETE, not_found());
    let deleted = server.target().delete(&Context::default(), &pod(Some("u1")), &DeleteOptions::default()).await;
    assert_eq!(deleted.unwrap(), Deletion::Gone);
    let body = &server.sent()[0].1;
    assert_eq!(body, r#"{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"u1"}}"#);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_without_a_uid_is_looked_up() {
    let there = Reply::json(200, r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"u2"}}"#);
    let server = Scripted::with_kinds().on(DELETE, Reply::Fail(Stage::Sent)).on(POD, there);
    let deleted = server.target().delete(&Context::default(), &pod(None), &DeleteOptions::default()).await;
    assert!(matches!(deleted, Err(Error::InDoubt { .. })));
    assert_eq!(server.lines(), [DELETE, POD], "it is not sent again: this may be another object");
}

#[tokio::test]
async fn a_deletion_that_is_only_tried_says_so_where_the_server_looks() {
    let line = format!("{DELETE}?dryRun=All");
    let server = Scripted::with_kinds().on(&line, Reply::json(200, r#"{"kind":"Status","status":"Success"}"#));
    let options = DeleteOptions { dry_run: DryRun::Server, ..DeleteOptions::default() };
    server.target().delete(&Context::default(), &pod(None), &options).await.unwrap();
    assert!(server.sent()[0].1.contains(r#""dryRun":["All"]"#), "{:?}", server.sent());
    let client = server.target().client();
    for body in [r#"{"kind":"DeleteOptions"}"#, "garbage"] {
        let request = http::Request::delete("/api/v1/namespaces/default/pods/a?dryRun=All")
            .body(body.as_bytes().to_vec())
            .unwrap();
        assert!(client.request_text(request).await.is_err(), "{body}");
    }
    assert_eq!(server.lines().len(), 1, "nothing else was sent");
}

#[tokio::test(start_paused = true)]
async fn an_eviction_that_is_blocked_is_told_at_once_and_one_under_load_is_repeated() {
    let blocked = r#"{"kind":"Status","code":429,"message":"Cannot evict pod","details":{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget web needs 1 healthy pods and has 1 currently"}]}}"#;
    let busy = Reply::json(429, r#"{"kind":"Status","code":429,"message":"too many requests"}"#);
    let server = Scripted::with_kinds().on(EVICT, busy).on(EVICT, Reply::json(429, blocked));
    let evicted = server.target().evict(&Context::default(), &pod(Some("u1")), &EvictOptions::default()).await.unwrap();
    assert!(matches!(&evicted, Eviction::Blocked { budget: Some(budget), .. } if budget == "web"), "{evicted:?}");
    assert_eq!(server.lines(), [EVICT, EVICT]);
}

#[tokio::test(start_paused = true)]
async fn an_eviction_whose_answer_is_lost_is_looked_up() {
    let going = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"u1","deletionTimestamp":"2026-01-01T00:00:00Z"}}"#;
    let other = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"u2"}}"#;
    let staying = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"u1"}}"#;
    let cases = [
        (Reply::json(200, going), Some(Eviction::Evicted)),
        (not_found(), Some(Eviction::Evicted)),
        (Reply::json(200, other), Some(Eviction::Replaced)),
        (Reply::json(200, staying), None),
    ];
    for (found, expected) in cases {
        let server = Scripted::with_kinds().on(EVICT, Reply::Fail(Stage::Sent)).on(POD, found);
        let evicted = server.target().evict(&Context::default(), &pod(Some("u1")), &EvictOptions::default()).await;
        assert_eq!(evicted.ok(), expected);
        assert_eq!(server.lines(), [EVICT, POD]);
    }
}

#[tokio::test]
async fn an_eviction_that_fails_behind_a_good_status_has_failed() {
    let body = r#"{"kind":"Status","status":"Failure","code":500,"message":"This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."}"#;
    let server = Scripted::with_kinds().on(EVICT, Reply::json(201, body));
    let evicted = server.target().evict(&Context::default(), &pod(None), &EvictOptions::default()).await.unwrap();
    assert!(matches!(evicted, Eviction::Refused { .. }), "{evicted:?}");
}

#[tokio::test]
async fn the_small_verbs_send_small_patches() {
    let deployment = ObjectRef::of(&read(
        r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"}}"#,
    ))
    .unwrap();
    let node = ObjectRef::of(&read(r#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"}}"#)).unwrap();
    let options = "?fieldManager=rutter&fieldValidation=Strict";
    let path = "/apis/apps/v1/namespaces/shop/deployments/web";
    let server = Scripted::with_kinds()
        .always(&format!("PATCH {path}/scale{options}"), Reply::json(200, "{}"))
        .always(&format!("PATCH {path}{options}"), Reply::json(200, "{}"))
        .always(&format!("GET {path}"), Reply::json(200, "{}"))
        .always(&format!("PATCH /api/v1/nodes/n{options}"), Reply::json(200, "{}"));
    let (target, run, patch) = (server.target(), Context::default(), PatchOptions::default());
    target.scale(&run, &deployment, 3, &patch).await.unwrap();
    let at = "2026-01-02T03:04:05Z".parse().unwrap();
    target.restart(&run, &deployment, at, &patch).await.unwrap();
    target.cordon(&run, &node, &patch).await.unwrap();
    target.uncordon(&run, &node, &patch).await.unwrap();
    target.annotate(&run, &node, &[(AnnotationKey::parse("a.b/c").unwrap(), None)], &patch).await.unwrap();
    let bodies: Vec<String> = server.sent().into_iter().map(|(_, body)| body).filter(|body| !body.is_empty()).collect();
    assert_eq!(
        bodies,
        [
            r#"{"spec":{"replicas":3}}"#,
            r#"{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-01-02T03:04:05Z"}}}}}"#,
            r#"{"spec":{"unschedulable":true}}"#,
            r#"{"spec":{"unschedulable":null}}"#,
            r#"{"metadata":{"annotations":{"a.b/c":null}}}"#,
        ]
    );
    for wrong in [target.cordon(&run, &deployment, &patch).await, target.scale(&run, &node, 1, &patch).await] {
        assert_eq!(wrong.unwrap_err().code(), codes::UNSUPPORTED);
    }
}

#[tokio::test]
async fn a_paused_rollout_is_not_restarted() {
    let deployment =
        ObjectRef::of(&read(r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}"#)).unwrap();
    let line = "GET /apis/apps/v1/namespaces/default/deployments/web";
    let server = Scripted::with_kinds().on(line, Reply::json(200, r#"{"spec":{"paused":true}}"#));
    let at = "2026-01-02T03:04:05Z".parse().unwrap();
    let restarted = server.target().restart(&Context::default(), &deployment, at, &PatchOptions::default()).await;
    assert_eq!(restarted.unwrap_err().code(), codes::INVALID_OBJECT);
    assert_eq!(server.lines(), [line]);
}

#[tokio::test]
async fn a_field_manager_that_is_none_is_refused_before_a_byte_is_sent() {
    let server = Scripted::with_kinds();
    for name in ["", "a\u{0}b", &"x".repeat(129)] {
        let run = Context::default().writing_as(name);
        let created = server.target().create(&run, &config_map(), &CreateOptions::default()).await;
        assert_eq!(created.unwrap_err().code(), codes::INVALID_NAME, "{name:?}");
    }
    assert!(server.lines().is_empty());
}

fn field_conflict(manager: &str) -> Reply {
    let cause = format!(
        r#"{{"reason":"FieldManagerConflict","message":"conflict with \"{manager}\" using v1","field":".data.k"}}"#
    );
    let body = format!(
        r#"{{"kind":"Status","code":409,"reason":"Conflict","message":"Apply failed","details":{{"causes":[{cause}]}}}}"#
    );
    Reply::json(409, body)
}

fn modified() -> Reply {
    Reply::json(409, r#"{"kind":"Status","code":409,"reason":"Conflict","message":"the object has been modified"}"#)
}

#[tokio::test]
async fn an_apply_that_takes_over_its_own_fields_keeps_the_version_that_it_was_given() {
    let force = format!("{APPLY}&force=true");
    let server = Scripted::with_kinds().on(APPLY, field_conflict("rutter")).on(&force, modified());
    let applied = server.target().apply(&Context::default(), &versioned(), &super::ApplyOptions::default()).await;
    assert_eq!(applied.unwrap_err().problem(), Some(Problem::Conflict));
    assert_eq!(server.lines(), [APPLY, &force]);
    assert!(server.sent().iter().all(|(_, body)| body.contains(r#""resourceVersion":"5""#)), "{:?}", server.sent());
}

const DEPLOYMENT: &str = "/apis/apps/v1/namespaces/default/deployments/web";

fn deployment(uid: &str) -> ObjectRef {
    let text = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}"#;
    ObjectRef { uid: Some(uid.into()), ..ObjectRef::of(&read(text)).unwrap() }
}

fn scale(version: &str, replicas: u32) -> Reply {
    Reply::json(
        200,
        format!(
            r#"{{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{{"name":"web","uid":"u1","resourceVersion":"{version}"}},"spec":{{"replicas":{replicas}}}}}"#
        ),
    )
}

#[tokio::test(start_paused = true)]
async fn a_patch_beside_an_object_that_was_replaced_says_so_and_changes_nothing() {
    let (line, get) = (
        format!("PATCH {DEPLOYMENT}/scale?fieldManager=rutter&fieldValidation=Strict"),
        format!("GET {DEPLOYMENT}/scale"),
    );
    let server = Scripted::with_kinds().on(&get, scale("7", 2)).always(&line, scale("8", 1));
    let scaled =
        server.target().scale(&Context::default(), &deployment("u0"), 1, &PatchOptions::default()).await.unwrap_err();
    assert_eq!(scaled.problem(), Some(Problem::Replaced));
    assert!(scaled.to_string().starts_with("cannot scale Deployment/default/web "), "{scaled}");
    assert_eq!(server.lines(), [get.as_str()]);
    let server = Scripted::with_kinds()
        .on(&get, scale("7", 2))
        .on(&line, modified())
        .on(&get, scale("8", 2))
        .on(&line, scale("9", 1));
    server.target().scale(&Context::default(), &deployment("u1"), 1, &PatchOptions::default()).await.unwrap();
    let bodies: Vec<String> = server.sent().into_iter().map(|(_, body)| body).filter(|body| !body.is_empty()).collect();
    let body = |version: &str| format!(r#"{{"spec":{{"replicas":1}},"metadata":{{"resourceVersion":"{version}"}}}}"#);
    assert_eq!(bodies, [body("7"), body("8")], "the status of a rollout changes all the time");
}

#[tokio::test]
async fn operations_beside_an_object_test_its_uid() {
    let line = format!("PATCH {DEPLOYMENT}/scale?fieldManager=rutter&fieldValidation=Strict");
    let server = Scripted::with_kinds().on(&line, scale("9", 1));
    let patch = Patch::Json(read(r#"[{"op":"replace","path":"/spec/replicas","value":1}]"#));
    let options = PatchOptions { subresource: Subresource::parse("scale").ok(), ..PatchOptions::default() };
    server.target().patch(&Context::default(), &deployment("u1"), &patch, &options).await.unwrap();
    assert!(server.sent()[0].1.starts_with(r#"[{"op":"test","path":"/metadata/uid","value":"u1"},"#));
}

#[tokio::test(start_paused = true)]
async fn a_version_that_a_patch_beside_an_object_brings_is_its_own() {
    let line = format!("PATCH {DEPLOYMENT}/scale?fieldManager=rutter&fieldValidation=Strict");
    let get = format!("GET {DEPLOYMENT}/scale");
    let server = Scripted::with_kinds().on(&get, scale("7", 2)).on(&line, modified());
    let patch = Patch::Merge(read(r#"{"metadata":{"resourceVersion":"5"},"spec":{"replicas":1}}"#));
    let options = PatchOptions { subresource: Subresource::parse("scale").ok(), ..PatchOptions::default() };
    let patched = server.target().patch(&Context::default(), &deployment("u1"), &patch, &options).await;
    assert_eq!(patched.unwrap_err().problem(), Some(Problem::Conflict));
    assert!(server.sent()[1].1.contains(r#""resourceVersion":"5""#));
    assert_eq!(server.lines()[..2], [get, line]);
}

#[tokio::test(start_paused = true)]
async fn an_apply_or_a_patch_whose_answer_is_lost_is_recognised_behind_the_conflict() {
    let (run, reference) = (Context::default(), ObjectRef::of(&config_map()).unwrap());
    let patch = Patch::Merge(read(r#"{"metadata":{"resourceVersion":"5"},"data":{"k":"v","gone":null}}"#));
    for value in ["v", "other"] {
        let lost = || {
            Scripted::with_kinds()
                .on(APPLY, Reply::Fail(Stage::Sent))
                .on(APPLY, modified())
                .on(READ, live("rutter", value))
        };
        let (applying, patching) = (lost(), lost());
        let applied = applying.target().apply(&run, &versioned(), &super::ApplyOptions::default()).await;
        let patched = patching.target().patch(&run, &reference, &patch, &PatchOptions::default()).await;
        for (server, ended) in [(applying, applied), (patching, patched)] {
            assert_eq!(server.lines(), [APPLY, APPLY, READ]);
            match ended {
                Ok(object) => {
                    assert_eq!((value, object.at(&["metadata", "managedFields"])), ("v", None));
                }
                Err(error) => assert_eq!((value, error.problem()), ("other", Some(Problem::Conflict))),
            }
        }
    }
    let server = Scripted::with_kinds().on(APPLY, modified());
    let patched = server.target().patch(&run, &reference, &patch, &PatchOptions::default()).await;
    assert_eq!(patched.unwrap_err().problem(), Some(Problem::Conflict));
    assert_eq!(server.lines(), [APPLY], "a conflict at the first attempt is one");
}

#[tokio::test(start_paused = true)]
async fn a_deletion_whose_answer_is_lost_is_done_whatever_has_the_name_by_then() {
    let replaced = Reply::json(
        409,
        r#"{"kind":"Status","code":409,"reason":"Conflict","message":"Precondition failed: UID in precondition: u1, UID in object meta: u2"}"#,
    );
    let there = |uid: &str, more: &str| {
        Reply::json(200, format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"a","uid":"{uid}"{more}}}}}"#))
    };
    let going = r#","deletionTimestamp":"2026-01-01T00:00:00Z""#;
    let delete = async |server: &Scripted, version: Option<&str>| {
        let options = DeleteOptions { resource_version: version.map(Into::into), ..DeleteOptions::default() };
        server.target().delete(&Context::default(), &pod(Some("u1")), &options).await
    };
    let lost = || Scripted::with_kinds().on(DELETE, Reply::Fail(Stage::Sent));
    assert_eq!(delete(&lost().on(DELETE, replaced.clone()), None).await.unwrap(), Deletion::Gone);
    let first = Scripted::with_kinds().on(DELETE, replaced);
    assert_eq!(delete(&first, None).await.unwrap_err().problem(), Some(Problem::Replaced));
    // A deletion changes the version that it expects.
    let ended = delete(&lost().on(DELETE, modified()).on(POD, there("u1", going)), Some("5")).await;
    assert!(matches!(ended, Ok(Deletion::Terminating(_))), "{ended:?}");
    let ended = delete(&lost().on(DELETE, modified()).on(POD, there("u2", "")), Some("5")).await;
    assert_eq!(ended.unwrap(), Deletion::Gone);
    let ended = delete(&lost().on(DELETE, modified()).on(POD, there("u1", "")), Some("5")).await;
    assert_eq!(ended.unwrap_err().problem(), Some(Problem::Conflict));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_of_many_whose_answer_cannot_be_read_to_its_end_is_in_doubt() {
    const LINE: &str = "DELETE /api/v1/namespaces/default/pods";
    let half = r#"{"kind":"PodList","items":[{},{"#;
    let delete = async |reply: Reply| {
        let server = Scripted::with_kinds().on(LINE, reply);
        let deleted = server
            .target()
            .delete_collection(
                &Context::default(),
                &KindQuery::parse("Pod").unwrap(),
                &DeleteCollectionOptions::default(),
            )
            .await;
        assert_eq!(server.lines(), [LINE], "it is not done again");
        deleted
    };
    let unread = [
        Reply::Broken(vec![half.into()]),
        Reply::Stuck(vec![half.into()]),
        Reply::json(200, half),
        Reply::json(200, "<html>"),
    ];
    for reply in unread {
        let error = delete(reply).await.unwrap_err();
        assert_eq!(error.code(), codes::IN_DOUBT, "{error}");
    }
    let whole = Reply::json(200, r#"{"kind":"PodList","metadata":{},"items":[{},{}]}"#);
    let long = whole.clone().with("content-length", "500000000");
    assert_eq!((delete(whole).await.unwrap(), delete(long).await.unwrap()), (2, 2), "it is only counted");
}
