import { parse } from "yaml";
import { ComposeSchema } from "../../../../components/compose/compose-schema";
import { renderDynamicConf } from "../../../../components/traefik/traefik-conf";
import { traefikFile } from "../../../../components/traefik/traefik-file";
import {
  healthcheckCommand,
  PING_URL,
  traefikFlags,
} from "../../../../components/traefik/traefik-flags";

interface Dynamic {
  http: { middlewares: Record<string, unknown> };
  tls: { options: { default: Record<string, unknown> }; certificates?: unknown; stores?: unknown };
}

const dynamic = (hosts: readonly string[]): Dynamic => parse(renderDynamicConf(hosts)) as Dynamic;

/** What a flag says; nothing where it is not given. */
function flag(name: string): string | undefined {
  const found = traefikFlags().filter((word) => word.startsWith(`--${name}=`));
  expect(found.length).toBeLessThan(2);
  return found[0]?.slice(`--${name}=`.length);
}

/** A duration of a flag, in seconds. */
const seconds = (name: string): number => Number(flag(name)?.replace(/s$/, ""));

describe("what Traefik takes over while it runs", () => {
  test("names the certificate where there are hosts, and none where there are not", () => {
    const leaf = {
      certFile: "/etc/swarmstead/certificates/leaf.pem",
      keyFile: "/etc/swarmstead/certificates/leaf.key",
    };
    const { tls } = dynamic(["blog.swarm.test"]);
    expect(tls.certificates).toEqual([leaf]);
    expect(tls.stores).toEqual({ default: { defaultCertificate: leaf } });
    expect(Object.keys(dynamic([]).tls)).toEqual(["options"]);
  });

  test("asks of TLS what Mozilla's profile does, and for strict names", () => {
    const { minVersion, cipherSuites, sniStrict } = dynamic([]).tls.options.default;
    expect([minVersion, sniStrict]).toEqual(["VersionTLS12", true]);
    for (const suite of cipherSuites as string[]) {
      expect(suite).toMatch(
        /^TLS_ECDHE_(ECDSA|RSA)_WITH_(AES_128_GCM_SHA256|AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256)$/,
      );
    }
  });

  test("defines every middleware that the entry point names", () => {
    const names = Object.keys(dynamic([]).http.middlewares).map((name) => `${name}@file`);
    expect(flag("entrypoints.websecure.http.middlewares")?.split(",")).toEqual(names);
  });

  test("holds no template, which Traefik would run", () => {
    expect(renderDynamicConf(["a.b"])).not.toContain("{{");
  });
});

describe("Traefik's arguments", () => {
  test("serve on 80, which leads to 443, and on 443 what names no entry point", () => {
    expect(flag("entrypoints.web.http.redirections.entrypoint.to")).toBe("websecure");
    expect(flag("entrypoints.web.http.redirections.entrypoint.priority")).toBe("1");
    expect(flag("entrypoints.websecure.asdefault")).toBe("true");
    expect(flag("entrypoints.web.asdefault")).toBeUndefined();
    expect(flag("entrypoints.websecure.http.tls")).toBe("true");
  });

  test("trust nobody's word on where he comes from, and show no dashboard", () => {
    const words = traefikFlags().join(" ");
    expect(words).not.toMatch(/forwardedheaders|proxyprotocol|--api/i);
  });

  test("find services that ask for it, by the proxy's socket, on the common network", () => {
    expect(flag("providers.swarm.exposedbydefault")).toBe("false");
    expect(flag("providers.swarm.endpoint")).toBe(
      "unix:///run/swarmstead/socket-proxy/docker.sock",
    );
    expect(flag("providers.swarm.network")).toBe("edge");
  });

  test("have every entry point take requests until the address is gone", () => {
    for (const name of ["ping", "web", "websecure"]) {
      const cycle = `entrypoints.${name}.transport.lifecycle`;
      expect(seconds(`${cycle}.requestacceptgracetimeout`)).toBe(5);
      expect(seconds(`${cycle}.gracetimeout`)).toBe(10);
    }
    expect(flag("ping.terminatingstatuscode")).toBe("503");
    expect(PING_URL).toBe(`http://127.0.0.1${flag("entrypoints.ping.address") ?? ""}/ping`);
  });

  test("are told to the healthcheck as far as the ping takes", () => {
    expect(healthcheckCommand()).toEqual([
      "traefik",
      "healthcheck",
      "--ping=true",
      "--ping.entrypoint=ping",
      "--entrypoints.ping.address=:8082",
    ]);
  });
});

describe("Traefik's stack", () => {
  const { text, needs } = traefikFile("traefik:v3");
  const { services, networks } = parse(text) as {
    services: { traefik: Record<string, unknown> };
    networks: unknown;
  };

  test("is a compose file that a swarm heeds", () => {
    expect(ComposeSchema.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
    expect(needs).toEqual({ services: ["traefik"], networks: [], secrets: {}, folders: [] });
    expect(networks).toEqual({ edge: { external: true, name: "edge" } });
  });

  test("has its ports on the machine itself, UDP for HTTP/3 among them", () => {
    const ports = services.traefik.ports as Record<string, unknown>[];
    expect(
      ports.map(({ published, protocol }) => `${String(published)}/${String(protocol)}`),
    ).toEqual(["80/tcp", "443/tcp", "443/udp", "8082/tcp"]);
    expect(
      ports.filter(({ mode, target, published }) => mode !== "host" || target !== published),
    ).toEqual([]);
  });

  test("may run no longer after a stop than what it was given to end takes", () => {
    const { stop_grace_period: stop } = services.traefik;
    const cycle = "entrypoints.websecure.transport.lifecycle";
    const own = seconds(`${cycle}.requestacceptgracetimeout`) + seconds(`${cycle}.gracetimeout`);
    expect(Number(String(stop).replace(/s$/, ""))).toBeGreaterThan(own);
  });

  test("writes nowhere but to its own memory, and mounts nothing of the shared storage", () => {
    const { volumes, read_only: isReadOnly, user, cap_drop: dropped } = services.traefik;
    const mounts = volumes as { source: string; read_only: boolean }[];
    expect(mounts.filter((mount) => !mount.read_only)).toEqual([]);
    expect(mounts.filter(({ source }) => source.startsWith("/var/data"))).toEqual([]);
    expect([isReadOnly, user, dropped]).toEqual([true, "65532:65532", ["ALL"]]);
  });
});
