import { findFaults, given, type InputRules, within } from "../input-rules";
import type { ResourceKind } from "../resource-kind";
import { isObject, type Properties, reveal, secret, UNKNOWN, type Value } from "../wire-values";
import {
  COMMAND_RULES,
  CommandOutput,
  commandKind,
  previousOutput,
  type RunCommand,
} from "./command-kind";
import { connect, type SshConnection } from "./ssh-connection";

const CONNECTION_RULES: InputRules = {
  host: "a string",
  port: "a whole number",
  user: "a string",
  privateKey: "a string",
  hostKey: "a string",
  dialErrorLimit: "a whole number",
  perDialTimeout: "a whole number",
};

const CONNECTION_DEFAULTS = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
const CONNECTION_REQUIRED = ["host", "privateKey", "hostKey"];

function checkConnection(connection: Value | undefined): {
  value: Value;
  faults: { property: string; reason: string }[];
} {
  const plain = connection === undefined ? undefined : reveal(connection);
  if (plain === UNKNOWN || connection === undefined || !isObject(plain)) {
    const faults = plain === UNKNOWN ? [] : [{ property: "connection", reason: "must be given" }];
    return { value: secret(connection ?? null), faults };
  }
  const missing = CONNECTION_REQUIRED.filter((name) => (plain[name] ?? null) === null);
  const value = within(connection, (opened) => {
    const parts = { ...CONNECTION_DEFAULTS, ...given(opened as Properties) } as Record<
      string,
      Value
    >;
    return parts.privateKey === undefined
      ? parts
      : { ...parts, privateKey: secret(parts.privateKey) };
  });
  const faults = [
    ...missing.map((name) => ({ property: `connection.${name}`, reason: "must be given" })),
    ...findFaults(given(plain), CONNECTION_RULES, "connection"),
  ];
  return { value: secret(value), faults };
}

const runRemotely: RunCommand = async (command, inputs, previous, operation) => {
  const client = await connect(inputs.connection as unknown as SshConnection, operation);
  const stdin = (inputs.stdin ?? "") as string;
  try {
    return await new Promise((resolve, reject) => {
      const output = new CommandOutput();
      const abort = (): void => {
        reject(output.failure("cancelled", command));
        client.destroy();
      };
      operation.signal.addEventListener("abort", abort, { once: true });
      client.once("close", () => {
        reject(output.failure("the connection ended before the command did", command));
      });
      client.on("error", (error) => {
        reject(output.failure(error.message, command));
      });
      client.exec(command, { env: previousOutput(inputs, previous) }, (error, channel) => {
        if (error) {
          reject(output.failure(error.message, command));
          return;
        }
        let ended: { code: number | null; signal: string | undefined } | undefined;
        channel.on("data", (data: Buffer) => {
          output.add("stdout", data);
        });
        channel.stderr.on("data", (data: Buffer) => {
          output.add("stderr", data);
        });
        channel.on("error", () => undefined);
        channel.on("exit", (code: number | null, signal?: string) => {
          ended = { code, signal };
        });
        channel.on("close", () => {
          operation.signal.removeEventListener("abort", abort);
          if (ended?.code === 0) {
            resolve(output.result());
            return;
          }
          const status = ended?.signal
            ? `Process exited with signal ${ended.signal}`
            : `Process exited with status ${String(ended?.code ?? "unknown")}`;
          reject(output.failure(status, command));
        });
        channel.end(stdin);
      });
    });
  } finally {
    client.end();
  }
};

/**
 * `command:remote:Command`, with a pinned host key and a private key, and without proxy and agent. It takes no
 * environment, since a variable that the machine's sshd refuses would be lost without a word.
 */
export const remoteCommand: ResourceKind = commandKind((inputs: Properties) => {
  const { connection, ...rest } = given(inputs);
  const { value, faults } = checkConnection(connection);
  return {
    inputs: { ...rest, connection: value },
    faults: [...faults, ...findFaults(rest, COMMAND_RULES)],
  };
}, runRemotely);
