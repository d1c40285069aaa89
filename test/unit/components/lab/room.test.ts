import { findLacks, requireRoom } from "../../../../components/lab/room";

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

test("every lack is named with its cure", () => {
  expect(lacks({ memoryMiB: 9728, stateGiB: 12, cacheGiB: 11 })).toEqual([
    "memory: the VMs that are to start need 9728 MiB, 8000 MiB are free; lower platform.memoryMiB, or end what uses it",
    "disk: 12 GiB are needed in /state, 10 GiB are free; make room there",
    "disk: 11 GiB are needed in /cache, 10 GiB are free; make room there",
  ]);
});

test("one file system must hold both", () => {
  expect(lacks({ stateGiB: 6, cacheGiB: 6 })).toEqual([]);
  expect(lacks({ stateGiB: 6, cacheGiB: 6 }, true)).toEqual([
    "disk: 12 GiB are needed in /state, 10 GiB are free; make room there",
  ]);
});

test("this computer has some room, but not all in the world", () => {
  const little = { memoryMiB: 1, stateGiB: 0, cacheGiB: 0 };
  expect(() => {
    requireRoom(little, "/tmp", "/tmp");
  }).not.toThrow();
  expect(() => {
    requireRoom({ ...little, memoryMiB: 2 ** 40 }, "/tmp", "/tmp");
  }).toThrow(/^memory: /);
});
