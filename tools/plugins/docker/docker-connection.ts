import { type ChildProcess, spawn } from "node:child_process";
import { Agent, type IncomingMessage, request } from "node:http";
import { Duplex } from "node:stream";
import type { Properties } from "../wire-values";
import type { DockerHost } from "./docker-host";

/** How long the daemon may take over one request, in milliseconds. */
const LIMIT_MS = 60_000;

/** A fault that the Docker daemon reported. */
export class DockerError extends Error {
  constructor(
    /** HTTP status of the answer. */
    readonly status: number,
    message: string,
  ) {
    super(`Error response from daemon: ${message}`);
  }
}

/** A connection to the Docker daemon, as `docker -H ssh://…` makes it: ssh, and `docker system dial-stdio` there. */
export class DockerConnection {
  private readonly child: ChildProcess;
  private readonly agent: Agent;
  private words = "";

  constructor(
    { destination, options }: DockerHost,
    private readonly signal: AbortSignal,
  ) {
    const args = [...options, "-o", "ConnectTimeout=30", "-T", "--", destination];
    const child = spawn("ssh", [...args, "docker", "system", "dial-stdio"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.words += text;
    });
    const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
    stream.on("error", () => undefined);
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => {
      this.words += error.message;
      stream.destroy();
    });
    const ignore = (): Duplex => stream;
    // What an HTTP agent asks of a socket and a pair of pipes has not.
    Object.assign(stream, {
      setKeepAlive: ignore,
      setNoDelay: ignore,
      setTimeout: ignore,
      ref: ignore,
      unref: ignore,
    });
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
    this.agent.createConnection = (): Duplex => stream;
  }

  /**
   * One request of Docker's Engine API.
   *
   * @throws {DockerError} if the daemon refuses it
   * @throws {Error} with ssh's last words if the daemon is not reached
   */
  async call(method: "GET" | "POST" | "DELETE", path: string, body?: Properties): Promise<unknown> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = request({
        method,
        path,
        agent: this.agent,
        host: "docker",
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(LIMIT_MS)]),
        headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) },
      });
      call.on("response", resolve);
      call.on("error", (error) => {
        // ssh's own words come last, when its end is noticed.
        const tell = (): void => {
          const words = this.words.trim().split("\n").at(-1) ?? "";
          reject(new Error(`failed to connect to any docker daemon: ${words || error.message}`));
        };
        if (
          this.child.exitCode === null &&
          this.child.signalCode === null &&
          !this.signal.aborted
        ) {
          setTimeout(tell, 500);
        } else {
          tell();
        }
      });
      call.end(text);
    });
    const parts: Buffer[] = [];
    for await (const part of answer) {
      parts.push(part as Buffer);
    }
    const said = Buffer.concat(parts).toString("utf8");
    const value: unknown = said.trim() === "" ? undefined : JSON.parse(said);
    if ((answer.statusCode ?? 0) >= 400) {
      throw new DockerError(
        answer.statusCode ?? 0,
        (value as { message?: string }).message ?? said,
      );
    }
    return value;
  }

  /** Ends the connection and ssh with it. */
  close(): void {
    this.agent.destroy();
    this.child.stdin?.destroy();
    this.child.kill();
  }
}

/** Does something over a connection that is closed afterwards. */
export async function withDocker<T>(
  host: DockerHost,
  signal: AbortSignal,
  work: (docker: DockerConnection) => Promise<T>,
): Promise<T> {
  const docker = new DockerConnection(host, signal);
  try {
    return await work(docker);
  } finally {
    docker.close();
  }
}

/** What a request finds; `undefined` where the daemon says that there is no such thing. */
export async function findIn<T>(docker: DockerConnection, path: string): Promise<T | undefined> {
  try {
    return (await docker.call("GET", path)) as T;
  } catch (error) {
    if (error instanceof DockerError && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}
