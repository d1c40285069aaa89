import { readCompose } from "../../../../components/compose/compose-file";
import { routedServices } from "../../../../components/compose/compose-labels";
import { publishedPorts } from "../../../../components/compose/compose-ports";
import { ALL_KEYS } from "../../../support/compose-text";

test("a file with every key that a swarm heeds is right", () => {
  expect(readCompose("shop", ALL_KEYS).faults).toEqual([]);
});

test("its published ports are known one by one", () => {
  const { root } = readCompose("shop", ALL_KEYS);
  expect(publishedPorts(root).map(({ port, protocol }) => `${port}/${protocol}`)).toEqual([
    "8080/tcp",
    "53/udp",
    "9000/tcp",
    "9001/tcp",
    "5/udp",
  ]);
});

describe("a service that asks for Traefik", () => {
  const file = (labels: string, networks: string): string =>
    `services: {web: {image: web:1, networks: ${networks}, deploy: {labels: ${labels}}}, db: {image: db:1}}
networks: {outside: {external: true, name: edge}, edge: {external: true}, own: {}}`;
  const PORT = "traefik.http.services.x.loadbalancer.server.port";

  test.each([
    [`{traefik.enable: "true", ${PORT}: 80}`, "[own, edge]"],
    [`[traefik.enable=true, "${PORT}=80"]`, "{outside: {aliases: [web]}}"],
    [`{Traefik.Enable: T, ${PORT.toUpperCase()}: 80}`, "[edge]"],
  ])("is right with labels %s on networks %s", (labels, networks) => {
    const { root, faults } = readCompose("shop", file(labels, networks));
    expect(faults).toEqual([]);
    expect(routedServices(root)).toEqual(["web"]);
  });

  test.each(['{traefik.enable: "false"}', "[traefik.enable=false]", "[traefik.enable]", "{}"])(
    "does not with labels %s, and may be on any network",
    (labels) => {
      const { root, faults } = readCompose("shop", file(labels, "[own]"));
      expect(faults).toEqual([]);
      expect(routedServices(root)).toEqual([]);
    },
  );
});

test("the app's host may stand wherever a value may", () => {
  const rule = "traefik.http.routers.web.rule: 'Host(`${HOST}`)'";
  const text = `services: {web: {image: web:1, environment: {URL: "https://\${HOST}/"}, deploy: {labels: {${rule}}}}}`;
  expect(readCompose("shop", text).faults).toEqual([]);
});
