import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { Agent, createServer, request, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { renderHaproxyCfg, SOCKET } from "../../components/socket-proxy/socket-proxy-conf";
import { DOCKER_PATHS } from "../support/docker-api";
import { ask, has, testWith, withFiles } from "./real-program";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"];
const PREFIXES = ["", "/v1.24", "/v1.45", "/v1.999", "/v2.0", "/v1", "/v1.45.1", "/V1.45", "/x"];
const ALLOWED = [
  /^(GET|HEAD) (\/v1\.\d+)?\/_ping$/,
  /^GET (\/v1\.\d+)?\/(version|services|networks|tasks|nodes|nodes\/[a-z0-9]{25})$/,
];

/** Ways to write a request that some server or proxy would take for another. */
const TRICKS = [
  "GET //version",
  "GET /version/",
  "GET /version/../containers/json",
  "GET /_ping/../containers/json",
  "GET /nodes/../containers/json",
  "GET /nodes/..%2fcontainers%2fjson",
  "GET /nodes/%2e%2e/containers/json",
  "GET /nodes/abc/../../containers/json",
  "GET /nodes/abc/update",
  "GET /nodes/ABC",
  "GET /%76ersion",
  "GET /v1.45/%63ontainers/json",
  "GET /./version",
  "GET /v1.45//version",
  "GET /v1.45/v1.45/version",
  "GET /version;/containers/json",
  "GET /containers/json?/version",
  "GET /containers/json?x=/_ping",
  "GET /versions",
  "GET /xversion",
  "GET /services.json",
  "GET version",
  "GET *",
  "OPTIONS *",
  "GET http://docker/containers/json",
  "GET http://docker/version",
  "GET http://docker?/version",
  "CONNECT docker:80",
  "get /version",
  "GETX /version",
] as const;

let folder: string;
let docker: Server;
let proxy: ChildProcess | undefined;
/** What reached Docker. */
const seen: string[] = [];

const path = (name: string): string => join(folder, name);

function cfg(): string {
  return renderHaproxyCfg()
    .replace(SOCKET, path("proxy.sock"))
    .replace("unix@/run/docker.sock", `unix@${path("docker.sock")}`);
}

async function startProxy(): Promise<void> {
  writeFileSync(path("haproxy.cfg"), cfg());
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
  proxy = spawn("haproxy", ["-db", "-f", path("haproxy.cfg")], { env, stdio: "ignore" });
  for (let wait = 0; wait < 100; wait += 1) {
    if (statSync(path("proxy.sock"), { throwIfNoEntry: false })) {
      return;
    }
    await sleep(50);
  }
  throw new Error("haproxy has made no socket within 5 s");
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** The status of an answer to a request by Node's own client. */
function statusOf(method: string, target: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath: path("proxy.sock"), agent, method, path: target, timeout: 10_000 },
      (answer) => {
        answer.resume();
        answer.on("end", () => {
          resolve(answer.statusCode ?? 0);
        });
      },
    );
    call.on("error", reject);
    call.end();
  });
}

/** All that comes back for a text as it stands. */
function answerTo(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path("proxy.sock"));
    let answer = "";
    socket.setEncoding("utf8").setTimeout(10_000, () => {
      socket.destroy();
    });
    socket.on("data", (part: string) => {
      answer += part;
    });
    socket.on("close", () => {
      resolve(answer);
    });
    socket.on("error", reject);
    socket.write(text);
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "socket-proxy-"));
  docker = createServer((call, answer) => {
    seen.push(`${call.method ?? ""} ${call.url ?? ""}`);
    answer.end("{}");
  });
  await new Promise<void>((resolve) => {
    docker.listen(path("docker.sock"), resolve);
  });
  if (has("haproxy")) {
    await startProxy();
  }
});

beforeEach(() => {
  seen.length = 0;
});

