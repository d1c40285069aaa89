import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePorts, firstPort, readPorts } from "../../../../components/lab/forwarded-ports";

let state: string;
const servers: Server[] = [];

function occupy(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    servers.push(server);
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "ports-"));
  mkdirSync(join(state, "lab"));
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
  }
  rmSync(state, { recursive: true });
});

test("a lab that was never started has none", () => {
  expect(readPorts(state)).toEqual({});
});

test("every port of every VM gets one of its own", async () => {
  await choosePorts(state, { node1: [22, 8080], node2: [22, 8080], visitor: [22] });
  const ports = readPorts(state);
  expect(Object.keys(ports)).toEqual(["node1", "node2", "visitor"]);
  const all = Object.values(ports).flatMap((own) => Object.values(own));
  expect(new Set(all).size).toBe(5);
  expect(all.every((port) => port >= 20_000 && port < 32_768)).toBe(true);
  expect(readdirSync(join(state, "lab"))).toEqual(["ports.json"]);
});

test("one that another program holds is passed over", async () => {
  const first = firstPort(state);
  await occupy(first);
  await choosePorts(state, { node1: [22] });
  expect(readPorts(state)).toEqual({ node1: { "22": first + 1 } });
});

test("what was chosen stays, also while it is in use, and new ones come beside it", async () => {
  await choosePorts(state, { node1: [22], node2: [22] });
  const before = readPorts(state);
  await occupy(before.node1?.["22"] ?? 0);
  await choosePorts(state, { node1: [22, 8080], node3: [22] });
  const after = readPorts(state);
  expect(after.node1?.["22"]).toBe(before.node1?.["22"]);
  expect(after.node2).toEqual(before.node2);
  const all = Object.values(after).flatMap((own) => Object.values(own));
  expect(new Set(all).size).toBe(4);
});

test("labs of different folders begin apart", () => {
  const starts = new Set(
    Array.from({ length: 20 }, (_, index) => firstPort(`/checkout${String(index)}`)),
  );
  expect(starts.size).toBeGreaterThan(15);
});
