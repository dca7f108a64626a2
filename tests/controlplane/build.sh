#!/usr/bin/env bash
# Builds the control plane for the tests: bash tests/controlplane/build.sh [OUTDIR]
# OUTDIR defaults to target/controlplane of the repository. Does nothing when
# the sources are those of the last build. Exit 3: there is no Go to build with.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../../target/controlplane}
mkdir -p "$out"
out=$(cd "$out" && pwd)
version=v1.37.2

# Two test runs may both find the binary missing: the second waits.
exec 9>"$out/.lock"
if command -v flock >/dev/null; then flock 9; fi

cd "$here"
stamp=$(cat go.mod go.sum build.sh ./*.go stages/*.yaml | sha256sum | cut -d' ' -f1)
if [[ -x $out/controlplane && -f $out/.stamp && $(<"$out/.stamp") == "$stamp" ]]; then
  echo "controlplane: up to date, $out/controlplane"
  exit 0
fi

if ! command -v go >/dev/null; then
  echo "controlplane: go is not on the PATH; the tests against a real control plane need Go $(awk '$1 == "go" {print $2}' go.mod) or later" >&2
  exit 3
fi

minor=${version#v1.}
minor=${minor%%.*}
info=k8s.io/component-base/version
# Without the version kubectl cannot parse what the server says about itself.
flags="-s -w -X $info.gitVersion=$version -X $info.gitMajor=1 -X $info.gitMinor=$minor"

begin=$SECONDS
# Under another name first: the old binary may be running.
GOWORK=off CGO_ENABLED=0 go build -mod=readonly -buildvcs=false -ldflags "$flags" -o "$out/.controlplane.new" . >&2
mv -f "$out/.controlplane.new" "$out/controlplane"
echo "$stamp" >"$out/.stamp"
echo "controlplane: built in $((SECONDS - begin)) s, $(($(stat -c %s "$out/controlplane") >> 20)) MiB, $out/controlplane"