afterAll(() => {
  proxy?.kill();
  agent.destroy();
  docker.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the socket proxy", () => {
  testWith(["haproxy"], "has a configuration that HAProxy takes without a warning", () => {
    const check = (text: string): unknown =>
      withFiles({ "haproxy.cfg": text }, (own) =>
        ask("haproxy", ["-c", "-f", join(own, "haproxy.cfg")]),
      );
    const quiet = expect.not.stringContaining("WARN") as unknown;
    expect(check(cfg())).toMatchObject({ code: 0, words: quiet });
    expect(check(cfg().replace("deny unless", "denny unless"))).toMatchObject({ code: 1 });
  });

  testWith(["haproxy"], "lets its own user and group ask, and nobody else", () => {
    expect((statSync(path("proxy.sock")).mode & 0o777).toString(8)).toBe("660");
  });

  testWith(
    ["haproxy"],
    "passes on what Traefik asks for, and nothing else of Docker's whole API, by any method under any prefix",
    async () => {
      const calls = PREFIXES.flatMap((prefix) =>
        DOCKER_PATHS.flatMap((end) =>
          METHODS.map((method) => [method, `${prefix}${end}`] as const),
        ),
      );
      const allowed = calls
        .map(([method, target]) => `${method} ${target}`)
        .filter((call) => ALLOWED.some((pattern) => pattern.test(call)));
      expect(allowed.length).toBeGreaterThan(30);
      const answers = await Promise.all(
        calls.map(async ([method, target]) => [
          `${method} ${target}`,
          await statusOf(method, target),
        ]),
      );
      expect(answers.filter(([call]) => allowed.includes(String(call)))).toEqual(
        allowed.map((call) => [call, 200]),
      );
      expect(
        answers.filter(([call, status]) => !allowed.includes(String(call)) && status !== 403),
      ).toEqual([]);
      expect(seen.sort()).toEqual([...allowed].sort());
    },
  );

  testWith(["haproxy"], "passes on what Traefik asks for with its filters", async () => {
    const calls = [
      "/v1.45/services",
      "/v1.45/networks?filters=%7B%22scope%22%3A%7B%22swarm%22%3Atrue%7D%7D",
      "/v1.45/tasks?filters=%7B%22desired-state%22%3A%7B%22running%22%3Atrue%7D%7D",
    ];
    for (const call of calls) {
      expect([call, await statusOf("GET", call)]).toEqual([call, 200]);
    }
    expect(seen).toEqual(calls.map((call) => `GET ${call}`));
  });

  testWith(["haproxy"], "is not deceived by the way in which a path is written", async () => {
    for (const trick of TRICKS) {
      const answer = await answerTo(
        `${trick} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n`,
      );
      expect([trick, answer.split("\r\n")[0]]).toEqual([
        trick,
        expect.stringMatching(/^HTTP\/1\.[01] 40[03] |^$/) as unknown,
      ]);
    }
    expect(seen).toEqual([]);
  });

  testWith(
    ["haproxy"],
    "is not deceived by a second request behind the first, or HTTP/2",
    async () => {
      const host = "Host: docker\r\n";
      const hidden = "POST /containers/create HTTP/1.1\r\n";
      const pipelined = `GET /_ping HTTP/1.1\r\n${host}\r\n${hidden}${host}Content-Length: 2\r\nConnection: close\r\n\r\n{}`;
      const smuggled = `GET /_ping HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n${hidden}${host}\r\n`;
      const upgraded = `GET /version HTTP/1.1\r\n${host}Connection: Upgrade, close\r\nUpgrade: tcp\r\n\r\n${hidden}${host}\r\n`;
      for (const text of [pipelined, smuggled, upgraded, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]) {
        await answerTo(text);
      }
      expect(seen.filter((call) => !/^GET \/(_ping|version)$/.test(call))).toEqual([]);
    },
  );

  testWith(
    ["haproxy"],
    "asks again and again for what changes, and not for what lasts",
    async () => {
      const calls = [
        "/v1.46/version",
        "/v1.46/nodes/abc",
        "/v1.46/services",
        "/v1.46/tasks?filters=x",
      ];
      for (const call of [...calls, ...calls]) {
        expect(await statusOf("GET", call)).toBe(200);
      }
      expect(seen).toEqual([...calls, ...calls.slice(2)].map((call) => `GET ${call}`));
    },
  );

  testWith(["haproxy"], "says that Docker is away, and finds it again", async () => {
    await new Promise((resolve) => {
      docker.close(resolve);
      docker.closeAllConnections();
    });
    rmSync(path("docker.sock"), { force: true });
    expect(await statusOf("GET", "/services")).toBe(503);
    await new Promise<void>((resolve) => {
      docker.listen(path("docker.sock"), resolve);
    });
    expect(await statusOf("GET", "/services")).toBe(200);
  });
});
