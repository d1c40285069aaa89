import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { quote } from "../../../components/lib/shell";
import type { LabStack } from "../lab-stack";
import { expectFacts, readFacts } from "../machine-facts";
import { ask } from "../page-client";
import type { Contract } from "../storage-contract";
import {
  ADDRESS,
  findService,
  HOST,
  holdersNow,
  MACHINES,
  MANAGER,
  statusWithEntry,
  VISITOR,
} from "./environment";
import { curlOnVisitor } from "./visitor";

/** Two years, as Mozilla's profiles ask for. */
const HSTS_SECONDS = 63_072_000;
/** Nobody's address. */
const FORGED = "198.51.100.7";
const CA = "/etc/swarmstead/certificates/ca.pem";

async function toldByStatus(lab: LabStack): Promise<void> {
  const { entry, apps, problems } = await statusWithEntry(lab);
  assert.deepEqual(problems, []);
  assert.equal(entry.address, ADDRESS);
  assert.deepEqual([entry.holder], await holdersNow(lab));
  assert.deepEqual(apps, [{ name: "whoami", host: HOST, protected: false, ok: true }]);
  const text = (await lab.must("status")).stdout;
  assert.match(text, new RegExp(`${ADDRESS.replaceAll(".", "\\.")}.*${entry.holder ?? "?"}`));
}

async function servedHere(lab: LabStack): Promise<void> {
  const { entry } = await statusWithEntry(lab);
  const page = await ask(`https://${entry.https}/`, { host: HOST });
  assert.equal(page.status, 200);
  assert.match(page.text, /^Hostname: \w+/m);
  const policy = page.headers["strict-transport-security"] ?? "";
  assert.ok(Number(/max-age=(\d+)/.exec(policy)?.[1] ?? 0) >= HSTS_SECONDS, policy);

  const plain = await ask(`http://${entry.http}/path?query=1`, { host: HOST });
  assert.ok([301, 308].includes(plain.status), String(plain.status));
  assert.equal(plain.headers.location, `https://${HOST}/path?query=1`);

  await assert.rejects(ask(`https://${entry.https}/`, { host: "other.example" }), /alert|SSL|TLS/);
}

async function servedToVisitor(lab: LabStack): Promise<void> {
  assert.match(await curlOnVisitor(lab, HOST, "/"), /^Hostname: \w+/m);
  const ca = await lab.on("node1", `cat ${CA}`);
  await lab.on("visitor", `cat >/run/ca.pem <<'PEM'\n${ca}\nPEM`);
  const url = ["--resolve", `${HOST}:443:${ADDRESS}`, `https://${HOST}/`].map(quote).join(" ");
  const believed = await lab.on(
    "visitor",
    `curl --silent --show-error --cacert /run/ca.pem ${url}`,
  );
  assert.match(believed, /^Hostname: \w+/m);
  const version = ["--output", "/dev/null", "--write-out", "%{http_version}"];
  assert.equal(await curlOnVisitor(lab, HOST, "/", ...version), "2");
  // Its own program says whether it can ask so at all.
  if (/HTTP3/.test(await lab.on("visitor", "curl --version"))) {
    assert.equal(await curlOnVisitor(lab, HOST, "/", "--http3-only", ...version), "3");
  }
  assert.match(await curlOnVisitor(lab, HOST, "/", "--head"), /^alt-svc: h3=":443"/im);
}

async function visitorIsKnown(lab: LabStack): Promise<void> {
  const forged = ["X-Forwarded-For", "X-Real-Ip"].flatMap((name) => [
    "--header",
    `${name}: ${FORGED}`,
  ]);
  const marker = randomBytes(8).toString("hex");
  const own = new RegExp(`^X-Forwarded-For: ${VISITOR.replaceAll(".", "\\.")}\\r?$`, "m");
  assert.match(await curlOnVisitor(lab, HOST, "/"), own);
  const said = await curlOnVisitor(lab, HOST, `/${marker}`, ...forged);
  assert.match(said, own);
  assert.match(said, new RegExp(`^X-Real-Ip: ${VISITOR.replaceAll(".", "\\.")}\\r?$`, "m"));
  const traefik = await findService(lab, "swarmstead/traefik");
  const log = `timeout 30 docker service logs --since 5m --raw ${traefik.name} 2>&1 | grep ${marker}`;
  const line = await lab.on(MANAGER, log);
  assert.ok(line.includes(VISITOR) && !line.includes(FORGED), line);
}

/** What the entry promises where nothing fails, in order, by the name of the test. */
export function entryContract(lab: LabStack): Contract {
  return [
    [
      "status tells who holds the address, and that the app answers through it",
      () => toldByStatus(lab),
    ],
    [
      "the page comes to this computer, by HTTPS alone, and under its own name alone",
      () => servedHere(lab),
    ],
    [
      "the page comes to the visitor, believed by the local authority, by HTTP/2 and HTTP/3",
      () => servedToVisitor(lab),
    ],
    [
      "the app and the log know the visitor's own address, forged headers or not",
      () => visitorIsKnown(lab),
    ],
    ["a second up changes nothing, on every machine", () => changesNothing(lab)],
  ];
}

/** A second `up` changes nothing, whoever holds the address. */
export async function changesNothing(lab: LabStack): Promise<void> {
  const preview = await lab.run("preview", "--expect-no-changes");
  assert.equal(preview.code, 0, preview.text);
  const facts = await readFacts(lab, MACHINES);
  const holders = await holdersNow(lab);
  await lab.must("up");
  await expectFacts(lab, facts);
  assert.deepEqual(await holdersNow(lab), holders);
}
