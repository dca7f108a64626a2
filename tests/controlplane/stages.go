package main

import (
	"embed"
	"fmt"
	"strings"

	nodefast "sigs.k8s.io/kwok/kustomize/stage/node/fast"
	podfast "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
	"sigs.k8s.io/yaml"
)

//go:embed stages/*.yaml
var ownStages embed.FS

// prefix of the pod annotations by which a test chooses how its pods behave.
const prefix = "controlplane.test/"

func annotation(name string) string {
	return fmt.Sprintf(".metadata.annotations[%q]", prefix+name)
}

// stages returns kwok's configuration: its own fast stages, taken from its
// module and narrowed to pods that do not ask for something else, and ours.
func stages(podLog string, exec bool) ([]byte, error) {
	ready, err := narrowed(podfast.DefaultPodReady, "waiting", "unready")
	if err != nil {
		return nil, err
	}
	delay(ready, "ready-delay")
	complete, err := narrowed(podfast.DefaultPodComplete, "exit-code")
	if err != nil {
		return nil, err
	}
	delay(complete, "complete-delay")
	remove, err := narrowed(podfast.DefaultPodDelete, "delete")
	if err != nil {
		return nil, err
	}
	docs := []string{nodefast.DefaultNodeInit}
	for _, stage := range []map[string]any{ready, complete, remove} {
		text, err := yaml.Marshal(stage)
		if err != nil {
			return nil, err
		}
		docs = append(docs, string(text))
	}
	entries, err := ownStages.ReadDir("stages")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		text, err := ownStages.ReadFile("stages/" + e.Name())
		if err != nil {
			return nil, err
		}
		docs = append(docs, string(text))
	}
	docs = append(docs, clusterRule("ClusterLogs", fmt.Sprintf("logs: [{logsFile: %q, follow: true}]", podLog)))
	if exec {
		docs = append(docs, clusterRule("ClusterExec", "execs: [{local: {}}]"))
	}
	return []byte(strings.Join(docs, "\n---\n")), nil
}

// narrowed adds to a stage's selector that none of the annotations is set.
func narrowed(text string, absent ...string) (map[string]any, error) {
	var stage map[string]any
	if err := yaml.Unmarshal([]byte(text), &stage); err != nil {
		return nil, err
	}
	selector := stage["spec"].(map[string]any)["selector"].(map[string]any)
	expressions := selector["matchExpressions"].([]any)
	for _, name := range absent {
		expressions = append(expressions, map[string]any{"key": annotation(name), "operator": "DoesNotExist"})
	}
	selector["matchExpressions"] = expressions
	return stage, nil
}

// delay lets an annotation hold a stage back; without it nothing waits.
func delay(stage map[string]any, name string) {
	stage["spec"].(map[string]any)["delay"] = map[string]any{
		"durationMilliseconds": 0,
		"durationFrom":         map[string]any{"expressionFrom": annotation(name)},
	}
}

func clusterRule(kind, spec string) string {
	return fmt.Sprintf("apiVersion: kwok.x-k8s.io/v1alpha1\nkind: %s\nmetadata:\n  name: all-pods\nspec:\n  %s\n", kind, spec)
}
