import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Connection, Server, type Session, utils } from "ssh2";

/** A key pair in OpenSSH's format. */
export type KeyPair = ReturnType<typeof utils.generateKeyPairSync>;

/** A new ed25519 key pair. */
export function newKey(): KeyPair {
  return utils.generateKeyPairSync("ed25519");
}

/** An SSH server in this process that notes what it is asked and runs nothing. */
export class SshMachine {
  /** Commands with their stdin, in the order in which they ended. */
  readonly runs: { command: string; stdin: string }[] = [];
  /** How often anybody tried to log in. */
  logins = 0;
  private readonly clients = new Set<Connection>();
  private readonly server: Server;

  /** @param user who may log in, by the public part of its key */
  constructor(
    readonly hostKey: KeyPair,
    user: { name: string; key: KeyPair },
  ) {
    const expected = utils.parseKey(user.key.public);
    if (expected instanceof Error) {
      throw expected;
    }
    this.server = new Server({ hostKeys: [hostKey.private] }, (client) => {
      this.clients.add(client);
      client.on("error", () => undefined);
      client.on("authentication", (context) => {
        this.logins += 1;
        const known =
          context.method === "publickey" &&
          context.username === user.name &&
          context.key.data.equals(expected.getPublicSSH());
        if (known) {
          context.accept();
        } else {
          context.reject(["publickey"]);
        }
      });
      client.on("session", (accept) => {
        this.serve(accept());
      });
    });
  }

  private serve(session: Session): void {
    session.on("exec", (accept, _reject, { command }) => {
      const channel = accept();
      let stdin = "";
      channel.on("data", (data: Buffer) => {
        stdin += data.toString();
      });
      channel.on("end", () => {
        this.runs.push({ command, stdin });
        channel.write(`ran ${command}\n`);
        channel.stderr.write("with care\n");
        channel.exit(command === "false" ? 1 : 0);
        channel.end();
      });
    });
  }

  /** Starts to listen. @param port 0 for any */
  async listen(port = 0): Promise<number> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    for (const client of this.clients) {
      client.end();
    }
    this.server.close();
  }
}
