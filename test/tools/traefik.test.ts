import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import { request } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SOCKET } from "../../components/socket-proxy/socket-proxy-conf";
import {
  CERTIFICATES,
  DYNAMIC_FOLDER,
  renderDynamicConf,
} from "../../components/traefik/traefik-conf";
import { healthcheckCommand, traefikFlags } from "../../components/traefik/traefik-flags";
import { fakeSwarm } from "../support/fake-swarm";
import { ask, has, testWith } from "./real-program";

const HOST = "blog.swarm.test";
/** A replica that answers, and an address where nobody listens, as where a container has just gone. */
const ALIVE = "127.0.0.2";
const GONE = "127.0.0.3";
const PROGRAMS = ["traefik", "openssl"];

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

let folder = "";
let ports: { web: number; websecure: number; ping: number; app: number };
let docker: Server;
let app: Server;
let traefik: ChildProcess | undefined;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createTcpServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });

const listen = (server: Server, ...at: [string] | [number, string]): Promise<void> =>
  new Promise((resolve) => {
    server.listen(...(at as [number, string]), () => {
      resolve();
    });
  });

/** A text for a machine, with the places of this test. */
function here(text: string): string {
  return text
    .replace(/=:80$/, `=127.0.0.1:${String(ports.web)}`)
    .replace(/=:443$/, `=127.0.0.1:${String(ports.websecure)}`)
    .replace(/=:8082$/, `=127.0.0.1:${String(ports.ping)}`)
    .replaceAll(SOCKET, join(folder, "docker.sock"))
    .replaceAll(DYNAMIC_FOLDER, join(folder, "traefik.d"))
    .replaceAll(CERTIFICATES, folder);
}

function whole(message: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let body = "";
    message.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    message.on("end", () => {
      resolve({ status: message.statusCode ?? 0, headers: message.headers, body });
    });
    message.on("error", reject);
  });
}

function clear(port: number, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = get({ host: "127.0.0.1", port, path, headers: { host: HOST } }, (message) => {
      whole(message).then(resolve, reject);
    });
    call.on("error", reject);
  });
}

function secure(name: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port: ports.websecure,
      servername: name,
      ca: readFileSync(join(folder, "leaf.pem")),
      headers: { host: name, ...headers },
      agent: false,
    };
    const call = request(options, (message) => {
      whole(message).then(resolve, reject);
    });
    call.on("error", reject);
    call.end();
  });
}

/** Waits for what has to come true within so many seconds. */
async function until(seconds: number, what: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await what().catch(() => false)) {
      return;
    }
    await sleep(100);
  }
  throw new Error(`has not come true within ${String(seconds)} s`);
}

beforeAll(async () => {
  if (!PROGRAMS.every((program) => has(program))) {
    return;
  }
  folder = mkdtempSync(join(tmpdir(), "traefik-"));
  ports = {
    web: await freePort(),
    websecure: await freePort(),
    ping: await freePort(),
    app: await freePort(),
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const names = ["-subj", "/CN=test", "-addext", `subjectAltName=DNS:${HOST}`];
  const files = ["-keyout", join(folder, "leaf.key"), "-out", join(folder, "leaf.pem")];
  execFileSync("openssl", ["req", "-x509", ...key, ...names, ...files], { stdio: "ignore" });
  mkdirSync(join(folder, "traefik.d"));
  writeFileSync(join(folder, "traefik.d/swarmstead.yaml"), here(renderDynamicConf([HOST])));

  app = createServer((call, answer) => {
    answer.end(JSON.stringify(call.headers));
  });
  await listen(app, ports.app, ALIVE);
  const labels = {
    "traefik.enable": "true",
    "traefik.http.routers.blog.rule": `Host(\`${HOST}\`)`,
    "traefik.http.services.blog.loadbalancer.server.port": String(ports.app),
  };
  const hidden = { name: "db", labels: {}, replicas: [ALIVE] };
  docker = fakeSwarm([{ name: "blog", labels, replicas: [ALIVE, GONE] }, hidden]);
  await listen(docker, join(folder, "docker.sock"));

  traefik = spawn("traefik", traefikFlags().map(here), { stdio: "ignore" });
  await until(50, async () => (await secure(HOST)).status === 200);
});

afterAll(() => {
  if (folder === "") {
    return;
  }
  traefik?.kill("SIGKILL");
  docker.close();
  app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("Traefik, as it is told to run", () => {
  testWith(PROGRAMS, "leads from HTTP to HTTPS", async () => {
    const { status, headers } = await clear(ports.web, "/page?x=1");
    expect([status, headers.location]).toEqual([
      301,
      `https://${HOST}:${String(ports.websecure)}/page?x=1`,
    ]);
  });

  testWith(PROGRAMS, "asks browsers to come by HTTPS alone, and offers HTTP/3", async () => {
    const { headers } = await secure(HOST);
    expect(headers["strict-transport-security"]).toBe("max-age=63072000");
    expect(headers["alt-svc"]).toContain(`h3=":${String(ports.websecure)}"`);
  });

  testWith(PROGRAMS, "tells an app who asks, whatever a visitor says of that", async () => {
    const spoofed = {
      "X-Forwarded-For": "192.0.2.1",
      "X-Real-Ip": "192.0.2.1",
      "X-Forwarded-Proto": "http",
      "X-Forwarded-Host": "evil.test",
    };
    const { body } = await secure(HOST, spoofed);
    expect(JSON.parse(body)).toMatchObject({
      host: HOST,
      "x-forwarded-for": "127.0.0.1",
      "x-real-ip": "127.0.0.1",
      "x-forwarded-proto": "https",
      "x-forwarded-host": HOST,
    });
  });

  testWith(PROGRAMS, "shows no certificate for a name that is not served", async () => {
    await expect(secure("other.swarm.test")).rejects.toThrow(/alert|unrecognized/i);
  });

  testWith(PROGRAMS, "gives a request to another replica where one has gone", async () => {
    // One after the other, as replicas are taken in turn: every second request meets the one that has gone.
    for (let asked = 0; asked < 20; asked += 1) {
      expect((await secure(HOST)).status).toBe(200);
    }
  });

  testWith(PROGRAMS, "shows metrics beside the ping, and its healthcheck is content", async () => {
    expect((await clear(ports.ping, "/metrics")).body).toContain("traefik_service_requests_total");
    const [program = "", ...words] = healthcheckCommand().map(here);
    expect(ask(program, words)).toMatchObject({ code: 0 });
  });

  // The last, as it ends the program.
  testWith(PROGRAMS, "says that it will stop, and takes requests for a while yet", async () => {
    expect((await clear(ports.ping, "/ping")).status).toBe(200);
    const ended = new Promise<number | null>((resolve) => {
      traefik?.on("exit", resolve);
    });
    traefik?.kill("SIGTERM");
    await until(2, async () => (await clear(ports.ping, "/ping")).status === 503);
    for (let second = 0; second < 3; second += 1) {
      expect((await secure(HOST)).status).toBe(200);
      await sleep(1000);
    }
    expect(await ended).toBe(0);
  });
});
