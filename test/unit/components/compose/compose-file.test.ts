import { readCompose } from "../../../../components/compose/compose-file";
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
