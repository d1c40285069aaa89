import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadFigures } from "../lab/load-figures";
import { type LoadLog, type LoadSummary, parseLoadLine, type RequestRecord } from "../lab/load-log";
import { ask, testWith, withFiles } from "./real-program";

const PROGRAM = join(__dirname, "../lab/visitor-load.py");
const SECONDS = 1.5;

/** Runs the load for a while after its first word, and gives what it has said. */
async function runLoad(settings: object): Promise<LoadLog> {
  const whole = { rate: 20, timeout: 20, retries: 0, ca: null, ...settings };
  const child = spawn("python3", [PROGRAM, JSON.stringify(whole)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  await once(child.stdout, "data");
  await sleep(SECONDS * 1000);
  child.stdin.end();
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(0);
  const said = text.trimEnd().split("\n").map(parseLoadLine);
  const summaries = said.flatMap(({ summary }): LoadSummary[] => (summary ? [summary] : []));
  const records = said.flatMap(({ record }): RequestRecord[] => (record ? [record] : []));
  const [summary] = summaries;
  expect(said.at(-1)?.summary).toBe(summary);
  if (!summary) {
    throw new Error(text);
  }
  expect(summary.begun).toBe(records.length);
  return { lines: [], records, summary };
}

/** Lets a server listen while it is used. */
async function withServer<T>(server: Server, use: (port: number) => Promise<T>): Promise<T> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket.on("error", () => undefined));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
    for (const socket of open) {
      socket.destroy();
    }
  }
}

/** A certificate for page.test that has signed itself. */
function makeCertificate(): { key: string; cert: string } {
  const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";
  return withFiles({}, (folder) => {
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    const { code } = ask("openssl", [
      ...words.split(" "),
      ...["-subj", "/CN=page.test", "-addext", "subjectAltName=DNS:page.test"],
      ...["-keyout", join(folder, "key"), "-out", join(folder, "cert")],
    ]);
    expect(code).toBe(0);
    return { key: read("key"), cert: read("cert") };
  });
}

const targets = (port: number, scheme = "http"): object[] => [
  { url: `${scheme}://page.test:${String(port)}/path`, address: "127.0.0.1" },
];

const outcomes = ({ records }: LoadLog): string[] => [
  ...new Set(records.map(({ outcome }) => outcome)),
];

describe("the load from the visitor", () => {
  testWith(["python3"], "holds its rate while every request hangs", async () => {
    const log = await withServer(
      http.createServer(() => undefined),
      (port) => runLoad({ targets: targets(port), timeout: 0.5 }),
    );
    expect(outcomes(log)).toEqual(["timeout"]);
    // One after the other there would be two a second.
    expect(loadFigures(log).rate).toBeGreaterThan(10);
    const numbers = log.records.map(({ number }) => number).sort((one, other) => one - other);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    for (const { seconds } of log.records) {
      expect(seconds).toBeGreaterThanOrEqual(0.5);
    }
  });

  testWith(["python3"], "asks by the name, at the address, and keeps who answered", async () => {
    const asked = new Set<string>();
    const server = http.createServer((request, answer) => {
      asked.add(`${request.headers.host ?? ""} ${request.url ?? ""}`);
      answer.end("Hostname: replica1\nRemoteAddr: x\n");
    });
    const [port, log] = await withServer(server, async (at) => [
      at,
      await runLoad({ targets: targets(at) }),
    ]);
    expect([...asked]).toEqual([`page.test:${String(port)} /path`]);
    expect(outcomes(log)).toEqual(["ok"]);
    expect(new Set(log.records.map(({ hostname }) => hostname))).toEqual(new Set(["replica1"]));
    expect(loadFigures(log).failed).toBe(0);
  });

  testWith(["python3"], "asks once more where the connection was reset, on request", async () => {
    const resetting = async (retries: number): Promise<LoadLog> => {
      const seen = new Set<string>();
      const server = http.createServer(({ url = "", socket }, answer) => {
        if (seen.has(url)) {
          answer.end("well");
        } else {
          seen.add(url);
          socket.resetAndDestroy();
        }
      });
      return withServer(server, (port) => {
        const pages = Array.from({ length: 1000 }, (_, page) => ({
          url: `http://127.0.0.1:${String(port)}/${String(page)}`,
          address: null,
        }));
        return runLoad({ targets: pages, retries });
      });
    };
    const [again, never] = [await resetting(1), await resetting(0)];
    expect(outcomes(again)).toEqual(["ok"]);
    expect(loadFigures(again)).toMatchObject({ failed: 0, resets: again.records.length });
    expect(outcomes(never)).toEqual(["reset"]);
    expect(loadFigures(never).resets).toBe(never.records.length);
  });

  testWith(["python3"], "tells a refusal, an answer cut short and another status", async () => {
    const closed = await withServer(http.createServer(), (port) => Promise.resolve(port));
    expect(outcomes(await runLoad({ targets: targets(closed) }))).toEqual(["refused"]);

    const short = http.createServer((request, answer) => {
      answer.writeHead(200, { "content-length": 100 }).write("half");
      setTimeout(() => request.socket.end(), 20);
    });
    const cut = await withServer(short, (port) => runLoad({ targets: targets(port) }));
    expect(outcomes(cut)).toEqual(["cut"]);

    const busy = http.createServer((_, answer) => answer.writeHead(503).end());
    const told = await withServer(busy, (port) => runLoad({ targets: targets(port) }));
    expect(outcomes(told)).toEqual(["status"]);
    expect(told.records[0]?.status).toBe(503);
  });

  testWith(
    ["python3", "openssl"],
    "speaks TLS, and verifies it where it is told whom to believe",
    async () => {
      const { key, cert } = makeCertificate();
      const names = new Set<string>();
      const server = (): Server =>
        https
          .createServer({ key, cert }, (_, answer) => answer.end("well"))
          .on("secureConnection", ({ servername }) => names.add(String(servername)));
      const load = (settings: object): Promise<LoadLog> =>
        withServer(server(), (port) => runLoad({ targets: targets(port, "https"), ...settings }));
      expect(outcomes(await load({}))).toEqual(["ok"]);
      expect(outcomes(await load({ ca: cert }))).toEqual(["ok"]);
      expect(outcomes(await load({ ca: makeCertificate().cert }))).toEqual(["tls"]);
      expect([...names]).toEqual(["page.test"]);
    },
  );
});
