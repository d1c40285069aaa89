import {
  type PendingOperation,
  renderRemoval,
  strandedObjects,
  withBegunSteps,
} from "../../../ops/pending-operations";

const urn = (name: string): string => `urn:pulumi:dev::swarmstead::type::${name}`;

function pending(type: string, resource: string, name: string): PendingOperation {
  return { type, resource: { urn: urn(name), type: resource, inputs: { name } } };
}

describe("strandedObjects", () => {
  test("are secrets and networks that may have been made and not written down", () => {
    expect(
      strandedObjects([
        pending("creating", "docker:index/secret:Secret", "vault-token-0123456789ab"),
        pending("creating", "docker:index/network:Network", "vault-private"),
        pending("deleting", "docker:index/network:Network", "old-private"),
        pending("updating", "docker:index/secret:Secret", "other"),
        pending("creating", "command:local:Command", "vault-deploy"),
        { type: "creating", resource: { urn: urn("x"), type: "docker:index/secret:Secret" } },
      ]),
    ).toEqual([
      { kind: "secret", name: "vault-token-0123456789ab" },
      { kind: "network", name: "vault-private" },
    ]);
  });
});

describe("renderRemoval", () => {
  test("removes what is there and passes over what is not", () => {
    expect(renderRemoval([{ kind: "secret", name: "it's" }])).toBe(
      "set -euo pipefail\n! docker secret inspect 'it'\\''s' >/dev/null 2>&1 || docker secret rm 'it'\\''s' >/dev/null\n",
    );
  });
});

describe("withBegunSteps", () => {
  const step = (name: string): object => ({
    urn: urn(name),
    inputs: { create: "bash -s", stdin: "x" },
    outputs: { create: "bash -s", stdout: "y" },
  });

  test("has a step run again whose update was begun, and no other", () => {
    const state = {
      manifest: 1,
      resources: [step("a"), step("b"), step("c")] as { urn: string }[],
      pending_operations: [
        pending("updating", "command:remote:Command", "a"),
        pending("creating", "command:remote:Command", "b"),
        pending("updating", "docker:index/network:Network", "c"),
      ],
    };
    expect(withBegunSteps(state)).toEqual({
      ...state,
      resources: [
        {
          urn: urn("a"),
          inputs: { create: "", stdin: "x" },
          outputs: { create: "", stdout: "y" },
        },
        step("b"),
        step("c"),
      ],
    });
  });
});
