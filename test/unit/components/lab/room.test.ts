import { findLacks, roomLacks } from "../../../../components/lab/room";

const room = { memoryMiB: 8000, stateGiB: 10, cacheGiB: 10, shared: false };
const lacks = (need: Partial<Parameters<typeof findLacks>[0]>, shared = false): string[] =>
  findLacks(
    { memoryMiB: 0, stateGiB: 0, cacheGiB: 0, ...need },
    { ...room, shared },
    "/state",
    "/cache",
  );

test("room that is just enough is enough", () => {
  expect(lacks({ memoryMiB: 8000, stateGiB: 10, cacheGiB: 10 })).toEqual([]);
});

test("one file system must hold both", () => {
  expect(lacks({ stateGiB: 6, cacheGiB: 6 })).toEqual([]);
  expect(lacks({ stateGiB: 6, cacheGiB: 6 }, true)).toEqual([
    "disk: 12 GiB are needed in /state, 10 GiB are free; make room there",
  ]);
});

test("this computer has some room, but not all in the world", () => {
  const little = { memoryMiB: 1, stateGiB: 0, cacheGiB: 0 };
  expect(roomLacks(little, "/tmp", "/tmp")).toEqual([]);
  expect(roomLacks({ ...little, memoryMiB: 2 ** 40 }, "/tmp", "/tmp")).toEqual([
    expect.stringMatching(/^memory: /),
  ]);
});

test("a folder that is not there yet counts as the one that it will be made in", () => {
  const need = { memoryMiB: 0, stateGiB: 2 ** 40, cacheGiB: 0 };
  expect(roomLacks(need, "/tmp/nowhere/state", "/tmp/nowhere/cache")).toEqual([
    expect.stringMatching(/^disk: 1099511627776 GiB are needed in \/tmp\/nowhere\/state, /),
  ]);
});
