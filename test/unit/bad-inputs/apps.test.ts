import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError, parseEnvironment } from "../../../stacks/config";
import { withParts } from "../../support/config-text";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apps-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(app: string, text: string): void {
  mkdirSync(join(folder, app));
  writeFileSync(join(folder, app, "compose.yaml"), text);
}

/** The whole message that an environment with the apps of the folder gives; empty where it is right. */
function messageOf(parts: Readonly<Record<string, string>>): string {
  try {
    parseEnvironment(parse(withParts(parts)), "Pulumi.test.yaml", folder);
    return "";
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.message;
    }
    throw error;
  }
}

const publishing = (...ports: readonly string[]): string =>
  `services: {web: {image: web:1, ports: [${ports.map((port) => `"${port}"`).join(", ")}]}}`;

test("apps without a compose file are faults of the config", () => {
  mkdirSync(join(folder, "shelf", "compose.yaml"), { recursive: true });
  expect(messageOf({ apps: "{nothing: {}, shelf: {}}" })).toBe(
    [
      "Pulumi.test.yaml: 2 faults in swarmstead:cluster",
      "  apps.nothing: must have a file apps/nothing/compose.yaml, got nothing; write it, or take the app out of the config",
      '  apps.shelf: must have a file apps/shelf/compose.yaml, got "EISDIR"; write it, or take the app out of the config',
    ].join("\n"),
  );
});

test("the faults of the config and of every compose file come in one message", () => {
  write("one", "services: {web: {imgae: x}}");
  write("two", "services: [");
  const message = messageOf({ platform: "{kind: azure}", apps: "{one: {}, two: {}, none: {}}" });
  expect(message).toBe(
    [
      "Pulumi.test.yaml: 2 faults in swarmstead:cluster",
      '  platform.kind: must be a known platform, got "azure"; there are lab, garage, hcloud, aws',
      "  apps.none: must have a file apps/none/compose.yaml, got nothing; write it, or take the app out of the config",
      "apps/one/compose.yaml: 2 faults",
      "  services.web.imgae: must be a key of compose v3, got text; write image",
      "  services.web.image: must be an image's name, got nothing; for example nginx:1.29 or registry.example.com/team/app:2",
      "apps/two/compose.yaml: 1 fault",
      "  must be YAML, got Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 12; mend the place, or put the text into quotes",
    ].join("\n"),
  );
});

test("an app whose folders would be made nowhere", () => {
  const folders = "x-folders: {/var/data/shop/a: {owner: '33:33', mode: '755'}}";
  write("shop", `services: {web: {image: web:1}}\n${folders}`);
  expect(messageOf({ apps: "{shop: {}}" })).toBe(
    [
      "Pulumi.test.yaml: 1 fault in swarmstead:cluster",
      "  apps.shop: must have shared storage for the folders that its compose.yaml declares, got nothing; add storage, for example {kind: local} with one machine",
    ].join("\n"),
  );
  expect(messageOf({ apps: "{shop: {}}", storage: "{kind: local}" })).toBe("");
});

test("a port that the cluster needs cannot be published", () => {
  write("shop", publishing("22:22", "7946:80/udp", "5000:80", "80:80"));
  const rule = "must be none of the cluster's own ports 22, 2377, 4789, 7946, 5000";
  expect(messageOf({ apps: "{shop: {}}", swarm: "{dataPathPort: 5000}" })).toBe(
    [
      "apps/shop/compose.yaml: 3 faults",
      `  services.web.ports.0: ${rule}, got "22:22"; publish another`,
      `  services.web.ports.1: ${rule}, got "7946:80/udp"; publish another`,
      `  services.web.ports.2: ${rule}, got "5000:80"; publish another`,
    ].join("\n"),
  );
});

test("two apps cannot publish one port", () => {
  write("shop", publishing("8080:80", "53:53/udp"));
  write("blog", publishing("8000-8090:8000-8090", "53:53"));
  expect(messageOf({ apps: "{shop: {}, blog: {}}" })).toBe(
    [
      "apps/blog/compose.yaml: 1 fault",
      '  services.web.ports.0: must publish a port of its own, 8080/tcp is taken by services.web of shop, got "8000-8090:8000-8090"; publish another',
    ].join("\n"),
  );
});

const ENTRY = "{kind: vrrp, address: 10.77.0.200, domain: swarm.test}";

test("an app cannot publish a port of the entry, where there is one", () => {
  write("shop", publishing("80:80", "443:443/udp", "80:80/udp", "8082:80"));
  const rule = "must be none of the entry's own ports 80/tcp, 443/tcp, 443/udp, 8082/tcp";
  const cure = "publish another, or none, as the entry leads to the app by its host name";
  expect(messageOf({ apps: "{shop: {}}", entry: ENTRY })).toBe(
    [
      "apps/shop/compose.yaml: 3 faults",
      `  services.web.ports.0: ${rule}, got "80:80"; ${cure}`,
      `  services.web.ports.1: ${rule}, got "443:443/udp"; ${cure}`,
      `  services.web.ports.3: ${rule}, got "8082:80"; ${cure}`,
    ].join("\n"),
  );
  expect(messageOf({ apps: "{shop: {}}" })).toBe("");
});

test("a port that is not opened stays closed, which is no fault", () => {
  write("shop", publishing("9999:80"));
  expect(messageOf({ apps: "{shop: {}}" })).toBe("");
});

test("a name that leads out of the folder is not followed", () => {
  writeFileSync(join(folder, "compose.yaml"), "geheim");
  expect(messageOf({ apps: "{../x: {}, .: {}}" })).not.toMatch(/compose.yaml|geheim/);
});
