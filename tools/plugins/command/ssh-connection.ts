import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "ssh2";
import type { Operation } from "../resource-kind";

/** How to reach a machine, in the words of `command.remote.Connection`; defaults filled in. */
export interface SshConnection {
  host: string;
  port: number;
  user: string;
  /** OpenSSH format. */
  privateKey: string;
  /** `<type> <base64>`, with or without a comment. */
  hostKey: string;
  /** Failed dials before it is given up; -1 for no limit. */
  dialErrorLimit: number;
  /** Seconds for the machine to take the connection and show its host key; 0 for no limit. */
  perDialTimeout: number;
}

const FIRST_PAUSE_MS = 100;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 5000;

/** A busy machine may take long over a login once it has shown its key. */
const LOGIN_MS = 60_000;

/** A machine that does not answer for five minutes in the middle of a command is gone. */
const KEEPALIVE_MS = 15_000;
const KEEPALIVE_LIMIT = 20;

/** A fault that no further dial can mend. */
class FatalDialError extends Error {}

/** The key's type and its bytes. */
function parseHostKey(text: string): { algorithm: string; bytes: Buffer } {
  const [algorithm = "", encoded = ""] = text.trim().split(/\s+/);
  const bytes = Buffer.from(encoded, "base64");
  const named = bytes.length > 4 ? bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString() : "";
  if (named === "" || named !== algorithm) {
    throw new FatalDialError(
      `connection.hostKey: must be "<type> <base64>", got ${JSON.stringify(text)}`,
    );
  }
  return { algorithm, bytes };
}

/** What a key of this type may sign with. */
function signaturesOf(algorithm: string): string[] {
  return algorithm === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [algorithm];
}

function dial(connection: SshConnection, signal: AbortSignal): Promise<Client> {
  const { host, port, user, privateKey, hostKey, perDialTimeout } = connection;
  const expected = parseHostKey(hostKey);
  const where = `${host}:${String(port)}`;
  return new Promise((resolve, reject) => {
    const client = new Client();
    let wrongKey = false;
    let timer: NodeJS.Timeout | undefined;
    const fail = (error: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      client.on("error", () => undefined);
      client.destroy();
      reject(error);
    };
    const abort = (): void => {
      fail(new FatalDialError("cancelled"));
    };
    const limit = (ms: number, what: string): void => {
      clearTimeout(timer);
      if (ms > 0) {
        timer = setTimeout(() => {
          fail(new Error(`${where}: ${what} within ${String(ms / 1000)} s`));
        }, ms);
      }
    };
    signal.addEventListener("abort", abort, { once: true });
    client.once("handshake", () => {
      limit(LOGIN_MS, "no login");
    });
    client.once("ready", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      client.removeAllListeners("error").removeAllListeners("close");
      resolve(client);
    });
    client.on("error", (error) => {
      const cure = "it is not the machine that was meant, or its key was changed";
      fail(
        wrongKey || /no matching host key/i.test(error.message)
          ? new FatalDialError(
              `${where}: shows another host key than the pinned ${expected.algorithm} one; ${cure}`,
            )
          : error,
      );
    });
    client.once("close", () => {
      fail(new Error(`${where}: closed the connection`));
    });
    limit(perDialTimeout * 1000, "no SSH handshake");
    try {
      client.connect({
        host,
        port,
        username: user,
        privateKey,
        algorithms: { serverHostKey: signaturesOf(expected.algorithm) as never },
        hostVerifier: (key: Buffer): boolean => {
          wrongKey = !key.equals(expected.bytes);
          return !wrongKey;
        },
        readyTimeout: 0,
        keepaliveInterval: KEEPALIVE_MS,
        keepaliveCountMax: KEEPALIVE_LIMIT,
      });
    } catch (error) {
      // Thrown before anything is sent, for a key that cannot be read.
      fail(new FatalDialError(`connection.privateKey: ${(error as Error).message}`));
    }
  });
}

/**
 * Logs in, and tries again while the machine is not ready for it: it may be booting. A wrong host key is no reason to
 * try again.
 *
 * @throws {Error} with the last fault once `dialErrorLimit` is passed
 */
export async function connect(connection: SshConnection, operation: Operation): Promise<Client> {
  const { dialErrorLimit: limit } = connection;
  const { signal } = operation;
  let pause = FIRST_PAUSE_MS;
  for (let failed = 0; ; ) {
    try {
      return await dial(connection, signal);
    } catch (error) {
      failed += 1;
      if (error instanceof FatalDialError) {
        throw error;
      }
      if (limit > -1 && failed > limit) {
        throw new Error(`after ${String(failed - 1)} failed attempts: ${(error as Error).message}`);
      }
      operation.status(
        `Dial ${String(failed)}/${limit === -1 ? "inf" : String(limit)} failed: retrying`,
      );
    }
    await sleep(pause, undefined, { signal });
    pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS);
  }
}
