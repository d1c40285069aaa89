import { randomBytes } from "node:crypto";
import type { InputRules } from "../input-rules";
import type { Fault, Operation, ResourceKind } from "../resource-kind";
import { equal, holdsUnknown, type Properties, reveal, UNKNOWN, type Value } from "../wire-values";

/** Inputs that `local.Command` and `remote.Command` share. */
export const COMMAND_RULES: InputRules = {
  create: "a string",
  update: "a string",
  delete: "a string",
  stdin: "a string",
  triggers: "a list",
  logging: "one of stdout, stderr, stdoutAndStderr, none",
  addPreviousOutputInEnv: "a boolean",
};

/** What a run of a command left. */
export interface CommandResult {
  /** Without the last line's end. */
  stdout: string;
  stderr: string;
}

/**
 * Runs a command.
 *
 * @param inputs the resource's inputs, secrets laid open
 * @param previous what the run before left
 * @throws {Error} if it ends with another code than 0; holds the command and its output
 */
export type RunCommand = (
  command: string,
  inputs: Properties,
  previous: CommandResult | undefined,
  operation: Operation,
) => Promise<CommandResult>;

function text(value: Value | undefined): string | undefined {
  const plain = reveal(value ?? null);
  return typeof plain === "string" ? plain : undefined;
}

function resultOf(outputs: Properties): CommandResult {
  return { stdout: text(outputs.stdout) ?? "", stderr: text(outputs.stderr) ?? "" };
}

/** Whether what a command leaves may differ from what the run before left. */
function mayDiffer(outputs: Properties, inputs: Properties): boolean {
  return Object.entries(inputs).some(
    ([name, value]) =>
      holdsUnknown(value) ||
      (name in outputs && !equal(reveal(value), reveal(outputs[name] ?? null))),
  );
}

/**
 * A resource whose life is commands: the one for `create` also runs on a change where there is none for `update`.
 *
 * A failed create leaves no resource, a failed update leaves the old inputs in the state; both run again.
 */
export function commandKind(
  check: (inputs: Properties) => { inputs: Properties; faults: readonly Fault[] },
  run: RunCommand,
): ResourceKind {
  const lay = (inputs: Properties): Properties => reveal(inputs) as Properties;
  return {
    check,
    // The SDK asks for a replacement on a change within the triggers; the plugin, only on the whole list's.
    replaces: (property) => property === "triggers",
    async create(inputs, operation) {
      const command = text(inputs.create);
      const id = `${operation.name}${randomBytes(4).toString("hex")}`;
      if (operation.preview) {
        return { id, outputs: { ...inputs, stdout: UNKNOWN, stderr: UNKNOWN } };
      }
      const result =
        command === undefined
          ? { stdout: "", stderr: "" }
          : await run(command, lay(inputs), undefined, operation);
      return { id, outputs: { ...inputs, ...result } };
    },
    async update(outputs, inputs, operation) {
      const previous = resultOf(outputs);
      if (operation.preview) {
        const { stdout = "", stderr = "" } = outputs;
        const differs = mayDiffer(outputs, inputs);
        return {
          ...inputs,
          ...(differs ? { stdout: UNKNOWN, stderr: UNKNOWN } : { stdout, stderr }),
        };
      }
      const command = text(inputs.update) ?? text(inputs.create);
      const result =
        command === undefined ? previous : await run(command, lay(inputs), previous, operation);
      return { ...inputs, ...result };
    },
    async delete(_id, outputs, operation) {
      const command = text(outputs.delete);
      if (command !== undefined) {
        await run(command, lay(outputs), resultOf(outputs), operation);
      }
    },
  };
}

/** The variables that tell a command what the run before left. */
export function previousOutput(
  inputs: Properties,
  previous: CommandResult | undefined,
): Record<string, string> {
  if (inputs.addPreviousOutputInEnv === false || !previous) {
    return {};
  }
  return {
    ...(previous.stdout === "" ? {} : { PULUMI_COMMAND_STDOUT: previous.stdout }),
    ...(previous.stderr === "" ? {} : { PULUMI_COMMAND_STDERR: previous.stderr }),
  };
}

/** Collects what a command prints, each stream for itself and both in the order in which they came. */
export class CommandOutput {
  private readonly parts: { stream: "stdout" | "stderr"; data: Buffer }[] = [];

  public add(stream: "stdout" | "stderr", data: Buffer): void {
    this.parts.push({ stream, data });
  }

  public result(): CommandResult {
    const only = (wanted: "stdout" | "stderr"): string =>
      Buffer.concat(this.parts.filter(({ stream }) => stream === wanted).map(({ data }) => data))
        .toString("utf8")
        .replace(/\n$/, "");
    return { stdout: only("stdout"), stderr: only("stderr") };
  }

  /** How a command failed, in the real plugin's words. */
  public failure(reason: string, command: string): Error {
    const all = Buffer.concat(this.parts.map(({ data }) => data)).toString("utf8");
    return new Error(`${reason}: running ${JSON.stringify(command)}:\n${all}`);
  }
}
