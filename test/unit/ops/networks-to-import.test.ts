import { Context } from "../../../ops/context";
import { declaredNetworks, networksToImport } from "../../../ops/networks-to-import";

describe("the networks that have to be taken over", () => {
  const LISTED = "ingress i1\nwhoami-private w1\nwhoami-private-2 w2\n";

  test("are those that are wanted and there, by their whole names", () => {
    expect(networksToImport(["whoami-private", "vault-private"], LISTED)).toEqual({
      "whoami-private": "w1",
    });
  });

  test("are none of a swarm that has none", () => {
    expect(networksToImport(["whoami-private"], "")).toEqual({});
  });
});

test("the networks that are wanted are the common one, and what the apps' compose files declare", () => {
  expect(declaredNetworks(new Context("dev"))).toEqual(["edge", "whoami-private"]);
});
