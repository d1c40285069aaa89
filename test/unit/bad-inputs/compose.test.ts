import { ComposeError, composeNeeds } from "../../../components/compose/compose";

/** The whole message that a compose file of the app "shop" gives; empty where it is right. */
function messageOf(text: string): string {
  try {
    composeNeeds("shop", text, "apps/shop/compose.yaml");
    return "";
  } catch (error) {
    if (error instanceof ComposeError) {
      return error.message;
    }
    throw error;
  }
}

function message(...lines: readonly string[]): string {
  const count = lines.length === 1 ? "1 fault" : `${lines.length} faults`;
  return [`apps/shop/compose.yaml: ${count}`, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** A file with one service, which has more than its image. */
const service = (more: string, rest = ""): string =>
  `services: {web: {image: web:1, ${more}}}\n${rest}`;

const LAYOUT =
  "must lie in the data layout: /var/data/config/shop, /var/data/shop, /var/data/runtime/shop";
const MOVE = "move it there, or declare a volume under volumes";
const IMAGE_CURE = "for example nginx:1.29 or registry.example.com/team/app:2";
const PORT_RULE = "must be published:target, each a port or a range";
const PORT_CURE = "for example 8080:80 or 53:53/udp";
const IGNORED = "must not be there, since a swarm ignores it";
const REFUSED = "must not be there, since docker stack deploy refuses it";
const VARIABLE =
  "must hold no variable but ${HOST}, since nothing of your environment reaches the swarm, got text; write its value, or $$ for a dollar sign";
const EDGE_RULE =
  "must hold edge, since Traefik reaches a service with traefik.enable on that network alone";
const EDGE_CURE = "add it here, and to the file's networks as edge: {external: true, name: edge}";
const ROUTE_RULE = "must tell the port that the service listens on, since a swarm does not tell it";
const ROUTE_CURE = "add traefik.http.services.web.loadbalancer.server.port";
const PLACE_RULE =
  "must stand under deploy.labels, since Traefik reads a service's labels, not a container's";
const ROOT_KEYS = "there are version, services, networks, volumes, secrets, configs, x-folders";

const OWNER_RULE =
  "must be a user and a group by number and in quotes, since a container's are not the machine's";
const OWNER_CURE = "for example '33:33'";

const BAD: readonly [string, string, readonly string[]][] = [
  [
    "that is not YAML",
    "services: [",
    [
      "must be YAML, got Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 12; mend the place, or put the text into quotes",
    ],
  ],
  [
    "with a key twice",
    "services: {}\nservices: {}\n",
    [
      "must be YAML, got Map keys must be unique at line 2, column 1; mend the place, or put the text into quotes",
    ],
  ],
  [
    "with an alias that has no anchor",
    "services: {web: *base}\n",
    [
      "must be YAML, got Unresolved alias (the anchor must be set before the alias): base; mend the place, or put the text into quotes",
    ],
  ],
  [
    "of two documents",
    `${service("")}---\na: 1\n`,
    [
      "must be YAML, got Source contains multiple documents at line 2, column 1; mend the place, or put the text into quotes",
    ],
  ],
  ["that is empty", "", [`must be a map, got nothing; ${ROOT_KEYS}`]],
  ["that is a list", "[a]", [`must be a map, got a list; ${ROOT_KEYS}`]],
  [
    "without services",
    "services: {}",
    ["services: must hold at least one service, got none; add one"],
  ],
  [
    "with services that are nothing",
    "services:",
    ["services: must be a map of services by name, got nothing"],
  ],
  [
    "with a misspelt section",
    "servces: {web: {image: web:1}}",
    [
      "servces: must be a key of compose v3, got a map; write services",
      "services: must be a map of services by name, got nothing",
    ],
  ],
  [
    "of compose v2",
    `version: "2.4"\n${service("")}`,
    [
      'version: must be a version of compose v3 in quotes, for example "3.8", got "2.4"; or leave it out',
    ],
  ],
  [
    "with a service that is nothing",
    "services: {web: }",
    ["services.web: must be a map, got nothing"],
  ],
  [
    "with a misspelt key, whose value may be a secret",
    service("enviroment: {PASSWORD: geheim}, gpus: all, deploy: {repicas: 2}"),
    [
      "services.web.enviroment: must be a key of compose v3, got a map; write environment",
      "services.web.gpus: must be a key of compose v3, got text; take it out",
      "services.web.deploy.repicas: must be a key of compose v3, got a number; write replicas",
    ],
  ],
  [
    "with a service without an image",
    "services: {web: {command: run}}",
    [`services.web.image: must be an image's name, got nothing; ${IMAGE_CURE}`],
  ],
  [
    "with an image that no registry can have",
    "services: {web: {image: Nginx:latest}, db: {image: 'my db'}}",
    [
      `services.web.image: must be an image's name, got "Nginx:latest"; ${IMAGE_CURE}`,
      `services.db.image: must be an image's name, got "my db"; ${IMAGE_CURE}`,
    ],
  ],
  [
    "with keys that a swarm ignores",
    service(
      "build: {args: {TOKEN: geheim}}, container_name: a, restart: always, network_mode: host, privileged: true, pid: host",
    ),
    [
      `services.web.build: ${IGNORED}, got a map; build and push the image elsewhere, and name it under image`,
      `services.web.container_name: ${IGNORED}, got "a"; take it out, others reach the service by its own name`,
      `services.web.restart: ${IGNORED}, got "always"; write deploy.restart_policy`,
      `services.web.network_mode: ${IGNORED}, got "host"; write networks`,
      `services.web.privileged: ${IGNORED}, got true; take it out, or ask for single rights by cap_add`,
      `services.web.pid: ${IGNORED}, got "host"; take it out, no container shares the node's own`,
    ],
  ],
  [
    "with keys that docker refuses, or that need other files",
    service("mem_limit: 1g, volumes_from: [db], extends: {service: db}, env_file: .env"),
    [
      `services.web.mem_limit: ${REFUSED}, got "1g"; write deploy.resources`,
      `services.web.volumes_from: ${REFUSED}, got a list; declare the volume under volumes, and mount it in both services`,
      `services.web.extends: ${REFUSED}, got a map; write the keys of the other service here, or share them by a YAML anchor`,
      'services.web.env_file: must not be there, since only compose.yaml reaches the swarm, got ".env"; write environment',
    ],
  ],
  [
    "with depends_on as a map",
    service("depends_on: {db: {condition: service_healthy}}"),
    [
      "services.web.depends_on: must be a list of services, got a map; a swarm starts them in any order",
    ],
  ],
  [
    "with values of another kind",
    service(
      "deploy: {replicas: '2', mode: replicated-job, resources: {limits: {cpus: 1, memory: plenty}}}, healthcheck: {interval: 30}, user: 1000",
    ),
    [
      'services.web.deploy.replicas: must be a whole number, without quotes, got "2"',
      'services.web.deploy.mode: must be replicated or global, got "replicated-job"',
      'services.web.deploy.resources.limits.cpus: must be a number of CPUs in quotes, got 1; for example "0.5"',
      'services.web.deploy.resources.limits.memory: must be a size in quotes or with its unit, got "plenty"; for example 64M',
      "services.web.healthcheck.interval: must be a duration, got 30; for example 30s or 1m30s",
      "services.web.user: must be text, got 1000; put numbers, true and false into quotes",
    ],
  ],
  [
    "with true in the environment",
    "services: {web: {image: web:1, environment: {DEBUG: true}}, db: {image: db:1, environment: geheim}}",
    [
      "services.web.environment.DEBUG: must be text, a number or nothing, got true; put true and false into quotes",
      "services.db.environment: must be a map of names to values, or a list of name=value, got text",
    ],
  ],
  [
    "with variables",
    service(
      "command: 'run ${HOME}', environment: {A: pa$word, B: '${B:?missing}', C: $HOST, D: '${HOST}/${HOSTNAME}'}",
    ),
    [
      `services.web.command: ${VARIABLE}`,
      `services.web.environment.A: ${VARIABLE}`,
      `services.web.environment.B: ${VARIABLE}`,
      `services.web.environment.C: ${VARIABLE}`,
      `services.web.environment.D: ${VARIABLE}`,
    ],
  ],
  [
    "that Traefik could not reach",
    service(
      "networks: [private], deploy: {labels: {traefik.enable: 'true'}}",
      "networks: {private: {}, edge: {external: true}}\n",
    ),
    [
      `services.web.networks: ${EDGE_RULE}, got private; ${EDGE_CURE}`,
      `services.web.deploy.labels: ${ROUTE_RULE}, got no such label; ${ROUTE_CURE}`,
    ],
  ],
  [
    "that Traefik could not reach, with labels as a list, and a network of its own that is named edge",
    service(
      "networks: {edge: }, deploy: {labels: [Traefik.Enable=1, traefik.http.routers.web.rule=x]}",
      "networks: {edge: {driver: overlay}}\n",
    ),
    [
      `services.web.networks: ${EDGE_RULE}, got edge; ${EDGE_CURE}`,
      `services.web.deploy.labels: ${ROUTE_RULE}, got no such label; ${ROUTE_CURE}`,
    ],
  ],
  [
    "on no network, which Traefik could not reach",
    service(
      "deploy: {labels: [traefik.enable=true, traefik.tcp.services.w.loadbalancer.server.port=1]}",
    ),
    [`services.web.networks: ${EDGE_RULE}, got nothing; ${EDGE_CURE}`],
  ],
  [
    "whose labels Traefik would not read",
    "services: {web: {image: web:1, labels: {traefik.enable: 'true', other: x}}, db: {image: db:1, labels: [a=b, traefik.x=geheim]}}",
    [
      `services.web.labels.traefik.enable: ${PLACE_RULE}, got "traefik.enable"; move it there`,
      `services.db.labels.1: ${PLACE_RULE}, got "traefik.x"; move it there`,
    ],
  ],
  [
    "that mounts what is not its own",
    service(
      "volumes: ['/:/host:ro', ./data:/data, ~/x:/x, /var/data/other:/o, /var/data/shop/../other:/p, /var/data/shopping:/q]",
    ),
    ["/", "./data", "~/x", "/var/data/other", "/var/data/shop/../other", "/var/data/shopping"].map(
      (source, at) => `services.web.volumes.${at}: ${LAYOUT}, got "${source}"; ${MOVE}`,
    ),
  ],
  [
    "that mounts in the long way what is not its own",
    service(
      "volumes: [{type: bind, source: /etc, target: /e}, {type: bind, target: /f}, {type: npipe, source: x, target: /g}]",
    ),
    [
      `services.web.volumes.0: ${LAYOUT}, got "/etc"; ${MOVE}`,
      `services.web.volumes.1: ${LAYOUT}, got ""; ${MOVE}`,
      'services.web.volumes.2.type: must be bind or volume or tmpfs, got "npipe"',
    ],
  ],
  [
    "that mounts by a volume what is not its own",
    service("volumes: [v:/v]", "volumes: {v: {driver_opts: {type: none, o: bind, device: /etc}}}"),
    [`volumes.v.driver_opts.device: ${LAYOUT}, got "/etc"; ${MOVE}`],
  ],
  [
    "that mounts Docker's socket",
    service(
      "volumes: ['/var/run/docker.sock:/s:ro', {type: bind, source: /run/./docker.sock, target: /s}]",
    ),
    ["/var/run/docker.sock", "/run/./docker.sock"].map(
      (source, at) =>
        `services.web.volumes.${at}: must not be Docker's socket, with which a container is root on every node, got "${source}"; take it out`,
    ),
  ],
  [
    "with ports that are none",
    service("ports: ['x:80', '80:70000', '80-81:80', {target: 80, published: 99999}]"),
    [
      `services.web.ports.0: ${PORT_RULE}, got "x:80"; ${PORT_CURE}`,
      `services.web.ports.1: ${PORT_RULE}, got "80:70000"; ${PORT_CURE}`,
      `services.web.ports.2: ${PORT_RULE}, got "80-81:80"; ${PORT_CURE}`,
      'services.web.ports.3: must be ports from 1 to 65535, got {"target":80,"published":99999}; choose another',
    ],
  ],
  [
    "with a port that seems to be for loopback alone",
    service("ports: ['127.0.0.1:5432:5432']"),
    [
      'services.web.ports.0: must name no address, since a swarm publishes on every address of every node, got "127.0.0.1:5432:5432"; leave the address out, and the port closed by network.open',
    ],
  ],
  [
    "that uses what it does not declare",
    service(
      "networks: [edge], secrets: [token, {source: key}], configs: [c], volumes: [data:/d], depends_on: [db]",
    ),
    [
      `services.web.networks.0: must be declared, got "edge"; add it to the file's networks, or correct the name`,
      `services.web.secrets.0: must be declared, got "token"; add it to the file's secrets, or correct the name`,
      `services.web.secrets.1: must be declared, got "key"; add it to the file's secrets, or correct the name`,
      `services.web.configs.0: must be declared, got "c"; add it to the file's configs, or correct the name`,
      `services.web.volumes.0: must be declared, got "data"; add it to the file's volumes`,
      `services.web.depends_on.0: must be declared, got "db"; add it to the file's services, or correct the name`,
    ],
  ],
  [
    "that joins the node's own network",
    service("networks: [outside]", "networks: {outside: {external: true, name: host}}"),
    [
      `networks.outside: must be none of the node's own networks bridge, docker_gwbridge, host, ingress, none, got "host"; take an overlay network`,
    ],
  ],
  [
    "with an external network in the old way",
    service("", "networks: {n: {external: {name: edge}}}"),
    ["networks.n.external: must be true or false, got a map; the name goes beside it as name:"],
  ],
  [
    "with names that the swarm refuses",
    `services: {a.b: {image: a:1}, 1st: {image: a:1}, ${"s".repeat(59)}: {image: a:1}}\nnetworks: {"a b": {}}\n`,
    [
      ...["a.b", "1st", "s".repeat(59)].map(
        (name) =>
          `services.${name}: must be letters, digits, dashes and underscores, 58 at most, from a letter on and not ending in a dash or an underscore, got "${name}"; rename it`,
      ),
      'networks.a b: must have a name of letters, digits, dashes and underscores, 63 at most, got "shop_a b"; rename it',
    ],
  ],
  [
    "with secrets whose content nobody makes",
    service("", "secrets: {a: {file: ./geheim}, b: {external: true}, c: , d: geheim}"),
    [
      ...Object.entries({ a: "file", b: "external", c: "nothing" }).map(
        ([key, got]) =>
          `secrets.${key}: must be external: true with x-generate-length, so that its content is generated, got ${got}; write these two`,
      ),
      "secrets.d: must be a map, got text",
      "secrets.d: must be external: true with x-generate-length, so that its content is generated, got text; write these two",
    ],
  ],
  [
    "with secrets of a bad length or name",
    service(
      "",
      `secrets: {a: {external: true, x-generate-length: 15}, b: {external: true, x-generate-length: 1025}, c: {external: true, x-generate-length: geheim}, ${"k".repeat(47)}: {external: true, x-generate-length: 16}}`,
    ),
    [
      "secrets.a.x-generate-length: must be a whole number of letters and digits from 16 to 1024, got 15",
      "secrets.b.x-generate-length: must be a whole number of letters and digits from 16 to 1024, got 1025",
      "secrets.c.x-generate-length: must be a whole number of letters and digits from 16 to 1024, got text",
      `secrets.${"k".repeat(47)}: must be letters, digits, dots, dashes and underscores, 46 at most, got "${"k".repeat(47)}"; rename it`,
    ],
  ],
  [
    "with folders that are not its own",
    service(
      "",
      "x-folders: {/var/data/shop: {owner: '33:33', mode: '755'}, /var/data/shop/../blog: {owner: '33:33', mode: '755'}, /var/data/shop/a b: {owner: '33:33', mode: '755'}, data: {owner: '33:33', mode: '755'}}",
    ),
    ["/var/data/shop", "/var/data/shop/../blog", "/var/data/shop/a b", "data"].map(
      (path) =>
        `x-folders.${path}: must be a path of letters, digits and . _ - inside of /var/data/config/shop, /var/data/shop, /var/data/runtime/shop, got "${path}"; move it there`,
    ),
  ],
  [
    "with folders whose owner or mode cannot be read",
    service(
      "",
      "x-folders: {/var/data/shop/a: {owner: www-data, mode: 755, group: a}, /var/data/shop/b: {mode: '0755'}, /var/data/shop/c: }",
    ),
    [
      `x-folders./var/data/shop/a.owner: ${OWNER_RULE}, got "www-data"; ${OWNER_CURE}`,
      "x-folders./var/data/shop/a.mode: must be permissions, octal and in quotes, got 755; for example '750'",
      "x-folders./var/data/shop/a.group: must be a key of compose v3, got text; there are owner, mode",
      "x-folders./var/data/shop/b.mode: must be permissions, octal and in quotes, got \"0755\"; for example '750'",
      `x-folders./var/data/shop/b.owner: ${OWNER_RULE}, got nothing; ${OWNER_CURE}`,
      "x-folders./var/data/shop/c: must be a map, got nothing; there are owner, mode",
    ],
  ],
  [
    "with a config from a file",
    service("", "configs: {c: {file: ./c}}"),
    [
      "configs.c: must be external: true, since only compose.yaml reaches the swarm, got file; create it by docker config create, or keep the file in the data layout and mount it",
    ],
  ],
];

describe("a compose file", () => {
  test.each(BAD)("%s is refused", (_, text, lines) => {
    expect(messageOf(text)).toBe(message(...lines));
  });

  test("never has a secret of it told", () => {
    for (const [, text] of BAD) {
      expect(messageOf(text)).not.toMatch(/geheim|pa\$word/);
    }
  });
});
