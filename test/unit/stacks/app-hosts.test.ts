import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { appHost, composeHost, routedHosts } from "../../../stacks/app-hosts";
import { type ClusterConfig, parseClusterConfig } from "../../../stacks/config";
import { withParts } from "../../support/config-text";

const ENTRY = "{kind: vrrp, address: 10.77.0.10, domain: swarm.test}";

function config(apps: string, entry = ENTRY): ClusterConfig {
  return parseClusterConfig(parse(withParts({ apps, ...(entry ? { entry } : {}) })), "test");
}

describe("an app's host name", () => {
  test("is its own, or its name in the entry's domain", () => {
    const both = config("{shop: {}, blog: {host: blog.example.test}}");
    expect(appHost(both, "shop")).toBe("shop.swarm.test");
    expect(appHost(both, "blog")).toBe("blog.example.test");
    expect(composeHost(both, "blog")).toBe("blog.example.test");
  });

  test("is none without an entry, and one that leads nowhere in its compose file", () => {
    expect(appHost(config("{shop: {}}", ""), "shop")).toBeUndefined();
    expect(composeHost(config("{shop: {}}", ""), "shop")).toBe("shop.invalid");
  });
});

describe("the apps that an entry leads to", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hosts-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(app: string, deploy: string): void {
    mkdirSync(join(folder, app));
    writeFileSync(
      join(folder, app, "compose.yaml"),
      `services:\n  db: {image: db:1}\n  web: {image: web:1, deploy: ${deploy}}\n`,
    );
  }

  test("are those of which a service says so, as text or not, in a map or in a list", () => {
    write("map", '{labels: {traefik.enable: "true"}}');
    write("plain", "{labels: {traefik.enable: true}}");
    write("list", "{labels: [traefik.enable=true]}");
    write("no", '{labels: {traefik.enable: "false"}}');
    write("other", "{labels: [traefik.enable=trueish, traefik.enabled=true]}");
    write("none", "{replicas: 1}");
    const apps =
      "{map: {}, plain: {}, list: {host: l.test}, no: {}, other: {}, none: {}, gone: {}}";
    expect(routedHosts(config(apps), folder)).toEqual({
      map: "map.swarm.test",
      plain: "plain.swarm.test",
      list: "l.test",
    });
  });

  test("are none without an entry", () => {
    write("map", '{labels: {traefik.enable: "true"}}');
    expect(routedHosts(config("{map: {}}", ""), folder)).toEqual({});
  });
});
