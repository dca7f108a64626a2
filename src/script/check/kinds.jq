# Kinds that Kubernetes itself serves, one a line: kind, plural, singular, short names, group, versions, scope.
# jq -rn -f kinds.jq api/discovery/api__v1.json api/discovery/aggregated_v2.json > kinds.tsv   (in a checkout of Kubernetes)
[ inputs
  | if .kind == "APIResourceList" then
      .resources[] | select(.name | contains("/") | not)
      | { kind, plural: .name, singular: .singularName, short: (.shortNames // []), group: "", version: "v1", namespaced }
    else
      .items[] | .metadata.name as $group | .versions[] | .version as $version | .resources[]
      | { kind: .responseKind.kind, plural: .resource, singular: .singularResource, short: (.shortNames // []), $group, $version,
          namespaced: (.scope == "Namespaced") }
    end ]
| group_by([.group, .kind])[]
| [ .[0].kind, .[0].plural, .[0].singular, (.[0].short | join(",")), .[0].group, (map(.version) | join(",")),
    (if .[0].namespaced then "namespaced" else "cluster" end) ]
| join("\t")
