import { authorizedKeys, hostKey, operatorKey } from "../../../../components/machine/access";
import { sshKey } from "../../../../components/machine/ssh-key";

const SEED = "0123456789abcdef".repeat(4);

test("the first keys are those of stacks that had no generations yet", () => {
  expect(operatorKey(SEED, 1)).toEqual(sshKey(SEED, "operator"));
  expect(hostKey(SEED, "node1", 1)).toEqual(sshKey(SEED, "host-key:node1:1"));
});

test("every generation is a key of its own", () => {
  const keys = [1, 2, 3].map((generation) => operatorKey(SEED, generation).publicKey);
  expect(new Set(keys).size).toBe(3);
});

test("a machine accepts the stack's key, its next one and the operators', each with a name", () => {
  expect(authorizedKeys(SEED, { operatorKey: 2, operators: { alice: "ssh-ed25519 A" } })).toEqual([
    `${operatorKey(SEED, 2).publicKey} swarmstead-key-2`,
    `${operatorKey(SEED, 3).publicKey} swarmstead-key-3`,
    "ssh-ed25519 A alice",
  ]);
});

test("the key of the next generation is accepted before it is in use", () => {
  const accepted = authorizedKeys(SEED, { operatorKey: 1, operators: {} }).join("\n");
  expect(accepted).toContain(operatorKey(SEED, 2).publicKey);
});
