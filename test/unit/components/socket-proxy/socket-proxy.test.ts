import { parse } from "yaml";
import { ComposeSchema } from "../../../../components/compose/compose-schema";
import { renderHaproxyCfg } from "../../../../components/socket-proxy/socket-proxy-conf";
import { socketProxyFile } from "../../../../components/socket-proxy/socket-proxy-file";

interface ProxyService {
  user: string;
  ports?: unknown;
  networks: string[];
  environment: { CONFIG_SHA256: string };
  healthcheck: { test: string[] };
  volumes: { source: string; read_only?: boolean }[];
}

function service(): ProxyService {
  const { text } = socketProxyFile("haproxy:3.0");
  return (parse(text) as { services: { haproxy: ProxyService } }).services.haproxy;
}

test("the stack is a compose file that a swarm heeds", () => {
  const { text, needs } = socketProxyFile("haproxy:3.0");
  expect(ComposeSchema.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
  expect(needs).toEqual({ services: ["haproxy"], networks: [], secrets: {}, folders: [] });
});

test("it reaches Docker's socket, its configuration and its own folder, by no network", () => {
  const { volumes, networks, ports } = service();
  expect(volumes.map(({ source, read_only }) => [source, read_only ?? false])).toEqual([
    ["/etc/swarmstead/entry/haproxy.cfg", true],
    ["/run/docker.sock", true],
    ["/run/swarmstead/socket-proxy", false],
  ]);
  expect(networks).toEqual(["nowhere"]);
  expect(ports).toBeUndefined();
  const { text } = socketProxyFile("haproxy:3.0");
  expect((parse(text) as { networks: unknown }).networks).toEqual({ nowhere: { internal: true } });
});

test("a configuration that changes is another container", () => {
  expect(service().environment.CONFIG_SHA256).toMatch(/^[0-9a-f]{64}$/);
});

test("Docker puts nothing in the place of a dollar sign of its healthcheck", () => {
  const [, , , program = ""] = service().healthcheck.test;
  expect(program).toContain("my $$proxy = ");
  expect(program.replaceAll("$$", "")).not.toContain("$");
});

test("the configuration allows by method and whole path, and refuses by default", () => {
  const rules = renderHaproxyCfg()
    .split("\n")
    .filter((line) => line.trim().startsWith("http-request deny"));
  expect(rules).toEqual([
    "  http-request deny unless is_path is_ping is_get_or_head or is_path is_fact is_get",
  ]);
});
