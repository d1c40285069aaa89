import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";

type Body = Record<string, unknown> & { Name?: string; Options?: Record<string, string> };

/** The part of Docker's Engine API that makes networks and secrets, on a Unix socket, answering as a swarm does. */
export class DockerDaemon {
  readonly networks = new Map<string, Record<string, unknown>>();
  readonly secrets = new Map<string, Record<string, unknown>>();
  private count = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (data: Buffer) => {
        text += data.toString();
      });
      request.on("end", () => {
        const body = text === "" ? {} : (JSON.parse(text) as Body);
        const [status, value] = this.answer(request.method ?? "", request.url ?? "", body);
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(value === undefined ? undefined : JSON.stringify(value));
      });
    });
  }

  private answer(method: string, url: string, body: Body): [number, unknown?] {
    const [, kind, name = ""] = url.split("/");
    const things = kind === "networks" ? this.networks : this.secrets;
    if (name === "create") {
      this.count += 1;
      const id = `${kind ?? ""}-${String(this.count)}`;
      if (kind === "networks") {
        things.set(id, {
          ...body,
          Scope: "swarm",
          Internal: false,
          Attachable: false,
          Ingress: false,
          EnableIPv6: false,
          Options: { ...body.Options, "com.docker.network.driver.overlay.vxlanid_list": "4097" },
          IPAM: {
            Driver: "default",
            Options: null,
            Config: [{ Subnet: "10.0.9.0/24", Gateway: "10.0.9.1" }],
          },
        });
        return [201, { Id: id }];
      }
      things.set(id, { ID: id, Spec: body });
      return [201, { ID: id }];
    }
    const thing = things.get(name);
    if (!thing) {
      return [404, { message: `${kind ?? ""} ${name} not found` }];
    }
    if (method === "DELETE") {
      things.delete(name);
      return [204];
    }
    return [200, thing];
  }

  /**
   * Starts to listen, and makes a stand-in for `ssh` that leads to it and notes its arguments.
   *
   * @returns the folder with `ssh` in it
   */
  async listen(folder: string): Promise<string> {
    const socket = join(folder, "docker.sock");
    this.server.listen(socket);
    await once(this.server, "listening");
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "ssh"),
      `#!${process.execPath}
require("node:fs").appendFileSync(${JSON.stringify(join(folder, "calls"))}, process.argv.slice(2).join(" ") + "\\n");
const socket = require("node:net").connect(${JSON.stringify(socket)});
socket.on("error", () => { console.error("no route to any manager"); process.exit(255); });
socket.on("close", () => process.exit(0));
process.stdin.pipe(socket).pipe(process.stdout);
`,
    );
    chmodSync(join(bin, "ssh"), 0o755);
    return bin;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
