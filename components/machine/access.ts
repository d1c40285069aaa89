import { type SshKey, sshKey } from "./ssh-key";

/** Who may log in to the machines, beside the stack itself. */
export interface Access {
  /** Generation of the stack's own key, from 1. */
  operatorKey: number;
  /** Public keys of people by their names, OpenSSH format without a comment. */
  operators: Readonly<Record<string, string>>;
}

/** The stack's own key of a generation; the first has no number in what it is derived from. */
export function operatorKey(seed: string, generation: number): SshKey {
  return sshKey(seed, generation === 1 ? "operator" : `operator:${String(generation)}`);
}

/** The key that a machine shows; a rebuilt one has another. */
export function hostKey(seed: string, machine: string, generation: number): SshKey {
  return sshKey(seed, `host-key:${machine}:${String(generation)}`);
}

/**
 * The keys that a machine accepts, a line each as in `authorized_keys`: the stack's own, its next, and the operators'.
 *
 * The next one is accepted ahead of time, so that a raised generation can log in to put itself in the place of the one
 * before.
 */
export function authorizedKeys(seed: string, access: Access): string[] {
  const own = [access.operatorKey, access.operatorKey + 1].map(
    (generation) =>
      `${operatorKey(seed, generation).publicKey} swarmstead-key-${String(generation)}`,
  );
  return [...own, ...Object.entries(access.operators).map(([name, key]) => `${key} ${name}`)];
}
