import { resolve } from "node:path";

/**
 * The folder of a stack's own files on the operator's computer: SSH configuration, the lab's machines.
 *
 * The launcher names it to the engine as `SWARMSTEAD_STATE`; under a plain `pulumi up` it is `.swarmstead/<stack>` in
 * the project.
 */
export function stateFolder(stack: string): string {
  return process.env.SWARMSTEAD_STATE ?? resolve(".swarmstead", stack);
}

/** The same folder, as a shell word for the engine's commands: their inputs must not hold a path of one computer. */
export function stateFolderWord(stack: string): string {
  return `"\${SWARMSTEAD_STATE:-.swarmstead/${stack}}"`;
}
